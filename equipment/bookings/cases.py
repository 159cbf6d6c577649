"""Cases of the logbook and the bookings for them: what may be linked, and the form of a new one."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from training.logbook.choices import STANDING, CaseRole
from training.logbook.models import Case
from training.logbook.related import Related, related

from . import judging, presenters, rules
from .models import Booking


def linkable(user: Any, booking: Booking, *, at: datetime) -> QuerySet[Case]:
    """The operator's cases of the days of use, as far as one sees them."""
    used = rules.period(booking.used_from or booking.starts_at, booking.used_until or at)
    rows: Any = Case.objects.visible_to(user).filter(
        operator=booking.operator_id,
        performed_on__in=list(rules.days_of(used, judging.zone())),
        status__in=STANDING,
    )
    if booking.technique_id is not None:
        rows = rows.filter(technique=booking.technique_id)
    found: QuerySet[Case] = rows.select_related("technique").order_by("-pk")
    return found


def words(case: Case) -> str:
    """A case as a list offers it."""
    parts = (str(case.performed_on), case.technique.name, case.external_case_number)
    return " · ".join(part for part in parts if part)


def new_url(user: Any, booking: Booking) -> str:
    """The form of a new case, filled in from the use; "" for whose logbook it is not."""
    person = getattr(user, "practitioner_id", None)
    if booking.used_from is None or person is None or person != booking.operator_id:
        return ""
    begins = timezone.localtime(booking.used_from)
    role = CaseRole.SUPERVISED if booking.mentor else CaseRole.INDEPENDENT
    asked = {
        "technique": booking.technique.code if booking.technique else "",
        "performed_on": begins.date().isoformat(),
        "started_at": begins.strftime("%Y-%m-%dT%H:%M"),
        "role": role.value,
        "supervisor": str(booking.mentor.public_id) if booking.mentor else "",
        "institution": str(booking.place.public_id),
        "referral_number": booking.referral_number,
    }
    named = {name: value for name, value in asked.items() if value}
    return f"{reverse('logbook:new')}?{urlencode(named)}"


@related
def used_for(user: Any, case: Case) -> Iterable[Related]:
    """The devices that were used for a case."""
    rows: Any = Booking.objects.visible_to(user).filter(case=case)
    for one in presenters.rows(rows.for_list().order_by("pk")):
        yield Related(_("Devices used"), f"{one.devices} · {one.period}", one.url)
