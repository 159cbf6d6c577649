"""How each technique is graded on a day: today, or any other."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from alliance.institutions.selectors import alliance_seen_by

from .. import pages


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Techniques with grade and tiers as of a date; a search also finds the ungraded."""
    house = getattr(request.institution, "pk", None)  # type: ignore[attr-defined]
    today = timezone.localdate()
    alliance = alliance_seen_by(request.user, institution_id=house, on=today)
    context = pages.techniques(request, alliance, today=today)
    return TemplateResponse(request, "catalogue/techniques.html", context)
