"""Imports our modules with marks in them, and writes down at the end which marks tests passed.

Named in PYTEST_PLUGINS, so that it is there before Django's settings import the first module, in
every process of tests. Where tests carry the mark `no_cover`, what they pass does not count.
"""

import json
import os
import sys
from collections.abc import Iterator
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

import pytest

from .marks import NAME, Marked
from .report import FOLDER, is_ours, sources

_passed: dict[str, list[int]] = {}


class Loader(SourceFileLoader):
    """Compiles a module with marks, and never takes or leaves compiled code where others find it."""

    def get_code(self, fullname: str) -> CodeType:
        marked = Marked(self.get_data(self.path))
        _passed[self.path] = [0] * len(marked.facts)
        return compile(marked.tree, self.path, "exec", dont_inherit=True)

    def exec_module(self, module: ModuleType) -> None:
        code = self.get_code(module.__name__)
        setattr(module, NAME, _passed[self.path])
        exec(code, module.__dict__)  # noqa: S102 - what every loader does


class Finder:
    """Finds our modules before the usual finders do."""

    _apps, _omit = sources()

    @classmethod
    def find_spec(
        cls, name: str, path: list[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name.partition(".")[0] not in cls._apps:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec and spec.origin and is_ours(Path(spec.origin), cls._omit):
            spec.loader = Loader(name, spec.origin)
        return spec


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Begin, unless this process only hands out tests to others."""
    hands_out = getattr(early_config.known_args_namespace, "numprocesses", None)
    if "PYTEST_XDIST_WORKER" in os.environ or not hands_out:
        sys.meta_path.insert(0, Finder)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Forget what an unmeasured test passed."""
    if item.get_closest_marker("no_cover") is None:
        return (yield)
    before = {path: marks.copy() for path, marks in _passed.items()}
    try:
        return (yield)
    finally:
        for path, marks in before.items():
            _passed[path][:] = marks


def pytest_sessionfinish() -> None:
    """Leave what this process passed to the report."""
    found = {path: [n for n, once in enumerate(marks) if once] for path, marks in _passed.items()}
    name = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    Path(os.environ[FOLDER], f"{name}.json").write_text(json.dumps(found))
