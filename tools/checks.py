"""The checks of `./dev check`, each a list of commands, and the commands that mend."""

import concurrent.futures
import json
import os
import shutil
import subprocess
from pathlib import Path

from .packages import PYTHON
from .shell import ROOT, RUN, call

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
    "migrations": [
        [*MANAGE, "makemigrations", "--check", "--dry-run"],
        [PYTHON, "-m", "tests.migrated"],  # tests copy what this makes
    ],
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
REPORT = [PYTHON, "-m", "tests.measuring.report"]
# Tests reach nine tenths of the code (percent), and where the rules live every line and branch.
LEAST = 90
WHOLE = ("rules", "workflow", "actions", "policies", "querysets")


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


def measured(tests: list[str], env: dict[str, str]) -> int:
    """Run all tests and hold what they reach against LEAST and WHOLE; non-zero where they fail.

    Processes that tests start are not measured: they are about what survives, not what is reached.
    """
    folder = RUN / "test" / "coverage"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    report, env = folder / "report.json", {**env, "MEASURED": str(folder)}
    code = call(tests, {**env, "PYTEST_PLUGINS": "tests.measuring.plugin"})
    return code or call([*REPORT, str(report), str(LEAST)], env) or unreached(report)


def unreached(report: Path) -> int:
    """Name what no test reaches in the layers that tests reach whole; return in how many files."""
    missing = {}
    for name, file in json.loads(report.read_text())["files"].items():
        parts = [str(line) for line in file["missing_lines"]]
        parts += [f"{at}→{to if to > 0 else 'end'}" for at, to in file["missing_branches"]]
        if parts and not {*Path(name).with_suffix("").parts}.isdisjoint(WHOLE):
            missing[name] = ", ".join(parts)
    if missing:
        print("✗ coverage: no test reaches these lines and branches", flush=True)
        print(*(f"  {name}: {parts}" for name, parts in missing.items()), sep="\n", flush=True)
    else:
        print(f"✓ coverage: tests reach all of {', '.join(WHOLE)}", flush=True)
    return len(missing)
