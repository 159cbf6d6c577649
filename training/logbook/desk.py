"""What waits for whom, and what a new entry begins with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Model, Q, QuerySet

from alliance.catalogue.models import Technique
from alliance.core.access import access_of
from alliance.core.choices import Permission
from alliance.institutions.models import Institution, Membership
from alliance.institutions.selectors import alliances_of
from alliance.people.models import Practitioner
from training.privileges.choices import Level
from training.privileges.models import Privilege

from . import policies
from .models import Case, CaseDraft, CurveReview, RatingScale


def waiting_for(user: Any) -> QuerySet[Case]:
    """Entries that this user has to confirm or send back, the oldest operation first."""
    mine = policies.practitioner_of(user)
    access = access_of(user)
    if Permission.CASE_CONFIRM not in access.everywhere():
        return Case.objects.none()
    keeping = [
        pk
        for pk in access.institutions_with(Permission.CASE_VIEW)
        if {Permission.TRAINING_MANAGE, Permission.TRAINING_TEACH} & access.institutions[pk]
    ]
    rows = Q(supervisor=None, institution__in=keeping)
    if mine is not None:
        rows = (rows & ~Q(operator=mine)) | Q(supervisor=mine)
    found: QuerySet[Case] = Case.objects.waiting().filter(rows).order_by("performed_on", "pk")
    return found


def open_reviews_for(user: Any) -> QuerySet[CurveReview]:
    """Signals about which the user may decide."""
    access = access_of(user)
    held = (Permission.PRIVILEGE_SUSPEND, Permission.TRAINING_MANAGE)
    houses = {pk for one in held for pk in access.institutions_with(one)}
    alliances = {pk for one in held for pk in access.alliances_with(one)}
    rows: QuerySet[CurveReview] = CurveReview.objects.open().filter(
        Q(practitioner__institution__in=houses) | Q(alliance__in=alliances)
    )
    mine = policies.practitioner_of(user)
    return rows if mine is None else rows.exclude(practitioner=mine)


def houses_of(user: Any, institution: Institution | None, *, on: date) -> QuerySet[Institution]:
    """Where somebody may have operated: the houses of the alliances of the house they act for."""
    home = institution or getattr(getattr(user, "practitioner", None), "institution", None)
    if home is None:
        return Institution.objects.none()
    alliances = alliances_of(home.pk, on=on)
    members = Membership.objects.filter(alliance__in=alliances).values("institution")
    rows: QuerySet[Institution] = Institution.objects.filter(pk__in=members, is_active=True)
    return rows.order_by("tier", "name")


def beginning(user: Any, institution: Institution | None, *, on: date) -> dict[str, Any]:
    """What a new entry begins with: today, and mostly what the last one said."""
    mine = policies.practitioner_of(user)
    found: dict[str, Any] = {"performed_on": on, "outcome": "good", "role": "assistant"}
    if institution is not None:
        found["institution"] = institution
    if mine is None:
        return found
    last = (
        Case.objects.filter(operator=mine)
        .select_related("technique", "institution", "supervisor", "operator")
        .order_by("-performed_on", "-pk")
        .first()
    )
    if last is None:
        return found | {"operator": user.practitioner}
    same = ("technique", "institution", "role", "supervisor", "operator")
    return found | {name: getattr(last, name) for name in same}


def draft_of(user: Any) -> CaseDraft | None:
    """What the user has half typed."""
    return CaseDraft.objects.filter(user=user.pk).first()


def scales_for(case: Case) -> list[RatingScale]:
    """The scales on which this case may be rated, the newest edition of each."""
    newest: dict[str, RatingScale] = {}
    for scale in RatingScale.objects.offered(case.alliance_id).order_by("edition", "alliance"):
        newest[scale.code] = scale
    return [newest[code] for code in sorted(newest)]


def privileged_among(people: Iterable[Practitioner], *, technique_code: str, on: date) -> set[int]:
    """Which of these people may do a technique independently on a day, wherever."""
    rows = Privilege.objects.in_force(on).filter(
        practitioner__in=[one.pk for one in people],
        technique__code=technique_code,
        level=Level.INDEPENDENT,
    )
    return set(rows.values_list("practitioner_id", flat=True))


_ROWS: Mapping[str, type[Model]] = {
    "technique": Technique,
    "institution": Institution,
    "operator": Practitioner,
    "supervisor": Practitioner,
}


def words_of(contents: Sequence[Mapping[str, Any]]) -> dict[tuple[str, Any], str]:
    """The words for every row that differs between versions, a query per table."""
    found: dict[tuple[str, Any], str] = {}
    for name, model in _ROWS.items():
        ids = {content.get(name) for content in contents} - {None}
        if len(ids) > 1:
            rows = model._default_manager.in_bulk(list(ids))
            found |= {(name, pk): str(row) for pk, row in rows.items()}
    return found
