"""The files that pages load from npm packages, and no others.

A package brings hundreds of files that no page asks for (Tabler 900, with references into nowhere);
publishing all of them would cost minutes of compression and break the hashed names.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core import checks
from django.core.files.storage import FileSystemStorage


@dataclass(frozen=True)
class Package:
    """Files of one folder of a package and the address below STATIC_URL where they appear."""

    prefix: str
    folder: str
    files: tuple[str, ...]


PACKAGES = (
    # The style sheet names its map; without it hashing the names fails.
    Package("vendor/tabler/css", "@tabler/core/dist/css", ("tabler.min.css", "tabler.min.css.map")),
    Package("vendor/echarts", "echarts/dist", ("echarts.simple.min.js", "echarts.min.js")),
)


class PackageFinder(BaseFinder):
    """Finds what PACKAGES lists below node_modules."""

    def __init__(self, app_names: Any = None, *args: Any, **kwargs: Any) -> None:
        self.root = Path(settings.BASE_DIR) / "node_modules"
        super().__init__(*args, **kwargs)

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        """Say what is missing, and the command that brings it."""
        missing = [path for path, file in self._files() if not file.is_file()]
        if not missing:
            return []
        message = f"Front-end files are missing: {', '.join(missing)}."
        return [checks.Warning(message, hint="Run npm ci.", id="core.W101")]

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """The file behind one address, as Django's finders answer."""
        found = [str(file) for name, file in self._files() if name == path and file.is_file()]
        if find_all or kwargs.get("all"):
            return found
        return found[0] if found else []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        """Every listed file that is there, with the storage it comes from."""
        for package in PACKAGES:
            storage = FileSystemStorage(location=self.root / package.folder)
            storage.prefix = package.prefix  # type: ignore[attr-defined]
            for name in package.files:
                if storage.exists(name) and not matches_patterns(name, ignore_patterns or ()):
                    yield name, storage

    def _files(self) -> Iterator[tuple[str, Path]]:
        for package in PACKAGES:
            for name in package.files:
                yield f"{package.prefix}/{name}", self.root / package.folder / name
