"""First states of logbook entries, for tests of the tables; later states come from actions."""

import itertools
from datetime import date

from tests.factories import privileges as make
from training.logbook import actions
from training.logbook.models import Case

_numbers = itertools.count(1)


def case(world, **values):
    """A recorded case of the township's doctor at the township, under the county's surgeon."""
    filled = {
        "alliance": world.alliance,
        "technique": world.debridement,
        "institution": world.township,
        "performed_on": date(2026, 3, 2),
        "external_case_number": f"ZY{next(_numbers):06d}",
        "operator": world.practitioner,
        "role": "supervised",
        "supervisor": world.county_doctor.practitioner,
        "recorded_by": world.doctor,
    }
    return Case.objects.create(**{**filled, **values})


def teach(world, technique=None, **more):
    """The county's surgeon may do a technique independently, so that they may supervise it."""
    return make.privilege(world, technique=technique or world.appendectomy, **more)


def record(world, **values):
    """A case the township's doctor enters: done at the county under its surgeon."""
    filled = {
        "by": world.doctor,
        "technique": world.appendectomy,
        "institution": world.county,
        "performed_on": date(2026, 3, 2),
        "external_case_number": f"ZY{next(_numbers):06d}",
        "operator": world.practitioner,
        "role": "supervised",
        "supervisor": world.county_doctor.practitioner,
    }
    return actions.record_case(**{**filled, **values})


def confirm(world, one, **more):
    """Its supervisor confirms it."""
    return actions.confirm_case(case=one, by=world.county_doctor, version=one.version, **more)


def done(world, **values):
    """A confirmed case; a `teach`er must be there."""
    return confirm(world, record(world, **values))
