"""Kinds of cells: how text from a file becomes a value, and a value becomes a cell again."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Choices
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from ..days import IMPLAUSIBLE, is_plausible

Shown = str | int | Decimal | date | None


class Unreadable(Exception):
    """A cell does not hold what its column asks for; the message says what to write instead."""

    def __init__(self, message: Any) -> None:
        super().__init__(message)
        self.message = message


class Kind:
    """What a column holds. `empty` stands for an empty cell, `exact` forbids number cells."""

    empty: Any = ""
    exact = False

    def read(self, text: str) -> Any:
        """The value of a cell that is not empty; raises Unreadable."""
        raise NotImplementedError

    def show(self, value: Any) -> Shown:
        """The value as a cell that `read` understands."""
        return "" if value is None else str(value)

    def note(self) -> str:
        """What may stand in the column, for the notes of the template."""
        return ""


_BREAKS = re.compile(r"[\r\n\t]+")


def tidy(text: str) -> str:
    """Text on one line without blanks around it; raises Unreadable for invisible characters."""
    line = _BREAKS.sub(" ", text).strip()
    if not line.isprintable() and any(
        unicodedata.category(character) in {"Cc", "Cs"} for character in line
    ):
        raise Unreadable(_("The text holds characters that cannot be shown. Type it again."))
    return line


def _plain(text: str) -> str:
    """Full-width forms as ASCII, without blanks, in small letters: for words and numbers."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


class Text(Kind):
    """Words, as long as the database column."""

    def __init__(self, max_length: int) -> None:
        self.max_length = max_length

    def read(self, text: str) -> str:
        """The words on one line."""
        line = tidy(text)
        if len(line) > self.max_length:
            message = _("At most %(max)s characters; these are %(length)s.")
            raise Unreadable(message % {"max": self.max_length, "length": len(line)})
        return line

    def note(self) -> str:
        """The length."""
        return _("Text, at most %(max)s characters") % {"max": self.max_length}


class Code(Text):
    """A code: no blanks, full-width forms folded. `exact` when its zeros carry meaning."""

    def __init__(
        self,
        max_length: int,
        *,
        normalise: Callable[[str], str] | None = None,
        exact: bool = False,
    ) -> None:
        super().__init__(max_length)
        self.normalise = normalise or _folded
        self.exact = exact

    def read(self, text: str) -> str:
        """The code as it is stored."""
        return super().read(self.normalise(tidy(text)))

    def note(self) -> str:
        """What to take care of in Excel."""
        return _("Code; format the column as text so that Excel keeps the zeros")


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


class Email(Text):
    """An e-mail address."""

    def read(self, text: str) -> str:
        """The address; raises Unreadable when it is none."""
        address = super().read(text)
        try:
            validate_email(address)
        except ValidationError:
            raise Unreadable(_("This is not an e-mail address.")) from None
        return address

    def note(self) -> str:
        """Its form."""
        return _("E-mail address")


_WHOLE = re.compile(r"[+-]?[0-9]{1,18}(?:\.0+)?")


class Whole(Kind):
    """A whole number between two bounds."""

    def __init__(self, *, minimum: int, maximum: int, empty: int | None = None) -> None:
        self.minimum, self.maximum, self.empty = minimum, maximum, empty

    def read(self, text: str) -> int:
        """The number; thousands separators are left out."""
        digits = _plain(text).replace(",", "")
        if not _WHOLE.fullmatch(digits):
            raise Unreadable(_("Write a whole number."))
        number = int(digits.partition(".")[0])
        if not self.minimum <= number <= self.maximum:
            message = _("Write a number from %(low)s to %(high)s.")
            raise Unreadable(message % {"low": self.minimum, "high": self.maximum})
        return number

    def show(self, value: Any) -> Shown:
        """The number as a number."""
        return None if value is None else int(value)

    def note(self) -> str:
        """The bounds."""
        bounds = {"low": self.minimum, "high": self.maximum}
        return _("Whole number from %(low)s to %(high)s") % bounds


_DATE = re.compile(r"([0-9]{4})(?:[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?|([0-9]{2})([0-9]{2}))")
_MIDNIGHT = re.compile(r"t?00:00(?::00)?(?:\.0+)?$")


_When = TypeVar("_When", bound=date)


def _plausible(found: _When) -> _When:
    if not is_plausible(found):
        raise Unreadable(str(IMPLAUSIBLE))
    return found


class Day(Kind):
    """A date."""

    empty = None

    def read(self, text: str) -> date:
        """2026-03-01, 2026/3/1, 2026.3.1, 2026年3月1日 or 20260301."""
        match = _DATE.fullmatch(_MIDNIGHT.sub("", _plain(text)))
        try:
            if match is None:
                raise ValueError("shape")
            year, month, day, month2, day2 = match.groups()
            found = date(int(year), int(month or month2), int(day or day2))
        except ValueError:
            raise Unreadable(_("Write a date such as 2026-03-01.")) from None
        return _plausible(found)

    def show(self, value: Any) -> Shown:
        """The date as a date."""
        return value if isinstance(value, date) else None

    def note(self) -> str:
        """Its form."""
        return _("Date such as 2026-03-01")


_MOMENT = re.compile(
    r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?[T\s]*([0-9]{1,2})[:时点]([0-9]{1,2})"
    r"(?:分|:[0-9]{2}(?:\.0+)?)?"
)


class Moment(Kind):
    """A day and a time of day, to the minute: Excel knows neither zones nor who would type seconds."""

    empty = None

    def read(self, text: str) -> datetime:
        """2026-03-01 14:30, 2026/3/1 14:30 or 2026年3月1日14时30分, in local time."""
        match = _MOMENT.fullmatch(unicodedata.normalize("NFKC", text).strip())
        try:
            if match is None:
                raise ValueError("shape")
            year, month, day, hour, minute = (int(part) for part in match.groups())
            found = datetime(year, month, day, hour, minute)  # noqa: DTZ001
        except ValueError:
            raise Unreadable(_("Write a day and a time such as 2026-03-01 14:30.")) from None
        return timezone.make_aware(_plausible(found))

    def show(self, value: Any) -> Shown:
        """The moment as local time, which Excel sorts and counts with."""
        return (
            timezone.localtime(value).replace(second=0, microsecond=0, tzinfo=None)
            if value
            else None
        )

    def note(self) -> str:
        """Its form."""
        return _("Day and time such as 2026-03-01 14:30")


def as_number(value: Decimal | None) -> Shown:
    """A number as a number cell, without zeros that say nothing; people add these up in Excel."""
    return None if value is None else Decimal(f"{Decimal(value).normalize():f}")


class Measure(Kind):
    """A measured number with at most two decimals, above nought."""

    empty = None

    def __init__(self, *, maximum: int) -> None:
        self.maximum = maximum

    def read(self, text: str) -> Decimal:
        """48, 48.5 or 48.25."""
        try:
            number = Decimal(_plain(text).replace(",", ""))
        except InvalidOperation:
            raise Unreadable(self.note()) from None
        if not (number.is_finite() and 0 < number <= self.maximum and number == round(number, 2)):
            raise Unreadable(self.note())
        return round(number, 2)

    def show(self, value: Any) -> Shown:
        """The number as a number."""
        return as_number(value)

    def note(self) -> str:
        """Its form."""
        return _("Number such as 48 or 48.5, at most %(most)s") % {"most": self.maximum}


class Money(Kind):
    """Yuan with at most two decimals."""

    empty = None

    def read(self, text: str) -> Decimal:
        """1200 or 1200.50; raises Unreadable otherwise."""
        try:
            amount = Decimal(text.strip().replace(",", ""))
        except InvalidOperation:
            raise Unreadable(self.note()) from None
        if not amount.is_finite() or amount < 0 or amount != amount.quantize(Decimal("0.01")):
            raise Unreadable(self.note())
        return amount

    def show(self, value: Any) -> Shown:
        """The amount as a number."""
        return as_number(value)

    def note(self) -> str:
        """Its form."""
        return _("Amount such as 1200 or 1200.50")


_YES = frozenset({"yes", "y", "true", "1", "是", "有", "√", "✓", "对"})
_NO = frozenset({"no", "n", "false", "0", "否", "无", "\u00d7", "✗", "错"})


class YesNo(Kind):
    """Yes or no."""

    def __init__(self, *, empty: bool = False) -> None:
        self.empty = empty

    def read(self, text: str) -> bool:
        """Yes and no in either language, 1 and 0, a tick and a cross."""
        word = _plain(text)
        if word not in _YES | _NO:
            raise Unreadable(_("Write yes or no."))
        return word in _YES

    def show(self, value: Any) -> Shown:
        """The word in the reader's language."""
        return _("yes") if value else _("no")

    def note(self) -> str:
        """Both words."""
        return " / ".join([_("yes"), _("no")])


class Choice(Kind):
    """One of a closed list, by its code or by its label in any language."""

    def __init__(self, choices: type[Choices], *, empty: Any = "") -> None:
        self.choices, self.empty = choices, empty

    def read(self, text: str) -> Any:
        """The stored code."""
        known = _words(self.choices)
        word = _plain(text)
        if word not in known:
            labels = [str(label) for label in self.choices.labels]
            raise Unreadable(_("Choose one of: %(allowed)s.") % {"allowed": ", ".join(labels)})
        return known[word]

    def show(self, value: Any) -> Shown:
        """The label in the reader's language."""
        return "" if value in (None, "") else str(self.choices(value).label)

    def note(self) -> str:
        """All labels."""
        return " / ".join(str(label) for label in self.choices.labels)


@lru_cache(maxsize=64)
def _words(choices: type[Choices]) -> dict[str, Any]:
    """Every code and every label in every language, folded, with the code it stands for."""
    words = {_plain(str(value)): value for value in choices.values}
    for language, _name in settings.LANGUAGES:
        with override(language):
            for member in choices:
                words.setdefault(_plain(str(member.label)), member.value)
    return words


_SEPARATORS = re.compile(r"[;；、,，|]")


class Many(Kind):
    """Several codes or names in one cell."""

    empty: tuple[str, ...] = ()

    def __init__(self, one: Kind) -> None:
        self.one = one

    def read(self, text: str) -> tuple[str, ...]:
        """The parts, in order, each once."""
        parts = [part.strip() for part in _SEPARATORS.split(tidy(text))]
        return tuple(dict.fromkeys(self.one.read(part) for part in parts if part))

    def show(self, value: Any) -> Shown:
        """The parts with semicolons between them."""
        parts: Iterable[Any] = value or ()
        return "; ".join(str(self.one.show(part)) for part in parts)

    def note(self) -> str:
        """How to write several."""
        return _("Several with semicolons between them")
