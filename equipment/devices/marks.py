"""What rooms above know of many devices at once, shown beside each on the register.

A room that knows when devices cannot be used, or that somebody uses them now, registers a
function, and its `apps.py` imports that module. It is asked once for a whole page of rows.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from alliance.core.templatetags.times import when

Finder = Callable[[Collection[int], datetime], Collection[int]]
Users = Callable[[Collection[int], datetime], Mapping[int, datetime]]
_finders: list[Finder] = []
_users: list[Users] = []


def out_of_use(finder: Finder) -> Finder:
    """Register a function that says which of these devices cannot be used at a moment."""
    _finders.append(finder)
    return finder


def out_among(device_ids: Collection[int], at: datetime) -> set[int]:
    """Those of the devices that cannot be used at a moment."""
    return {pk for finder in _finders for pk in finder(device_ids, at)}


def in_use(users: Users) -> Users:
    """Register a function that says which of these devices are in use at a moment, until when."""
    _users.append(users)
    return users


def used_among(device_ids: Collection[int], at: datetime) -> dict[int, datetime]:
    """Those of the devices that somebody uses at a moment, with when they should be back."""
    return {pk: until for ask in _users for pk, until in ask(device_ids, at).items()}


def used_words(until: datetime) -> str:
    """That a device is in use, until when."""
    return _("In use until %(time)s") % {"time": when(until)}
