"""Policy settings: a change is a new row with a date, a source and a reason."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger
from alliance.core.models import PolicySetting
from alliance.core.policy import Definition, definitions

from .. import policies, rules
from ..models import Alliance


@transaction.atomic
def change_policy(
    *,
    key: str,
    value: Any,
    effective_from: date,
    reason: str,
    source: str,
    alliance: Alliance | None,
    by: Any,
) -> PolicySetting:
    """Set a policy from today or a later day on, for one alliance or (None) the whole platform."""
    policies.insist(policies.may_change_policy(by, key, alliance.pk if alliance else None))
    definition = definitions().get(key)
    if definition is None:
        raise ValidationError({"key": _("There is no such setting.")})
    cleaned = _checked(definition, value, effective_from, source, reason)
    setting = PolicySetting.objects.create(
        alliance=alliance,
        key=key,
        value=cleaned,
        effective_from=effective_from,
        source=source.strip()[:300],
        reason=reason.strip()[:300],
        created_by=by,
    )
    ledger.record(
        "policy.changed",
        by=by,
        subject=setting,
        key=key,
        value=cleaned,
        alliance_id=setting.alliance_id,
        effective_from=str(effective_from),
    )
    return setting


def _checked(
    definition: Definition, value: Any, effective_from: date, source: str, reason: str
) -> Any:
    """The value in the setting's type; ValidationError with every fault at its field."""
    errors: dict[str, Any] = {}
    if effective_from < timezone.localdate():
        errors["effective_from"] = _("A setting changes from today or a later day on.")
    if not source.strip():
        errors["source"] = _("Name the document or decision that this value comes from.")
    if not reason.strip():
        errors["reason"] = _("Say why the value changes.")
    cleaned = _clean(definition, value, errors)
    if errors:
        raise ValidationError(errors)
    return cleaned


def _clean(definition: Definition, value: Any, errors: dict[str, Any]) -> Any:
    """The value in the setting's type, or None with the fault added to `errors`."""
    try:
        cleaned = definition.clean(value)
    except ValidationError as error:
        errors["value"] = error.messages
        return None
    if definition.key in rules.HOURS_SETTINGS and not rules.hours_are_readable(cleaned):
        errors["value"] = _("Write hours as 08:00-12:00 14:00-17:30, or leave the field empty.")
    return cleaned
