"""Mentoring."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MentoringConfig(AppConfig):
    """The room of mentoring."""

    name = "training.mentoring"
    label = "mentoring"
    verbose_name = _("Mentoring")

    def ready(self) -> None:
        """Answer the outbox, and open the doors on the page of training."""
        from . import cards, receivers  # noqa: F401
