"""Who hears of a move: the side that did not make it."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.catalogue.choices import RequirementKind
from alliance.core.choices import Role
from alliance.notices import texts
from alliance.notices.actions import notify
from alliance.notices.choices import NoticeKind
from alliance.people.selectors import office_of, staff_with_roles

from .choices import Move, StopCondition
from .models import AdmissionEvent

_BY_MOVE = {
    Move.SUBMIT: _("%(house)s applies for %(technique)s"),
    Move.ADMIT: _("%(house)s is admitted for %(technique)s"),
    Move.RETURN: _("Application for %(technique)s returned for completion"),
    Move.REFUSE: _("%(house)s is not admitted for %(technique)s"),
    Move.TAKE_BACK: _("%(house)s took back its application for %(technique)s"),
    Move.WITHDRAW: _("The admission of %(house)s for %(technique)s is withdrawn"),
    Move.SUSPEND: _("%(technique)s is suspended at %(house)s"),
    Move.RESTORE: _("%(technique)s may go on at %(house)s"),
    Move.FIRST_USE: _("%(house)s used %(technique)s for the first time"),
    Move.FILE: _("%(house)s filed %(technique)s"),
}
texts.define(
    {
        f"standards.{move.value}": (title, pgettext_lazy("notice", "%(by)s: %(reason)s"))
        for move, title in _BY_MOVE.items()
    }
)
texts.words("stop_condition", dict(StopCondition.choices))
texts.words("requirement_kind", dict(RequirementKind.choices))


def tell(*, event_id: int) -> None:
    """Tell the office and the institution's administrators, except who did it."""
    event = AdmissionEvent.objects.select_related(
        "admission__institution", "admission__technique", "by"
    ).get(pk=event_id)
    admission, today = event.admission, timezone.localdate()
    readers = {
        *office_of(admission.alliance_id, on=today),
        *staff_with_roles(
            institution_ids=[admission.institution_id], roles=[Role.MANAGER], on=today
        ),
    }
    notify(
        user_ids=readers - {event.by_id},
        kind=NoticeKind.TRAINING,
        text_key=f"standards.{event.move}",
        values={
            "house": str(admission.institution),
            "technique": admission.technique.name,
            "by": event.by.name,
            "reason": event.reason or "—",
        },
        url=admission.get_absolute_url(),
        dedupe=f"standards:{event.pk}",
    )
