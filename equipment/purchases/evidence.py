"""What speaks for a purchase, asked of the platform itself when the application is submitted.

Rooms register sources; what each answers is frozen into the application as a code with numbers and
put into words when it is shown:

    @source("use", title=_("Use"), says=_("%(booked)s bookings in the last year"))
    def use(institution_id, type_id, on):
        return Evidence({"booked": 12})          # None where there is nothing to tell
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.institutions.selectors import alliances_of
from equipment.configuration.selectors import gaps


@dataclass(frozen=True)
class Evidence:
    """What a source tells, as plain numbers and words."""

    numbers: Mapping[str, Any]


Source = Callable[[int, int, date], Evidence | None]


@dataclass(frozen=True)
class _Registered:
    ask: Source
    title: Any
    says: Any


_sources: dict[str, _Registered] = {}


def source(code: str, *, title: Any, says: Any) -> Callable[[Source], Source]:
    """Register a function of (institution_id, type_id, on); a code has one."""

    def register(ask: Source) -> Source:
        if code in _sources:
            raise ValueError(f"evidence {code} has two sources")
        _sources[code] = _Registered(ask, title, says)
        return ask

    return register


def gathered(*, institution_id: int, type_id: int, on: date) -> list[dict[str, Any]]:
    """What every source tells of an institution and a type on a day, ready to be frozen."""
    told = ((code, one.ask(institution_id, type_id, on)) for code, one in _sources.items())
    return [
        {"code": code, "numbers": dict(found.numbers)} for code, found in told if found is not None
    ]


def worded(frozen: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Frozen evidence as people read it; what nobody tells any more shows its numbers."""
    return [_words(one["code"], one["numbers"]) for one in frozen]


def _words(code: str, numbers: Mapping[str, Any]) -> dict[str, str]:
    known = _sources.get(code)
    if known is None:
        plain = ", ".join(f"{name}: {value}" for name, value in sorted(numbers.items()))
        return {"title": code, "text": plain}
    return {"title": str(known.title), "text": str(known.says) % numbers}


@source(
    "gap",
    title=_("Base configuration"),
    says=_(
        "At least %(need)s are asked of this tier; %(have)s stand on the register, %(too_old)s of"
        " them too old: %(short)s short"
    ),
)
def gap(institution_id: int, type_id: int, on: date) -> Evidence | None:
    """What the base configuration asks, and what is there."""
    alliance = next(iter(alliances_of(institution_id, on=on)), None)
    if alliance is None:
        return None
    at = timezone.now()
    found = gaps(alliance_id=alliance.pk, at=at, institution_id=institution_id, type_id=type_id)
    if not found:
        return None
    one = found[0]
    numbers = {"need": one.need, "have": one.have, "too_old": one.too_old, "short": one.short}
    return Evidence(numbers | {"out": one.out})
