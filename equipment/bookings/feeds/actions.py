"""Opening and revoking calendars for other programs."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from alliance.core import ledger
from alliance.core.transactions import one_transaction
from alliance.institutions.policies import insist
from equipment.devices.models import Device

from .. import policies
from ..models import CalendarFeed
from . import addresses

# A phone asks every few minutes; that is not worth a write each time.
_NOTED_EVERY = timedelta(hours=1)


@one_transaction
def open_feed(*, by: Any, device: Device | None = None) -> CalendarFeed:
    """The running feed of somebody's own bookings, or of a device; made where there is none."""
    insist(policies.may_look(by))
    made = CalendarFeed(user=by, device=device)
    made.digest = addresses.digest(addresses.make(made))
    # A twin that came first is the feed.
    CalendarFeed.objects.bulk_create([made], ignore_conflicts=True)
    feed = CalendarFeed.objects.running().get(user=by, device=device)
    if feed.public_id == made.public_id:
        ledger.record("booking.feed_opened", by=by, subject=feed)
    return feed


@one_transaction
def revoke_feed(*, feed: CalendarFeed, by: Any) -> None:
    """Make an address worthless from now on; doing it again changes nothing."""
    insist(feed.user_id == by.pk)
    running = CalendarFeed.objects.running().filter(pk=feed.pk)
    if running.update(revoked_at=timezone.now()):
        ledger.record("booking.feed_revoked", by=by, subject=feed)


def note_read(*, feed: CalendarFeed, at: datetime) -> None:
    """Note that a program has read the feed, so that its owner sees whether it is in use."""
    stale = Q(read_at=None) | Q(read_at__lt=at - _NOTED_EVERY)
    CalendarFeed.objects.filter(stale, pk=feed.pk).update(read_at=at)
