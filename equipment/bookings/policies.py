"""May this person book for that institution, and do this with that booking."""

from typing import Any

from alliance.core.access import access_of, has_permission
from alliance.core.choices import Permission
from alliance.institutions.policies import insist as insist

from . import workflow
from .choices import UNSETTLED, MentorWord, Move, Side
from .models import BookedDevice, Booking


def may_look(user: Any) -> bool:
    """Whether bookings concern the user at all."""
    return Permission.EQUIPMENT_VIEW in access_of(user).everywhere()


def books_any(user: Any) -> bool:
    """Whether the user books devices for some institution."""
    return bool(access_of(user).institutions_with(Permission.EQUIPMENT_BOOK))


def searches(user: Any) -> bool:
    """Whether free times are looked for from somewhere: from one's institution, or one overseen."""
    overseen = access_of(user).alliances_with(Permission.EQUIPMENT_OVERSEE)
    return belongs(user) or bool(overseen)


def belongs(user: Any) -> bool:
    """Whether the user belongs to an institution, for which free times are looked for first."""
    return bool(access_of(user).institutions)


def keeps_any(user: Any) -> bool:
    """Whether the user keeps devices somewhere."""
    return bool(access_of(user).institutions_with(Permission.EQUIPMENT_KEEP))


def may_book(user: Any, institution_id: int) -> bool:
    """Whoever books devices for that institution."""
    return has_permission(user, Permission.EQUIPMENT_BOOK, institution_id=institution_id)


def keeps(user: Any, owner_id: int) -> bool:
    """Whether one keeps the devices of that owner."""
    return has_permission(user, Permission.EQUIPMENT_KEEP, institution_id=owner_id)


def sides(user: Any, booking: Booking) -> set[Side]:
    """On which sides of a booking somebody stands; its operator and mentor stand with the booker."""
    found = set()
    person = getattr(user, "practitioner_id", None)
    is_operator = person is not None and person == booking.operator_id
    if is_operator or is_mentor(user, booking) or may_book(user, booking.institution_id):
        found.add(Side.BOOKER)
    if _keeps_one(user, booking):
        found.add(Side.KEEPER)
    return found


def _keeps_one(user: Any, booking: Booking) -> bool:
    return any(keeps(user, line.device.owner_id) for line in booking.lines.all())


def is_mine(user: Any, booking: Booking) -> bool:
    """Whether one is the mentor of a booking, whatever one said."""
    person = getattr(user, "practitioner_id", None)
    return person is not None and person == booking.mentor_id


def is_mentor(user: Any, booking: Booking) -> bool:
    """Whether one is the mentor of a booking, and has not declined."""
    return is_mine(user, booking) and booking.mentor_word != MentorWord.DECLINED


def may_end(user: Any, booking: Booking) -> bool:
    """Whether one may give a booking back: not as its mentor alone, who declines instead."""
    if not is_mentor(user, booking):
        return True
    return may_book(user, booking.institution_id) or _keeps_one(user, booking)


def waits_for_mentor(user: Any, booking: Booking) -> bool:
    """Whether a use cannot begin before the mentor has agreed.

    Only where the operator may do it under supervision alone: whoever may do it by themselves
    brings a mentor or not. A mentor who begins the use is there, and has agreed by that.
    """
    is_open = booking.mentor_word in UNSETTLED
    return booking.is_supervised and is_open and not is_mentor(user, booking)


def speaks_for_mentor(user: Any, booking: Booking) -> bool:
    """Whether one records what a mentor without an account says by telephone: who books there."""
    is_called = booking.mentor_word in (MentorWord.CALL, MentorWord.CALLED)
    return is_called and may_book(user, booking.institution_id)


def may_excuse(user: Any, booking: Booking) -> bool:
    """The keeper of a device, or who oversees the alliance: never who missed it."""
    oversees = booking.alliance_id in access_of(user).alliances_with(Permission.EQUIPMENT_OVERSEE)
    return oversees or Side.KEEPER in sides(user, booking)


def waits_for(user: Any, line: BookedDevice) -> bool:
    """Whether a device of a request waits for this person's approval."""
    return line.needs_approval and line.approved_at is None and keeps(user, line.device.owner_id)


def rights(user: Any, booking: Booking) -> list[Move]:
    """What somebody may do with a booking now, in the table's order."""
    own = sides(user, booking)
    found = [
        move
        for move in workflow.open_moves(booking.status)
        if not own.isdisjoint(workflow.TRANSITIONS[move].sides)
    ]
    if Move.APPROVE in found and not any(waits_for(user, line) for line in booking.lines.all()):
        found.remove(Move.APPROVE)
    if Move.CANCEL in found and not may_end(user, booking):
        found.remove(Move.CANCEL)
    if Move.CHECK_IN in found and waits_for_mentor(user, booking):
        found.remove(Move.CHECK_IN)
    return found
