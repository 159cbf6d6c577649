"""What others may ask: which institution may use which technique on a date, and why not."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from alliance.catalogue.selectors import requirements
from alliance.core.policy import policy

from .choices import OPEN, Standing
from .models import Admission, AdmissionSuspension


def admissions_in_force(on: date) -> QuerySet[Admission]:
    """Admissions that count on a date: granted, in their period, not suspended that day."""
    found: QuerySet[Admission] = Admission.objects.in_force(on)
    return found


def admitted_pairs(
    *, institution_ids: Collection[int], technique_ids: Collection[int], on: date
) -> set[tuple[int, int]]:
    """(institution, technique) of all admissions that count on a date, in one query."""
    rows = admissions_in_force(on).filter(
        institution__in=institution_ids, technique__in=technique_ids
    )
    return set(rows.values_list("institution_id", "technique_id"))


def granted(on: date) -> QuerySet[Any]:
    """Admissions whose period holds a date, each with `counts`: not suspended that day."""
    stops = AdmissionSuspension.objects.in_force(on).filter(admission=OuterRef("pk"))
    return Admission.objects.granted_on(on).annotate(counts=~Exists(stops))


def granted_pairs(
    *, institution_ids: Collection[int], technique_ids: Collection[int], on: date
) -> dict[tuple[int, int], bool]:
    """The same with those that are suspended that day: whether each (institution, technique) counts."""
    rows = granted(on).filter(institution__in=institution_ids, technique__in=technique_ids)
    found = rows.values_list("institution_id", "technique_id", "counts")
    return {(house, technique): counts for house, technique, counts in found}


@dataclass(frozen=True)
class AdmissionState:
    """How a technique stands at an institution on a day, and the row that says so.

    `since` and `until` are of the admission; for a suspension, those of the suspension.
    """

    standing: Standing
    admission: Admission | None = None
    suspension: AdmissionSuspension | None = None
    since: date | None = None
    until: date | None = None

    @property
    def allows(self) -> bool:
        """Whether the technique may be used there as far as admission goes."""
        return self.standing in (Standing.NOT_NEEDED, Standing.IN_FORCE)


def admission_state(
    *, institution_id: int, technique_id: int, alliance_id: int, on: date
) -> AdmissionState:
    """Whether an institution is admitted for a technique on a date, and if not, what is the case.

    A technique that is graded nowhere needs no admission: the catalogue refuses it already.
    """
    asked = requirements([technique_id], on=on, alliance_id=alliance_id).get(technique_id)
    if asked is None or not asked.needs_admission:
        return AdmissionState(Standing.NOT_NEEDED)
    rows = Admission.objects.filter(institution=institution_id, technique=technique_id)
    granted = rows.granted_on(on).first()
    if granted is not None:
        return _granted(granted, on)
    periods = rows.filter(valid_from__isnull=False)
    coming = periods.filter(valid_from__gt=on).order_by("valid_from").first()
    if coming is not None:
        return AdmissionState(
            Standing.NOT_YET, coming, since=coming.valid_from, until=coming.valid_until
        )
    waiting = rows.filter(status__in=OPEN).first()
    if waiting is not None:
        return AdmissionState(Standing.APPLIED, waiting)
    past = periods.order_by("-valid_until").first()
    if past is not None:
        return AdmissionState(Standing.EXPIRED, past, since=past.valid_from, until=past.valid_until)
    return AdmissionState(Standing.NONE)


def _granted(row: Admission, on: date) -> AdmissionState:
    stopped = row.suspensions.in_force(on).first()
    if stopped is not None:
        return AdmissionState(
            Standing.SUSPENDED, row, stopped, stopped.valid_from, stopped.valid_until
        )
    return AdmissionState(Standing.IN_FORCE, row, since=row.valid_from, until=row.valid_until)


def suggested_months(admission: Admission, *, on: date) -> int:
    """For how many months an admission counts unless the office says otherwise."""
    months: int = policy("admission.months", on=on, alliance_id=admission.alliance_id)
    return months


def standings(admissions: Collection[Admission], *, on: date) -> dict[int, AdmissionSuspension]:
    """The suspensions that hold on a date, by admission; one query."""
    rows = AdmissionSuspension.objects.in_force(on).filter(admission__in=admissions)
    return {row.admission_id: row for row in rows}


def is_suspended(admission: Admission, *, on: date) -> bool:
    """Whether a suspension runs or is to come."""
    lasting = Q(valid_until=None) | Q(valid_until__gt=on) & Q(valid_until__gt=F("valid_from"))
    return admission.suspensions.filter(lasting).exists()
