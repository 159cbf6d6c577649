"""Who hears of seats and hours."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.core.choices import Role
from alliance.notices import texts
from alliance.notices.actions import notify
from alliance.notices.choices import NoticeKind
from alliance.people.models import User
from alliance.people.selectors import staff_with_roles

from .models import HoursEntry, Session

texts.define(
    {
        "courses.moved_up": (
            _("A seat became free, and it is yours: %(title)s"),
            _("%(starts_at)s, %(place)s. Give it up in time if you cannot come."),
        ),
        "courses.booked_for": (
            _("You were booked: %(title)s"),
            _("%(starts_at)s, %(place)s. Say so in time if you cannot come."),
        ),
        "courses.changed": (
            _("Time or place has changed: %(title)s"),
            _("Now %(starts_at)s, %(place)s."),
        ),
        "courses.soon": (
            _("Soon: %(title)s"),
            _("%(starts_at)s, %(place)s. Give up your seat now if you cannot come."),
        ),
        "courses.called_off": (_("Called off: %(title)s"), _("%(starts_at)s. %(reason)s")),
        "courses.claimed": (
            _("Hours to be confirmed: %(title)s"),
            _("%(name)s enters %(hours)s hours for %(day_on)s. Look at the evidence."),
        ),
        "courses.confirmed": (
            _("Your hours count: %(title)s"),
            _("%(hours)s hours for %(day_on)s."),
        ),
        "courses.refused": (_("Your hours do not count: %(title)s"), "%(reason)s"),
    }
)


def tell_seats(*, session_id: int, practitioner_ids: list[int], text: str, mark: str) -> None:
    """Tell those who have or await a seat; each news once."""
    session = Session.objects.select_related("course").get(pk=session_id)
    values = {
        "title": session.course.title,
        "starts_at": session.starts_at.isoformat(),
        "place": session.place,
        "reason": session.cancel_reason,
    }
    _notify(
        User.objects.filter(practitioner__in=practitioner_ids).values_list("pk", flat=True),
        f"courses.{text}",
        values,
        url=session.get_absolute_url(),
        dedupe=f"courses.{text}:{session.public_id}:{mark}",
    )


def tell_hours(*, entry_id: int, text: str) -> None:
    """Tell who decides that hours wait, and the person what was decided."""
    entry = HoursEntry.objects.select_related("practitioner").get(pk=entry_id)
    values = {
        "title": entry.title,
        "name": entry.practitioner.name,
        "hours": f"{entry.hours.normalize():f}",
        "day_on": entry.on.isoformat(),
        "reason": entry.refusal,
    }
    if text == "claimed":
        readers: Any = staff_with_roles(
            institution_ids=[entry.institution_id],
            roles=[Role.TRAINER, Role.MANAGER],
            on=timezone.localdate(),
        )
        url = f"{reverse('courses:hours_house')}?status=waiting"
    else:
        readers = User.objects.filter(practitioner=entry.practitioner_id)
        readers, url = readers.values_list("pk", flat=True), reverse("courses:hours")
    dedupe = f"courses.hours:{entry.public_id}:{text}"
    _notify(readers, f"courses.{text}", values, url=url, dedupe=dedupe)


def _notify(users: Any, key: str, values: dict[str, Any], *, url: str, dedupe: str) -> None:
    notify(
        user_ids=list(users),
        kind=NoticeKind.TRAINING,
        text_key=key,
        values=values,
        url=url,
        dedupe=dedupe,
    )
