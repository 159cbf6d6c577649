"""Calibration and maintenance: plans, what was done, and what comes next."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.core.forms import attempt, posted
from alliance.core.listing import chips, listing
from alliance.institutions.policies import insist
from equipment.devices.models import Device

from .. import actions, dues, policies, presenters
from ..choices import Result
from ..filters import PlanFilter
from ..forms import EditPlanForm, EndForm, NewPlanForm, RecordForm, VoidForm
from ..models import MaintenancePlan, ServiceRecord
from .shared import form_page, made, tabs, visible

_FIELDS = ("kind", "name", "months", "first_due_on", "stops_use", "agency", "note", "version")
_RECORDS = 50


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Plans that go on, what is due first."""
    insist(policies.may_look_after(request.user))
    rows = MaintenancePlan.objects.visible_to(request.user).current().for_list()
    found = PlanFilter(request.GET, queryset=rows, request=request)
    page = listing(request, found.qs if found.is_valid() else rows.none(), ordering="due_on")
    today = timezone.localdate()
    context = {
        "rows": [presenters.plan_row(plan, on=today) for plan in page.rows],
        "listing": page,
        "filter": found,
        "chips": chips(request, found.form),
        "tabs": tabs(request),
        "may_keep": bool(policies.houses_kept(request.user)),
    }
    status = 200 if found.is_valid() else 422
    return TemplateResponse(request, "service/plans.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Plan a check of a device."""
    insist(bool(policies.houses_kept(request.user)))
    form = NewPlanForm(posted(request), user=request.user)
    _begin_with(request, form)

    def act() -> str:
        values = dict(form.values)
        device = values.pop("device")
        return actions.make_plan(device=device, values=values, by=request.user).get_absolute_url()

    told = _("The check is planned.")
    if answer := made(request, form, scope="plan", act=act, told=told):
        return answer
    title = _("Plan a check")
    return form_page(request, form, title=title, submit=title, back=reverse("service:plans"))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Change a plan."""
    plan = visible(MaintenancePlan, request, public_id)
    insist(policies.may_keep(request.user, plan.device.owner_id))
    form = EditPlanForm(posted(request), initial={name: getattr(plan, name) for name in _FIELDS})

    def act() -> None:
        values = dict(form.cleaned_data)
        version = values.pop("version")
        actions.change_plan(plan=plan, values=values, version=version, by=request.user)

    if request.method == "POST" and attempt(form, act):
        messages.success(request, _("Saved."))
        return redirect(plan)
    return form_page(
        request,
        form,
        title=plan.title,
        note=plan.device.name,
        submit=_("Save"),
        back=plan.get_absolute_url(),
    )


@require_safe
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One plan: when it is due, what was done, what was found."""
    return _page(request, visible(MaintenancePlan, request, public_id))


@require_POST
def record(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Put on record that a check was done."""
    plan = visible(MaintenancePlan, request, public_id)
    form = RecordForm(request.POST, request.FILES)

    def act() -> str:
        actions.record_service(plan=plan, by=request.user, **form.values)
        return str(plan.get_absolute_url())

    told = _("On record. The next due day follows from it.")
    if request.POST.get("result") == Result.FAILED:
        told = _(
            "On record. The device is out of use until a check is passed; who booked it is told."
        )
    if answer := made(request, form, scope=f"record:{plan.pk}", act=act, told=told):
        return answer
    return _page(request, visible(MaintenancePlan, request, public_id), recording=form)


@require_POST
def end(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Stop asking for a check."""
    plan = visible(MaintenancePlan, request, public_id)
    form = EndForm(request.POST)

    def act() -> None:
        actions.end_plan(plan=plan, by=request.user, **form.cleaned_data)

    if attempt(form, act):
        messages.success(request, _("The plan has ended."))
        return redirect("service:plans")
    return _page(request, visible(MaintenancePlan, request, public_id), ending=form)


@require_POST
def void(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take back a record that was entered wrongly."""
    row = visible(ServiceRecord, request, public_id)
    form = VoidForm(request.POST)

    def act() -> None:
        actions.void_record(record=row, by=request.user, **form.cleaned_data)

    if attempt(form, act):
        messages.success(request, _("Taken back."))
        return redirect(row.plan)
    messages.error(request, _("Say why the record is taken back."))
    return redirect(row.plan)


def _page(
    request: HttpRequest,
    plan: MaintenancePlan,
    *,
    recording: Any = None,
    ending: Any = None,
) -> HttpResponse:
    today = timezone.localdate()
    keeps = policies.may_keep(request.user, plan.device.owner_id) and plan.ended_at is None
    found = ServiceRecord.objects.visible_to(request.user).filter(plan=plan).for_list()
    label, tone = presenters.standing(plan, today)
    page = listing(request, found.prefetch_related("files"), ordering="-done_on", size=_RECORDS)
    context = {
        "plan": plan,
        "label": label,
        "tone": tone,
        "facts": presenters.plan_facts(plan, why=dues.why_due(plan)),
        "records": presenters.record_rows(page.rows),
        "listing": page,
        "keeps": keeps,
        "recording": recording or RecordForm(initial={"agency": plan.agency}),
        "ending": ending or EndForm(initial={"version": plan.version}),
        "voiding": VoidForm(auto_id=False),
    }
    failed = any(form is not None and form.errors for form in (recording, ending))
    return TemplateResponse(request, "service/plan.html", context, status=422 if failed else 200)


def _begin_with(request: HttpRequest, form: NewPlanForm) -> None:
    """Begin with the device that the address names, where one keeps it."""
    asked = request.GET.get("device", "")
    field: Any = form.fields["device"]
    if request.method == "POST" or not asked:
        return
    form.initial["device"] = field.show(get_object_or_404(_kept(request), public_id=_uuid(asked)))


def _kept(request: HttpRequest) -> Any:
    return Device.objects.visible_to(request.user).kept_by(request.user)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
