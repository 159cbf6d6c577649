"""Courses."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoursesConfig(AppConfig):
    """The room of courses."""

    name = "training.courses"
    label = "courses"
    verbose_name = _("Courses")

    def ready(self) -> None:
        """Answer the outbox, and show the doors of this room."""
        from . import cards, receivers  # noqa: F401
