"""Training, room by room; see `tests.access.rooms`."""

from tests.access.rooms import Rooms

_rooms = Rooms(__name__, __path__)
ROWS, NOUNS, PAGES = _rooms.ROWS, _rooms.NOUNS, _rooms.PAGES
lay, grow = _rooms.lay, _rooms.grow
