"""Who hears of cases that wait, that came back, and of signals on curves."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.core.choices import Role
from alliance.notices import texts
from alliance.notices.actions import notify
from alliance.notices.choices import NoticeKind
from alliance.people.models import User
from alliance.people.selectors import staff_with_roles

from .choices import ReviewCause, ReviewDecision
from .models import Case, CurveReview

texts.define(
    {
        "logbook.waiting": (
            _("Cases you supervised wait for your confirmation"),
            _("They count for your trainees once you have confirmed them."),
        ),
        "logbook.rejected": (
            _("A case came back: %(technique)s, %(performed_on)s"),
            _("Put it right and it waits for confirmation again."),
        ),
        "logbook.signal": (
            _("%(cause)s: %(name)s, %(technique)s"),
            _("The learning curve gave a signal at case %(number)s. Look into it and decide."),
        ),
        "logbook.decided": (
            _("Decided about a curve: %(technique)s"),
            _("%(decision)s"),
        ),
    }
)
texts.words("cause", dict(ReviewCause.choices))
texts.words("decision", dict(ReviewDecision.choices))


def recorded(*, case_id: int) -> None:
    """Tell the supervisor that cases wait, once a day."""
    case = Case.objects.waiting().filter(pk=case_id).first()
    if case is not None and case.supervisor_id is not None:
        waiting(supervisor_id=case.supervisor_id)


def waiting(*, supervisor_id: int) -> None:
    """One notice a day, however many cases wait."""
    notify(
        user_ids=_accounts([supervisor_id]),
        kind=NoticeKind.TRAINING,
        text_key="logbook.waiting",
        values={},
        url=reverse("logbook:waiting"),
        dedupe=f"logbook.waiting:{supervisor_id}:{timezone.localdate()}",
    )


def rejected(*, case_id: int) -> None:
    """Tell operator and writer that an entry was sent back."""
    case = Case.objects.select_related("technique").get(pk=case_id)
    notify(
        user_ids={*_accounts([case.operator_id]), case.recorded_by_id},
        kind=NoticeKind.TRAINING,
        text_key="logbook.rejected",
        values={
            "technique": case.technique.name,
            "performed_on": case.performed_on.isoformat(),
        },
        url=case.get_absolute_url(),
        dedupe=f"logbook.rejected:{case.public_id}:{case.version}",
    )


def signal(*, review_id: int) -> None:
    """Tell the practitioner and those who answer for training and quality at home."""
    review = CurveReview.objects.for_list().get(pk=review_id)
    house = review.practitioner.institution_id
    staff = staff_with_roles(institution_ids=[house], roles=[Role.MANAGER], on=timezone.localdate())
    notify(
        user_ids={*_accounts([review.practitioner_id]), *staff},
        kind=NoticeKind.TRAINING,
        text_key="logbook.signal",
        values={
            "cause": review.cause,
            "name": review.practitioner.name,
            "technique": review.technique.name,
            "number": review.case_number,
        },
        url=review.get_absolute_url(),
        dedupe=f"logbook.signal:{review.public_id}",
    )


def decided(*, review_id: int) -> None:
    """Tell the practitioner what was decided."""
    review = CurveReview.objects.for_list().get(pk=review_id)
    notify(
        user_ids=_accounts([review.practitioner_id]),
        kind=NoticeKind.TRAINING,
        text_key="logbook.decided",
        values={"technique": review.technique.name, "decision": review.decision},
        url=review.get_absolute_url(),
        dedupe=f"logbook.decided:{review.public_id}",
    )


def _accounts(practitioner_ids: list[int]) -> list[int]:
    rows = User.objects.filter(practitioner__in=practitioner_ids, is_active=True)
    return list(rows.values_list("pk", flat=True))
