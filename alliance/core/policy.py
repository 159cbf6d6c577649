"""Policy is data: every number has a definition in code and values in the table.

A definition gives type, default, unit, source and whether the source was verified: `PLATFORM`
where nobody outside prescribes anything, the name of a law or standard otherwise. The value in
force on a date is the newest row of the alliance at that date, else the newest row for all
alliances, else the default.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .models import PolicySetting

PLATFORM = gettext_lazy("Starting value of the platform")

TYPES = ("minutes", "hours", "days", "integer", "percent", "boolean", "choice", "text")


@dataclass(frozen=True)
class Definition:
    """What a setting is: `kind` is one of TYPES; numbers are whole and within the bounds."""

    key: str
    kind: str
    default: Any
    label: Any
    group: Any
    source: Any
    verified: bool = False
    minimum: int = 0
    maximum: int = 10_000_000
    choices: tuple[tuple[str, Any], ...] = ()

    def clean(self, value: Any) -> Any:
        """Return `value` as this setting's type; raises ValidationError naming what is wrong."""
        if self.kind == "boolean":
            return _boolean(value)
        if self.kind == "choice":
            if value not in dict(self.choices):
                raise ValidationError({"value": _("Choose one of the offered values.")})
            return value
        if self.kind == "text":
            return str(value).strip()
        return self._number(value)

    def _number(self, value: Any) -> int:
        try:
            number = int(str(value).strip())
        except ValueError:
            raise ValidationError({"value": _("Enter a whole number.")}) from None
        if not self.minimum <= number <= self.maximum:
            message = _("Enter a number from %(low)s to %(high)s.")
            raise ValidationError({"value": message % {"low": self.minimum, "high": self.maximum}})
        return number


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if str(value).lower() in {"true", "1", "on", "yes", "false", "0", "off", "no", ""}:
        return str(value).lower() in {"true", "1", "on", "yes"}
    raise ValidationError({"value": _("Choose yes or no.")})


_definitions: dict[str, Definition] = {}


def define(definitions: Iterable[Definition]) -> None:
    """Register definitions (called from each app's `defaults.py`); a key has one definition."""
    for definition in definitions:
        if definition.key in _definitions:
            raise ValueError(f"policy {definition.key} is defined twice")
        if definition.kind not in TYPES:
            raise ValueError(f"policy {definition.key} has unknown kind {definition.kind}")
        _definitions[definition.key] = definition


def definitions() -> Mapping[str, Definition]:
    """All definitions by key."""
    return _definitions


@dataclass(frozen=True)
class PolicySet:
    """The values in force for one alliance on one date."""

    values: Mapping[str, Any]

    def __getitem__(self, key: str) -> Any:
        if key in self.values:
            return self.values[key]
        return _definitions[key].default


def policies(
    *, alliance_id: int | None, on: date, prefix: str = "", institution_id: int | None = None
) -> PolicySet:
    """Read all values in force (those whose key starts with `prefix`) in one query.

    With an institution, what it decided for itself counts before what the alliance did.
    """
    rows = (
        PolicySetting.objects.filter(effective_from__lte=on, key__startswith=prefix)
        .filter_alliance(alliance_id, institution_id)
        .values_list("institution_id", "key", "value")
    )
    shared: dict[str, Any] = {}
    own: dict[str, Any] = {}
    for house, key, value in rows:
        (shared if house is None else own)[key] = value
    return PolicySet(shared | {key: value for key, value in own.items() if value is not None})


def policies_of(
    *, alliance_ids: Collection[int], on: date, keys: Collection[str]
) -> dict[int, PolicySet]:
    """Some values in force for each of many alliances; one query for all of them."""
    rows = (
        PolicySetting.objects.filter(effective_from__lte=on, key__in=keys)
        .filter_alliances(alliance_ids)
        .values_list("alliance_id", "key", "value")
    )
    shared: dict[str, Any] = {}
    own: dict[int, dict[str, Any]] = {pk: {} for pk in alliance_ids}
    for alliance_id, key, value in rows:
        (shared if alliance_id is None else own[alliance_id])[key] = value
    return {pk: PolicySet(shared | values) for pk, values in own.items()}


@dataclass(frozen=True)
class PolicyHistory:
    """Some values as they changed over the years: (alliance, key, value, since when), in order."""

    rows: Sequence[tuple[int | None, str, Any, date]]

    def on(self, day: date, *, alliance_id: int) -> PolicySet:
        """Those in force for an alliance on a day."""
        shared: dict[str, Any] = {}
        own: dict[str, Any] = {}
        for alliance, key, value, since in self.rows:
            if since <= day and alliance in (None, alliance_id):
                (shared if alliance is None else own)[key] = value
        return PolicySet(shared | own)


def policy_history(
    *, alliance_ids: Collection[int], until: date, keys: Collection[str]
) -> PolicyHistory:
    """Some values on any day until that one, for each of many alliances; one query."""
    rows = PolicySetting.objects.filter(effective_from__lte=until, key__in=keys)
    found = rows.filter_alliances(alliance_ids)
    return PolicyHistory(list(found.values_list("alliance_id", "key", "value", "effective_from")))


def policy(key: str, *, on: date, alliance_id: int | None = None) -> Any:
    """The value of one setting in force for `alliance_id` on a date."""
    return policies(alliance_id=alliance_id, on=on, prefix=key)[key]


@dataclass(frozen=True)
class Cited:
    """Where the value of a setting is from, and whether anybody has checked or decided it."""

    value: Any
    source: Any
    is_verified: bool


def cited(key: str, *, on: date, alliance_id: int | None = None) -> Cited:
    """One setting in force with its source; a starting value counts as checked where it was."""
    definition = _definitions[key]
    rows = PolicySetting.objects.filter(effective_from__lte=on, key=key)
    row = rows.filter_alliance(alliance_id).last()
    if row is None:
        return Cited(definition.default, definition.source, definition.verified)
    return Cited(row.value, row.source, True)
