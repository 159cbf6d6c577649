"""Lists of cases: one's own, those to confirm, those of a house."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_safe

from alliance.core.access import access_of
from alliance.core.choices import Permission
from alliance.core.listing import chips, listing

from .. import desk, policies, presenters, selectors
from ..filters import CaseListFilter
from ..forms import ConfirmForm, ReasonForm
from ..models import Case
from .shared import tabs

_ORDER = "-performed_on"


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """One's own logbook, with what it counts up to."""
    policies.insist(policies.may_open(request.user))
    me = policies.practitioner_of(request.user)
    rows = Case.objects.visible_to(request.user).filter(operator=me).for_list()
    context = _filtered(request, rows) | {
        "has_practitioner": me is not None,
        "totals": _totals(me) if me is not None else [],
    }
    return TemplateResponse(request, "logbook/mine.html", context)


def _totals(me: int) -> list[dict[str, Any]]:
    """Confirmed cases of the whole logbook by role."""
    counts = selectors.case_counts([me], until=timezone.localdate() + timedelta(days=1)).values()
    return [
        {"label": _("As assistant"), "value": sum(one.assistant for one in counts)},
        {"label": _("Under supervision"), "value": sum(one.supervised for one in counts)},
        {"label": _("Independently"), "value": sum(one.independent for one in counts)},
    ]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All cases of the houses, or the alliance, whose logbook one may see."""
    policies.insist(Permission.CASE_VIEW in access_of(request.user).everywhere())
    rows = Case.objects.visible_to(request.user).for_list()
    branches = Case.objects.branches_for(request.user)
    return TemplateResponse(request, "logbook/list.html", _filtered(request, rows, branches))


def _filtered(request: HttpRequest, rows: Any, branches: Any = None) -> dict[str, Any]:
    """A page of rows under the filters asked for; nothing where these make no sense."""
    found = CaseListFilter(request.GET, queryset=rows, request=request)
    ranges = [rows] if branches is None else branches
    if found.is_valid():
        ranges = [CaseListFilter(request.GET, queryset=one, request=request).qs for one in ranges]
    else:
        ranges = [rows.none()]
    page = listing(request, rows, ordering=_ORDER, branches=ranges)
    return {
        "rows": presenters.rows(page.rows, request.user),
        "listing": page,
        "filter": found,
        "chips": chips(request, found.form),
        "tabs": tabs(request),
        "may_record": policies.may_record(request.user),
    }


@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """The next case to confirm, whole; `?after=` leaves the one before it for later."""
    policies.insist(Permission.CASE_CONFIRM in access_of(request.user).everywhere())
    keys = list(desk.waiting_for(request.user).values_list("pk", flat=True)[:_MOST])
    after = request.GET.get("after", "")
    place = keys.index(int(after)) + 1 if after.isdecimal() and int(after) in keys else 0
    context: dict[str, Any] = {"total": len(keys), "tabs": tabs(request), "case": None}
    if keys:
        rows = Case.objects.visible_to(request.user).for_list().select_related("recorded_by")
        context["case"] = rows.get(pk=keys[place % len(keys)])
        context |= confirming(request, context["case"])
        # What is not the case takes no room on a telephone.
        context["facts"] = [one for one in context["facts"] if one["value"] not in _SAYS_NOTHING]
        here = reverse("logbook:waiting")
        context["skip_url"] = f"{here}?after={context['case'].pk}" if len(keys) > 1 else ""
    return TemplateResponse(request, "logbook/waiting.html", context)


_SAYS_NOTHING = (None, "", _lazy("no"))
# Nobody works through more at one sitting.
_MOST = 500


def confirming(request: HttpRequest, case: Case) -> dict[str, Any]:
    """What is needed to confirm a case or send it back."""
    start = {"version": case.version}
    return {
        "row": presenters.rows([case], request.user)[0],
        "facts": presenters.facts(case, request.user),
        "confirm_form": ConfirmForm(initial=start, scales=desk.scales_for(case)),
        "reason_form": ReasonForm(initial=start),
    }
