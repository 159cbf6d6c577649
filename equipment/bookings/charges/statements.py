"""What houses owe each other for a month's uses."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from alliance.core.days import is_plausible

from ..models import Charge


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


def month_of(text: str, *, today: date) -> Month:
    """The month written as 2026-11; anything else means this month."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        first = today
    return Month((first if is_plausible(first) else today).replace(day=1))


@dataclass(frozen=True, slots=True)
class Pair:
    """What one house owes another."""

    payer: str
    payee: str
    uses: int
    total: Decimal
    is_owed: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """A month of one house: what it owes, what it is owed, and the pairs behind it."""

    owed: Decimal
    due: Decimal
    uses: int
    pairs: list[Pair]


def statement(user: Any, *, institution_id: int | None, month: Month) -> Statement:
    """What a house owes and is owed for a month; without a house, every pair one may see."""
    rows: Any = Charge.objects.visible_to(user).in_month(month.first, month.next)
    found = []
    for row in rows.by_pair():
        if institution_id is not None and institution_id not in (row["payer"], row["payee"]):
            continue
        found.append(
            Pair(
                payer=row["payer__short_name"] or row["payer__name"],
                payee=row["payee__short_name"] or row["payee__name"],
                uses=row["uses"],
                total=row["total"],
                is_owed=row["payer"] == institution_id,
            )
        )
    return Statement(
        owed=sum((one.total for one in found if one.is_owed), Decimal(0)),
        due=sum((one.total for one in found if not one.is_owed), Decimal(0)),
        uses=sum(one.uses for one in found),
        pairs=found,
    )
