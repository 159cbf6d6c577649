"""Question banks and their questions."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.core.choices import Permission
from alliance.core.forms import attempt, create, posted
from alliance.core.listing import chips, listing
from alliance.institutions.policies import own_alliance

from .. import actions, pages, policies
from ..filters import BankQuestionFilter
from ..forms import BankForm, QuestionForm
from ..models import Question, QuestionBank
from .shared import form_page


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The banks of one's alliance, with how many questions each holds."""
    policies.insist(policies.maintains_any(request.user))
    rows = QuestionBank.objects.visible_to(request.user).counted()
    context = {
        "listing": listing(request, rows, ordering="name"),
        "tabs": pages.tabs(request),
    }
    return TemplateResponse(request, "exams/banks.html", context)


@require_safe
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One bank: its questions."""
    bank = _bank(request, public_id)
    rows = Question.objects.visible_to(request.user).filter(bank=bank)
    found = BankQuestionFilter(request.GET, queryset=rows, request=request)
    page = listing(request, found.qs if found.is_valid() else rows.none(), ordering="code")
    context = {
        "bank": bank,
        "listing": page,
        "filter": found,
        "chips": chips(request, found.form),
    }
    status = 200 if found.is_valid() else 422
    return TemplateResponse(request, "exams/bank.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a bank."""
    alliance = own_alliance(request.user, Permission.PROGRAMME_MANAGE)
    form = BankForm(posted(request), user=request.user)

    def act() -> str:
        bank = actions.create_bank(alliance=alliance, by=request.user, values=form.values)
        return bank.get_absolute_url()

    if request.method == "POST" and (url := create(form, scope=f"bank:{alliance.pk}", act=act)):
        return redirect(url)
    return form_page(request, form, {"title": _("New question bank")})


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Change what a bank is called."""
    bank = _bank(request, public_id)
    form = BankForm(posted(request), user=request.user, row=bank)

    def act() -> None:
        actions.edit_bank(bank=bank, by=request.user, version=form.version_seen, values=form.values)

    if request.method == "POST" and attempt(form, act):
        messages.success(request, _("The bank is saved."))
        return redirect(bank)
    return form_page(request, form, {"title": bank.name, "back_url": bank.get_absolute_url()})


@require_POST
def load_starter(request: HttpRequest) -> HttpResponse:
    """Add the starter bank on the basics of laparoscopy."""
    alliance = own_alliance(request.user, Permission.PROGRAMME_MANAGE)
    added = actions.load_starter_questions(alliance=alliance, by=request.user)
    words = ngettext("%(n)d question is added.", "%(n)d questions are added.", added)
    messages.success(request, words % {"n": added})
    return redirect("exams:banks")


@require_http_methods(["GET", "HEAD", "POST"])
def question_new(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Add a question, and the next one after it."""
    bank = _bank(request, public_id)
    form = QuestionForm(posted(request))

    def act() -> str:
        actions.create_question(bank=bank, by=request.user, values=form.values)
        return request.path

    if request.method == "POST" and (url := create(form, scope=f"question:{bank.pk}", act=act)):
        messages.success(request, _("The question is added. Write the next one, or go back."))
        return redirect(url)
    context = {"title": _("New question"), "note": bank.name, "back_url": bank.get_absolute_url()}
    return form_page(request, form, context)


@require_http_methods(["GET", "HEAD", "POST"])
def question_edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Change a question."""
    rows = Question.objects.visible_to(request.user).select_related("bank__alliance")
    question: Question = get_object_or_404(rows, public_id=public_id)
    form = QuestionForm(posted(request), row=question)

    def act() -> None:
        actions.edit_question(
            question=question, by=request.user, version=form.version_seen, values=form.values
        )

    if request.method == "POST" and attempt(form, act):
        messages.success(request, _("The question is saved."))
        return redirect(question.bank)
    back = question.bank.get_absolute_url()
    return form_page(request, form, {"title": question.code, "back_url": back})


def _bank(request: HttpRequest, public_id: UUID) -> QuestionBank:
    rows = QuestionBank.objects.visible_to(request.user).select_related("alliance", "technique")
    found: QuestionBank = get_object_or_404(rows, public_id=public_id)
    return found
