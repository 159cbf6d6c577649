"""Joining two entries of one person: find the other, compare side by side, decide."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from alliance.core import masking
from alliance.core.choices import Permission
from alliance.core.forms import attempt
from alliance.core.identifiers import IdType

from .. import actions, selectors
from ..forms import MergeForm
from ..models import Patient
from .scope import acting, place, visible

_UNPROCESSABLE = 422
_LONGEST = 50


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def find_other(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Which other entry is the same person? Look-alikes first, others by number or name."""
    patient = visible(request, public_id)
    place(request, Permission.PATIENT_MERGE, patient)
    text = request.POST.get("search", "").strip().replace("\0", "")[:_LONGEST]
    found = selectors.look_up(user=request.user, text=text)
    context = {
        "patient": patient,
        "text": text,
        "found": [other for other in found if other.pk != patient.pk],
        "lookalikes": selectors.possible_duplicates(
            user=request.user, name=patient.name, birth_date=patient.birth_date, exclude=patient
        ),
    }
    return TemplateResponse(request, "patients/merge_find.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, public_id: UUID, other_id: UUID) -> HttpResponse:
    """Two entries side by side, masked, and which of them stays."""
    one, other = visible(request, public_id), visible(request, other_id)
    if one.pk == other.pk:
        return redirect(one)
    for patient in (one, other):
        place(request, Permission.PATIENT_MERGE, patient)
        actions.note_read(
            patient=patient, by=request.user, institution=acting(request), via="merge"
        )
    sent = request.POST if request.method == "POST" else None
    form = MergeForm(sent, one=one, other=other)
    if form.is_bound and attempt(form, lambda: actions.merge(by=request.user, **form.decision())):
        messages.success(request, _("The two entries are one now. This is the one that stays."))
        return redirect(form.decision()["keep"])
    context = {
        "form": form,
        "one": one,
        "other": other,
        "lines": comparison(one, other),
        "both_resident": one.id_type == other.id_type == IdType.RESIDENT,
    }
    status = _UNPROCESSABLE if form.errors else 200
    return TemplateResponse(request, "patients/merge.html", context, status=status)


@dataclass(frozen=True)
class Line:
    """One line of a comparison, masked; `same` compares what is behind the masks."""

    label: str
    one: str
    other: str
    same: bool


def comparison(one: Patient, other: Patient) -> list[Line]:
    """Two entries line by line."""

    def line(label: str, field: str, show: Any) -> Line:
        mine, theirs = getattr(one, field), getattr(other, field)
        return Line(label, show(mine), show(theirs), mine == theirs)

    return [
        line(_("Name"), "name", masking.mask_name),
        Line(_("Sex"), one.get_sex_display(), other.get_sex_display(), one.sex == other.sex),
        line(_("Date of birth"), "birth_date", masking.mask_birth_date),
        Line(
            _("Kind of document"),
            one.get_id_type_display(),
            other.get_id_type_display(),
            one.id_type == other.id_type,
        ),
        line(_("ID number"), "id_number", masking.mask_id_number),
        line(_("Telephone"), "phone", masking.mask_phone),
        line(_("Address"), "address", masking.mask_address),
        line(_("Health record number"), "record_number", masking.mask_record_number),
        line(_("Registered at"), "registered_at", str),
    ]
