"""What the logbook shows on the page of training."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from alliance.core.access import access_of
from alliance.core.choices import Permission
from training import hub

from . import desk, policies


@hub.cards(40)
def logbook_cards(user: Any) -> Iterator[hub.Card]:
    """The logbook for who keeps one, and what waits in it."""
    held = access_of(user).everywhere()
    if policies.practitioner_of(user) is not None and Permission.CASE_RECORD in held:
        yield hub.Card(
            _("Logbook"),
            _("Enter an operation in less than a minute, and see what you have done."),
            reverse("logbook:mine"),
            "list",
        )
    elif Permission.CASE_VIEW in held:
        yield hub.Card(_("Logbook"), _("Operations of all staff."), reverse("logbook:list"), "list")
    waiting = desk.waiting_for(user).count()
    if waiting:
        yield hub.Card(
            _("Cases to confirm"),
            _("They count for your trainees once you have confirmed them."),
            reverse("logbook:waiting"),
            "check-circle",
            _("%(count)s wait") % {"count": waiting},
            "active",
        )
    signals = desk.open_reviews_for(user).count()
    if signals:
        yield hub.Card(
            _("Signals of learning curves"),
            _("Look into them and decide."),
            reverse("logbook:reviews"),
            "alert",
            _("%(count)s wait") % {"count": signals},
            "warn",
        )
