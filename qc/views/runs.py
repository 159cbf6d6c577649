"""The board of the office, the history of runs, and running a check now."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from alliance.core import compliance
from alliance.core.access import access_of
from alliance.core.choices import Permission
from alliance.core.listing import chips, listing
from alliance.institutions.models import Alliance

from .. import actions, board, policies, presenters, rules
from ..filters import RunFilter
from ..forms import RunForm
from ..models import CheckRun
from .shared import tabs


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Open findings by house, weight and check."""
    policies.insist(policies.may_look(request.user))
    found = board.board(request.user, on=timezone.localdate())
    context = {
        "board": found,
        "severities": [severity.label for severity in board.GRAVEST_FIRST],
        "chart": board.bars(found),
        "tabs": tabs(request),
    }
    return TemplateResponse(request, "qc/board.html", context)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What ran when, what it found and how long it took."""
    policies.insist(policies.alliances_to_run(request.user))
    return _page(request, RunForm())


@require_POST
def run(request: HttpRequest) -> HttpResponse:
    """Run a check now."""
    mine = policies.alliances_to_run(request.user)
    policies.insist(mine)
    form = RunForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    if wrong := rules.day_error(form.cleaned_data["day"], on=timezone.localdate()):
        form.add_error("day", wrong)
        return _page(request, form)
    alliance = get_object_or_404(Alliance.objects.visible_to(request.user), pk=mine[0])
    keys = actions.run_now(alliance=alliance, by=request.user, **form.cleaned_data)
    words = ngettext("%(count)s run is on its way.", "%(count)s runs are on their way.", len(keys))
    messages.success(request, words % {"count": len(keys)})
    return redirect("qc:runs")


@require_safe
def checks(request: HttpRequest) -> HttpResponse:
    """All checks as the alliance has set them."""
    mine = policies.alliances_to_run(request.user)
    policies.insist(mine)
    settings = compliance.in_force(alliance_id=mine[0], on=timezone.localdate())
    context = {
        "settings": [(one, presenters.TONES[one.severity]) for one in settings.values()],
        "may_set": Permission.POLICY_MANAGE in access_of(request.user).everywhere(),
        "tabs": tabs(request),
    }
    return TemplateResponse(request, "qc/checks.html", context)


def _page(request: HttpRequest, form: RunForm) -> HttpResponse:
    rows = CheckRun.objects.visible_to(request.user).for_list()
    found = RunFilter(request.GET, queryset=rows, request=request)
    page = listing(request, found.qs if found.is_valid() else rows.none(), ordering="-created_at")
    context = {
        "rows": [presenters.run_row(one) for one in page.rows],
        "listing": page,
        "filter": found,
        "chips": chips(request, found.form),
        "form": form,
        "tabs": tabs(request),
    }
    return TemplateResponse(
        request, "qc/runs.html", context, status=422 if form.errors or found.errors else 200
    )
