"""What the use of shared devices says for or against buying one."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.institutions.models import Institution
from equipment.purchases.evidence import Evidence, source

from . import policies, selectors
from .choices import Span
from .scope import Scope


@source(
    "demand",
    title=_("Demand in the last year"),
    says=_(
        "%(refused)s days on which a booking was refused for want of a device, %(waiting)s entries"
        " on the waiting list in vain; the alliance's shared devices of the type were used"
        " %(percent)s%% of the time they could be booked"
    ),
)
def demand(institution_id: int, type_id: int, on: date) -> Evidence | None:
    """What the house wanted and did not get, and how busy the shared devices of the type are."""
    house = policies.house(Institution.objects.get(pk=institution_id), on)
    if house.alliance_id is None:
        return None
    days, at = int(Span.YEAR), timezone.now()
    wanted = next(iter(selectors.best_places(Scope(house, days, at, type_id))), None)
    if wanted is None or not (wanted.want.refused or wanted.want.waiting):
        return None
    whole = policies.alliance(house.alliance_id)
    rows = selectors.uses(Scope(whole, days, at, type_id))
    # Below ten to a tenth, so that little does not look like nothing.
    used, bookable = sum(row.used for row in rows), sum(row.bookable for row in rows)
    share = 100 * used / bookable if bookable else 0.0
    return Evidence(
        {
            "refused": wanted.want.refused,
            "waiting": wanted.want.waiting,
            "percent": round(share, 1 if share < 10 else None),
        }
    )
