"""Programmes and their versions: looking, making, editing a draft, publishing, comparing."""

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
from ..forms import ProgrammeForm, PublishForm, StageForm, WordsForm
from ..models import Programme, ProgrammeVersion, Stage, StageRequirement
from .shared import tabs


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
    version = _version(request, public_id)
    context = drafts.comparison(request.user, version)
    return TemplateResponse(request, "programmes/compare.html", context)


@require_safe
def version(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One version; a draft with the forms that edit it."""
    return _page(request, _version(request, public_id))


@require_POST
def stage_add(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Add a stage to a draft."""
    row = _version(request, public_id)
    return _edit(request, row, StageForm(request.POST), actions.add_stage)


@require_POST
def stage_remove(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    """Take a stage out of a draft."""
    row = _version(request, public_id)
    stages = Stage.objects.visible_to(request.user).filter(version=row)
    seen = versions.parse(request.POST.get("version"))
    actions.remove_stage(
        draft=row, stage=get_object_or_404(stages, pk=pk), version=seen, by=request.user
    )
    return redirect(row)


@require_POST
def requirement_add(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Add a requirement to a stage of a draft."""
    row = _version(request, public_id)
    form = drafts.requirement_form(request.user, row, request.POST)

    def act(*, values: dict[str, Any], **rest: Any) -> Any:
        return actions.add_requirement(stage=values.pop("stage"), values=values, **rest)

    return _edit(request, row, form, act)


@require_POST
def requirement_remove(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    """Take a requirement out of a draft."""
    row = _version(request, public_id)
    needs = StageRequirement.objects.visible_to(request.user).filter(stage__version=row)
    seen = versions.parse(request.POST.get("version"))
    need = get_object_or_404(needs, pk=pk)
    actions.remove_requirement(draft=row, requirement=need, version=seen, by=request.user)
    return redirect(row)


@require_POST
def publish(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Let a version count from a date."""
    row = _version(request, public_id)
    form = PublishForm(request.POST)
    if attempt(
        form, lambda: actions.publish_version(draft=row, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, _("The version is published."))
        return redirect(row)
    return _page(request, row, form)


def _edit(request: HttpRequest, row: ProgrammeVersion, form: Any, action: Any) -> HttpResponse:
    """Carry out one edit of a draft; errors come back on its page."""

    def act() -> None:
        values = dict(form.cleaned_data)
        seen = values.pop("version")
        action(draft=row, values=values, version=seen, by=request.user)

    if attempt(form, act):
        return redirect(row)
    return _page(request, row, form)


def _page(request: HttpRequest, row: ProgrammeVersion, form: Any = None) -> HttpResponse:
    context = drafts.version(request.user, row, form=form)
    status = 422 if form is not None and form.errors else 200
    return TemplateResponse(request, "programmes/version.html", context, status=status)


def _visible(request: HttpRequest, public_id: UUID) -> Programme:
    rows = Programme.objects.visible_to(request.user).for_list()
    found: Programme = get_object_or_404(rows, public_id=public_id)
    return found


def _managed(request: HttpRequest, public_id: UUID) -> Programme:
    row = _visible(request, public_id)
    insist(policies.may_manage_programmes(request.user, row.alliance_id))
    return row


def _version(request: HttpRequest, public_id: UUID) -> ProgrammeVersion:
    rows = ProgrammeVersion.objects.visible_to(request.user).select_related("programme")
    found: ProgrammeVersion = get_object_or_404(rows, public_id=public_id)
    return found
