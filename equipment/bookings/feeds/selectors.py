"""Whose calendar stands at an address."""

from typing import Any

from equipment.devices.models import Device

from ..models import CalendarFeed


def feed_of(digest: str) -> CalendarFeed | None:
    """The running feed of this address, as long as its owner may still see what it shows."""
    rows: Any = CalendarFeed.objects.running().select_related("user", "device")
    feed: CalendarFeed | None = rows.filter(digest=digest, user__is_active=True).first()
    if feed is None or feed.device is None:
        return feed
    seen: Any = Device.objects.visible_to(feed.user)
    return feed if seen.filter(pk=feed.device_id).exists() else None
