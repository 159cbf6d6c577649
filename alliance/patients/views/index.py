"""The list of patients and the way to one of them."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from alliance.core.choices import Permission
from alliance.core.listing import listing

from .. import policies, selectors
from ..models import Patient

_LONGEST = 50


@never_cache
@require_safe
def patients(request: HttpRequest) -> HttpResponse:
    """Patients in the care of the reader's institutions, the newest first."""
    policies.insist(request.user, Permission.PATIENT_VIEW)
    rows = Patient.objects.visible_to(request.user).current().select_related("registered_at")
    text = request.GET.get("search", "").strip().replace("\0", "")[:_LONGEST]
    found = listing(request, rows.search(text) if text else rows, ordering="-id")
    return _page(request, text=text, listing=found)


@never_cache
@require_POST
def find(request: HttpRequest) -> HttpResponse:
    """Go to the patient with this document number, or list those of this name.

    A POST, since numbers in addresses would stay in logs and in the browser's history.
    """
    policies.insist(request.user, Permission.PATIENT_VIEW)
    text = request.POST.get("search", "").strip().replace("\0", "")[:_LONGEST]
    if not any(character.isdigit() for character in text):
        query = f"?{urlencode({'search': text})}" if text else ""
        return redirect(reverse("patients:list") + query)
    found = selectors.look_up(user=request.user, text=text)
    if len(found) == 1:
        return redirect(found[0])
    return _page(request, text=text, found=found)


def _page(request: HttpRequest, **context: object) -> HttpResponse:
    held = request.user.access.everywhere()  # type: ignore[union-attr]
    context["may_register"] = Permission.PATIENT_REGISTER in held
    return TemplateResponse(request, "patients/list.html", context)
