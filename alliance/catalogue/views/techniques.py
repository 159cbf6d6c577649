"""How each technique is graded on a day: today, or any other."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from alliance.core.listing import chips, listing
from alliance.institutions.selectors import alliance_seen_by

from .. import pages, selectors
from ..models import Technique
from ..page_filters import TechniqueAsOfFilter


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Techniques with grade and tiers as of a date; a search also finds the ungraded."""
    house = getattr(request.institution, "pk", None)  # type: ignore[attr-defined]
    today = timezone.localdate()
    alliance = alliance_seen_by(request.user, institution_id=house, on=today)
    on = TechniqueAsOfFilter.day_asked(request.GET) or today
    edition = selectors.edition_in_force(alliance_id=alliance.pk, on=on) if alliance else None
    found = TechniqueAsOfFilter(
        request.GET,
        queryset=pages.with_entry(Technique.objects.visible_to(request.user), edition),
        request=request,
        edition=edition,
    )
    page = listing(request, found.qs, ordering=found.ordering)
    context = {
        "alliance": alliance,
        "edition": edition,
        "on": on,
        "listing": page,
        "rows": pages.technique_rows(page.rows),
        "filter": found,
        "chips": chips(request, found.form),
    }
    return TemplateResponse(request, "catalogue/techniques.html", context)
