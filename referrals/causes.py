"""Open referrals as what devices are booked for (see `equipment.bookings.causes`)."""

from collections.abc import Iterable
from typing import Any

from equipment.bookings import causes
from equipment.bookings.causes import Cause

from .choices import Status
from .models import Referral

_MOST = 20


@causes.source
def open_referrals(user: Any, institution_id: int) -> Iterable[Cause]:
    """Those a house has sent or received and that are not closed; one query for each side."""
    rows: Any = Referral.objects.visible_to(user).filter(closed_at=None).exclude(patient=None)
    rows = rows.exclude(status=Status.DRAFT).order_by("-created_at", "-id")
    rows = rows.select_related("patient", "technique", "specialty").defer("form_data")
    sides = rows.filter(receiver=institution_id)[:_MOST], rows.filter(sender=institution_id)[:_MOST]
    found = {row.pk: row for side in sides for row in side}
    newest = sorted(found.values(), key=lambda row: (row.created_at, row.pk), reverse=True)
    return [Cause(row.number, _words(row), row.patient) for row in newest[:_MOST]]


@causes.finder
def by_number(user: Any, number: str) -> str:
    """The page of a referral that the user sees."""
    rows: Any = Referral.objects.visible_to(user).filter(number=number)
    found = rows.only("public_id").first()
    return found.get_absolute_url() if found else ""


def _words(row: Any) -> str:
    what = row.technique or row.specialty
    words = [row.patient.masked_name, getattr(what, "name", ""), row.get_status_display()]
    return " · ".join([*filter(None, words), row.number])
