"""An institution asks to be admitted: requirements frozen, each answered, then submitted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.catalogue.models import Technique
from alliance.catalogue.selectors import TechniqueRequirements, requirements
from alliance.core import ledger, versions
from alliance.core.errors import DomainError
from alliance.core.policy import policy
from alliance.core.saving import store
from alliance.core.transactions import one_transaction
from alliance.institutions.models import Alliance, Institution
from alliance.institutions.selectors import alliances_of

from .. import policies
from ..choices import OPEN, Status
from ..models import Admission, AdmissionAnswer


@dataclass(frozen=True)
class Answer:
    """What an institution says about one requirement."""

    value: int | None
    proof: str = ""


@one_transaction
def start_application(*, institution: Institution, technique: Technique, by: Any) -> Admission:
    """Begin an application: the requirements of today's edition, with what the platform counts."""
    if not policies.may_apply(by, institution.pk):
        raise PermissionDenied
    today = timezone.localdate()
    alliance = next(iter(alliances_of(institution.pk, on=today)), None)
    if alliance is None:
        raise DomainError("no_alliance", _("This institution belongs to no alliance today."))
    asked = _asked(institution, technique, alliance, today)
    row = Admission(alliance=alliance, institution=institution, technique=technique, created_by=by)
    row.status = Status.DRAFT
    store(row)
    AdmissionAnswer.objects.bulk_create(
        AdmissionAnswer(
            admission=row,
            place=place,
            kind=need.kind,
            topic=need.subject,
            minimum=need.minimum,
            unit=need.unit,
            source=need.source,
            is_verified=need.is_verified,
        )
        for place, need in enumerate(asked.institution)
    )
    for answer in row.answers.counted():
        if answer.counted is not None:
            answer.value = answer.counted
            answer.save(update_fields=["value"])
    ledger.record(
        "admission.started",
        by=by,
        subject=row,
        institution_id=institution.pk,
        technique=technique.code,
    )
    return row


def _asked(
    institution: Institution, technique: Technique, alliance: Alliance, today: date
) -> TechniqueRequirements:
    """What is asked for the technique; refused where there is nothing to apply for."""
    asked = requirements([technique.pk], on=today, alliance_id=alliance.pk).get(technique.pk)
    if asked is None:
        raise _wrong_technique(
            "not_in_catalogue", _("This technique is not graded in the edition in force.")
        )
    if not asked.allows(institution.tier):
        raise _wrong_technique(
            "grade_above_tier",
            _("Its grade is above the tier of this institution: refer the patient instead."),
        )
    if not asked.needs_admission:
        raise _wrong_technique(
            "no_admission_needed", _("Techniques of this grade need no admission.")
        )
    days = policy("admission.renewal_days", on=today, alliance_id=alliance.pk)
    standing = Admission.objects.granted_on(today + timedelta(days=days))
    held = standing.filter(institution=institution, technique=technique).first()
    if held is not None:
        way = {"title": str(held), "url": held.get_absolute_url(), "label": _("Open it")}
        message = _("The admission in force still counts for long enough.")
        raise DomainError("already_admitted", message, alternatives=[way])
    return asked


def _wrong_technique(code: str, message: str) -> ValidationError:
    """Another technique has to be chosen, so it is told where that is done."""
    return ValidationError({"technique": ValidationError(message, code=code)})


@one_transaction
def save_application(
    *,
    admission: Admission,
    answers: Mapping[int, Answer],
    statement: str,
    by: Any,
    version: int,
) -> Admission:
    """Keep what an application says so far; answers by their key."""
    row: Admission = Admission.objects.select_for_update().get(pk=admission.pk)
    if not policies.may_apply(by, row.institution_id):
        raise PermissionDenied
    versions.check(row, version)
    if row.status not in OPEN or row.status == Status.SUBMITTED:
        raise DomainError(
            "application_closed",
            _("The application is with the office: take it back to change it."),
        )
    errors: dict[str, Any] = {}
    for answer in row.answers.filter(pk__in=answers):
        said = answers[answer.pk]
        answer.value, answer.proof = said.value, said.proof.strip()
        try:
            answer.clean_fields(exclude={"met"})
        except ValidationError as error:
            errors[f"answer_{answer.pk}"] = error.messages
        else:
            answer.save(update_fields=["value", "proof"])
    if errors:
        raise ValidationError(errors)
    row.statement = statement.strip()
    row.version += 1
    row.save(update_fields=["statement", "version", "updated_at"])
    ledger.record("admission.saved", by=by, subject=row, institution_id=row.institution_id)
    return row
