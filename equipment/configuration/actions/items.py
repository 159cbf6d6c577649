"""The lines of a draft."""

from typing import Any

from django.core.exceptions import ValidationError

from alliance.core import ledger
from alliance.core.saving import assign, store
from alliance.core.transactions import one_transaction
from equipment.devices.models import DeviceType

from .. import rules
from ..models import Standard, StandardItem
from .editions import draft_of


@one_transaction
def set_item(
    *,
    standard: Standard,
    tier: str,
    device_type: DeviceType,
    minimum: int,
    by: Any,
    max_age_years: int | None = None,
    purpose: str = "",
) -> StandardItem:
    """Ask so many of a type of a tier in a draft; what was asked before is replaced."""
    edition = draft_of(standard, by)
    errors = rules.item_errors(tier=tier, minimum=minimum, max_age_years=max_age_years)
    if errors:
        raise ValidationError(dict(errors))
    found = edition.items.filter(tier=tier, type=device_type).first()
    item = found or StandardItem(standard=edition, tier=tier, type=device_type)
    values = {"minimum": minimum, "max_age_years": max_age_years, "purpose": purpose.strip()}
    changed = assign(item, values)
    store(item)
    _record("configuration.item_set", edition, item, by, changed=changed)
    return item


@one_transaction
def remove_item(*, item: StandardItem, by: Any) -> None:
    """Ask for it no longer, from this edition on."""
    edition = draft_of(item.standard, by)
    locked: StandardItem | None = edition.items.select_related("type").filter(pk=item.pk).first()
    # Somebody else has taken it out already: that is what was wanted.
    if locked is None:
        return
    _record("configuration.item_removed", edition, locked, by)
    locked.delete()


def _record(action: str, edition: Standard, item: StandardItem, by: Any, **data: Any) -> None:
    ledger.record(
        action,
        by=by,
        subject=edition,
        alliance_id=edition.alliance_id,
        tier=item.tier,
        code=item.type.code,
        **data,
    )
