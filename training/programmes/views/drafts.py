"""Versions of programmes: looking, editing a draft, putting it in order, publishing."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.core import versions
from alliance.core.forms import attempt, posted
from alliance.institutions.policies import insist

from .. import actions, drafts, policies
from ..choices import VersionStatus, Way
from ..forms import PublishForm, StageForm
from ..models import ProgrammeVersion, Stage, StageRequirement
from .shared import seen_version


@require_safe
def version(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One version; a draft with the forms that edit it."""
    return _page(request, seen_version(request, public_id))


@require_POST
def stage_add(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Add a stage to a draft."""
    row = seen_version(request, public_id)
    return _edit(request, row, StageForm(request.POST), actions.add_stage)


@require_http_methods(["GET", "HEAD", "POST"])
def stage(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    """Put a stage of a draft right."""
    row = seen_version(request, public_id)
    one = _stage(request, row, pk)
    start = {"kind": one.kind, "name": one.name, "version": row.version}
    form = StageForm(posted(request), initial=start)

    def act(**given: Any) -> Any:
        return actions.update_stage(stage=one, **given)

    return _change(request, row, form, act, title=one.name, anchor=f"stage-{one.pk}")


@require_POST
def stage_move(request: HttpRequest, public_id: UUID, pk: int, way: Way) -> HttpResponse:
    """Let a stage change places with its neighbour."""
    row = seen_version(request, public_id)
    one, seen = _stage(request, row, pk), versions.parse(request.POST.get("version"))
    actions.move_stage(draft=row, stage=one, way=way, version=seen, by=request.user)
    return redirect(f"{row.get_absolute_url()}#stage-{one.pk}")


@require_POST
def stage_remove(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    """Take a stage out of a draft."""
    row = seen_version(request, public_id)
    one, seen = _stage(request, row, pk), versions.parse(request.POST.get("version"))
    actions.remove_stage(draft=row, stage=one, version=seen, by=request.user)
    return redirect(row)


@require_POST
def requirement_add(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Add a requirement to a stage of a draft."""
    row = seen_version(request, public_id)
    form = drafts.requirement_form(request.user, row, request.POST)

    def act(*, values: dict[str, Any], **rest: Any) -> Any:
        return actions.add_requirement(stage=values.pop("stage"), values=values, **rest)

    return _edit(request, row, form, act)


@require_http_methods(["GET", "HEAD", "POST"])
def requirement(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    """Put right what a stage of a draft asks for, or let another stage ask for it."""
    row = seen_version(request, public_id)
    need = _need(request, row, pk)
    form = drafts.requirement_form(request.user, row, posted(request), need=need)

    def act(*, values: dict[str, Any], **rest: Any) -> Any:
        chosen = values.pop("stage")
        return actions.update_requirement(requirement=need, stage=chosen, values=values, **rest)

    return _change(request, row, form, act, title=need.label, anchor=f"need-{need.pk}")


@require_POST
def requirement_move(request: HttpRequest, public_id: UUID, pk: int, way: Way) -> HttpResponse:
    """Let a requirement change places with its neighbour."""
    row = seen_version(request, public_id)
    need, seen = _need(request, row, pk), versions.parse(request.POST.get("version"))
    actions.move_requirement(draft=row, requirement=need, way=way, version=seen, by=request.user)
    return redirect(f"{row.get_absolute_url()}#need-{need.pk}")


@require_POST
def requirement_remove(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    """Take a requirement out of a draft."""
    row = seen_version(request, public_id)
    need, seen = _need(request, row, pk), versions.parse(request.POST.get("version"))
    actions.remove_requirement(draft=row, requirement=need, version=seen, by=request.user)
    return redirect(row)


@require_POST
def publish(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Let a version count from a date."""
    row = seen_version(request, public_id)
    form = PublishForm(request.POST)
    if attempt(
        form, lambda: actions.publish_version(draft=row, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, _("The version is published."))
        return redirect(row)
    return _page(request, row, form)


def _edit(request: HttpRequest, row: ProgrammeVersion, form: Any, action: Any) -> HttpResponse:
    """Carry out one edit of a draft; errors come back on its page."""
    if _carried_out(request, row, form, action):
        return redirect(row)
    return _page(request, row, form)


def _change(
    request: HttpRequest,
    row: ProgrammeVersion,
    form: Any,
    action: Any,
    *,
    title: str,
    anchor: str,
) -> HttpResponse:
    """The page that changes one thing of a draft; afterwards back to where it stands."""
    insist(policies.may_manage_programmes(request.user, row.programme.alliance_id))
    back = f"{row.get_absolute_url()}#{anchor}"
    if row.status != VersionStatus.DRAFT and request.method != "POST":
        return redirect(back)
    if request.method == "POST" and _carried_out(request, row, form, action):
        return redirect(back)
    context = {"form": form, "title": title, "back": back}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "programmes/form.html", context, status=status)


def _carried_out(request: HttpRequest, row: ProgrammeVersion, form: Any, action: Any) -> bool:
    def act() -> None:
        values = dict(form.cleaned_data)
        seen = values.pop("version")
        action(draft=row, values=values, version=seen, by=request.user)

    return attempt(form, act)


def _page(request: HttpRequest, row: ProgrammeVersion, form: Any = None) -> HttpResponse:
    context = drafts.version(request.user, row, form=form)
    status = 422 if form is not None and form.errors else 200
    return TemplateResponse(request, "programmes/version.html", context, status=status)


def _stage(request: HttpRequest, row: ProgrammeVersion, pk: int) -> Stage:
    stages = Stage.objects.visible_to(request.user).filter(version=row)
    return get_object_or_404(stages, pk=pk)


def _need(request: HttpRequest, row: ProgrammeVersion, pk: int) -> StageRequirement:
    needs = StageRequirement.objects.visible_to(request.user).filter(stage__version=row)
    return get_object_or_404(needs.select_related("technique"), pk=pk)
