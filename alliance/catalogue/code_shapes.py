"""Shapes of the national codes; pure. Checked against the whole insurance tables of 2021."""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _

# A00, A00.0, A00.000, A00.000x001, I10.x00, A17.000+G01* and the manifestation alone, G01*.
_DIAGNOSIS = re.compile(
    r"[A-Z][0-9]{2}(?:\.[0-9x](?:[0-9]{2})?(?:x[0-9]{3})?)?"
    r"(?:[+*]|\+[A-Z][0-9]{2}(?:\.[0-9x][0-9]{0,2})?\*)?"
)
# Morphology of tumours: M80000/3, its categories (M800, M8000/0) and blocks (M801-M804).
_MORPHOLOGY = re.compile(r"M[0-9]{3,5}(?:/[0-9])?|M[0-9]{3}-M[0-9]{3}")
# 00.0, 47.01, 47.0100, 47.0100x001, 43.7x03.
_PROCEDURE = re.compile(r"[0-9]{2}\.[0-9x]{1,3}[0-9A-Z]{0,2}[0-9]?(?:x[0-9]{3,4})?")


def may_be_main(code: str) -> bool:
    """Whether a code alone names what a patient has: no manifestation, no tumour morphology."""
    manifestation = code.endswith("*") and "+" not in code
    return not manifestation and not _MORPHOLOGY.fullmatch(code)


def disease_code_errors(code: str) -> dict[str, Any]:
    """What is wrong with a code of ICD-10 as used in China: `{field: sentence}`."""
    if _DIAGNOSIS.fullmatch(code) or _MORPHOLOGY.fullmatch(code):
        return {}
    return {"code": _("This is not an ICD-10 code such as K35.800x001, A17.000+G01* or M80000/3.")}


def technique_code_errors(code: str) -> dict[str, Any]:
    """What is wrong with a code of ICD-9-CM-3 as used in China: `{field: sentence}`."""
    if _PROCEDURE.fullmatch(code):
        return {}
    return {"code": _("This is not an ICD-9-CM-3 code such as 47.0100, 47.0100x001 or 43.7x03.")}
