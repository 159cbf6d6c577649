"""Entering a patient, being warned of duplicates, putting particulars right."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from alliance.core.choices import Permission
from alliance.core.errors import DomainError, StaleVersion
from alliance.core.forms import attempt, create
from alliance.institutions.models import Institution

from .. import actions, selectors
from ..forms import AmendForm, ParticularsForm, ReasonForm, RegisterForm
from ..models import Patient
from .record import record_page
from .scope import acting_with, place, visible

_UNPROCESSABLE = 422
# Comes along once the entries that may be the same person were on the screen.
_SEEN = "seen_duplicates"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Enter a patient; one whose number is known is taken up instead."""
    here = acting_with(request, Permission.PATIENT_REGISTER)
    form = _register_form(request)
    alike = _unseen(request, form)
    if form.is_bound and not alike:
        scope = f"patient:{request.user.pk}"
        url = create(form, scope=scope, act=lambda: _register(request, form, here))
        if url is not None:
            return redirect(url)
    context = {"form": form, "title": _("Register a patient"), "candidates": alike}
    return _form_page(request, "patients/register.html", context)


def _register_form(request: HttpRequest) -> RegisterForm:
    """An empty form, one begun with a number that was looked for, or the one that was sent."""
    if request.method != "POST":
        return RegisterForm()
    if "prefill" in request.POST:
        return RegisterForm(initial={"id_number": request.POST["prefill"][:40]})
    return RegisterForm(request.POST)


def _unseen(request: HttpRequest, form: RegisterForm) -> list[Patient]:
    """Who may be the same person and was not shown before; a known number is taken up anyway."""
    if _SEEN in request.POST or not form.is_bound or not form.is_valid():
        return []
    data = form.cleaned_data
    if selectors.entry_with_number(data["id_type"], data["id_number"]):
        return []
    alike = _candidates(request, data)
    if alike:
        message = _("Is it one of the people below? If not, press “Register” once more.")
        form.add_error(None, message)
    return alike


def _register(request: HttpRequest, form: RegisterForm, here: Institution) -> str:
    try:
        patient, created = actions.register(by=request.user, institution=here, **form.values)
    except DomainError as error:
        raise ValidationError({"id_number": str(error)}) from error
    _tell(request, patient, created)
    return patient.get_absolute_url()


def _tell(request: HttpRequest, patient: Patient, created: bool) -> None:
    if created:
        messages.success(request, _("The patient is registered."))
    else:
        messages.info(
            request,
            _("This person was already in the register. This is their entry; nothing was doubled."),
        )
    for sentence in selectors.contradictions(patient).values():
        messages.warning(request, str(sentence))


@never_cache
@require_POST
def duplicates(request: HttpRequest) -> HttpResponse:
    """While a form is filled in: what its number says, and who might be the same person."""
    acting_with(request, Permission.PATIENT_REGISTER)
    form = ParticularsForm(request.POST)
    form.is_valid()
    context = {
        "faults": form.errors.get("id_number") if request.POST.get("id_number") else None,
        "candidates": _candidates(request, form.cleaned_data),
    }
    return TemplateResponse(request, "patients/_duplicates.html", context)


def _candidates(request: HttpRequest, data: dict[str, Any]) -> list[Patient]:
    if not data.get("name") or not data.get("birth_date"):
        number = data.get("id_number", "")
        return selectors.look_up(user=request.user, text=number) if number else []
    return list(
        selectors.possible_duplicates(
            user=request.user,
            name=data["name"],
            birth_date=data["birth_date"],
            id_number=data.get("id_number", ""),
        )
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def amend(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Put a patient's particulars right. The form shows them in full, so it asks for a reason."""
    patient = visible(request, public_id)
    if request.method != "POST":
        return redirect(patient)
    if "version" not in request.POST:
        return _open_particulars(request, patient)
    form = AmendForm(request.POST)
    if attempt(form, lambda: _amend(request, patient, form)):
        messages.success(request, _("Saved."))
        return redirect(patient)
    return _amend_page(request, patient, form)


def _open_particulars(request: HttpRequest, patient: Patient) -> HttpResponse:
    """The form filled in, once the reason to see it is recorded."""
    institution = place(request, Permission.PATIENT_REVEAL, patient)
    form = ReasonForm(request.POST)
    seen = attempt(
        form,
        lambda: actions.reveal(
            patient=patient,
            reason=form.cleaned_data["reason"],
            by=request.user,
            institution=institution,
        ),
    )
    if not seen:
        return record_page(request, patient, amend_form=form)
    return _amend_page(request, patient, AmendForm.of(patient))


def _amend(request: HttpRequest, patient: Patient, form: AmendForm) -> Patient:
    institution = place(request, Permission.PATIENT_REGISTER, patient)
    try:
        return actions.amend(
            patient=patient, by=request.user, institution=institution, **form.cleaned_data
        )
    except StaleVersion as error:
        raise ValidationError(str(error)) from error


def _amend_page(request: HttpRequest, patient: Patient, form: AmendForm) -> HttpResponse:
    context = {"form": form, "title": _("Correct particulars"), "patient": patient}
    return _form_page(request, "patients/amend.html", context)


def _form_page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    status = _UNPROCESSABLE if context["form"].errors else 200
    return TemplateResponse(request, template, context, status=status)
