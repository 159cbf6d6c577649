"""Admissions of institutions for techniques, as far as tests of other rooms need them."""

from django.utils import timezone

from tests.factories.alliance import LONG_AGO
from training.standards import actions
from training.standards.choices import Move
from training.standards.models import Admission


def applied(world, *, institution=None, technique=None, by=None):
    """An application that waits for the office: of the county for the advanced technique."""
    row = actions.start_application(
        institution=institution or world.county,
        technique=technique or world.appendectomy,
        by=by or world.manager,
    )
    return step(row, "submit", by or world.manager)


def step(admission, name, by, reason="", **data):
    """One move; returns the admission as it then is."""
    return actions.move(admission=admission, move=Move(name), by=by, reason=reason, data=data)


def admitted(world, *, institution=None, technique=None, valid_from=LONG_AGO, valid_until=None):
    """An admission that counts: of the county for the advanced technique, or as asked."""
    return Admission.objects.create(
        alliance=world.alliance,
        institution=institution or world.county,
        technique=technique or world.appendectomy,
        status="admitted",
        valid_from=valid_from,
        valid_until=valid_until,
        created_by=world.manager,
        submitted_at=timezone.now(),
        decided_at=timezone.now(),
        decided_by=world.office,
    )


def suspended(admission, world, *, valid_from, valid_until=None):
    """The admission with a time in which it does not count."""
    return admission.suspensions.create(
        valid_from=valid_from,
        valid_until=valid_until,
        stop_condition="hazard",
        reason="设备待检",
        by=world.office,
    )
