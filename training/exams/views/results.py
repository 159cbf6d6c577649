"""Results of exams and of stations: lists, one result, entering and taking back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.core.forms import attempt, create, posted
from alliance.core.listing import chips, listing

from .. import actions, pages, policies, presenters
from ..filters import ResultPageFilter, StationResultPageFilter
from ..forms import ReasonForm, ResultForm
from ..models import Exam, ExamResult, StationResult
from .shared import file_of, form_page


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Results of exams, the newest first: one's own, one's house's, one's alliance's."""
    rows = ExamResult.objects.visible_to(request.user).for_list()
    return _list(request, ResultPageFilter, rows, "exams/results.html")


@require_safe
def stations(request: HttpRequest) -> HttpResponse:
    """Station results, the newest first."""
    rows = StationResult.objects.visible_to(request.user).for_list()
    return _list(request, StationResultPageFilter, rows, "exams/station_results.html")


@require_safe
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One result of an exam."""
    return _page(request, _result(request, public_id))


@require_safe
def station_detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One station result."""
    return _page(request, _station_result(request, public_id))


@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest) -> HttpResponse:
    """Enter the result of an exam held in person."""
    policies.insist(policies.may_assess(request.user))
    exams = Exam.objects.visible_to(request.user).in_person().filter(is_active=True)
    form = ResultForm(
        posted(request),
        request.FILES or None,
        trainees=pages.trainees(request.user),
        exams=exams.order_by("name"),
        initial=pages.asked_for(request, "exam", exams),
    )

    def act() -> str:
        return actions.record_result(by=request.user, **form.values).get_absolute_url()

    scope = f"exam-result:{request.user.pk}"
    if request.method == "POST" and (url := create(form, scope=scope, act=act)):
        messages.success(request, _("The result is entered."))
        return redirect(url)
    context = {"title": _("Enter an exam result"), "back_url": pages.address("exams:results")}
    return form_page(request, form, context)


@require_POST
def void(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take back a result of an exam."""
    return _void(request, _result(request, public_id), actions.void_result)


@require_POST
def station_void(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take back a station result."""
    return _void(request, _station_result(request, public_id), actions.void_station_result)


@require_safe
def evidence(request: HttpRequest, public_id: UUID) -> FileResponse:
    """What proves a result of an exam."""
    return _file(_result(request, public_id))


@require_safe
def station_evidence(request: HttpRequest, public_id: UUID) -> FileResponse:
    """What proves a station result."""
    return _file(_station_result(request, public_id))


def _list(request: HttpRequest, filters: Any, rows: Any, template: str) -> HttpResponse:
    policies.insist(policies.may_look(request.user))
    found = filters(request.GET, queryset=rows, request=request)
    context = {
        "listing": listing(
            request, found.qs if found.is_valid() else rows.none(), ordering="-held_on"
        ),
        "filter": found,
        "chips": chips(request, found.form),
        "tabs": pages.tabs(request),
        "may_record": policies.may_assess(request.user),
        "others": policies.may_see_others(request.user),
    }
    status = 200 if found.is_valid() else 422
    return TemplateResponse(request, template, context, status=status)


def _void(request: HttpRequest, result: Any, action: Any) -> HttpResponse:
    form = ReasonForm(request.POST)
    if attempt(form, lambda: action(result=result, by=request.user, **form.cleaned_data)):
        messages.success(request, _("The result is void. Enter the right one where there is one."))
        return redirect(result)
    return _page(request, result, form)


def _page(request: HttpRequest, result: Any, form: Any = None) -> HttpResponse:
    context = {
        "result": result,
        "facts": presenters.result_facts(result),
        "may_void": pages.may_void(request.user, result),
        "void_url": pages.act_on(result, "void"),
        "evidence_url": pages.act_on(result, "evidence") if result.evidence else "",
        "back_url": pages.list_of(result),
        "form": form or ReasonForm(),
    }
    status = 422 if form is not None else 200
    return TemplateResponse(request, "exams/result.html", context, status=status)


def _file(result: ExamResult | StationResult) -> FileResponse:
    if not result.evidence:
        raise Http404
    return file_of(result)


def _result(request: HttpRequest, public_id: UUID) -> ExamResult:
    rows = ExamResult.objects.visible_to(request.user).for_list().select_related("voided_by")
    found: ExamResult = get_object_or_404(rows, public_id=public_id)
    return found


def _station_result(request: HttpRequest, public_id: UUID) -> StationResult:
    rows = StationResult.objects.visible_to(request.user).for_list().select_related("voided_by")
    found: StationResult = get_object_or_404(rows, public_id=public_id)
    return found
