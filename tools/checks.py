"""The checks of `./dev check`, each a list of commands, and the commands that mend."""

import concurrent.futures
import os
import subprocess

from .packages import PYTHON
from .shell import ROOT, RUN

MANAGE = [PYTHON, "manage.py"]
SCHEMA, MADE_SCHEMA = str(ROOT / "docs" / "openapi.yaml"), str(RUN / "test" / "openapi.yaml")
SPECTACULAR = [*MANAGE, "spectacular", "--lang=en", "--validate", "--fail-on-warn", "--file"]
PRODUCTION = ["--settings=alliance.config.settings.production", "--fail-level=WARNING"]
SITE = ["env", "ALLOWED_HOSTS=alliance.example.org", "SITE_URL=https://alliance.example.org"]
DJHTML = [PYTHON, "-m", "djhtml", "--tabwidth=2"]
RUFF = [PYTHON, "-m", "ruff"]
CHECKS = {
    "format": [[*RUFF, "format", "--check", "."]],
    "lint": [[*RUFF, "check", "."]],
    "types": [[PYTHON, "-m", "mypy"]],
    "imports": [[PYTHON, "-c", "from importlinter.cli import lint_imports_command as c; c()"]],
    "templates": [
        [*DJHTML, "--check", "templates"],
        [PYTHON, "-m", "djlint", "--lint", "templates"],
    ],
    "migrations": [[*MANAGE, "makemigrations", "--check", "--dry-run"]],
    "schema": [[*SPECTACULAR, MADE_SCHEMA], ["diff", "-u", SCHEMA, MADE_SCHEMA]],
    "messages": [[*MANAGE, "makemessages", "--check"]],
    "deployment": [[*SITE, *MANAGE, "check", "--deploy", *PRODUCTION]],
}
MEND = [
    [*RUFF, "check", "--fix"],
    [*RUFF, "format"],
    [*DJHTML, "templates"],
    [*SPECTACULAR, SCHEMA],
]


def run_checks(env: dict[str, str]) -> int:
    """Run the checks, as many at a time as there are cores; return how many failed."""

    def run(commands: list[list[str]]) -> str:
        for command in commands:
            out, both = subprocess.PIPE, subprocess.STDOUT
            done = subprocess.run(command, env=env, stdout=out, stderr=both, text=True, check=False)
            if done.returncode:
                return done.stdout or f"exit code {done.returncode}"
        return ""

    failed = []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, said in zip(CHECKS, pool.map(run, CHECKS.values()), strict=True):
            print(f"{'✗' if said else '✓'} {name}\n{said}".rstrip(), flush=True)
            failed += [name] if said else []
    print(f"Failed: {', '.join(failed)}." if failed else "All checks hold.", flush=True)
    return len(failed)
