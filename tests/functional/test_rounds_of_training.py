"""Rounds of training: every page of its rooms, by those who open it, on a desk and in a hand."""

from urllib.parse import urlencode

import pytest

from tests.access import training
from tests.access.cast import accounts
from tests.access.things import build

from .conftest import DESK, HAND
from .hands import CHINESE, faults, too_wide, unhandy

pytestmark = pytest.mark.functional
# Who opens a page that several may open: the first of these.
ROUNDS = ["doctor", "trainer", "manager", "qc", "office"]
# These send a file, rows for a search box or a part of another page, and no page.
NO_PAGE = {
    "courses:part_file",
    "courses:hours_evidence",
    "exams:result_evidence",
    "exams:station_evidence",
    "exams:trainees",
    "logbook:lookup",
    "programmes:home",
    "programmes:matrix_export",
    "programmes:prior_evidence",
}


def pages():
    """Each page of training once, by who opens it: name of the part to its rows."""
    found = {part: {} for part in ROUNDS}
    for row in training.ROWS:
        if row.method != "get" or row.route.startswith("api:") or row.route in NO_PAGE:
            continue
        seen_by = row.answers.get(200, frozenset(ROUNDS if row.rest == 200 else []))
        part = next((one for one in ROUNDS if one in seen_by), None)
        if part:
            found[part][row.name] = row
    return found


def test_every_page_of_training_is_sound(world, enter, page):
    """One after the other, as laying the things out takes as long as looking at some of them."""
    things, who, found = build(world), accounts(world), {}
    for part, rows in pages().items():
        enter(page, who[part], CHINESE)
        assert rows, part
        for name, row in rows.items():
            page.set_viewport_size(DESK)
            answer = page.goto(f"{row.path(things)}?{urlencode(row.query(things))}")
            found[name] = faults(page) if answer.status == 200 else [answer.status]
            page.set_viewport_size(HAND)
            found[name] += too_wide(page) + unhandy(page)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
