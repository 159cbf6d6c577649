"""Cases from a file: all or none, each row refused for its own reason."""

from datetime import date

import pytest

from alliance.core.exchange.plan import Row, RowsRefused
from alliance.core.models import OutboxMessage
from alliance.people.models import Absence
from tests.factories import alliance as people
from tests.factories import logbook as make
from training.logbook import actions
from training.logbook.models import Case

pytestmark = pytest.mark.django_db
DAY, TODAY = date(2026, 3, 2), date(2026, 6, 1)


@pytest.fixture
def taught(world):
    make.teach(world)
    return world


def row(world, number=2, **values):
    surgeon = world.county_doctor.practitioner
    filled = {
        "external_case_number": f"ZY{number}",
        "performed_on": DAY,
        "technique": "47.0100",
        "operator": world.practitioner.licence_number,
        "role": "supervised",
        "supervisor": surgeon.licence_number,
        "institution": world.county.uscc,
        "outcome": "",
    }
    return Row(number, {**filled, **values})


def bring(world, *rows, by=None):
    done = []
    plan = actions.import_cases(
        rows=rows,
        by=by or world.manager,
        institution_id=world.county.pk,
        on=TODAY,
        progress=done.append,
    )
    assert not plan.new or done[-1] == len(plan.new)
    return plan


ALONE = {"role": "independent", "supervisor": "", "institution": ""}


def test_supervised_cases_wait_and_independent_ones_count(taught):
    mine = taught.county_doctor.practitioner.licence_number
    plan = bring(
        taught,
        row(taught, 2),
        row(taught, 3, **ALONE, operator=mine),
        row(taught, 4, outcome="death"),
        row(taught, 5, performed_on=date(2020, 5, 1), is_prior=True, supervisor=mine),
    )
    assert plan.counts == {"new": 4, "changed": 0, "same": 0}
    found = {case.external_case_number: case for case in Case.objects.all()}
    assert [found[f"ZY{n}"].status for n in (2, 3, 4)] == ["recorded", "confirmed", "recorded"]
    assert (found["ZY4"].clavien_dindo, found["ZY5"].source) == ("V", "prior")
    assert {case.alliance for case in found.values()} == {taught.alliance}
    topics = OutboxMessage.objects.filter(topic__startswith="logbook.")
    assert sorted(topics.values_list("topic", flat=True)) == ["logbook.curves", "logbook.waiting"]
    again = bring(taught, row(taught, 2))
    assert again.counts == {"new": 0, "changed": 0, "same": 1}


def test_an_import_confirms_only_what_its_bringer_could_confirm(taught):
    surgeon = people.PractitionerFactory(institution=taught.county)
    alone = {**ALONE, "operator": surgeon.licence_number}
    system = people.staff("interface", institution=taught.county)
    own = people.staff("trainer", institution=taught.county, practitioner=surgeon)
    teacher = people.staff("trainer", institution=taught.county)
    for number, by in ((2, system), (3, own), (4, teacher)):
        bring(taught, row(taught, number, **alone), by=by)
    found = Case.objects.order_by("external_case_number").values_list("status", flat=True)
    assert list(found) == ["recorded", "recorded", "confirmed"]


@pytest.mark.parametrize(
    ("said", "column"),
    [
        ({"technique": "99.99"}, "technique"),
        ({"operator": "0"}, "operator"),
        ({"supervisor": ""}, "supervisor"),
        ({"supervisor": "0"}, "supervisor"),
        ({"performed_on": date(2026, 7, 1)}, "performed_on"),
        ({"performed_on": date(2025, 12, 31)}, "supervisor"),
        ({"outcome": "complication"}, "clavien_dindo"),
    ],
)
def test_a_wrong_row_keeps_the_whole_file_out(taught, said, column):
    with pytest.raises(RowsRefused) as refused:
        bring(taught, row(taught, 2), row(taught, 3, **said))
    (error,) = refused.value.plan.errors
    assert (error.number, error.column) == (3, column)
    assert not Case.objects.exists()


def test_what_stands_with_something_else_is_put_right_in_the_logbook(taught):
    bring(taught, row(taught, 2))
    with pytest.raises(RowsRefused) as refused:
        bring(taught, row(taught, 2, converted=True))
    (error,) = refused.value.plan.errors
    assert error.column == "converted"


def test_nobody_on_leave_operated(taught):
    Absence.objects.create(
        practitioner=taught.practitioner,
        kind="leave",
        valid_from=DAY,
        valid_until=date(2026, 3, 9),
    )
    with pytest.raises(RowsRefused):
        bring(taught, row(taught, 2))


def test_only_the_book_one_keeps(taught):
    elsewhere = row(taught, 2, institution=taught.township.uscc)
    with pytest.raises(RowsRefused) as refused:
        bring(taught, elsewhere)
    assert refused.value.plan.errors[0].column == "institution"
    bring(taught, row(taught, 2, institution=taught.township.uscc), by=taught.office)
    nowhere = people.InstitutionFactory()
    with pytest.raises(RowsRefused):
        bring(taught, row(taught, 3, institution=nowhere.uscc), by=taught.office)


def test_a_fixed_number_of_statements(taught, django_assert_max_num_queries):
    with django_assert_max_num_queries(22):
        bring(taught, *(row(taught, number) for number in range(2, 40)))
