"""The paper of a privilege, and the public page that says whether it still holds."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from .. import actions, presenters, selectors, throttling
from ..models import Certificate, Privilege


@require_POST
def issue(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Give a privilege its certificate."""
    rows = Privilege.objects.visible_to(request.user)
    privilege = get_object_or_404(rows, public_id=public_id)
    certificate = actions.issue_certificate(privilege=privilege, by=request.user)
    return redirect("privileges:certificate", certificate.public_id)


@require_safe
def paper(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The certificate to print, with the code that leads to the public page."""
    rows = Certificate.objects.visible_to(request.user)
    certificate = get_object_or_404(rows.for_paper(), public_id=public_id)
    address = request.build_absolute_uri(reverse("verify:certificate", args=[certificate.token]))
    context = {
        "certificate": certificate,
        "privilege": certificate.privilege,
        "address": address,
        "language": presenters.PAPER_LANGUAGE,
    }
    return TemplateResponse(request, "privileges/certificate.html", context)


@never_cache
@login_not_required
@require_safe
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """What is true today of the certificate with this code, for anybody who holds the paper."""
    if not throttling.may_ask():
        return TemplateResponse(request, "privileges/verify_wait.html", status=429)
    today = timezone.localdate()
    shown = selectors.verified(token, on=today)
    context = {"shown": shown, "today": today}
    status = 200 if shown else 404
    return TemplateResponse(request, "privileges/verify.html", context, status=status)
