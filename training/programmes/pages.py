"""What the pages of paths and boards show, put together."""

from __future__ import annotations

from datetime import date
from typing import Any

from alliance.core.policy import policy

from . import policies, presenters, promotion
from .choices import EnrolmentStatus
from .forms import MentorForm, ReasonForm, SignForm
from .models import Enrolment, EnrolmentEvent, PriorRecord, Programme

# On the home page: paths of one's own, trainees shown, and among how many the first are looked for.
_PATHS, _TRAINEES, _LOOKED_AT = 2, 5, 60


def my_path(user: Any, *, on: date) -> dict[str, Any]:
    """Everything about the user's own learning; `practitioner` None where the account has none."""
    own = getattr(user, "practitioner", None)
    if own is None:
        return {"practitioner": None}
    rows = (
        Enrolment.objects.visible_to(user)
        .filter(practitioner=own)
        .exclude(status=EnrolmentStatus.LEFT)
        .for_list()
        .order_by("status", "-started_on", "-pk")[:20]
    )
    boxes = presenters.paths(rows, on=on)
    taken = {box.enrolment.programme_id for box in boxes}
    offered = Programme.objects.visible_to(user).filter(is_offered=True).exclude(pk__in=taken)
    alliance = next((box.enrolment.alliance_id for box in boxes), None)
    first = offered.for_list().order_by("kind", "name").first()
    group = alliance or (first.alliance_id if first else None)
    return {
        "practitioner": own,
        "paths": [box for box in boxes if box.enrolment.status == EnrolmentStatus.ACTIVE],
        "done": [box for box in boxes if box.enrolment.status == EnrolmentStatus.DONE],
        "offered_count": offered.count(),
        "may_enrol": bool(group) and policy("programme.self_enrol", on=on, alliance_id=group),
        "promotion": promotion.promotion([own], alliance_id=group, on=on)[0] if group else None,
        "waiting": PriorRecord.objects.visible_to(user)
        .filter(practitioner=own, state="waiting")
        .count(),
        "apply_url": presenters.address("granting:apply"),
    }


def home(user: Any, *, on: date) -> dict[str, Any]:
    """What the home page says of learning: one's own paths, and those one teaches, in one reading."""
    own = getattr(user, "practitioner_id", None)
    going_on = Enrolment.objects.visible_to(user).active().for_list()
    mine = going_on.filter(practitioner=own).order_by("-started_on", "-pk")[:_PATHS] if own else []
    taught = policies.taught_by(user)
    others = going_on.filter(taught).exclude(practitioner=own).order_by("started_on", "pk")
    first = list(others[:_LOOKED_AT]) if taught else []
    boxes = presenters.paths([*mine, *first], on=on)
    rows = board(boxes[len(mine) :])
    return {
        "learns": own is not None and policies.is_learner(user),
        "paths": boxes[: len(mine)],
        "teaches": bool(taught),
        "trainees": rows[:_TRAINEES],
        "trainee_count": f"{_LOOKED_AT}+" if len(first) == _LOOKED_AT else len(first) or "",
    }


def enrolment(user: Any, row: Enrolment, *, form: Any, on: date) -> dict[str, Any]:
    """One enrolment with the forms of what the user may do."""
    (box,) = presenters.paths([row], on=on)
    seen = {"version": row.version}
    mentor: Any = MentorForm(initial=seen)
    if row.mentor is not None:
        mentor.initial["mentor"] = mentor.fields["mentor"].show(row.mentor)
    return {
        "box": box,
        "row": row,
        "acts": {act.value: True for act in policies.acts_on(user, row)},
        "own": row.practitioner_id == getattr(user, "practitioner_id", None),
        "events": EnrolmentEvent.objects.visible_to(user)
        .filter(enrolment=row)
        .select_related("stage", "by")
        .order_by("-at", "-pk")[:50],
        "mentor_form": form if isinstance(form, MentorForm) else mentor,
        "reason_form": form if isinstance(form, ReasonForm) else ReasonForm(initial=seen),
        "sign_form": form if isinstance(form, SignForm) else SignForm(),
        "errors": form if form is not None and form.errors else None,
        "apply_url": presenters.address("granting:apply"),
    }


def board(boxes: list[presenters.PathBox]) -> list[dict[str, Any]]:
    """Trainees as rows: who waits for a signature first, then the least far."""
    rows = [
        {
            "box": box,
            "waits": bool(box.next_line and box.next_line.is_signature),
        }
        for box in boxes
    ]
    return sorted(rows, key=lambda row: (not row["waits"], row["box"].percent))
