"""What is said of characters that no text can hold, at every form's and serializer's field.

Django's and DRF's own words for them are about computers, and their Chinese says something else.
"""

from django.core.validators import ProhibitNullCharactersValidator
from django.utils.translation import gettext_lazy as _
from rest_framework.validators import ProhibitSurrogateCharactersValidator

UNREADABLE = _("This contains characters that cannot be read. Delete them or type it again.")


def say_it_plainly() -> None:
    """Give both validators our words; every text field asks them."""
    ProhibitNullCharactersValidator.message = UNREADABLE
    ProhibitSurrogateCharactersValidator.message = UNREADABLE
