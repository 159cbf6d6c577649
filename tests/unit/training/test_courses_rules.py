"""Rules of learning by example."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from hypothesis import given
from hypothesis import strategies as st

from training.courses import rules, videos

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("on", "yearly", "grace", "needed"),
    [
        (date(2026, 1, 30), 24, 30, 0),
        (date(2026, 1, 31), 24, 30, 0),
        (date(2026, 2, 13), 24, 30, 1),
        (date(2026, 7, 16), 24, 30, 11),
        (date(2026, 7, 17), 24, 30, 12),
        (date(2026, 12, 30), 24, 30, 23),
        (date(2026, 12, 31), 24, 30, 24),
        (date(2028, 12, 31), 24, 0, 24),
        (date(2026, 7, 17), 2, 30, 1),
        (date(2026, 12, 30), 2, 30, 1),
        (date(2026, 12, 31), 2, 300, 2),
        (date(2026, 12, 31), 0, 30, 0),
    ],
)
def test_what_is_due_grows_with_the_year(on, yearly, grace, needed):
    assert rules.needed_by(on, yearly=yearly, grace_days=grace) == needed


@given(
    st.dates(date(2020, 1, 1), date(2040, 12, 30)),
    st.integers(0, 500),
    st.integers(0, 300),
)
def test_what_is_due_never_shrinks_within_a_year_nor_exceeds_it(on, yearly, grace):
    today = rules.needed_by(on, yearly=yearly, grace_days=grace)
    last = date(on.year, 12, 31)
    assert 0 <= today <= rules.needed_by(last, yearly=yearly, grace_days=grace) == yearly
    if on < last:
        following = on + timedelta(days=1)
        assert today <= rules.needed_by(following, yearly=yearly, grace_days=grace)


def test_a_part_takes_its_share_of_time():
    assert rules.may_be_done_at(NOON, minutes=20, share_percent=50) == NOON + timedelta(minutes=10)
    assert rules.may_be_done_at(NOON, minutes=20, share_percent=0) == NOON


@pytest.mark.parametrize(
    ("minutes", "inside"), [(-61, False), (-60, True), (0, True), (150, True), (151, False)]
)
def test_check_in_opens_before_and_closes_after(minutes, inside):
    end = NOON + 2 * HOUR
    window = rules.check_in_window(NOON, end, before_minutes=60, after_minutes=30)
    assert window.holds(NOON + timedelta(minutes=minutes)) is inside


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({}, []),
        ({"starts_at": NOON}, ["starts_at"]),
        ({"ends_at": NOON + HOUR}, ["ends_at"]),
        ({"ends_at": NOON + timedelta(days=33)}, ["ends_at"]),
        ({"seats": 0}, ["seats"]),
        ({"seats": 2, "taken": 3}, ["seats"]),
        ({"seats": 3, "taken": 3}, []),
    ],
)
def test_a_session_is_to_come_in_order_and_has_seats(change, fields):
    facts = {
        "starts_at": NOON + HOUR,
        "ends_at": NOON + 2 * HOUR,
        "seats": 5,
        "taken": 0,
        "now": NOON,
    }
    assert list(rules.session_errors(**(facts | change))) == fields


@pytest.mark.parametrize(
    ("on", "hours", "fields"),
    [
        (date(2026, 3, 2), 6, []),
        (date(2026, 3, 3), 6, ["on"]),
        (date(2026, 3, 2), 0, ["hours"]),
        (date(2026, 3, 2), 100, []),
        (date(2026, 3, 2), 100.5, ["hours"]),
    ],
)
def test_claimed_hours_have_happened_and_are_credible(on, hours, fields):
    found = rules.claim_errors(on=on, hours=hours, today=date(2026, 3, 2), most=100)
    assert list(found) == fields


def test_a_video_is_told_by_its_content():
    film = ContentFile(b"\0\0\0\x18ftypmp42" + b"\0" * 40, name="录像.mov")
    assert videos.fault(film, max_bytes=100) == ""
    assert film.read(8) == b"\0\0\0\x18ftyp"
    assert "larger" in videos.fault(film, max_bytes=20)
    assert "MP4" in videos.fault(ContentFile(b"<html>", name="a.mp4"), max_bytes=100)


@pytest.mark.parametrize(
    ("name", "kept"),
    [("录像.mov", "录像.mp4"), ('a"b.mp4', "a_b.mp4"), (None, "video.mp4"), ("...", "video.mp4")],
)
def test_a_video_gets_a_name_that_says_what_it_is(name, kept):
    assert videos.safe_name(name) == kept
