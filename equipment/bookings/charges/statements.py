"""What houses owe each other for a month's uses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from alliance.core.days import is_plausible

from ..models import Charge, Settlement
from . import policies, rules
from .choices import Standing


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month by its first day."""

    first: date

    @property
    def next(self) -> date:
        """The first day of the month after it."""
        year, month = divmod(self.first.year * 12 + self.first.month, 12)
        return date(year, month + 1, 1)

    @property
    def previous(self) -> date:
        """The first day of the month before it."""
        year, month = divmod(self.first.year * 12 + self.first.month - 2, 12)
        return date(year, month + 1, 1)


def month_named(text: str) -> Month | None:
    """The month written as 2026-11; None where it names none."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return Month(first) if text[4:5] == "-" and is_plausible(first) else None


def month_of(text: str, *, today: date) -> Month:
    """The month written as 2026-11; one to come, and anything else, means this month."""
    named = month_named(text)
    return named if named and named.first <= today else Month(today.replace(day=1))


_TONES: Mapping[str, str] = {
    Standing.RUNNING: "neutral",
    Standing.OPEN: "warn",
    Standing.PAYER: "active",
    Standing.PAYEE: "active",
    Standing.AGREED: "info",
    Standing.PAID: "good",
}


@dataclass(frozen=True, slots=True)
class Pair:
    """What one house owes another."""

    payer: str
    payee: str
    uses: int
    total: Decimal
    is_owed: bool
    # By what they are named when the month is settled, and how far it is.
    alliance_id: int
    payer_id: UUID
    payee_id: UUID
    standing: Standing
    paid: Decimal
    may_confirm: bool
    may_pay: bool

    @property
    def tone(self) -> str:
        """How it looks."""
        return _TONES[self.standing]


@dataclass(frozen=True, slots=True)
class Statement:
    """A month of one house: what it owes, what it is owed, and the pairs behind it."""

    owed: Decimal
    due: Decimal
    uses: int
    pairs: list[Pair]


def statement(
    user: Any, *, institution_id: int | None, month: Month, today: date, partner: Any = None
) -> Statement:
    """What a house owes and is owed for a month; without a house, every pair one may see."""
    rows: Any = Charge.objects.visible_to(user).in_month(month.first, month.next)
    settled: Any = Settlement.objects.visible_to(user).filter(month=month.first)
    known = {(one.alliance_id, one.payer_id, one.payee_id): one for one in settled}
    found = []
    for row in rows.by_pair():
        houses = row["payer"], row["payee"]
        if institution_id is not None and institution_id not in houses:
            continue
        if partner and partner not in (row["payer__public_id"], row["payee__public_id"]):
            continue
        one = known.get((row["alliance"], *houses))
        found.append(_pair(user, row, one, institution_id, is_over=month.next <= today))
    return Statement(
        owed=sum((one.total for one in found if one.is_owed), Decimal("0.00")),
        due=sum((one.total for one in found if not one.is_owed), Decimal("0.00")),
        uses=sum(one.uses for one in found),
        pairs=found,
    )


def _pair(
    user: Any,
    row: Mapping[str, Any],
    one: Settlement | None,
    institution_id: int | None,
    *,
    is_over: bool,
) -> Pair:
    """What one house owes another, and how far that is settled: by what holds for this sum."""
    holds = one is not None and (one.total, one.uses) == (row["total"], row["uses"])
    by_payer = bool(holds and one and one.payer_confirmed_at)
    by_payee = bool(holds and one and one.payee_confirmed_at)
    is_paid = bool(by_payer and by_payee and one and one.paid_total == row["total"] and one.paid_at)
    standing = rules.standing(
        by_payer=by_payer, by_payee=by_payee, is_paid=is_paid, is_over=is_over
    )
    pays, gets = (policies.may_settle(user, row[name]) for name in ("payer", "payee"))
    return Pair(
        payer=row["payer__short_name"] or row["payer__name"],
        payee=row["payee__short_name"] or row["payee__name"],
        uses=row["uses"],
        total=row["total"],
        is_owed=row["payer"] == institution_id,
        alliance_id=row["alliance"],
        payer_id=row["payer__public_id"],
        payee_id=row["payee__public_id"],
        standing=standing,
        paid=one.paid_total if one else Decimal(0),
        may_confirm=is_over and ((pays and not by_payer) or (gets and not by_payee)),
        may_pay=gets and standing == Standing.AGREED,
    )
