"""The project's own Python, read once, for tests that look at code instead of running it."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("alliance", "training", "equipment", "referrals", "qc")
SCRIPTS = ("bench", "tools")


@dataclass(frozen=True)
class Module:
    """One file: where it lies and what it says."""

    path: str
    text: str

    @property
    def tree(self):
        """Its syntax tree."""
        return _parsed(self.text)

    @property
    def parts(self):
        """Its folders and its name without the suffix: `referrals`, `actions`, `moving`."""
        return tuple(self.path.removesuffix(".py").split("/"))

    @property
    def layer(self):
        """The part that names its layer: what stands behind the room."""
        return next((part for part in self.parts if part.split("_")[0] in LAYERS), self.parts[-1])


LAYERS = {
    "views", "api", "pages", "presenters", "admin", "receivers", "management", "tasks", "forms",
    "filters", "tables", "tiles", "actions", "selectors", "policies", "compliance", "models",
    "querysets", "signals", "workflow", "rules", "choices",
}  # fmt: skip


@cache
def _parsed(text):
    return ast.parse(text)


def _in(folders):
    found = []
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                found.append(Module(str(path.relative_to(ROOT)), path.read_text()))
    return found


@cache
def apps():
    """Every module of the apps, without migrations."""
    return _in(APPS)


@cache
def everything():
    """The apps and the scripts around them."""
    scripts = [Module(name, (ROOT / name).read_text()) for name in ("dev", "manage.py")]
    return [*apps(), *_in(SCRIPTS), *scripts]


def where(module, node):
    """`path:line`, as editors open it."""
    return f"{module.path}:{node.lineno}"
