"""Pages of admissions: the list, applying, one admission, and its moves."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.catalogue.models import Technique
from alliance.core.forms import attempt, create, posted
from alliance.core.listing import chips, listing
from alliance.institutions.models import Institution
from alliance.institutions.policies import insist
from alliance.institutions.selectors import alliances_of

from . import actions, policies, presenters
from .choices import Move, Status
from .filters import AdmissionFilter
from .forms import FORMS, ApplicationForm, ApplyForm
from .models import Admission


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Admissions that one may see, the newest first."""
    insist(policies.may_look(request.user))
    rows = Admission.objects.visible_to(request.user).for_list()
    found = AdmissionFilter(request.GET, queryset=rows, request=request)
    page = listing(request, found.qs if found.is_valid() else rows.none(), ordering="-created_at")
    context = {
        "rows": presenters.rows(page.rows, on=timezone.localdate()),
        "listing": page,
        "filter": found,
        "chips": chips(request, found.form),
        "tabs": _tabs(request),
        "may_apply": bool(policies.houses_to_apply_for(request.user)),
    }
    status = 200 if found.is_valid() else 422
    return TemplateResponse(request, "standards/admissions.html", context, status=status)


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Applications that wait for the office, the oldest first."""
    mine = policies.alliances_to_review(request.user)
    insist(bool(mine))
    rows = Admission.objects.visible_to(request.user).filter(
        alliance__in=mine, status=Status.SUBMITTED
    )
    page = listing(request, rows.for_list(), ordering="submitted_at")
    context = {
        "rows": presenters.rows(page.rows, on=timezone.localdate()),
        "listing": page,
        "tabs": _tabs(request),
    }
    return TemplateResponse(request, "standards/inbox.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """Choose a technique, see what it asks for and how it stands here, begin the application."""
    house = _house(request)
    form = ApplyForm(posted(request), user=request.user)

    def act() -> str:
        technique = form.values["technique"]
        row = actions.start_application(institution=house, technique=technique, by=request.user)
        return row.get_absolute_url()

    scope = f"admission:{house.pk}:{request.user.pk}"
    if request.method == "POST" and (url := create(form, scope=scope, act=act)):
        return redirect(url)
    context = {"form": form, "house": house, **_looked_at(request, form, house)}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "standards/apply.html", context, status=status)


@require_safe
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One admission: what was asked and said, what happened, what may be done."""
    return _page(request, _visible(request, public_id))


@require_POST
def save(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Keep the answers of an application, and submit it where asked to."""
    row = _visible(request, public_id)
    form = ApplicationForm(request.POST, rows=presenters.answer_rows(row.answers.all()))

    def act() -> None:
        saved = actions.save_application(
            admission=row,
            answers=form.answers,
            statement=form.cleaned_data["statement"],
            by=request.user,
            version=form.cleaned_data["version"],
        )
        if "submit" in request.POST:
            actions.move(admission=saved, move=Move.SUBMIT, by=request.user)

    if attempt(form, act):
        submitted = "submit" in request.POST
        messages.success(
            request, _("The application is with the office.") if submitted else _("Saved.")
        )
        return redirect(row)
    row.refresh_from_db()
    return _page(request, row, application=form)


@require_POST
def move(request: HttpRequest, public_id: UUID, move: Move) -> HttpResponse:
    """Make one move."""
    row = _visible(request, public_id)
    form = FORMS[move](request.POST, prefix=move.value)

    def act() -> None:
        data = dict(form.cleaned_data)
        version, reason = data.pop("version"), data.pop("reason", "")
        actions.move(
            admission=row, move=move, by=request.user, reason=reason, version=version, data=data
        )

    if attempt(form, act):
        messages.success(request, _("Done: %(move)s.") % {"move": move.label})
        return redirect(row)
    row.refresh_from_db()
    return _page(request, row, tried=form)


def _page(
    request: HttpRequest, row: Admission, *, application: Any = None, tried: Any = None
) -> HttpResponse:
    today = timezone.localdate()
    answers = presenters.answer_rows(row.answers.all())
    may_edit = row.status in (Status.DRAFT, Status.RETURNED) and policies.may_apply(
        request.user, row.institution_id
    )
    if may_edit and application is None:
        application = ApplicationForm(
            initial={"statement": row.statement, "version": row.version}, rows=answers
        )
    (shown,) = presenters.rows([row], on=today)
    context = {
        "row": shown,
        "admission": row,
        "answers": answers,
        "unmet": sum(not one["answer"].met for one in answers),
        "application": application if may_edit else None,
        "facts": presenters.facts(row),
        "events": presenters.timeline(row),
        "acts": presenters.acts(request.user, row, on=today, tried=tried),
    }
    failed = any(form is not None and form.errors for form in (application, tried))
    return TemplateResponse(
        request, "standards/admission.html", context, status=422 if failed else 200
    )


def _visible(request: HttpRequest, public_id: UUID) -> Admission:
    rows = Admission.objects.visible_to(request.user).for_list()
    found: Admission = get_object_or_404(rows, public_id=public_id)
    return found


def _house(request: HttpRequest) -> Institution:
    """The institution that one applies for: the acting one, else the first where one may."""
    mine = policies.houses_to_apply_for(request.user)
    acting = getattr(request.institution, "pk", None)  # type: ignore[attr-defined]
    pk = acting if acting in mine else next(iter(mine), None)
    if pk is None:
        raise PermissionDenied
    house: Institution = Institution.objects.get(pk=pk)
    return house


def _looked_at(request: HttpRequest, form: ApplyForm, house: Institution) -> dict[str, Any]:
    """What the technique in question asks for; nothing before one is chosen."""
    asked = request.POST.get("technique") or request.GET.get("technique", "")
    technique = Technique.objects.visible_to(request.user).filter(code=asked).first()
    today = timezone.localdate()
    alliance = next(iter(alliances_of(house.pk, on=today)), None)
    if technique is None or alliance is None:
        return {}
    if request.method != "POST":
        form.initial["technique"] = form.fields["technique"].show(technique)  # type: ignore[attr-defined]
    return presenters.asked(technique, institution=house, alliance_id=alliance.pk, on=today)


def _tabs(request: HttpRequest) -> list[dict[str, Any]]:
    """The pages of admissions; the inbox for those who review."""
    pages = [("standards:admissions", _("Admissions"))]
    if policies.alliances_to_review(request.user):
        pages.insert(0, ("standards:inbox", _("To review")))
    return [
        {"label": label, "url": reverse(route), "active": request.path == reverse(route)}
        for route, label in pages
    ]
