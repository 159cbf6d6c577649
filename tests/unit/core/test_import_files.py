"""Files as people send them: well-made, odd, damaged and hostile."""

import io
from datetime import date, datetime, time

import pytest
from django.core.files.base import ContentFile
from hypothesis import given
from hypothesis import strategies as st

from alliance.core.exchange import sources
from alliance.core.exchange.files import Fault, FileRefused, Limits, Number
from tests.factories.files import csv_file, raw_xlsx, rewritten, xlsx_file

LIMITS = Limits(max_bytes=1_000_000, max_unpacked=5_000_000, max_rows=1000)
SHEET = "xl/worksheets/sheet1.xml"


def read(file, limits=LIMITS):
    return [(line.number, line.cells) for line in sources.read(file, limits)]


def inspect(file, limits=LIMITS):
    sources.inspect(file, size=file.size, limits=limits)


def refusal(call, *args):
    with pytest.raises(FileRefused) as refused:
        call(*args)
    return str(refused.value.message)


# --- text ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_in_every_encoding_and_with_every_separator(encoding, delimiter):
    file = csv_file(["编码", "名称"], ["0301", "普外科"], encoding=encoding, delimiter=delimiter)
    inspect(file)
    assert read(file) == [(1, ["编码", "名称"]), (2, ["0301", "普外科"])]


def test_text_counts_rows_as_a_spreadsheet_does():
    file = ContentFile(b'code,name\n\n0301,"two\nlines"\n,\n0302,last\n')
    assert read(file) == [
        (1, ["code", "name"]),
        (3, ["0301", "two\nlines"]),
        (5, ["0302", "last"]),
    ]


def test_text_leaves_the_file_open_for_who_reads_next():
    file = csv_file(["code"], ["1"])
    read(file)
    assert read(file)


def test_text_takes_back_what_the_export_put_before_a_formula():
    assert read(csv_file(["code"], ["'=1+1"], ["'+86 10"], ["'quoted'"]))[1:] == [
        (2, ["=1+1"]),
        (3, ["+86 10"]),
        (4, ["'quoted'"]),
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"code,name\n\xff\xff\xff\xfe,x\n",
        b"code\x00name\n",
        b"\xff\xfe\x00",
        "编码\n".encode()[:-2] + b"\n",
    ],
    ids=["no encoding", "null bytes", "half a character", "cut off"],
)
def test_text_that_cannot_be_read(content):
    assert "cannot be read" in refusal(inspect, ContentFile(content))


def test_text_with_a_quotation_mark_too_few_names_the_line():
    with pytest.raises(FileRefused, match="quotation marks") as refused:
        read(ContentFile(b'code,name\n1,one\n2,"two\n'))
    assert refused.value.line == 3


def test_text_with_endless_columns_is_no_table():
    assert "not a table" in refusal(read, ContentFile(b"x," * 300))


# --- workbooks ----------------------------------------------------------------------------------


def test_workbook_cells_become_text():
    file = xlsx_file(
        ["text", "number", "decimal", "date", "moment", "clock", "yes", "empty"],
        [
            "0301",
            301,
            47.01,
            date(2026, 3, 1),
            datetime.combine(date(2026, 3, 1), time(8, 30)),
            time(8),
            True,
            None,
        ],
    )
    inspect(file)
    (_head, (number, cells)) = read(file)
    assert number == 2
    assert cells == [
        "0301",
        "301",
        "47.01",
        "2026-03-01",
        "2026-03-01T08:30:00",
        "08:00:00",
        "1",
        "",
    ]
    assert isinstance(cells[1], Number)
    assert not isinstance(cells[0], Number)


@pytest.mark.parametrize(
    ("value", "shown_as", "text"),
    [(301, "0000", "0301"), (47.01, "00.0000", "47.0100"), (3, "00", "03"), (7, "0", "7")],
)
def test_workbook_number_with_a_format_of_zeros_reads_as_it_shows(value, shown_as, text):
    def dress(sheet):
        sheet["A2"].number_format = shown_as

    assert read(xlsx_file(["code"], [value], dress=dress))[1] == (2, [text])


def test_workbook_number_that_excel_has_rounded_is_a_fault():
    ((_one, _head), (_two, cells)) = read(xlsx_file(["code"], [123456789012345678]))
    assert isinstance(cells[0], Fault)
    assert "rounded" in cells[0].message


def test_workbook_formula_is_read_by_its_result():
    made = xlsx_file(["code"], ["=1+2"])
    file = rewritten(
        made,
        {SHEET: lambda xml: xml.replace(b"<v></v>", b"<v>3</v>").replace(b"<v />", b"<v>3</v>")},
    )
    assert read(file)[1] == (2, ["3"])


def test_workbook_formula_without_a_result_is_a_fault():
    ((_one, _head), (_two, cells)) = read(xlsx_file(["code", "name"], ["=1+2", "x"]))
    assert cells[1] == "x"
    assert "formula" in cells[0].message


def test_workbook_error_of_excel_is_a_fault():
    def dress(sheet):
        sheet["A2"].value = "#N/A"
        sheet["A2"].data_type = "e"

    ((_one, _head), (_two, cells)) = read(xlsx_file(["code"], ["x"], dress=dress))
    assert "#N/A" in cells[0].message


def test_workbook_rows_keep_their_numbers_across_gaps():
    def dress(sheet):
        sheet["A9"] = "last"

    assert [number for number, _cells in read(xlsx_file(["code"], ["1"], dress=dress))] == [1, 2, 9]


def test_workbook_reads_the_columns_of_its_header_only():
    def dress(sheet):
        sheet["ZZ2"] = "far away"

    assert read(xlsx_file(["code", "name"], ["1", "one"], dress=dress))[1] == (2, ["1", "one"])


def test_workbook_does_not_believe_the_size_a_sheet_claims():
    file = rewritten(
        xlsx_file(["code"], ["1"]),
        {SHEET: lambda xml: xml.replace(b'ref="A1:A2"', b'ref="A1:XFD1048576"')},
    )
    assert read(file) == [(1, ["code"]), (2, ["1"])]


def test_workbook_with_endless_columns_is_no_table():
    assert "not a table" in refusal(read, xlsx_file(["x"] * 300))


def test_workbook_that_unpacks_to_too_much_is_refused_unread():
    bomb = raw_xlsx({"xl/workbook.xml": "<x/>", SHEET: b"0" * 6_000_000})
    assert bomb.size < 50_000
    assert "unpacks to too much" in refusal(inspect, bomb)
    assert "unpacks to too much" in refusal(read, bomb)


def test_workbook_with_thousands_of_parts_is_refused():
    parts = {"xl/workbook.xml": "<x/>", **{f"{number}.xml": "" for number in range(2100)}}
    assert "unpacks to too much" in refusal(inspect, raw_xlsx(parts))


def test_workbook_with_entities_is_refused():
    evil = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>'
    file = rewritten(xlsx_file(["code"], ["1"]), {SHEET: lambda xml: evil + xml})
    assert "unsafe" in refusal(inspect, file)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\xd0\xcf\x11\xe0 old excel", "old or has a password"),
        (b"PK\x03\x04 not a zip after all", "damaged"),
    ],
)
def test_file_that_is_no_table(content, words):
    assert words in refusal(inspect, ContentFile(content))


def test_zip_that_is_no_workbook():
    assert "not an Excel workbook" in refusal(inspect, raw_xlsx({"word/document.xml": "<x/>"}))


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"])
def test_workbook_with_a_broken_part(part):
    file = rewritten(xlsx_file(["code"], ["1"]), {part: lambda xml: xml[: len(xml) // 2]})
    assert "damaged" in refusal(read, file)


def test_workbook_cut_off():
    whole = xlsx_file(["code"], ["1"]).read()
    assert "damaged" in refusal(inspect, ContentFile(whole[: len(whole) // 2]))


# --- limits ------------------------------------------------------------------------------------


def test_file_larger_than_policy():
    small = Limits(max_bytes=10, max_unpacked=10, max_rows=10)
    assert "larger than" in refusal(inspect, csv_file(["code"], ["123456789"]), small)


@pytest.mark.parametrize("make", [csv_file, xlsx_file])
def test_more_rows_than_policy(make):
    few = Limits(max_bytes=10**6, max_unpacked=10**7, max_rows=2)
    assert len(read(make(["code"], ["1"], ["2"]), few)) == 3
    assert "more than 2 rows" in refusal(read, make(["code"], ["1"], ["2"], ["3"]), few)


@pytest.mark.parametrize("make", [csv_file, xlsx_file])
def test_header_alone_and_nothing_at_all(make):
    assert "no rows below" in refusal(read, make(["code"]))
    assert "empty" in refusal(read, make([""], ["  "]))


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(content):
    try:
        inspect(ContentFile(content))
        read(ContentFile(content))
    except FileRefused as refused:
        assert refused.message


@pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")  # it says what it cannot make out
@given(st.data())
def test_no_damage_breaks_the_reader(data):
    content = bytearray(_SAMPLE)
    for _change in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        read(ContentFile(bytes(content)))
    except FileRefused as refused:
        assert refused.message


_SAMPLE = xlsx_file(
    ["code", "name", "on"], ["0301", 5, date(2026, 3, 1)], ["=1+1", None, "x"]
).read()


def test_streams_are_enough():
    assert list(sources.read(io.BytesIO(b"code\n1\n"), LIMITS))[1].cells == ["1"]
