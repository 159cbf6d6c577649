"""`manage.py state_docs`: write docs/states/ from the tables of moves."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from alliance.core import diagrams


class Command(BaseCommand):
    """Writes a page for every machine that a room has registered."""

    help = "Write docs/states/*.md from every room's table of moves."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the pages."""
        folder = settings.BASE_DIR / "docs" / "states"
        folder.mkdir(parents=True, exist_ok=True)
        for name, make in diagrams.pages().items():
            path = folder / f"{name}.md"
            path.write_text(make(), encoding="utf-8")
            self.stdout.write(str(path.relative_to(settings.BASE_DIR)))
