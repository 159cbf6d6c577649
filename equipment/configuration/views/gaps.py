"""What is missing: of one institution, and of an alliance as a whole."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from alliance.institutions.models import Institution
from alliance.institutions.policies import insist
from alliance.institutions.selectors import alliance_seen_by, alliances_of

from .. import policies, presenters, selectors
from ..forms import DayForm


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The alliance's gaps for those who oversee it; the way to one's own institution's for others."""
    mine = policies.alliances_to_oversee(request.user)
    if mine:
        return _alliance(request, mine[0])
    kept = policies.houses_kept(request.user)
    insist(bool(kept))
    acting = getattr(request.institution, "pk", None)  # type: ignore[attr-defined]
    house = Institution.objects.get(pk=acting if acting in kept else kept[0])
    return redirect("configuration:gap", house.public_id)


def _alliance(request: HttpRequest, alliance_id: int) -> HttpResponse:
    form, on = _day(request)
    gaps = selectors.gaps(alliance_id=alliance_id, at=presenters.moment_of(on))
    houses = {gap.institution_id for gap in gaps}
    ids = dict(Institution.objects.filter(pk__in=houses).values_list("pk", "public_id"))
    years = selectors.old_years(alliance_id=alliance_id, on=on)
    ages = selectors.ages(alliance_id=alliance_id, on=on)
    context = {
        "form": form,
        "on": on,
        "standard": selectors.standard_in_force(alliance_id=alliance_id, on=on),
        "stats": presenters.tier_stats(gaps),
        "shares": presenters.share_rows(gaps),
        "houses": presenters.house_rows(gaps, ids),
        "pyramid": presenters.pyramid(ages, on=on, years=years),
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "configuration/alliance.html", context, status=status)


@require_safe
def house(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What one institution must have, has and lacks."""
    form, on = _day(request)
    rows = policies.houses_seen(request.user, timezone.localdate())
    found: Institution = get_object_or_404(rows, public_id=public_id)
    alliance = _alliance_of(request, found, on)
    context: dict[str, Any] = {"form": form, "on": on, "house": found, "alliance": alliance}
    if alliance is not None:
        at = presenters.moment_of(on)
        gaps = selectors.gaps(alliance_id=alliance.pk, at=at, institution_id=found.pk)
        years = selectors.old_years(alliance_id=alliance.pk, on=on)
        ages = selectors.ages(alliance_id=alliance.pk, on=on, institution_id=found.pk)
        context |= {
            "standard": selectors.standard_in_force(alliance_id=alliance.pk, on=on),
            "rows": presenters.gap_rows(gaps),
            "short": sum(gap.short for gap in gaps),
            "out": sum(gap.missing for gap in gaps),
            "pyramid": presenters.pyramid(ages, on=on, years=years),
            "may_apply": policies.may_apply(request.user, found.pk),
        }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "configuration/house.html", context, status=status)


def _alliance_of(request: HttpRequest, found: Institution, on: date) -> Any:
    """Of the alliances that the institution belongs to: the reader's own, else the first."""
    joined = alliances_of(found.pk, on=on)
    own = alliance_seen_by(request.user, institution_id=found.pk, on=on)
    return own if own in joined else next(iter(joined), None)


def _day(request: HttpRequest) -> tuple[DayForm, date]:
    """The day asked about; today where none is, or none that can be."""
    form = DayForm(request.GET or None)
    asked = form.cleaned_data.get("on") if form.is_valid() else None
    on = asked or timezone.localdate()
    if not form.is_bound:
        form.initial["on"] = on
    return form, on
