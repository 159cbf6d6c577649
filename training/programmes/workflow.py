"""How an enrolment moves: one table."""

from django.utils.translation import gettext as _

from alliance.core.errors import TransitionNotAllowed

from .choices import EnrolmentStatus, Step

TRANSITIONS: dict[Step, tuple[frozenset[EnrolmentStatus], EnrolmentStatus]] = {
    Step.COMPLETE: (frozenset({EnrolmentStatus.ACTIVE}), EnrolmentStatus.DONE),
    Step.LEAVE: (frozenset({EnrolmentStatus.ACTIVE}), EnrolmentStatus.LEFT),
    Step.RESUME: (frozenset({EnrolmentStatus.LEFT}), EnrolmentStatus.ACTIVE),
}


def next_status(status: str, step: Step) -> EnrolmentStatus:
    """Where a step leads; raises TransitionNotAllowed where it does not exist."""
    sources, target = TRANSITIONS[step]
    if status not in sources:
        words = {"status": EnrolmentStatus(status).label, "step": step.label}
        raise TransitionNotAllowed(
            "enrolment_state",
            _("This enrolment is “%(status)s”, so “%(step)s” is not possible now.") % words,
            status=status,
        )
    return target
