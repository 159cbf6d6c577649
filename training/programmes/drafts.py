"""What the pages of programmes and their versions show, put together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count

from alliance.catalogue.models import Technique

from . import policies, selectors
from .choices import VersionStatus
from .forms import PublishForm, RequirementForm, StageForm
from .models import Enrolment, Programme, ProgrammeVersion, Stage, StageRequirement

_ASKED = (
    "stage",
    "kind",
    "label",
    "minimum",
    "course",
    "exam",
    "variety",
    "station_code",
    "technique",
    "part",
)


def stages_of(user: Any, version: ProgrammeVersion | None) -> list[tuple[Stage, list[Any]]]:
    """The stages of a version, each with what it asks for."""
    if version is None:
        return []
    stages = Stage.objects.visible_to(user).filter(version=version).order_by("order")
    needs = (
        StageRequirement.objects.visible_to(user)
        .filter(stage__version=version)
        .select_related("course", "exam", "technique")
        .order_by("order", "pk")
    )
    return [(stage, [one for one in needs if one.stage_id == stage.pk]) for stage in stages]


def programme(user: Any, row: Programme, *, on: date) -> dict[str, Any]:
    """One programme: what it asks for now, its versions, how many are in it."""
    versions = ProgrammeVersion.objects.visible_to(user).filter(programme=row)
    in_force = selectors.version_in_force(row.pk, on=on)
    people = Enrolment.objects.visible_to(user).filter(programme=row)
    counts = dict(people.order_by().values_list("status").annotate(n=Count("pk")))
    return {
        "programme": row,
        "in_force": in_force,
        "stages": stages_of(user, in_force),
        "versions": versions.order_by("-number"),
        "counts": counts,
        "may_manage": policies.may_manage_programmes(user, row.alliance_id),
        "may_enrol": row.is_offered
        and (
            policies.is_learner(user)
            or policies.houses_arranged(user)
            or policies.alliances_managed(user)
        ),
    }


def version(user: Any, row: ProgrammeVersion, *, form: Any = None) -> dict[str, Any]:
    """One version; a draft with the forms that edit it."""
    manages = policies.may_manage_programmes(user, row.programme.alliance_id)
    seen = {"version": row.version}
    may_edit = manages and row.status == VersionStatus.DRAFT
    return {
        "version": row,
        "programme": row.programme,
        "stages": stages_of(user, row),
        "may_edit": may_edit,
        "before": _before(user, row),
        "stage_form": form if isinstance(form, StageForm) else StageForm(initial=seen),
        "need_form": form if isinstance(form, RequirementForm) else requirement_form(user, row),
        "publish_form": form if isinstance(form, PublishForm) else PublishForm(initial=seen),
    }


def requirement_form(
    user: Any, row: ProgrammeVersion, sent: Any = None, *, need: StageRequirement | None = None
) -> RequirementForm:
    """The form that adds a requirement to a draft, or puts `need` right."""
    techniques = Technique.objects.visible_to(user)
    if need is None:
        start: dict[str, Any] = {
            "stage": Stage.objects.visible_to(user).filter(version=row).order_by("-order").first()
        }
    else:
        start = {name: getattr(need, name) for name in _ASKED if name != "technique"}
    start["version"] = row.version
    form = RequirementForm(sent, draft=row, user=user, techniques=techniques, initial=start)
    if need is not None and need.technique is not None:
        named: Any = form.fields["technique"]
        form.initial["technique"] = named.show(need.technique)
    return form


@dataclass(frozen=True, slots=True)
class Difference:
    """One requirement in two versions; empty where a version does not ask for it."""

    label: str
    kind: str
    before: str
    after: str


def comparison(user: Any, row: ProgrammeVersion) -> dict[str, Any]:
    """What a version adds, drops and changes against the one before."""
    before = _before(user, row)
    old, new = _asked(stages_of(user, before)), _asked(stages_of(user, row))
    differences = []
    for key in [*new, *(one for one in old if one not in new)]:
        was, now = old.get(key, ""), new.get(key, "")
        if was != now:
            kind = "changed" if was and now else ("added" if now else "removed")
            differences.append(Difference(" · ".join(key), kind, was, now))
    return {
        "version": row,
        "programme": row.programme,
        "before": before,
        "differences": differences,
    }


def _asked(stages: Iterable[tuple[Stage, list[Any]]]) -> dict[tuple[str, str], str]:
    """What is asked for, by stage and words."""
    return {
        (stage.name, need.label): f"{need.get_kind_display()} ≥ {need.minimum.normalize():f}"
        for stage, needs in stages
        for need in needs
    }


def _before(user: Any, row: ProgrammeVersion) -> ProgrammeVersion | None:
    earlier = ProgrammeVersion.objects.visible_to(user).filter(
        programme=row.programme_id, number__lt=row.number
    )
    return earlier.order_by("-number").first()
