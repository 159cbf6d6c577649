"""Pure rules about identities and consent: facts in, sentences by field out."""

import re
import unicodedata
from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from .choices import ConsentGiver, ConsentMethod

Errors = dict[str, Any]

_MIDDLE_DOTS: Final = str.maketrans(dict.fromkeys("•‧∙⋅・●", "·"))
_CHINESE: Final = re.compile(r"[㐀-鿿\U00020000-\U0003ffff]")
_LETTER: Final = re.compile(r"[^\W\d_]")
_PHONE: Final = re.compile(r"\+?[0-9(][0-9 ()/-]*(?:(?:x|ext\.?|转)\s*[0-9]+)?", re.IGNORECASE)
_PHONE_DIGITS: Final = 5
_UNWANTED: Final = {"Cc", "Cs", "Co", "Cn"}
_MONTHS: Final = 12
REASON_LENGTH: Final = 200
AGED_IN_YEARS_FROM: Final = 2


def tidy(text: str) -> str:
    """What was typed without control characters and blanks around it."""
    kept = (char for char in text if unicodedata.category(char) not in _UNWANTED)
    return "".join(kept).strip()


def normalise_name(name: str) -> str:
    """A name as it is stored: one kind of middle dot, single blanks, none between Chinese."""
    folded = unicodedata.normalize("NFKC", name).translate(_MIDDLE_DOTS)
    joined = ("" if _CHINESE.search(folded) else " ").join(folded.split())
    return unicodedata.normalize("NFC", joined)


def same_name(one: str, other: str) -> bool:
    """Whether two spellings are one name, apart from blanks, dots and capitals."""
    return normalise_name(one).casefold() == normalise_name(other).casefold()


def name_errors(name: str) -> Errors:
    """A name has a letter in it."""
    if not _LETTER.search(name):
        return {"name": _("Enter the name as it stands on the document.")}
    return {}


def birth_date_errors(birth_date: date, *, on: date, oldest: int) -> Errors:
    """A birth date is neither in the future nor beyond the age anybody reaches."""
    if birth_date > on:
        return {"birth_date": _("The date of birth is in the future.")}
    if age_on(birth_date, on) > oldest:
        return {"birth_date": _("This date of birth is too long ago. Check the year.")}
    return {}


def phone_errors(phone: str) -> Errors:
    """A telephone number is empty, or looks like one."""
    digits = sum(character.isdigit() for character in phone)
    if phone and (digits < _PHONE_DIGITS or not _PHONE.fullmatch(phone)):
        return {"phone": _("This does not look like a telephone number.")}
    return {}


def age_on(birth_date: date, on: date) -> int:
    """Whole years lived on a date."""
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))


def age_in_months(birth_date: date, on: date) -> int:
    """Whole months lived on a date, for infants."""
    months = (on.year - birth_date.year) * _MONTHS + on.month - birth_date.month
    return months - (on.day < birth_date.day)


def consent_errors(
    *, method: str, given_by: str, given_at: datetime, now: datetime, age: int, guardian_below: int
) -> Errors:
    """Who may consent how: nobody only in an emergency, a child through its guardian."""
    if given_at > now:
        return {"given_at": _("The time of consent is in the future.")}
    nobody = given_by == ConsentGiver.NOBODY
    if nobody and method != ConsentMethod.EMERGENCY:
        return {"given_by": _("Say who gave the consent.")}
    if method == ConsentMethod.EMERGENCY and not nobody:
        return {"method": _("Somebody gave the consent: say in which form.")}
    if given_by == ConsentGiver.PATIENT and age < guardian_below:
        message = _("Below %(age)d years of age the guardian consents.")
        return {"given_by": message % {"age": guardian_below}}
    return {}


def reason_errors(reason: str) -> Errors:
    """A reason is words, not a blank."""
    if not _LETTER.search(reason):
        return {"reason": _("Say why.")}
    if len(reason) > REASON_LENGTH:
        return {"reason": _("Say it in %(most)d characters at most.") % {"most": REASON_LENGTH}}
    return {}
