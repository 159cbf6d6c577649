"""Programmes: looking, making, offering, beginning a version, comparing."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.catalogue.models import Technique
from alliance.core import versions
from alliance.core.choices import Permission
from alliance.core.forms import attempt, create, posted
from alliance.core.listing import chips, listing
from alliance.institutions.policies import insist, own_alliance

from .. import actions, drafts, policies
from ..filters import ProgrammeFilter
from ..forms import ProgrammeForm, WordsForm
from ..models import Programme
from .shared import seen_version, tabs


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Programmes, by what they lead to."""
    insist(policies.may_look(request.user))
    rows = Programme.objects.visible_to(request.user).for_list()
    found = ProgrammeFilter(request.GET, queryset=rows, request=request)
    page = listing(request, found.qs if found.is_valid() else rows.none(), ordering="name")
    context = {
        "rows": page.rows,
        "listing": page,
        "filter": found,
        "chips": chips(request, found.form),
        "tabs": tabs(request),
        "may_manage": bool(policies.alliances_managed(request.user)),
    }
    status = 200 if found.is_valid() else 422
    return TemplateResponse(request, "programmes/programmes.html", context, status=status)


@require_safe
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One programme: what it asks for now, its versions, who is in it."""
    row = _visible(request, public_id)
    context = drafts.programme(request.user, row, on=timezone.localdate())
    return TemplateResponse(request, "programmes/programme.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Make a programme."""
    alliance = own_alliance(request.user, Permission.PROGRAMME_MANAGE)
    form: Any = ProgrammeForm(posted(request))
    form.fields["technique"].rows = Technique.objects.visible_to(request.user)

    def act() -> str:
        made = actions.create_programme(alliance=alliance, values=form.values, by=request.user)
        return made.versions.get().get_absolute_url()

    if request.method == "POST" and (url := create(form, scope="programme", act=act)):
        messages.success(request, _("Now add stages and what they ask for, then publish."))
        return redirect(url)
    context = {"form": form, "title": _("New programme")}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "programmes/form.html", context, status=status)


@require_POST
def standard(request: HttpRequest) -> HttpResponse:
    """Make the standard programmes that are missing."""
    alliance = own_alliance(request.user, Permission.PROGRAMME_MANAGE)
    count = actions.make_standard_programmes(
        alliance=alliance, by=request.user, on=timezone.localdate()
    )
    words = ngettext("%(count)s programme was made.", "%(count)s programmes were made.", count)
    messages.success(request, words % {"count": count})
    return redirect("programmes:programmes")


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Change a programme's name and summary."""
    row = _managed(request, public_id)
    start = {"name": row.name, "summary": row.summary, "version": row.version}
    form = WordsForm(posted(request), initial=start)

    def act() -> None:
        values = dict(form.cleaned_data)
        seen = values.pop("version")
        actions.update_programme(programme=row, values=values, version=seen, by=request.user)

    if request.method == "POST" and attempt(form, act):
        return redirect(row)
    context = {"form": form, "title": row.name, "back": row.get_absolute_url()}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "programmes/form.html", context, status=status)


@require_POST
def offer(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Close a programme to new enrolments, or open it again."""
    row = _visible(request, public_id)
    seen = versions.parse(request.POST.get("version"))
    wanted = request.POST.get("offered") == "true"
    actions.offer(programme=row, offered=wanted, version=seen, by=request.user)
    return redirect(row)


@require_POST
def begin(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Begin a new version as a copy of the newest."""
    made = actions.begin_version(programme=_visible(request, public_id), by=request.user)
    return redirect(made)


@require_safe
def compare(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What a version changed against the one before."""
    version = seen_version(request, public_id)
    context = drafts.comparison(request.user, version)
    return TemplateResponse(request, "programmes/compare.html", context)


def _visible(request: HttpRequest, public_id: UUID) -> Programme:
    rows = Programme.objects.visible_to(request.user).for_list()
    found: Programme = get_object_or_404(rows, public_id=public_id)
    return found


def _managed(request: HttpRequest, public_id: UUID) -> Programme:
    row = _visible(request, public_id)
    insist(policies.may_manage_programmes(request.user, row.alliance_id))
    return row
