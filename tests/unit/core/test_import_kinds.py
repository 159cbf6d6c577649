"""Text from a file becomes a value, and a value a cell that is read back the same."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.files.base import ContentFile
from django.utils import translation
from django.utils.timezone import make_aware
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from alliance.core import days
from alliance.core.exchange import sources
from alliance.core.exchange.files import Limits
from alliance.core.exchange.guard import guard, unguard
from alliance.core.exchange.kinds import (
    Choice,
    Code,
    Day,
    Email,
    Kind,
    Many,
    Measure,
    Moment,
    Text,
    Unreadable,
    Whole,
    YesNo,
)
from alliance.core.exchange.sheets import table_sheet
from alliance.core.exchange.spec import Column
from alliance.core.identifiers import normalise_uscc
from alliance.institutions.choices import Grade, Tier


def wide(text):
    """As typed with a Chinese keyboard: full-width forms."""
    return "".join(chr(ord(character) + 0xFEE0) for character in text)


printable = st.text(st.characters(exclude_categories=["Cc", "Cs"])).map(str.strip).filter(bool)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Text(20), "  急性阑尾炎 ", "急性阑尾炎"),
        (Text(20), "line one\nline two", "line one line two"),
        (Code(20), " 47.0100 x001", "47.0100x001"),
        (Code(20), wide("K35.8"), "K35.8"),
        (Code(18, normalise=normalise_uscc), "91330106ma2b1c2d3e", "91330106MA2B1C2D3E"),
        (Email(254), " li@hospital.example ", "li@hospital.example"),
        (Whole(minimum=0, maximum=9999), "1,200", 1200),
        (Whole(minimum=0, maximum=9999), "30.0", 30),
        (Whole(minimum=0, maximum=9999), wide("30"), 30),
        (Day(), "2026-03-01", date(2026, 3, 1)),
        (Day(), "2026/3/1", date(2026, 3, 1)),
        (Day(), "2026.3.1", date(2026, 3, 1)),
        (Day(), "2026年3月1日", date(2026, 3, 1)),
        (Day(), "20260301", date(2026, 3, 1)),
        (Day(), "2026-03-01 00:00:00", date(2026, 3, 1)),
        (Moment(), "2026-03-01 14:30", datetime(2026, 3, 1, 6, 30, tzinfo=UTC)),
        (Moment(), "2026-03-01T14:30:00", datetime(2026, 3, 1, 6, 30, tzinfo=UTC)),
        (Moment(), "2026/3/1 14：30", datetime(2026, 3, 1, 6, 30, tzinfo=UTC)),
        (Moment(), "2026年3月1日14时30分", datetime(2026, 3, 1, 6, 30, tzinfo=UTC)),
        (Measure(maximum=100), " 48.50", Decimal("48.5")),
        (Measure(maximum=100), wide("48.25"), Decimal("48.25")),
        (YesNo(), "是", True),
        (YesNo(), "√", True),
        (YesNo(), "NO", False),
        (YesNo(), "0", False),
        (Choice(Tier), "township", "township"),
        (Choice(Tier), "Township  Hospital", "township"),
        (Choice(Grade, empty=None), "9", 9),
        (Choice(Grade, empty=None), "Level three, A", 9),
        (Many(Code(12)), "04.01；03.03, 04.01", ("04.01", "03.03")),
    ],
)
def test_read(kind, text, value):
    assert kind.read(text) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Text(3), "four"),
        (Text(30), "bell\x07"),
        (Text(30), "null\x00"),
        (Email(254), "nobody"),
        (Whole(minimum=0, maximum=9), "10"),
        (Whole(minimum=0, maximum=9), "-1"),
        (Whole(minimum=0, maximum=9), "3.5"),
        (Whole(minimum=0, maximum=9), "many"),
        (Day(), "2026-02-30"),
        (Day(), "46082"),
        (Day(), "1/3/2026"),
        (Day(), "2026-03"),
        (Day(), "0202-03-01"),
        (Day(), "9999-12-31"),
        (Moment(), "0001-01-01 00:00"),
        (Moment(), "9999-12-31 23:59"),
        (YesNo(), "maybe"),
        (Choice(Tier), "provincial"),
    ],
)
def test_read_refuses(kind, text):
    with pytest.raises(Unreadable) as refused:
        kind.read(text)
    assert str(refused.value.message)


def test_choice_refusal_names_what_may_be_written():
    with pytest.raises(Unreadable, match="Village clinic"):
        Choice(Tier).read("clinic")


def test_choice_understands_labels_of_every_language():
    with translation.override("zh-hans"):
        label = str(Tier.COUNTY.label)
    assert Choice(Tier).read(label) == Tier.COUNTY


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        (Text(9), None, ""),
        (Whole(minimum=0, maximum=9), None, None),
        (Whole(minimum=0, maximum=9), 0, 0),
        (Day(), None, None),
        (Moment(), None, None),
        (Measure(maximum=100), None, None),
        (Measure(maximum=100), Decimal("48.50"), Decimal("48.5")),
        (Measure(maximum=100), Decimal("50.00"), Decimal(50)),
        (Choice(Tier), "", ""),
        (Choice(Grade), None, ""),
        (Many(Text(9)), ["a", "b"], "a; b"),
        (Many(Text(9)), None, ""),
    ],
)
def test_show(kind, value, shown):
    assert kind.show(value) == shown


@pytest.mark.parametrize(
    "kind",
    [
        Text(9),
        Code(9),
        Email(9),
        Whole(minimum=1, maximum=2),
        Day(),
        YesNo(),
        Choice(Tier),
        Many(Text(9)),
    ],
    ids=lambda kind: type(kind).__name__,
)
def test_every_kind_says_what_may_be_written(kind):
    assert kind.note()


def test_a_kind_must_say_how_it_reads():
    with pytest.raises(NotImplementedError):
        Kind().read("x")
    assert Kind().note() == ""


@given(printable.filter(lambda text: len(text) <= 200))
def test_text_survives_export_and_import(text):
    kind = Text(200)
    assert kind.read(unguard(guard(kind.show(text)))) == kind.read(text)


@given(printable)
def test_guarded_text_never_begins_a_formula(text):
    assert guard(text)[0] not in "=+-@"
    assert unguard(guard(text)) == text


@given(st.integers(min_value=-(10**9), max_value=10**9))
def test_whole_numbers_survive(number):
    kind = Whole(minimum=-(10**9), maximum=10**9)
    assert kind.read(str(kind.show(number))) == number


@given(st.dates(days.FIRST, days.LAST))
def test_dates_survive(day):
    assert Day().read(Day().show(day).isoformat()) == day


@pytest.mark.parametrize("hour", [0, 14])
def test_moments_go_out_as_what_excel_counts_with_and_come_back(hour):
    """To the minute, in local time, midnight too, in a column that is wide enough to show it."""
    moment = make_aware(datetime(2026, 3, 1, hour, 30 if hour else 0, 12))  # noqa: DTZ001
    table = SimpleNamespace(label="T", columns=[Column("moment", "At", Moment())])
    with table_sheet(table, [SimpleNamespace(moment=moment)]) as made:
        file = ContentFile(made.read())
    sheet = load_workbook(file).active
    assert sheet["A2"].is_date
    assert sheet["A2"].number_format == "yyyy-mm-dd hh:mm"
    assert sheet.column_dimensions["A"].width > len("2026-03-01 14:30")
    limits = Limits(max_bytes=100_000, max_unpacked=500_000, max_rows=9)
    (_head, line) = sources.read(file, limits)
    assert Moment().read(line.cells[0]) == moment.replace(second=0)


@given(st.booleans(), st.sampled_from(["en", "zh-hans"]))
def test_yes_and_no_survive_in_every_language(value, language):
    with translation.override(language):
        assert YesNo().read(YesNo().show(value)) is value


@given(st.sampled_from(Tier), st.sampled_from(["en", "zh-hans"]))
def test_choices_survive_in_every_language(tier, language):
    with translation.override(language):
        assert Choice(Tier).read(Choice(Tier).show(tier)) == tier


@given(st.text(max_size=40))
def test_no_text_breaks_a_kind(text):
    for kind in (
        Text(30),
        Code(30),
        Email(30),
        Whole(minimum=0, maximum=9),
        Day(),
        YesNo(),
        Choice(Tier),
    ):
        try:
            kind.read(text)
        except Unreadable as refused:
            assert refused.message
