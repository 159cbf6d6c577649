"""Where a practitioner may practise beside the home institution."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from alliance.core.forms import attempt, posted

from .. import actions, policies
from ..forms import SiteForm
from ..models import PracticeSite, Practitioner


@require_http_methods(["GET", "HEAD", "POST"])
def sites(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The other places of work; the administrator of a house adds somebody to it."""
    person = get_object_or_404(
        Practitioner.objects.visible_to(request.user).select_related("institution"),
        public_id=public_id,
    )
    house = request.institution  # type: ignore[attr-defined]
    may_add = bool(house) and policies.may_keep_staff(request.user, house.pk)
    form = SiteForm(posted(request), initial={"valid_from": timezone.localdate()})
    if request.method == "POST":
        policies.insist(may_add)
        if attempt(
            form,
            lambda: actions.add_site(
                practitioner=person, institution=house, by=request.user, **form.cleaned_data
            ),
        ):
            messages.success(request, _("The practice site is entered."))
            return redirect("people:practitioner_sites", public_id)
    rows = PracticeSite.objects.visible_to(request.user).filter(practitioner=person)
    context = {
        "practitioner": person,
        "rows": rows.select_related("institution").order_by("-valid_from", "-pk"),
        "form": form if may_add and person.institution_id != house.pk else None,
        "house": house,
        "today": timezone.localdate(),
        "mine": [house.pk] if may_add else [],
    }
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "people/sites.html", context, status=status)


@require_POST
def end(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    """Let a practice site end."""
    rows = PracticeSite.objects.visible_to(request.user).filter(practitioner__public_id=public_id)
    actions.end_site(site=get_object_or_404(rows, pk=pk), by=request.user)
    messages.success(request, _("The practice site has ended."))
    return redirect("people:practitioner_sites", public_id)
