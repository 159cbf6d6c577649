"""Rows compared with what is stored, and words resolved to rows of other tables."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from alliance.core.exchange import acting
from alliance.core.exchange.plan import (
    Plan,
    Row,
    RowError,
    RowsRefused,
    chunks,
    compare,
    resolve,
    resolve_many,
)
from alliance.core.exchange.spec import BadFilter, example_marks, filtered, find, register, tables
from alliance.institutions.filters import InstitutionFilter
from alliance.institutions.models import Department, Institution, Specialty
from tests.factories import alliance as make

pytestmark = pytest.mark.django_db


def rows(*values):
    return [Row(number, dict(one)) for number, one in enumerate(values, start=2)]


@pytest.fixture
def specialties():
    return [
        make.SpecialtyFactory(code="04.01", name="普通外科专业"),
        make.SpecialtyFactory(code="03.03", name="消化内科专业"),
        make.SpecialtyFactory(code="03.04", name="消化内科专业"),
        make.SpecialtyFactory(code="普通外科专业", name="a code that is another's name"),
    ]


def test_compare_sorts_rows(specialties):
    plan = compare(
        rows(
            {"code": "04.01", "name": "普通外科专业"},
            {"code": "03.03", "name": "new"},
            {"code": "99", "name": "x"},
        ),
        Specialty.objects.all(),
        key=("code",),
        fields=("code", "name"),
    )
    assert plan.counts == {"new": 1, "changed": 1, "same": 1}
    (change,) = plan.changed
    assert (change.row.number, change.pk, change.fields) == (3, specialties[1].pk, ["name"])
    assert [row.number for row in plan.new] == [4]


def test_compare_leaves_alone_what_the_file_does_not_bring(specialties):
    plan = compare(
        rows({"code": "04.01"}), Specialty.objects.all(), key=("code",), fields=("code", "name")
    )
    assert plan.same == 1


def test_compare_names_the_first_of_two_equal_keys(specialties):
    twins = rows({"code": "1", "name": "a"}, {"code": "2", "name": "b"}, {"code": "1", "name": "c"})
    plan = compare(twins, Specialty.objects.all(), key=("code",), fields=("code", "name"))
    assert plan.errors == [RowError(4, "code", "Row 2 already brings this entry.")]
    with pytest.raises(RowsRefused) as refused:
        plan.check()
    assert refused.value.plan is plan


def test_compare_keeps_wrong_rows_aside_and_sorts_errors(specialties):
    known = RowError(3, "name", "wrong")
    plan = compare(
        rows({"code": "1"}, {"code": "2"}, {"code": "1"}),
        Specialty.objects.all(),
        key=("code",),
        fields=("code",),
        errors=[known],
    )
    assert [error.number for error in plan.errors] == [3, 4]
    assert [row.number for row in plan.new] == [2]


def test_compare_by_two_columns(world):
    here, there = world.county.pk, world.township.pk
    code = world.county_surgery.code
    plan = compare(
        rows({"institution_id": here, "code": code}, {"institution_id": there, "code": code}),
        Department.objects.all(),
        key=("institution_id", "code"),
        fields=("institution_id", "code"),
    )
    assert plan.counts == {"new": 1, "changed": 0, "same": 1}


def test_compare_asks_once_a_chunk(specialties, django_assert_num_queries):
    many = rows(*({"code": str(number)} for number in range(4001)))
    with django_assert_num_queries(3):
        compare(many, Specialty.objects.all(), key=("code",), fields=("code",))


def test_resolve_by_code_before_name(specialties):
    found = rows({"specialty": "04.01"}, {"specialty": "普通外科专业"}, {"specialty": ""}, {})
    assert resolve(found, "specialty", Specialty.objects.all()) == []
    assert [row.values.get("specialty_id", "-") for row in found] == [
        specialties[0].pk,
        specialties[3].pk,
        None,
        "-",
    ]


def test_resolve_names_what_is_unknown_and_what_is_ambiguous(specialties):
    found = rows({"specialty": "皮肤科"}, {"specialty": "消化内科专业"})
    unknown, several = resolve(found, "specialty", Specialty.objects.all())
    assert (unknown.number, unknown.column) == (2, "specialty")
    assert "not known" in unknown.message
    assert "several" in several.message


def test_resolve_many(specialties):
    found = rows(
        {"specialties": ("03.03", "04.01")},
        {"specialties": ("04.01", "xx")},
        {"specialties": ()},
        {},
    )
    (error,) = resolve_many(found, "specialties", Specialty.objects.all(), into="ids")
    assert (error.number, error.column) == (3, "specialties")
    assert found[0].values["ids"] == sorted([specialties[0].pk, specialties[1].pk])
    assert found[2].values["ids"] == []
    assert "ids" not in found[3].values


def test_resolve_asks_once_for_each_way_of_naming(specialties, django_assert_num_queries):
    with django_assert_num_queries(2):
        resolve(
            rows(*({"specialty": "04.01"} for _row in range(50))),
            "specialty",
            Specialty.objects.all(),
        )


def test_what_an_action_refuses_of_no_field_is_told_of_the_row():
    def stands(row):
        if row.number == 2:
            raise ValidationError("Not so.")
        if row.number == 3:
            raise PermissionDenied
        return row.number == 4

    sorted_out = acting.sort(rows(*({},) * 5), key=lambda row: 1, stands=stands)
    told = [(error.number, error.column, error.message[:13]) for error in sorted_out.errors]
    assert told == [(2, "", "Not so."), (3, "", "You may not e"), (6, "", "Row 5 already")]
    assert (sorted_out.same, [row.number for row in sorted_out.new]) == (1, [5])


def test_chunks():
    assert list(chunks(range(5), 2)) == [[0, 1], [2, 3], [4]]


def test_plan_knows_which_fields_it_brings():
    plan = Plan(new=rows({"a": 1}, {"b": 2}))
    assert [plan.brings(name) for name in "abc"] == [True, True, False]


# --- tables ------------------------------------------------------------------------------------


def test_every_room_has_declared_its_tables():
    assert [table.name for table in tables()] == [
        *("institutions", "departments", "practitioners", "users", "invitations"),
        *("diseases", "techniques", "grades", "requirements"),
        *("questions", "exam-results", "station-results"),
        *("education-hours", "courses", "attendance"),
        *("admissions", "privileges", "overrides", "cases"),
        *("guidance-sessions", "mentorships", "postings"),
        *("prior-records", "privilege-applications"),
        *("devices", "device-types", "stocktake-lines"),
        *("maintenance-plans", "service-records", "work-orders"),
        *("outages", "recalled-devices", "device-events"),
        *("configuration-lines", "configuration-gaps", "purchases", "prices"),
        *("bookings", "waiting-list", "tour-places", "charges"),
    ]


def test_a_table_is_declared_once():
    with pytest.raises(ValueError, match="twice"):
        register(find("diseases"))


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.name)
def test_no_header_means_two_columns_in_any_language(table):
    meaning = {}
    for column in table.columns:
        for title in column.titles():
            assert meaning.setdefault(title, column.name) == column.name, title


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.name)
def test_keys_and_titles_are_columns(table):
    """What is brought in is known by what comes in; what only goes out by what it shows."""
    names = {column.name for column in (table.incoming if table.keepers else table.columns)}
    assert {*table.key, *table.titled} <= names


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.name)
def test_examples_can_be_read(table):
    for column in table.incoming:
        assert not column.example or column.kind.read(column.example) is not None


def test_the_example_row_is_known_in_every_language():
    assert len(example_marks()) >= 1
    assert "example:" in example_marks()


def test_a_filter_that_the_list_does_not_know_is_refused(rf):
    with pytest.raises(BadFilter):
        filtered(InstitutionFilter, Institution.objects.all(), rf.get("/?tier=provincial"))
