"""What people hear of their exams."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.core.choices import Role
from alliance.notices import texts
from alliance.notices.actions import notify
from alliance.notices.choices import NoticeKind
from alliance.people.models import User
from alliance.people.selectors import staff_with_roles

from .models import ExamResult, ExtraAttempt, Retraining

texts.define(
    {
        "exams.passed": (
            _("Passed: %(exam)s"),
            _("%(score)s points on %(held_on)s."),
        ),
        "exams.failed": (
            _("Not passed: %(exam)s"),
            _("%(score)s points on %(held_on)s. See what comes next."),
        ),
        "exams.retraining": (
            _("Retraining is owed by %(due_on)s"),
            _("%(name)s did not pass %(exam)s. Arrange the retraining and confirm it here."),
        ),
        "exams.skills_soon": (
            _("The skills exam of this quarter is still to be taken"),
            _("Take it by %(day_on)s; ask your trainer for a date. Who misses it is followed up."),
        ),
        "exams.retraining_soon": (
            _("A retraining is still owed by %(due_on)s"),
            _("You did not pass %(exam)s. Ask your trainer for a date."),
        ),
        "exams.attempt_given": (
            _("You may try once more: %(exam)s"),
            _("A trainer gave you a further attempt."),
        ),
    }
)


def tell_result(*, result_id: int) -> None:
    """The result to whom it concerns; an owed retraining also to who arranges it."""
    result = ExamResult.objects.select_related("exam", "practitioner").get(pk=result_id)
    notify(
        user_ids=_account_of(result.practitioner_id),
        kind=NoticeKind.TRAINING,
        text_key="exams.passed" if result.passed else "exams.failed",
        values={
            "exam": result.exam.name,
            "score": result.score,
            "held_on": result.held_on.isoformat(),
        },
        url=result.get_absolute_url(),
        dedupe=f"exams.result:{result.public_id}",
    )
    if hasattr(result, "retraining"):
        _tell_trainers(result)


def tell_attempt_given(*, extra_id: int) -> None:
    """A further attempt, to who got it."""
    extra = ExtraAttempt.objects.select_related("exam").get(pk=extra_id)
    notify(
        user_ids=_account_of(extra.practitioner_id),
        kind=NoticeKind.TRAINING,
        text_key="exams.attempt_given",
        values={"exam": extra.exam.name},
        url=reverse("exams:exam", args=[extra.exam.public_id]),
        dedupe=f"exams.attempt_given:{extra.pk}",
    )


def tell_skills_soon(*, practitioner_ids: list[int], quarter: str, last_day: str) -> None:
    """That a quarter ends, to who has not taken its skills exam; once a quarter."""
    notify(
        user_ids=_accounts_of(practitioner_ids),
        kind=NoticeKind.TRAINING,
        text_key="exams.skills_soon",
        values={"day_on": last_day},
        url=reverse("exams:list"),
        dedupe=f"exams.skills_soon:{quarter}",
    )


def tell_retraining_soon(*, retraining_id: int) -> None:
    """That a retraining is to be done soon, to who owes it; once."""
    owed = Retraining.objects.select_related("cause__exam").get(pk=retraining_id)
    notify(
        user_ids=_account_of(owed.practitioner_id),
        kind=NoticeKind.TRAINING,
        text_key="exams.retraining_soon",
        values={"due_on": owed.due_on.isoformat(), "exam": owed.cause.exam.name},
        url=owed.get_absolute_url(),
        dedupe=f"exams.retraining_soon:{owed.public_id}",
    )


def _tell_trainers(result: ExamResult) -> None:
    trainers = staff_with_roles(
        institution_ids=[result.institution_id],
        roles=[Role.TRAINER, Role.MANAGER],
        on=timezone.localdate(),
    )
    notify(
        user_ids=[*_account_of(result.practitioner_id), *trainers],
        kind=NoticeKind.TRAINING,
        text_key="exams.retraining",
        values={
            "name": result.practitioner.name,
            "exam": result.exam.name,
            "due_on": result.retraining.due_on.isoformat(),
        },
        url=result.retraining.get_absolute_url(),
        dedupe=f"exams.retraining:{result.public_id}",
    )


def _account_of(practitioner_id: int) -> list[int]:
    return _accounts_of([practitioner_id])


def _accounts_of(practitioner_ids: list[int]) -> list[int]:
    users = User.objects.filter(practitioner__in=practitioner_ids)
    return list(users.values_list("pk", flat=True))
