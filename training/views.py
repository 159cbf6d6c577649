"""The page on which training begins."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from alliance.core.access import access_of
from alliance.core.choices import Permission
from alliance.institutions.policies import insist

from . import hub

_SHOWN_TO = frozenset(
    {
        Permission.LEARNING_OWN,
        Permission.TRAINING_VIEW,
        Permission.PRIVILEGE_VIEW,
        Permission.PROGRAMME_MANAGE,
    }
)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Every door of training that opens for this person."""
    insist(not access_of(request.user).everywhere().isdisjoint(_SHOWN_TO))
    return TemplateResponse(request, "training/home.html", {"cards": hub.cards_for(request.user)})
