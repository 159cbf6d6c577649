"""The doors of this room on the page of training."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.core.access import access_of
from alliance.core.choices import Permission
from training.hub import Card, cards

from . import policies


@cards(10)
def doors(user: Any) -> Iterator[Card]:
    """My path for learners; boards for those who teach, manage or oversee."""
    if policies.is_learner(user):
        yield Card(
            _("My path"),
            _("Where I am, what is missing, what to do next and who helps"),
            reverse("programmes:mine"),
            "arrow-up",
        )
    if policies.may_see_others(user):
        yield Card(
            _("Trainees"),
            _("How far each is, who waits for a signature, who has no mentor"),
            reverse("programmes:board"),
            "users",
        )
        house = bool(access_of(user).institutions_with(Permission.TRAINING_VIEW))
        yield Card(
            _("Who can do what"),
            _("Doctors by techniques: privileged, supervised, in training"),
            reverse("programmes:matrix" if house else "programmes:houses"),
            "grid",
        )
    if policies.may_look(user):
        yield Card(
            _("Programmes"),
            _("What each stage asks for, by technique"),
            reverse("programmes:programmes"),
            "list",
        )
