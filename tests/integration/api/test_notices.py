"""Notices as other systems read them."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from alliance.notices.choices import NoticeKind
from alliance.notices.models import Notice

LIST = "api:notice-list"


def _notice(user, **more):
    return Notice.objects.create(
        user=user,
        kind=NoticeKind.SYSTEM,
        text_key="test.gone",
        dedupe=uuid.uuid4().hex,
        **more,
    )


@pytest.fixture
def notice(township):
    return _notice(township.account, url="/referrals/")


def test_one_reads_ones_own_newest_first(township, county, notice):
    newer = _notice(township.account)
    _notice(county.account)
    rows = township.get(reverse(LIST)).json()["results"]
    assert [row["id"] for row in rows] == [str(newer.public_id), str(notice.public_id)]
    assert rows[1]["url"] == "/referrals/"
    assert (rows[1]["title"], rows[1]["body"]) == (str(NoticeKind.SYSTEM.label), "")


def test_reading_one_is_marked_once(township, notice):
    path = reverse("api:notice-read", args=[notice.public_id])
    first = township.post(path)
    assert (first.status_code, first.json()["read_at"] is not None) == (200, True)
    assert township.post(path).json()["read_at"] == first.json()["read_at"]
    assert township.get(reverse(LIST), {"unread": "true"}).json()["results"] == []
    assert len(township.get(reverse(LIST), {"unread": "false"}).json()["results"]) == 1
    assert len(township.get(reverse(LIST), {"kind": "system"}).json()["results"]) == 1


def test_anothers_notice_does_not_exist(county, stranger, notice):
    path = reverse("api:notice-read", args=[notice.public_id])
    assert county.post(path).status_code == 404
    assert county.get(reverse("api:notice-detail", args=[notice.public_id])).status_code == 404
    assert stranger.post(path).status_code == 401
    notice.refresh_from_db()
    assert notice.read_at is None


def test_a_list_costs_the_same_with_one_row_and_with_twenty(township, notice):
    township.get(reverse(LIST))

    def cost():
        with CaptureQueriesContext(connection) as queries:
            township.get(reverse(LIST))
        return len(queries)

    few = cost()
    for _ in range(19):
        _notice(township.account)
    assert cost() == few <= 6
