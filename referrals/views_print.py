"""The national referral form on paper."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from . import actions
from .models import Referral
from .presenters.paper import LANGUAGE, paper_of

_LOADED = ("sender_doctor", "receiver_doctor", "sender_department")


@require_safe
def paper(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """转出单 or 回转单 with its stub, for the two institutions; the copy is recorded."""
    visible = Referral.objects.visible_to(request.user).for_list().select_related(*_LOADED)
    leg = get_object_or_404(visible, public_id=public_id)
    actions.note_printed(referral=leg, by=request.user)
    context = {
        "leg": leg,
        "paper": paper_of(leg, on=timezone.localdate()),
        "language": LANGUAGE,
        "address": request.build_absolute_uri(leg.get_absolute_url()),
    }
    return TemplateResponse(request, "referrals/print.html", context)
