"""The doors of this room on the page of training."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from training import hub

from . import policies, presenters


@hub.cards(order=20)
def courses(user: Any) -> Iterator[hub.Card]:
    """Courses and sessions, for whoever learns or looks after learning."""
    if policies.may_look(user):
        yield hub.Card(
            _("Courses and sessions"),
            _("Online courses, training on site with seats and check-in, contests."),
            reverse("courses:index"),
            "book",
        )


@hub.cards(order=21)
def hours(user: Any) -> Iterator[hub.Card]:
    """My hours, and those of my staff that wait to be confirmed."""
    if presenters.is_learner(user):
        yield hub.Card(
            _("My education hours"),
            _("What I have earned this year, and what is still due."),
            reverse("courses:hours"),
            "history",
        )
    if policies.may_oversee(user):
        waiting = presenters.waiting_for(user)
        words = ngettext("%(count)s to be confirmed", "%(count)s to be confirmed", waiting)
        yield hub.Card(
            _("Education hours of staff"),
            _("Who has earned what; certificates from elsewhere to be confirmed."),
            reverse("courses:hours_house"),
            "users",
            note=words % {"count": waiting} if waiting else "",
            tone="warn" if waiting else "",
        )
