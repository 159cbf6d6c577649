"""Doors of granting on the page of training."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from training import hub

from . import policies
from .models import Application


@hub.cards(80)
def cards(user: Any) -> Iterator[hub.Card]:
    """One's own applications, those before one's committee, and the committee itself."""
    if policies.may_apply(user) and user.practitioner_id:
        open_ones = Application.objects.own(user).open().count()
        yield hub.Card(
            _("Apply for a privilege"),
            _("Your evidence gathers by itself; see what is met and what is missing."),
            reverse("granting:mine"),
            "shield",
            _count(open_ones, ngettext("%(n)d under way", "%(n)d under way", open_ones)),
            "active",
        )
    if policies.sits_on_committees(user):
        mine = Application.objects.visible_to(user).unvoted_by(user, timezone.localdate())
        waiting = mine[:100].count()
        yield hub.Card(
            _("Applications before the committee"),
            _("Read the evidence, vote, decide."),
            reverse("granting:applications"),
            "inbox",
            _count(waiting, ngettext("%(n)d vote waits", "%(n)d votes wait", waiting)),
            "warn",
        )
        yield hub.Card(
            _("Committee"),
            _("Members, terms, meetings and minutes."),
            reverse("granting:committee"),
            "users",
        )
    elif policies.may_follow(user):
        yield hub.Card(
            _("Applications of my institution"),
            _("Who has applied for what, and how it was decided."),
            reverse("granting:applications"),
            "inbox",
        )


def _count(number: int, words: str) -> str:
    return words % {"n": number} if number else ""
