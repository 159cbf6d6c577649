"""The doors to exams on the page of training."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from training import hub

from . import policies
from .models import Attempt, Retraining


@hub.cards(order=30)
def exams(user: Any) -> Iterator[hub.Card]:
    """Exams: an attempt under way first."""
    if not policies.may_look(user):
        return
    running = Attempt.objects.visible_to(user).open().exists()
    yield hub.Card(
        _("Exams"),
        _("Theory exams on the screen, exams in person, and what came of them."),
        reverse("exams:list"),
        "edit",
        note=_("An attempt is under way") if running else "",
        tone="warn" if running else "",
    )
    yield hub.Card(
        _("Simulation stations"),
        _("The five FLS tasks, animal cases, and how far one is."),
        reverse("exams:stations"),
        "grid",
    )
    owed = Retraining.objects.visible_to(user).owed(timezone.localdate())[:100].count()
    if owed:
        words = ngettext("%(n)d owed", "%(n)d owed", owed) % {"n": owed}
        yield hub.Card(
            _("Retrainings"),
            _("What a failed skills exam makes one owe."),
            reverse("exams:retrainings"),
            "history",
            note=words,
            tone="warn",
        )
