"""What a person may do about the waiting list, charges and feeds, beside the booking itself."""

from typing import Any

from alliance.core.access import access_of, has_permission
from alliance.core.choices import Permission
from alliance.institutions.policies import insist as insist

from .models import Charge, WaitingEntry


def may_look(user: Any) -> bool:
    """Whether bookings concern the user at all."""
    return Permission.EQUIPMENT_VIEW in access_of(user).everywhere()


def keeps(user: Any) -> bool:
    """Whether the user keeps devices somewhere."""
    return bool(access_of(user).institutions_with(Permission.EQUIPMENT_KEEP))


def may_wait_for(user: Any, institution_id: int) -> bool:
    """Whether the user books, and so waits, for an institution."""
    return has_permission(user, Permission.EQUIPMENT_BOOK, institution_id=institution_id)


def may_answer(user: Any, entry: WaitingEntry) -> bool:
    """Whether the user answers the offers of an entry: whoever books for its house."""
    return may_wait_for(user, entry.institution_id)


def may_correct(user: Any, charge: Charge) -> bool:
    """Whether the user corrects a charge: who keeps the devices of the house it is owed to."""
    return has_permission(user, Permission.EQUIPMENT_KEEP, institution_id=charge.payee_id)
