"""Secret addresses of calendar feeds: derived from the secret key, stored only as a digest.

So neither the table nor a copy of it opens a calendar, and the owner can be shown the address again.
"""

import hashlib

from django.utils.crypto import salted_hmac

from ..models import CalendarFeed

_SALT = "equipment.bookings.feed"


def make(feed: CalendarFeed) -> str:
    """The secret part of a feed's address."""
    return salted_hmac(_SALT, str(feed.public_id), algorithm="sha256").hexdigest()


def digest(token: str) -> str:
    """What is stored of it, and looked up."""
    return hashlib.sha256(token.encode()).hexdigest()
