"""What this room does for the outbox."""

from typing import Any

from alliance.core import outbox

from . import notices


@outbox.handler("courses.seat_news")
def tell_seats(**news: Any) -> None:
    """Tell people what became of their seats."""
    notices.tell_seats(**news)


@outbox.handler("courses.hours_news")
def tell_hours(**news: Any) -> None:
    """Tell people about claimed hours."""
    notices.tell_hours(**news)
