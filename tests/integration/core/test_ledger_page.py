"""The ledger on its page: for auditors alone, filtered by ranges of indexes."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from alliance.core import ledger, selectors
from alliance.core.models import AuditEntry

HERE = "/ledger/"


@pytest.fixture
def audit(browser_of, world):
    Authenticator.objects.create(user=world.auditor, type="totp", data={})
    return browser_of(world.auditor)


@pytest.fixture
def lines(world):
    ledger.record(
        "test.seen", by=world.doctor, subject=world.county, institution_id=world.county.pk
    )
    ledger.record("test.done", by=world.liaison, subject=world.township, reason="why")
    ledger.record("test.done", by=None, subject=world.township)
    return list(AuditEntry.objects.order_by("id"))


def acts(page):
    return [row["entry"].action for row in page.context["rows"]]


@pytest.mark.parametrize(
    "who", ["doctor", "manager", "office", "system_admin", "security_admin", "outsider"]
)
def test_only_auditors_read_it(browser_of, world, who):
    user = getattr(world, who)
    Authenticator.objects.create(user=user, type="totp", data={})
    assert browser_of(user).get(HERE).status_code == 403
    assert not AuditEntry.objects.visible_to(user).exists()


def test_strangers_sign_in_first(client, db):
    assert client.get(HERE).url.startswith(reverse("account_login"))


def test_the_newest_line_comes_first_with_its_seal(audit, lines):
    ledger.seal(limit=1)
    page = audit.get(HERE)
    assert acts(page)[:3] == ["test.done", "test.done", "test.seen"]
    assert [row["position"] for row in page.context["rows"]][-3:] == [None, None, 1]
    assert page.context["head"].position == 1
    text = page.content.decode()
    assert ledger.head().digest.hex() in text
    assert "2 lines wait for their seal" in text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"action": "test.seen"}, 1),
        ({"subject_type": "institutions.Institution"}, 3),
        ({"since": "tomorrow"}, 0),
        ({"until": "yesterday"}, 0),
        ({"since": "today", "until": "today"}, 3),
        ({"until": "9999-12-31"}, 3),
        ({"actor": "doctor"}, 1),
        ({"actor": "nobody at all"}, 0),
    ],
)
def test_filters(audit, lines, world, query, expected):
    today = timezone.localdate()
    days = {"today": today, "tomorrow": today + timedelta(1), "yesterday": today - timedelta(1)}
    query = {name: str(days.get(value, value)) for name, value in query.items()}
    if query.get("actor") == "doctor":
        query["actor"] = world.doctor.username
    page = audit.get(HERE, query)
    assert len([act for act in acts(page) if act.startswith("test.")]) == expected


def test_filters_by_thing(audit, lines, world):
    query = {"subject_type": "institutions.Institution", "subject_id": world.township.public_id}
    assert acts(audit.get(HERE, query)) == ["test.done", "test.done"]


def test_empty_says_so(audit, lines):
    assert "No line fits" in audit.get(HERE, {"actor": "nobody"}).content.decode()


def test_acts_and_kinds_are_found_by_probing_the_index(lines):
    assert selectors.ledger_actions() == ["test.done", "test.seen"]
    assert selectors.ledger_kinds() == ["institutions.Institution"]


def test_a_kind_that_is_gone_keeps_its_name(audit, lines, world):
    AuditEntry.objects.create(action="test.old", subject_type="gone.Thing", subject_id="1")
    assert "gone.Thing" in audit.get(HERE).content.decode()


def test_pages_follow_each_other(audit, world, monkeypatch):
    monkeypatch.setattr(
        "alliance.core.listing.listing.__kwdefaults__", {"size": 2, "branches": None}
    )
    for _line in range(5):
        ledger.record("test.seen", by=None, subject=world.county)
    first = audit.get(HERE + "?action=test.seen").context["listing"]
    second = audit.get(HERE + first.next_url).context["listing"]
    assert {row.pk for row in first.rows}.isdisjoint(row.pk for row in second.rows)


def test_it_costs_the_same_for_one_line_and_for_fifty(audit, world, django_assert_max_num_queries):
    ledger.record(
        "test.seen", by=world.doctor, subject=world.county, institution_id=world.county.pk
    )
    audit.get(HERE)
    with django_assert_max_num_queries(100) as few:
        audit.get(HERE)
    for _line in range(50):
        ledger.record("test.seen", by=world.liaison, subject=world.township)
    with django_assert_max_num_queries(len(few.captured_queries)):
        audit.get(HERE)


@pytest.mark.parametrize("filters", [{}, {"action": "x"}, {"actor_id": 1}, {"subject_type": "x"}])
def test_every_filter_reads_a_range_of_an_index(db, filters):
    rows = AuditEntry.objects.filter(**filters).order_by("-at", "-pk")[:50]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
    plan = rows.explain()
    assert "Index" in plan
    assert "Seq Scan" not in plan
