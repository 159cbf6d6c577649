"""Reminders of bookings that begin soon, and of what would keep them from beginning."""

from django.utils.translation import gettext_lazy as _

from alliance.notices import texts
from alliance.notices.actions import notify
from alliance.notices.choices import NoticeKind

from . import judging
from .models import Booking
from .notices import people
from .texts import told
from .ways import named

texts.define(
    {
        "booking.soon": (
            _("Soon: %(device)s, %(from_at)s"),
            _("%(place)s. Cancel now if you do not need it: others wait."),
        ),
        "booking.may_not": (
            _("Cannot begin as it is booked: %(device)s, %(from_at)s"),
            _("%(why)s Book it anew with somebody who may, or give it back: others wait."),
        ),
    }
)


def tell(*, booking_id: int) -> None:
    """Tell operator, mentor and who booked that it begins soon.

    Or that it will not: where a privilege has ended or was suspended since, while there is time yet
    to find somebody else.
    """
    row = Booking.objects.select_related("technique", "operator", "mentor", "place").get(
        pk=booking_id
    )
    against = told(judging.against_people(row, at=row.starts_at), {})
    key = "booking.may_not" if against else "booking.soon"
    notify(
        user_ids=people(row),
        kind=NoticeKind.EQUIPMENT_TODO if against else NoticeKind.EQUIPMENT,
        text_key=key,
        values={
            "device": "、".join(named(line.device) for line in row.lines.for_list()),
            "place": str(row.place),
            "from_at": row.starts_at.isoformat(),
            "why": " ".join(one.text for one in against),
        },
        url=row.get_absolute_url(),
        dedupe=f"{key}:{row.pk}",
    )
