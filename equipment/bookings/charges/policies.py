"""Who may put a charge right."""

from typing import Any

from alliance.core.access import has_permission
from alliance.core.choices import Permission
from alliance.institutions.policies import insist as insist

from ..models import Charge


def may_correct(user: Any, charge: Charge) -> bool:
    """Whether the user corrects a charge: who keeps the devices of the house it is owed to."""
    return has_permission(user, Permission.EQUIPMENT_KEEP, institution_id=charge.payee_id)


def may_settle(user: Any, institution_id: int) -> bool:
    """Whether the user speaks for a house when a month is settled: who keeps its devices."""
    return has_permission(user, Permission.EQUIPMENT_KEEP, institution_id=institution_id)
