"""Who hears of an application, and what."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.core.choices import Permission
from alliance.notices import texts
from alliance.notices.actions import notify
from alliance.notices.choices import NoticeKind

from . import selectors
from .choices import Move
from .models import Application, ApplicationEvent

texts.define(
    {
        "granting.submit": (
            _("%(name)s applies for a privilege"),
            _("%(technique)s at %(institution)s. Put it before the committee."),
        ),
        "granting.take_up": (
            _("An application waits for your vote"),
            _("%(name)s: %(technique)s at %(institution)s."),
        ),
        "granting.before_committee": (
            _("Your application is before the committee"),
            _("%(technique)s at %(institution)s. You hear as soon as it is decided."),
        ),
        "granting.grant": (
            _("Your application was granted"),
            _("%(technique)s at %(institution)s. See conditions, period and certificate."),
        ),
        "granting.refuse": (
            _("Your application was not granted"),
            _("%(technique)s at %(institution)s. See the reason, and what to do next."),
        ),
        "granting.withdraw": (
            _("%(name)s withdrew an application"),
            _("%(technique)s at %(institution)s. There is nothing more to do."),
        ),
    }
)


def tell(*, event_id: int) -> None:
    """Tell those whom a step of an application concerns; whoever took it knows."""
    step = ApplicationEvent.objects.select_related(
        "application__practitioner__user", "application__technique", "application__institution"
    ).get(pk=event_id)
    row, move = step.application, Move(step.move)
    if move == Move.SUBMIT:
        _notify(step, "granting.submit", _conveners(row))
    elif move == Move.TAKE_UP:
        _notify(step, "granting.take_up", _voters(row))
        _notify(step, "granting.before_committee", _applicant(row))
    elif move == Move.WITHDRAW:
        _notify(step, "granting.withdraw", [*_voters(row), *_conveners(row)])
    else:
        _notify(step, f"granting.{move}", _applicant(row))


def _conveners(row: Application) -> list[int]:
    people = selectors.holders(
        row.alliance_id, Permission.PRIVILEGE_MANAGE, on=timezone.localdate()
    )
    return list(people.values_list("pk", flat=True))


def _voters(row: Application) -> list[int]:
    """Members who are free to vote and have not."""
    if row.committee_id is None:
        return []
    found = selectors.seats(row, on=timezone.localdate())
    return [seat.member.user_id for seat in found if seat.may_vote and seat.vote is None]


def _applicant(row: Application) -> list[int]:
    user = getattr(row.practitioner, "user", None)
    return [user.pk] if user else []


def _notify(step: ApplicationEvent, key: str, user_ids: Iterable[int]) -> None:
    row = step.application
    notify(
        user_ids=set(user_ids) - {step.by_id},
        kind=NoticeKind.TRAINING,
        text_key=key,
        values={
            "name": row.practitioner.name,
            "technique": row.technique.name,
            "institution": str(row.institution),
        },
        url=row.get_absolute_url(),
        dedupe=f"{key}:{step.pk}",
    )
