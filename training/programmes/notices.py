"""Who hears of what happens on somebody's path."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.notices import texts
from alliance.notices.actions import notify
from alliance.notices.choices import NoticeKind

from .choices import EventKind, PriorState
from .models import Enrolment, PriorRecord, Stage

texts.define(
    {
        "programmes.enrolled": (
            _("%(name)s is enrolled in %(programme)s"),
            _("See on the path what is asked for and what to do next."),
        ),
        "programmes.stage_passed": (
            _("%(name)s has passed “%(stage)s” in %(programme)s"),
            _("The next stage is open. See on the path what to do next."),
        ),
        "programmes.completed": (
            _("%(name)s has met every requirement of %(programme)s"),
            _("The way to the committee is open: apply for the independent privilege."),
        ),
        "programmes.prior_confirmed": (
            _("“%(title)s” was confirmed and counts now"),
            _("See on your path what is still missing."),
        ),
        "programmes.prior_refused": (
            _("“%(title)s” was not accepted"),
            _("Reason: %(reason)s. Enter it again with a better paper, or ask your trainer."),
        ),
    }
)
_KEYS = {
    EventKind.ENROLLED: "programmes.enrolled",
    EventKind.STAGE_PASSED: "programmes.stage_passed",
    EventKind.COMPLETED: "programmes.completed",
}


def tell_path(*, enrolment_id: int, what: str, stage_id: int | None = None) -> None:
    """Tell the doctor and the mentor, once for each thing that happens."""
    row = Enrolment.objects.for_list().get(pk=enrolment_id)
    stage = Stage.objects.get(pk=stage_id) if stage_id else None
    kind = EventKind(what)
    notify(
        user_ids=_accounts(row.practitioner, row.mentor),
        kind=NoticeKind.TRAINING,
        text_key=_KEYS[kind],
        values={
            "name": row.practitioner.name,
            "programme": row.programme.name,
            "stage": stage.name if stage else "",
        },
        url=row.get_absolute_url(),
        dedupe=f"programmes.{what}:{row.public_id}:{stage_id or ''}",
    )


def tell_prior(*, record_id: int) -> None:
    """Tell the doctor what became of a record of the past."""
    row = PriorRecord.objects.select_related("practitioner").get(pk=record_id)
    accepted = row.state == PriorState.CONFIRMED
    notify(
        user_ids=_accounts(row.practitioner),
        kind=NoticeKind.TRAINING,
        text_key="programmes.prior_confirmed" if accepted else "programmes.prior_refused",
        values={"title": row.title, "reason": row.decision_note},
        url=reverse("programmes:prior", args=[row.public_id]),
        dedupe=f"programmes.prior:{row.public_id}",
    )


def _accounts(*people: Any) -> list[int]:
    """The accounts of those of them who sign in."""
    return [one.user.pk for one in people if one is not None and hasattr(one, "user")]
