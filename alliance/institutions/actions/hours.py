"""An institution's own hours of the week, instead of those its alliance set for all."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import JSONField, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger
from alliance.core.models import PolicySetting

from .. import policies, rules
from ..models import Institution

_KEYS = (rules.WEEKDAY_HOURS, rules.WEEKEND_HOURS, rules.OBSERVES_HOLIDAYS)


@transaction.atomic
def set_own_hours(
    *,
    institution: Institution,
    weekday: str,
    weekend: str,
    observes_holidays: bool,
    effective_from: date,
    reason: str,
    by: Any,
) -> None:
    """Count an institution's clocks by its own hours, from today or a later day on.

    Clocks that run keep the due time they were given.
    """
    policies.insist(policies.may_edit_institution(by, institution))
    errors = _faults(effective_from, reason)
    for field, text in (("weekday", weekday), ("weekend", weekend)):
        if not rules.hours_are_readable(text):
            errors[field] = _("Write hours as 08:00-12:00 14:00-17:30, or leave the field empty.")
    if not errors and not (weekday.strip() or weekend.strip()):
        errors["weekday"] = _("An institution that never opens could answer nothing.")
    if errors:
        raise ValidationError(errors)
    values = (weekday.strip(), weekend.strip(), observes_holidays)
    _write(institution, dict(zip(_KEYS, values, strict=True)), effective_from, reason, by)
    ledger.record(
        "calendar.hours_set",
        by=by,
        subject=institution,
        institution_id=institution.pk,
        weekday=values[0],
        weekend=values[1],
        observes_holidays=observes_holidays,
        effective_from=str(effective_from),
    )


@transaction.atomic
def end_own_hours(*, institution: Institution, effective_from: date, reason: str, by: Any) -> None:
    """Count by the alliance's hours again, from today or a later day on."""
    policies.insist(policies.may_edit_institution(by, institution))
    if errors := _faults(effective_from, reason):
        raise ValidationError(errors)
    again = Value(None, JSONField())  # null in the column, which must hold some JSON
    _write(institution, dict.fromkeys(_KEYS, again), effective_from, reason, by)
    ledger.record(
        "calendar.hours_ended",
        by=by,
        subject=institution,
        institution_id=institution.pk,
        effective_from=str(effective_from),
    )


def _faults(effective_from: date, reason: str) -> dict[str, str]:
    errors = {}
    if effective_from < timezone.localdate():
        errors["effective_from"] = _("A setting changes from today or a later day on.")
    if not reason.strip():
        errors["reason"] = _("Say why the value changes.")
    return errors


def _write(
    institution: Institution, values: Mapping[str, Any], effective_from: date, reason: str, by: Any
) -> None:
    PolicySetting.objects.bulk_create(
        PolicySetting(
            institution=institution,
            key=key,
            value=value,
            effective_from=effective_from,
            source=institution.name,
            reason=reason.strip()[:300],
            created_by=by,
        )
        for key, value in values.items()
    )
