"""Who hears of what happens to a privilege."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.core.choices import Role
from alliance.notices import texts
from alliance.notices.actions import notify
from alliance.notices.choices import NoticeKind
from alliance.people.models import User
from alliance.people.selectors import office_of, staff_with_roles

from .choices import EventKind
from .models import Override, PrivilegeEvent

_PLACE = _("%(technique)s at %(institution)s.")
texts.define(
    {
        "privilege.granted": (
            _("You may now perform: %(technique)s"),
            _("At %(institution)s, until %(until_on)s."),
        ),
        "privilege.suspended": (
            _("A privilege is suspended: %(technique)s"),
            _("%(name)s at %(institution)s. See the reason and what is needed."),
        ),
        "privilege.restored": (_("A privilege counts again: %(technique)s"), _PLACE),
        "privilege.withdrawn": (
            _("A privilege was withdrawn: %(technique)s"),
            _("%(name)s at %(institution)s. See the reason."),
        ),
        "override.recorded": (
            _("Emergency beyond a privilege: %(technique)s"),
            _("%(name)s at %(institution)s. The report is due by %(due_at)s."),
        ),
        "override.reported": (
            _("Report on an emergency waits for review: %(technique)s"),
            _("%(name)s at %(institution)s."),
        ),
    }
)
# What the administrators of the house must know to plan without the person.
_FOR_THE_HOUSE = frozenset({EventKind.SUSPENDED, EventKind.RESTORED, EventKind.WITHDRAWN})


def tell_event(*, event_id: int) -> None:
    """The holder, and the house where it changes who may operate."""
    event = PrivilegeEvent.objects.select_related(
        "privilege__practitioner", "privilege__technique", "privilege__institution"
    ).get(pk=event_id)
    row = event.privilege
    readers = _accounts(row.practitioner_id)
    if event.kind in _FOR_THE_HOUSE:
        readers += _managers(row.institution_id)
    notify(
        user_ids=[pk for pk in readers if pk != event.by_id],
        kind=NoticeKind.TRAINING,
        text_key=f"privilege.{event.kind}",
        values={
            "technique": row.technique.name,
            "institution": str(row.institution),
            "name": row.practitioner.name,
            "until_on": row.last_day.isoformat(),
        },
        url=row.get_absolute_url(),
        dedupe=f"privilege.event:{event.pk}",
    )


def tell_override(*, override_id: int, what: str) -> None:
    """Who owes the report, and who looks after the house and the alliance."""
    row = Override.objects.select_related("practitioner", "technique", "institution").get(
        pk=override_id
    )
    readers = _managers(row.institution_id)
    if what == "recorded":
        readers += _accounts(row.practitioner_id)
        readers += office_of(row.alliance_id, on=timezone.localdate())
    notify(
        user_ids=readers,
        kind=NoticeKind.TRAINING,
        text_key=f"override.{what}",
        values={
            "technique": row.technique.name,
            "institution": str(row.institution),
            "name": row.practitioner.name,
            "due_at": row.report_due_at.isoformat(),
        },
        url=row.get_absolute_url(),
        dedupe=f"override.{what}:{row.public_id}",
    )


def _accounts(practitioner_id: int) -> list[int]:
    return list(User.objects.filter(practitioner=practitioner_id).values_list("pk", flat=True))


def _managers(institution_id: int) -> list[int]:
    return staff_with_roles(
        institution_ids=[institution_id], roles=[Role.MANAGER], on=timezone.localdate()
    )
