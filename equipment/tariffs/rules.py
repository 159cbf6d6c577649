"""Pure rules of prices: which price counts, who pays nothing, what a time costs, new prices."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.catalogue.choices import TechniqueGrade
from alliance.institutions.choices import Tier

from .choices import PRICED_TIERS, FreeReason, Unit

NOTHING = Decimal("0.00")
_CENT = Decimal("0.01")
_GRASSROOTS = frozenset({Tier.TOWNSHIP, Tier.VILLAGE})


@dataclass(frozen=True)
class Listed:
    """A price of the list: of a device or else of its type, for one tier or (empty) for all."""

    pk: int
    type_id: int | None
    device_id: int | None
    tier: str
    unit: str
    amount: Decimal


@dataclass(frozen=True)
class Quote:
    """What a use costs: `basis` is a unit, empty where nothing is paid, and `free_reason` says why.

    Codes and numbers only, so that it may be kept as it was; `sentence` puts it into words.
    """

    amount: Decimal
    basis: str
    free_reason: str
    price: Decimal | None = None
    minutes: int = 0
    price_id: int | None = None

    @property
    def sentence(self) -> str:
        """The basis as people read it."""
        return basis_sentence(
            basis=self.basis, free_reason=self.free_reason, price=self.price, minutes=self.minutes
        )


def basis_sentence(
    *, basis: str, free_reason: str, price: Decimal | None = None, minutes: int = 0
) -> str:
    """How an amount came about, from the codes and numbers of a quote."""
    if free_reason or price is None:
        return str(FreeReason(free_reason or FreeReason.UNPRICED).label)
    if basis == Unit.USE:
        return _("%(price)s yuan per use") % {"price": price}
    words = {"price": price, "minutes": minutes}
    return _("%(price)s yuan per hour, %(minutes)s minutes counted") % words


@dataclass(frozen=True)
class Terms:
    """On which terms an institution may use a device: its price, or why there is none."""

    price: Listed | None
    free_reason: str
    step_minutes: int

    @property
    def rate(self) -> str:
        """The terms as a list shows them before a time is chosen."""
        if self.free_reason or self.price is None:
            return str(FreeReason(self.free_reason or FreeReason.UNPRICED).label)
        unit = Unit(self.price.unit).label
        return _("%(price)s yuan, %(unit)s") % {"price": self.price.amount, "unit": unit}

    def quote(self, starts_at: datetime, ends_at: datetime) -> Quote:
        """What a time costs on these terms."""
        if self.free_reason or self.price is None:
            return Quote(NOTHING, "", self.free_reason or FreeReason.UNPRICED)
        listed = self.price
        minutes = counted_minutes(starts_at, ends_at, step=self.step_minutes)
        amount = listed.amount
        if listed.unit == Unit.HOUR:
            amount = (listed.amount * minutes / 60).quantize(_CENT, ROUND_HALF_UP)
        return Quote(amount, listed.unit, "", listed.amount, minutes, listed.pk)


def counted_minutes(starts_at: datetime, ends_at: datetime, *, step: int) -> int:
    """The minutes that are paid: every begun stretch of `step` counts whole."""
    seconds = max(ends_at - starts_at, timedelta(0)) // timedelta(seconds=1)
    return -(-seconds // (step * 60)) * step


def paying_tier(tier: str) -> str:
    """The tier by which an institution pays: a village clinic pays as its township."""
    return Tier.TOWNSHIP if tier == Tier.VILLAGE else tier


def chosen(prices: Iterable[Listed], *, type_id: int, device_id: int, tier: str) -> Listed | None:
    """The price that counts: the device's before the type's, the tier's own before that for all."""
    fitting = [
        one
        for one in prices
        if one.tier in ("", tier) and (one.device_id == device_id or one.type_id == type_id)
    ]
    if not fitting:
        return None
    return max(fitting, key=lambda one: (one.device_id is not None, one.tier != ""))


def free_reason(*, is_own: bool, tier: str, grade: str, rule: str) -> str:
    """Why an institution pays nothing; empty where it pays as the list says."""
    if is_own:
        return FreeReason.OWN
    if tier not in _GRASSROOTS or rule == "none":
        return ""
    if rule == "township":
        return FreeReason.TOWNSHIP
    return FreeReason.ADVANCED if grade == TechniqueGrade.ADVANCED else ""


def price_errors(
    *, has_type: bool, has_device: bool, tier: str, unit: str, valid_from: date, on: date
) -> Mapping[str, Any]:
    """Why a price cannot be set so: `{field: sentence}`."""
    if has_type == has_device:
        return {"type": gettext_lazy("Name a type of device or one device, not both.")}
    if tier and tier not in PRICED_TIERS:
        return {"tier": gettext_lazy("Choose among township, county and tertiary.")}
    if unit not in Unit.values:
        return {"unit": gettext_lazy("Choose per hour or per use.")}
    if valid_from < on:
        return {"valid_from": gettext_lazy("A price counts from today or a later day on.")}
    return {}


def ending_errors(
    *, valid_from: date, valid_until: date | None, ends_on: date, on: date
) -> Mapping[str, Any]:
    """Why a price cannot end on a day: `{field: sentence}`."""
    if ends_on < on:
        return {"valid_until": gettext_lazy("A price ends today or later.")}
    if ends_on < valid_from:
        return {"valid_until": gettext_lazy("It cannot end before it begins.")}
    if valid_until is not None and ends_on >= valid_until:
        return {"valid_until": gettext_lazy("It ends earlier already.")}
    return {}
