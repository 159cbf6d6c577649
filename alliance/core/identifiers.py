"""Numbers that identify people, organisations and places, and what can be wrong with them.

Sources: GB 11643-1999 (resident identity number), WS/T 364 CV02.01.101 (kinds of identity
document), GB 32100-2015 (unified social credit code), GB/T 2260 with the statistics bureau's
town and village extension (division codes).

Three kinds of function, so that a form, the API and an action share one rule:

* ``normalise_*`` tidies what was typed; call it first, and store its result;
* ``*_fault`` answers with a stable code, or ``None`` when nothing is wrong;
* ``*_errors`` answers with ``{field: message}`` ready for ``ValidationError`` or ``add_error``.

None of them knows today's date: it is passed as ``on``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

Sex = Literal["male", "female"]
DivisionLevel = Literal["province", "city", "county", "town", "village"]


class IdType(TextChoices):
    """Kind of identity document, CV02.01.101."""

    RESIDENT = "01", _("Resident ID card")
    HOUSEHOLD = "02", _("Household register")
    PASSPORT = "03", _("Passport")
    OFFICER = "04", _("Military officer card")
    DRIVER = "05", _("Driving licence")
    HONG_KONG_MACAO = "06", _("Mainland travel permit for Hong Kong and Macao residents")
    TAIWAN = "07", _("Mainland travel permit for Taiwan residents")
    OTHER = "99", _("Other identity document")


MESSAGES: Final[Mapping[str, StrPromise]] = MappingProxyType(
    {
        "id_type_unknown": _("Choose the kind of identity document."),
        "id_number_missing": _("Enter the document number."),
        "id_number_old_form": _(
            "This is the old 15-digit form, out of use since 2013. "
            "Enter the 18-digit number printed on the current card."
        ),
        "id_number_length": _("A resident ID number has 18 characters."),
        "id_number_characters": _(
            "A resident ID number has 17 digits and a last digit or the letter X."
        ),
        "id_number_birth_date": _(
            "Digits 7 to 14 are not a date. Compare the number with the card."
        ),
        "id_number_birth_future": _("The birth date in this number is in the future."),
        "id_number_check": _(
            "The last character does not fit the other 17, so a digit is wrong or swapped. "
            "Compare the number with the card."
        ),
        "id_number_shape": _("This does not look like a number of the chosen document."),
        "birth_date_conflict": _("The birth date differs from the one in the ID number."),
        "sex_conflict": _("The sex differs from the one in the ID number."),
        "uscc_length": _("A unified social credit code has 18 characters."),
        "uscc_characters": _(
            "A unified social credit code has digits and capital letters, never I, O, S, V or Z."
        ),
        "uscc_head": _(
            "The first two characters name the registering authority and the kind of body, "
            "such as 12, 52 or 91; the next six are the division code."
        ),
        "uscc_check": _(
            "The last character does not fit the other 17, so one of them is wrong. "
            "Compare the code with the certificate."
        ),
        "division_shape": _("A division code has 6, 9 or 12 digits."),
        "division_province": _("The first two digits are not a province."),
    }
)
"""What to tell the user for each fault code, in the language of the reader."""


def squeeze(text: str) -> str:
    """Full-width forms to ASCII, upper case, no blanks and no invisible characters."""
    folded = unicodedata.normalize("NFKC", text).upper()
    return "".join(c for c in folded if not c.isspace() and unicodedata.category(c) != "Cf")


# --- resident identity number, GB 11643 -------------------------------------------------------

_RESIDENT_LENGTH: Final = 18
_OLD_LENGTH: Final = 15
_RESIDENT_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_RESIDENT_CHECKS: Final = "10X98765432"
_RESIDENT_SHAPE: Final = re.compile(r"[1-9][0-9]{16}[0-9X]", re.ASCII)


def normalise_id_number(number: str) -> str:
    """The document number as it is stored and looked up."""
    return squeeze(number)


def resident_id_with_check(body: str) -> str:
    """Append the check character of GB 11643 (ISO 7064 MOD 11-2) to the first 17 digits."""
    total = sum(int(digit) * weight for digit, weight in zip(body, _RESIDENT_WEIGHTS, strict=True))
    return body + _RESIDENT_CHECKS[total % 11]


def _embedded_birth_date(number: str) -> date | None:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def resident_id_fault(number: str, on: date) -> str | None:
    """What is wrong with a normalised 18-character resident number on a day, or ``None``.

    Residence permits of Hong Kong, Macao and Taiwan residents (81, 82, 83…) and the permanent
    residence card of foreigners (9…) have the same shape and check, and pass. The address part
    is not compared with a table: divisions are abolished and created faster than tables follow.
    """
    if len(number) == _OLD_LENGTH and number.isascii() and number.isdigit():
        return "id_number_old_form"
    if len(number) != _RESIDENT_LENGTH:
        return "id_number_length"
    if not _RESIDENT_SHAPE.fullmatch(number):
        return "id_number_characters"
    born = _embedded_birth_date(number)
    if born is None:
        return "id_number_birth_date"
    if born > on:
        return "id_number_birth_future"
    if resident_id_with_check(number[:-1]) != number:
        return "id_number_check"
    return None


def birth_date_of(number: str) -> date:
    """Birth date inside a resident number that was found without fault."""
    born = _embedded_birth_date(number)
    if born is None:
        raise ValueError("resident ID number without a valid birth date")
    return born


def sex_of(number: str) -> Sex:
    """Sex inside a resident number that was found without fault: odd 17th digit is male."""
    return "male" if int(number[16]) % 2 else "female"


# --- other documents --------------------------------------------------------------------------

# Light on purpose: they catch a name typed into the number field or the wrong kind chosen, and
# must not turn away a genuine document of a form that nobody here has seen.
_DOCUMENT_SHAPES: Final[Mapping[IdType, re.Pattern[str]]] = MappingProxyType(
    {
        IdType.HOUSEHOLD: re.compile(r"[0-9A-Z]{6,18}"),
        IdType.PASSPORT: re.compile(r"(?=.*[0-9])[0-9A-Z]{5,15}"),
        IdType.OFFICER: re.compile(r"(?=.*[0-9])[0-9A-Z一-鿿]{4,20}"),
        IdType.DRIVER: re.compile(r"(?=.*[0-9])[0-9A-Z]{6,18}"),
        IdType.HONG_KONG_MACAO: re.compile(r"[HM][0-9A-Z][0-9]{7}(?:[0-9]{2})?"),
        IdType.TAIWAN: re.compile(r"[0-9]{8}|[0-9]{10}(?:\([A-Z]\)|[A-Z])?"),
        IdType.OTHER: re.compile(r"[^\x00-\x1f]{3,32}"),
    }
)
_RESIDENT_NUMBERED: Final = frozenset({IdType.HOUSEHOLD, IdType.DRIVER})


def id_number_fault(id_type: str, number: str, on: date) -> str | None:
    """What is wrong with a normalised document number of that kind on a day, or ``None``.

    Household registers and driving licences carry the resident number; where 18 characters are
    given for them, they are held to its rules.
    """
    if id_type not in IdType.values:
        return "id_type_unknown"
    kind = IdType(id_type)
    if not number:
        return "id_number_missing"
    if kind is IdType.RESIDENT:
        return resident_id_fault(number, on)
    if not _DOCUMENT_SHAPES[kind].fullmatch(number):
        return "id_number_shape"
    if kind in _RESIDENT_NUMBERED and len(number) == _RESIDENT_LENGTH:
        return resident_id_fault(number, on)
    return None


def id_number_errors(id_type: str, number: str, on: date) -> dict[str, StrPromise]:
    """``{}`` or one message under ``id_type`` or ``id_number``; tidies the number itself."""
    code = id_number_fault(id_type, normalise_id_number(number), on)
    if code is None:
        return {}
    field = "id_type" if code == "id_type_unknown" else "id_number"
    return {field: MESSAGES[code]}


def identity_conflicts(
    *, id_type: str, number: str, birth_date: date | None, sex: str, on: date
) -> dict[str, StrPromise]:
    """Messages where the typed birth date or sex contradicts a faultless resident number.

    Only ``male`` and ``female`` can contradict; an unknown or unstated sex never does.
    """
    number = normalise_id_number(number)
    if id_type != IdType.RESIDENT or resident_id_fault(number, on):
        return {}
    errors: dict[str, StrPromise] = {}
    if birth_date is not None and birth_date != birth_date_of(number):
        errors["birth_date"] = MESSAGES["birth_date_conflict"]
    if sex in ("male", "female") and sex != sex_of(number):
        errors["sex"] = MESSAGES["sex_conflict"]
    return errors


# --- unified social credit code, GB 32100 -----------------------------------------------------

USCC_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_LENGTH: Final = 18
_USCC_WEIGHTS: Final = tuple(pow(3, place, 31) for place in range(17))
_USCC_CHARACTERS: Final = re.compile(f"[{USCC_ALPHABET}]*")
# Registering authority: 1-9, A military, N agriculture, Y other. python-stdnum 2.2 wants a digit
# here and refuses the last three.
_USCC_HEAD: Final = re.compile(r"[1-9ANY][1-9][0-9]{6}")


def normalise_uscc(code: str) -> str:
    """The credit code as it is stored."""
    return squeeze(code)


def uscc_with_check(body17: str) -> str:
    """Append the check character of GB 32100 to the first 17 characters."""
    values = (USCC_ALPHABET.index(character) for character in body17)
    total = sum(value * weight for value, weight in zip(values, _USCC_WEIGHTS, strict=True))
    return body17 + USCC_ALPHABET[-total % 31]


def uscc_fault(code: str) -> str | None:
    """What is wrong with a normalised unified social credit code, or ``None``."""
    if len(code) != _USCC_LENGTH:
        return "uscc_length"
    if not _USCC_CHARACTERS.fullmatch(code):
        return "uscc_characters"
    if not _USCC_HEAD.match(code):
        return "uscc_head"
    if uscc_with_check(code[:-1]) != code:
        return "uscc_check"
    return None


def uscc_errors(code: str, field: str = "uscc") -> dict[str, StrPromise]:
    """``{}`` or ``{field: message}``; tidies the code itself."""
    return _errors(uscc_fault, normalise_uscc(code), field)


# --- division codes, GB/T 2260 ----------------------------------------------------------------

_PROVINCES: Final = frozenset(
    {"11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37"}
    | {"41", "42", "43", "44", "45", "46", "50", "51", "52", "53", "54"}
    | {"61", "62", "63", "64", "65", "71", "81", "82"}
)
_DIVISION_SHAPE: Final = re.compile(r"[0-9]{6}(?:[0-9]{3}){0,2}", re.ASCII)


def division_fault(code: str) -> str | None:
    """What is wrong with the shape of a 6-, 9- or 12-digit division code, or ``None``."""
    if not _DIVISION_SHAPE.fullmatch(code):
        return "division_shape"
    if code[:2] not in _PROVINCES:
        return "division_province"
    return None


def division_errors(code: str, field: str = "division_code") -> dict[str, StrPromise]:
    """``{}`` or ``{field: message}``; tidies the code itself."""
    return _errors(division_fault, squeeze(code), field)


def division_level(code: str) -> DivisionLevel:
    """The level a faultless division code names: trailing zeros mean "the whole of"."""
    trimmed: list[tuple[slice, DivisionLevel]] = [
        (slice(9, 12), "village"),
        (slice(6, 9), "town"),
        (slice(4, 6), "county"),
        (slice(2, 4), "city"),
    ]
    for part, level in trimmed:
        if code[part].strip("0"):
            return level
    return "province"


def _errors(fault: Callable[[str], str | None], value: str, field: str) -> dict[str, StrPromise]:
    code = fault(value)
    return {} if code is None else {field: MESSAGES[code]}
