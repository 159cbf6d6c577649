"""Privileges for other rooms' tests, reached through actions where a state matters."""

from datetime import date, timedelta

from django.utils import timezone

from training.privileges import actions
from training.privileges.choices import Ground, Level
from training.privileges.models import Privilege

BEGAN = date(2026, 1, 1)


def privilege(world, *, valid_from=BEGAN, **more) -> Privilege:
    """The county's surgeon may do laparoscopic appendectomies there, unless told otherwise."""
    values = {
        "practitioner": world.county_doctor.practitioner,
        "technique": world.appendectomy,
        "institution": world.county,
        "level": Level.INDEPENDENT,
        "ground": Ground.APPLICATION,
        "evidence": {"cases": 24},
        "by": world.qc,
    }
    return actions.grant(valid_from=valid_from, **(values | more))


def bare(world, **more) -> Privilege:
    """A row without any action, for what actions would refuse."""
    values = {
        "alliance": world.alliance,
        "practitioner": world.county_doctor.practitioner,
        "technique": world.appendectomy,
        "institution": world.county,
        "level": Level.INDEPENDENT,
        "ground": Ground.IMPORT,
        "valid_from": BEGAN,
        "valid_until": date(2028, 1, 1),
    }
    return Privilege.objects.create(**(values | more))


def override(world, **more):
    """The township's doctor went beyond his privilege last night; the report is owed."""
    values = {
        "practitioner": world.practitioner,
        "technique": world.appendectomy,
        "institution": world.township,
        "at": timezone.now() - timedelta(hours=10),
        "reason": "休克，转运来不及",
        "by": world.doctor,
    }
    return actions.record_override(**(values | more))
