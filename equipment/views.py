"""The page on which equipment begins."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from alliance.core.access import access_of
from alliance.core.choices import Permission
from alliance.institutions.policies import insist

from . import hub


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What waits for this person's word, and every door of equipment that opens for them."""
    insist(Permission.EQUIPMENT_VIEW in access_of(request.user).everywhere())
    context = {
        "todos": hub.todos_for(request.user, timezone.now()),
        "cards": hub.cards_for(request.user),
    }
    return TemplateResponse(request, "equipment/home.html", context)
