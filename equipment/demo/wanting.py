"""What was wanted in the last year and not to be had: refused bookings, and waiting in vain.

For the same hours as bookings that were granted: another house asked for them as well.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from random import Random

from alliance.people.models import User
from equipment.bookings.choices import Code
from equipment.bookings.models import Booking, BookingRefusal, WaitingEntry, WaitingOffer
from equipment.bookings.waiting.choices import Answer, EntryState
from equipment.devices.models import Device
from training.demo import Scene

_REASONS = (
    (Code.TAKEN,), (Code.TAKEN,), (Code.TAKEN,), (Code.TAKEN, Code.OPERATOR_BUSY), (Code.OUT,),
    (Code.RESERVED,), (Code.QUOTA,), (Code.NOT_PRIVILEGED,), (Code.NEEDS_MENTOR,), (Code.TOO_SOON,),
)  # fmt: skip
# One booking in so many was wanted by another house too, and one in so many waited for in vain.
_REFUSED, _WAITED = 14, 60
_SEED = 31


def load_wanting(
    scene: Scene, booked: Sequence[tuple[Booking, Device]], clerks: Mapping[int, User]
) -> None:
    """Townships ask for what others have; with dice of their own, so that all else stays."""
    dice = Random(_SEED)  # noqa: S311 (nothing secret)
    past = [(row, device) for row, device in booked if row.ends_at < scene.moment(0, 0)]
    refusals, entries = [], []
    for row, device in past:
        house = dice.choice(scene.townships)
        person = dice.choice(scene.staff[house.pk])
        asked_at = row.starts_at - timedelta(days=dice.randrange(1, 6), hours=1)
        asked = {
            "alliance": scene.alliance,
            "institution": house,
            "type": device.type,
            "device": device,
            "technique": row.technique,
        }
        by = scene.accounts.get(person.pk) or clerks[house.pk]
        if dice.randrange(_REFUSED) == 0:
            codes = [str(code.value) for code in dice.choice(_REASONS)]
            times = {"starts_at": row.starts_at, "ends_at": row.ends_at, "at": asked_at}
            refusals.append(BookingRefusal(**asked, **times, codes=codes, by=by))
        if dice.randrange(_WAITED) == 0:
            entries.append(
                WaitingEntry(
                    **asked,
                    operator=person,
                    minutes=60,
                    wanted_from=row.starts_at,
                    wanted_until=row.ends_at + timedelta(hours=4),
                    created_at=asked_at,
                    created_by=by,
                    state=EntryState.OVER,
                    ended_at=row.ends_at + timedelta(hours=4),
                )
            )
    BookingRefusal.objects.bulk_create(refusals)
    WaitingEntry.objects.bulk_create(entries)
    WaitingOffer.objects.bulk_create(_offer(entry) for entry in entries[::2])


def _offer(entry: WaitingEntry) -> WaitingOffer:
    """An offer that came some hours later and that nobody answered in time."""
    at = entry.created_at + timedelta(hours=5)
    since = entry.wanted_from + timedelta(hours=2)
    until = since + timedelta(minutes=entry.minutes)
    return WaitingOffer(
        entry=entry,
        device=entry.device,
        starts_at=since,
        ends_at=until,
        block_from=since,
        block_until=until,
        created_at=at,
        answer_by=at + timedelta(hours=2),
        answer=Answer.UNANSWERED,
        answered_at=at + timedelta(hours=2),
    )
