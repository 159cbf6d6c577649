"""Pages of rows that were read as a whole, and their order."""

import pytest
from django.test import RequestFactory

from alliance.core import columns
from alliance.core.listing import sliced

ROWS = list(range(120))


@pytest.mark.parametrize(
    ("cursor", "first", "previous", "following"),
    [
        ("", 0, "", "?grade=basic&cursor=50"),
        ("50", 50, "?grade=basic&cursor=0", "?grade=basic&cursor=100"),
        ("100", 100, "?grade=basic&cursor=50", ""),
        ("20", 20, "?grade=basic&cursor=0", "?grade=basic&cursor=70"),
        # Nobody stands there: from the beginning.
        ("120", 0, "", "?grade=basic&cursor=50"),
        ("-1", 0, "", "?grade=basic&cursor=50"),
        ("²", 0, "", "?grade=basic&cursor=50"),
        ("9" * 5000, 0, "", "?grade=basic&cursor=50"),
    ],
)
def test_a_page_of_a_whole_keeps_the_filters(cursor, first, previous, following):
    request = RequestFactory().get("/", {"grade": "basic", "cursor": cursor})
    page = sliced(request, ROWS)
    assert page.rows == ROWS[first : first + 50]
    assert (page.previous_url, page.next_url) == (previous, following)


def test_no_rows_make_one_page():
    page = sliced(RequestFactory().get("/"), [])
    assert (page.rows, page.previous_url, page.next_url) == ([], "", "")


HEADERS = ["Device", {"label": "Hours", "num": True}, {"label": "Sum", "num": True, "sort": False}]
CELLS = [["中", {"text": "2", "value": 2}, "1+1"], ["阿", "never", ""], ["白", 10, "5+5"]]


@pytest.mark.parametrize(
    ("by", "first"),
    [
        ("", "中阿白"), ("0", "阿白中"), ("-0", "中白阿"), ("1", "中白阿"), ("-1", "白中阿"),
        ("2", "中阿白"), ("7", "中阿白"), ("x", "中阿白"), ("²", "中阿白"),
    ],
)  # fmt: skip
def test_rows_stand_in_the_order_of_a_column_and_words_among_numbers_last(by, first):
    assert "".join(row[0] for row in columns.ordered(HEADERS, CELLS, by)) == first


@pytest.mark.parametrize(
    ("by", "order", "following"),
    [
        ("", [None, None, None], ["0", "-1", None]),
        ("0", ["ascending", None, None], ["-0", "-1", None]),
        ("-0", ["descending", None, None], ["0", "-1", None]),
        ("-1", [None, "descending", None], ["0", "1", None]),
        ("1", [None, "ascending", None], ["0", "-1", None]),
    ],
)
def test_headers_say_how_rows_stand_and_what_each_asks_for_next(by, order, following):
    found = columns.headed(HEADERS, by)
    assert [one.get("order") for one in found] == order
    assert [one.get("by") for one in found] == following
