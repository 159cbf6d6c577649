"""The only writers of the patient index: registration, consent, reading, merging."""

from .access import grant_access, hold, let_in
from .consent import note_consent, record_consent, withdraw_consent
from .merging import merge
from .reading import note_read, reveal
from .registration import AMENDABLE, amend, record_death, register

__all__ = [
    "AMENDABLE",
    "amend",
    "grant_access",
    "hold",
    "let_in",
    "merge",
    "note_consent",
    "note_read",
    "record_consent",
    "record_death",
    "register",
    "reveal",
    "withdraw_consent",
]
