"""What is said of characters that no text can hold, at every form's and serializer's field.

Django's and DRF's own words for them are about computers, and their Chinese says something else.
No view needs to think of them: an address that holds a NUL is answered before its view is asked,
and a form that holds one comes to the view with a mark in its place. The mark can be read, shown
and searched for, so nothing that was typed is lost, and the field that holds it is refused.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from rest_framework.validators import ProhibitSurrogateCharactersValidator

UNREADABLE = _("This contains characters that cannot be read. Delete them or type it again.")
NUL = "\0"
# What is shown for a character that could not be read, here as by every browser.
MARK = "\N{REPLACEMENT CHARACTER}"


def say_it_plainly() -> None:
    """Give both validators our words, and let the first see the mark; every text field asks it."""
    ProhibitNullCharactersValidator.message = UNREADABLE
    ProhibitNullCharactersValidator.__call__ = _refuse  # type: ignore[method-assign]
    ProhibitSurrogateCharactersValidator.message = UNREADABLE


def faults(sent: QueryDict) -> dict[str, list[str]]:
    """The names under which something unreadable came, each with the sentence."""
    names = (key for key, values in sent.lists() if NUL in key or any(NUL in v for v in values))
    return {name.replace(NUL, MARK): [str(UNREADABLE)] for name in names}


def marked(sent: QueryDict) -> QueryDict:
    """The same, with the mark where something could not be read."""
    found = QueryDict(mutable=True, encoding=sent.encoding)
    for key, values in sent.lists():
        found.setlist(key.replace(NUL, MARK), [value.replace(NUL, MARK) for value in values])
    found._mutable = False
    return found


def _refuse(self: ProhibitNullCharactersValidator, value: Any) -> None:
    text = str(value)
    if NUL in text or MARK in text:
        raise ValidationError(self.message, code=self.code, params={"value": value})
