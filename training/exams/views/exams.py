"""Exams: the list, one exam, and what the office sets."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from alliance.core.choices import Permission
from alliance.core.forms import attempt, create, posted
from alliance.core.listing import chips, listing
from alliance.institutions.policies import own_alliance

from .. import actions, pages, policies
from ..filters import ExamFilter
from ..forms import ExamForm
from ..models import Exam, QuestionBank
from .shared import form_page


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The exams of one's alliance; those in use unless others are asked for."""
    policies.insist(policies.may_look(request.user))
    asked = request.GET.copy()
    asked.setdefault("is_active", "true")
    rows = Exam.objects.visible_to(request.user).for_list()
    found = ExamFilter(asked, queryset=rows, request=request)
    page = listing(request, found.qs if found.is_valid() else rows.none(), ordering="-created_at")
    context = {
        "rows": pages.exam_rows(request.user, page.rows, on=timezone.localdate()),
        "listing": page,
        "filter": found,
        "chips": chips(request, found.form),
        "tabs": pages.tabs(request),
        "may_add": policies.maintains_any(request.user),
        "may_record": policies.may_assess(request.user),
    }
    status = 200 if found.is_valid() else 422
    return TemplateResponse(request, "exams/exams.html", context, status=status)


@require_safe
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One exam: its terms, and to begin it."""
    policies.insist(policies.may_look(request.user))
    context = pages.exam(request, visible(request, public_id))
    return TemplateResponse(request, "exams/exam.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Announce an exam."""
    alliance = own_alliance(request.user, Permission.PROGRAMME_MANAGE)
    form = ExamForm(
        posted(request),
        user=request.user,
        banks=_banks(request),
        initial=pages.exam_defaults(alliance),
    )

    def act() -> str:
        exam = actions.create_exam(alliance=alliance, by=request.user, values=form.values)
        return exam.get_absolute_url()

    if request.method == "POST" and (url := create(form, scope=f"exam:{alliance.pk}", act=act)):
        messages.success(request, _("The exam is announced."))
        return redirect(url)
    return form_page(request, form, {"title": _("New exam")})


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Change an exam."""
    exam = visible(request, public_id)
    policies.insist_on_maintaining(request.user, exam.alliance)
    form = ExamForm(posted(request), user=request.user, banks=_banks(request), row=exam)

    def act() -> None:
        actions.edit_exam(exam=exam, by=request.user, version=form.version_seen, values=form.values)

    if request.method == "POST" and attempt(form, act):
        messages.success(request, _("The exam is saved."))
        return redirect(exam)
    return form_page(request, form, {"title": exam.name, "back_url": exam.get_absolute_url()})


def visible(request: HttpRequest, public_id: UUID) -> Exam:
    """The exam of that id, if it is one of the user's alliances; 404 otherwise."""
    rows = Exam.objects.visible_to(request.user).for_list().select_related("alliance")
    found: Exam = get_object_or_404(rows, public_id=public_id)
    return found


def _banks(request: HttpRequest) -> object:
    return QuestionBank.objects.visible_to(request.user).filter(is_active=True).order_by("name")
