"""First states of logbook entries, for tests of the tables; later states come from actions."""

import itertools
from datetime import date

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
