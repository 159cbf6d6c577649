"""Pages of rows that were read as a whole."""

import pytest
from django.test import RequestFactory

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
