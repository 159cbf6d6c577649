"""Who may do what: the question that everything here is for."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from alliance.institutions.selectors import alliance_seen_by

from .. import asking, policies
from ..forms import AskForm
from .shared import tabs


@require_safe
def who(request: HttpRequest) -> HttpResponse:
    """Ask about a person, a technique, or both; the answer in words, and who else may."""
    policies.insist(policies.may_look(request.user))
    today, house = timezone.localdate(), request.institution  # type: ignore[attr-defined]
    alliance = alliance_seen_by(request.user, institution_id=house.pk if house else None, on=today)
    asking_now = request.GET.copy() if request.GET else None
    if asking_now is not None and not asking_now.get("on"):
        asking_now["on"] = today.isoformat()
    form = AskForm(asking_now, user=request.user, initial={"on": today})
    asked = None
    if alliance is not None and form.is_bound and form.is_valid():
        asked = asking.ask(alliance_id=alliance.pk, **form.cleaned_data)
    context = {
        "form": form,
        "asked": asked,
        "alliance": alliance,
        "today": today,
        "most": asking.MOST,
        "tabs": tabs(request),
    }
    status = 422 if form.is_bound and form.errors else 200
    return TemplateResponse(request, "privileges/who.html", context, status=status)
