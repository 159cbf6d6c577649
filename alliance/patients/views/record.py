"""One patient's page, and what is masked on it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from alliance.core.choices import Permission
from alliance.core.forms import attempt

from .. import actions, policies, selectors
from ..forms import ReasonForm
from ..models import Patient
from .scope import acting, place, visible

_UNPROCESSABLE = 422


@never_cache
@require_safe
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One patient, masked; the address of a merged entry leads to the kept one."""
    patient = visible(request, public_id)
    if patient.public_id != public_id:
        return redirect(patient)
    return record_page(request, patient)


@never_cache
@require_POST
def reveal(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The same page with everything in clear, this once, for a reason that is recorded."""
    patient = visible(request, public_id)
    institution = place(request, Permission.PATIENT_REVEAL, patient)
    form = ReasonForm(request.POST)
    clear: dict[str, Any] = {}

    def show() -> None:
        reason = form.cleaned_data["reason"]
        shown = actions.reveal(
            patient=patient, reason=reason, by=request.user, institution=institution
        )
        clear.update(shown)

    attempt(form, show)
    return record_page(request, patient, clear=clear, reveal_form=form)


def record_page(
    request: HttpRequest, patient: Patient, failed: tuple[int, Any] | None = None, **more: Any
) -> HttpResponse:
    """The page of a patient; reading it is noted.

    `more` may hold forms with errors, `failed` one that belongs to a consent.
    """
    actions.note_read(patient=patient, by=request.user, institution=acting(request), via="page")
    may = policies.held(request.user, patient)
    context = {
        "patient": patient,
        "accesses": selectors.accesses_of(patient),
        "consents": _consents(patient, failed),
        "merges": selectors.entries_merged_into(patient),
        "may_register": Permission.PATIENT_REGISTER in may,
        "may_reveal": Permission.PATIENT_REVEAL in may,
        "may_merge": Permission.PATIENT_MERGE in may,
        "may_refer": Permission.REFERRAL_SEND in may,
        "lookalikes": _lookalikes(request, patient) if Permission.PATIENT_MERGE in may else (),
        **more,
    }
    wrong = failed or any(getattr(form, "errors", None) for form in more.values())
    status = _UNPROCESSABLE if wrong else 200
    return TemplateResponse(request, "patients/detail.html", context, status=status)


def _consents(patient: Patient, failed: tuple[int, Any] | None) -> list[Any]:
    """The patient's consents, one of them with the form that could not be taken."""
    consents: list[Any] = list(selectors.consents_of(patient))
    for consent in consents:
        consent.form = failed[1] if failed and failed[0] == consent.pk else None
    return consents


def _lookalikes(request: HttpRequest, patient: Patient) -> Any:
    return selectors.possible_duplicates(
        user=request.user, name=patient.name, birth_date=patient.birth_date, exclude=patient
    )
