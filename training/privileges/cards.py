"""The doors of this room on the page of training."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core.access import access_of
from alliance.core.choices import Permission
from training import hub

from . import policies, selectors


@hub.cards(50)
def cards(user: Any) -> Iterator[hub.Card]:
    """Who may do what; my own privileges; emergencies whose report is owed."""
    if policies.may_look(user):
        yield hub.Card(
            _("Who may do what"),
            _("May this doctor do this here today, and who else may."),
            reverse("privileges:who"),
            "shield",
        )
    if policies.may_have_own(user):
        ending = selectors.own_ending(user, on=timezone.localdate())
        yield hub.Card(
            _("My privileges"),
            _("What I may perform where, until when."),
            reverse("privileges:mine"),
            "check-circle",
            note=_("%(count)s end soon") % {"count": ending} if ending else "",
            tone="warn",
        )
    if Permission.PRIVILEGE_OVERRIDE in access_of(user).everywhere():
        owed = selectors.own_reports_owed(user)
        yield hub.Card(
            _("Emergencies"),
            _("Beyond a privilege to save a life: record it at once, report afterwards."),
            reverse("privileges:overrides"),
            "bolt",
            note=_("%(count)s reports owed") % {"count": owed} if owed else "",
            tone="bad",
        )
