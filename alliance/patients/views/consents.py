"""Recording a consent and taking it back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from alliance.core.choices import Permission
from alliance.core.forms import attempt, create
from alliance.institutions.selectors import receivers_for

from .. import actions
from ..forms import ConsentForm, ReasonForm
from ..models import Consent
from .record import record_page
from .scope import place, visible

_UNPROCESSABLE = 422


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Record that the patient agreed to the record being passed on."""
    patient = visible(request, public_id)
    here = place(request, Permission.PATIENT_REGISTER, patient)
    receivers = receivers_for(sender_id=here.pk, on=timezone.localdate()).order_by("name")
    sent = request.POST if request.method == "POST" else None
    form = ConsentForm(sent, receivers=receivers)
    if form.is_bound and create(
        form,
        scope=f"consent:{request.user.pk}",
        act=lambda: actions.record_consent(
            patient=patient, by=request.user, institution=here, **form.values
        ).patient.get_absolute_url(),
    ):
        messages.success(request, _("The consent is recorded."))
        return redirect(patient)
    context = {"form": form, "patient": patient}
    status = _UNPROCESSABLE if form.errors else 200
    return TemplateResponse(request, "patients/consent.html", context, status=status)


@never_cache
@require_POST
def withdraw(request: HttpRequest, public_id: UUID, consent_id: UUID) -> HttpResponse:
    """The patient takes a consent back."""
    patient = visible(request, public_id)
    mine = Consent.objects.visible_to(request.user).filter(patient=patient)
    consent: Consent = get_object_or_404(mine, public_id=consent_id)
    form = ReasonForm(request.POST)
    if attempt(
        form,
        lambda: actions.withdraw_consent(
            consent=consent, reason=form.cleaned_data["reason"], by=request.user
        ),
    ):
        messages.success(request, _("The consent is withdrawn."))
        return redirect(patient)
    return record_page(request, patient, failed=(consent.pk, form))
