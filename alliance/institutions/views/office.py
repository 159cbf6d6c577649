"""The alliance office's own page."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from alliance.core.access import access_of

from .. import office, policies, selectors


@require_safe
def hub(request: HttpRequest) -> HttpResponse:
    """The doors of the office, each saying what waits behind it."""
    held = access_of(request.user).everywhere()
    policies.insist(not held.isdisjoint(selectors.OFFICE_PERMISSIONS))
    alliance = selectors.office_alliance(request.user)
    context = {"alliance": alliance, "tiles": office.tiles_for(request.user, alliance)}
    return TemplateResponse(request, "institutions/office.html", context)
