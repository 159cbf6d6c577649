"""Pages by keyset: whole, in order, from either end, and deaf to forged cursors."""

import base64
import json
from datetime import date, timedelta

import pytest
from django.db.models import CharField, F, Value
from django.db.models.functions import Concat
from django.utils import timezone

from alliance.core import keyset
from alliance.core.errors import BadCursor
from alliance.core.models import OutboxMessage, PolicySetting
from alliance.people.models import User
from qc.models import Finding
from tests.factories import alliance as make


def _walk(branches, into, ordering, size=3, way="next"):
    """All rows page by page, as a reader would go; with `way` back from the last page."""
    cursor, seen = None, []
    while True:
        page = keyset.paginate(branches, into=into, ordering=ordering, cursor=cursor, size=size)
        seen.append([row.pk for row in page.rows])
        cursor = getattr(page, way)
        if cursor is None:
            return seen


@pytest.fixture
def messages(db):
    """Ten rows in five moments, so that ties need the primary key."""
    base = timezone.now().replace(microsecond=123456)
    rows = [OutboxMessage.objects.create(topic=f"t{n % 3}") for n in range(10)]
    for n, row in enumerate(rows):
        OutboxMessage.objects.filter(pk=row.pk).update(created_at=base + timedelta(minutes=n // 2))
    return OutboxMessage.objects.all()


@pytest.mark.parametrize("ordering", ["created_at", "-created_at", "id", "-id", "topic", "-topic"])
def test_paginate_visits_each_row_once_in_order(messages, ordering):
    sign = "-" if ordering.startswith("-") else ""
    expected = list(messages.order_by(ordering, f"{sign}pk").values_list("pk", flat=True))
    pages = _walk([messages], messages, ordering)
    assert [pk for page in pages for pk in page] == expected
    assert [len(page) for page in pages] == [3, 3, 3, 1]


def test_paginate_goes_back_the_way_it_came(messages):
    first = keyset.paginate([messages], into=messages, ordering="-id", cursor=None, size=4)
    second = keyset.paginate([messages], into=messages, ordering="-id", cursor=first.next, size=4)
    back = keyset.paginate(
        [messages], into=messages, ordering="-id", cursor=second.previous, size=4
    )
    assert first.previous is None
    assert [row.pk for row in back.rows] == [row.pk for row in first.rows]
    assert back.next is not None
    assert back.previous is None


def test_paginate_merges_overlapping_branches_without_doubles(messages):
    branches = [messages.filter(topic__in=["t0", "t1"]), messages.filter(topic__in=["t1", "t2"])]
    pages = _walk(branches, messages, "-created_at")
    expected = list(messages.order_by("-created_at", "-pk").values_list("pk", flat=True))
    assert [pk for page in pages for pk in page] == expected


def test_paginate_orders_texts_across_branches_as_the_database_does(messages):
    branches = [messages.filter(topic="t0"), messages.exclude(topic="t0")]
    pages = _walk(branches, messages, "topic")
    expected = list(messages.order_by("topic", "pk").values_list("pk", flat=True))
    assert [pk for page in pages for pk in page] == expected


def test_paginate_orders_by_an_annotation(messages):
    ranked = messages.annotate(place=Concat(Value("x"), F("topic"), output_field=CharField()))
    pages = _walk([ranked], ranked, "place")
    expected = list(messages.order_by("topic", "pk").values_list("pk", flat=True))
    assert [pk for page in pages for pk in page] == expected


def test_paginate_orders_by_a_date(db):
    alliance = make.AllianceFactory()
    rows = [
        PolicySetting.objects.create(
            alliance=alliance,
            key=f"k{n}",
            value=n,
            effective_from=date(2026, 1, 1 + n // 2),
            source="test",
        )
        for n in range(5)
    ]
    pages = _walk([PolicySetting.objects.all()], PolicySetting.objects.all(), "-effective_from", 2)
    assert [pk for page in pages for pk in page] == [row.pk for row in reversed(rows)]


def test_paginate_stays_in_place_when_rows_arrive(messages):
    first = keyset.paginate([messages], into=messages, ordering="-id", cursor=None, size=3)
    OutboxMessage.objects.create(topic="late")
    second = keyset.paginate([messages], into=messages, ordering="-id", cursor=first.next, size=3)
    assert second.rows[0].pk == first.rows[-1].pk - 1


def test_paginate_of_nothing(db):
    rows = OutboxMessage.objects.all()
    assert keyset.paginate([], into=rows, ordering="id", cursor=None, size=3).rows == []
    page = keyset.paginate([rows], into=rows, ordering="id", cursor=None, size=3)
    assert page == keyset.Page([], None, None)


def test_paginate_costs_two_queries_on_any_page(messages, django_assert_num_queries):
    first = keyset.paginate([messages], into=messages, ordering="-id", cursor=None, size=3)
    with django_assert_num_queries(2):
        keyset.paginate([messages], into=messages, ordering="-id", cursor=first.next, size=3)


def _forge(*parts):
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("ordering", "cursor"),
    [
        ("id", "nonsense"),
        ("id", "%%%"),
        ("id", "é"),
        ("id", base64.urlsafe_b64encode(b"\xff\xfe").decode()),
        ("id", base64.urlsafe_b64encode(b"[" * 50_000).decode()),
        ("id", _forge("id", 1)),
        ("id", _forge("id", 1, 2, 0, 0)),
        ("id", _forge("-id", 1, 1, 0)),
        ("id", _forge("id", "1", 1, 0)),
        ("id", _forge("id", 2**63, 1, 0)),
        ("id", _forge("id", 1, 2**63, 0)),
        ("id", _forge("id", True, 1, 0)),
        ("id", _forge("id", None, 1, 0)),
        ("id", _forge("id", 1.5, 1, 0)),
        ("id", _forge("id", [1], 1, 0)),
        ("id", _forge("id", {"a": 1}, 1, 0)),
        ("topic", _forge("topic", 5, 1, 0)),
        ("topic", _forge("topic", "a\0b", 1, 0)),
        ("topic", _forge("topic", "\ud800", 1, 0)),
        ("topic", _forge("topic", "x" * 501, 1, 0)),
        ("created_at", _forge("created_at", "2026-01-01", 1, 0)),
        ("created_at", _forge("created_at", "2026-01-01T00:00:00", 1, 0)),
        ("created_at", _forge("created_at", "2026-99-01T00:00:00Z", 1, 0)),
        ("created_at", _forge("created_at", 7, 1, 0)),
    ],
)
def test_paginate_refuses_forged_cursors(db, django_assert_num_queries, ordering, cursor):
    rows = OutboxMessage.objects.all()
    with django_assert_num_queries(0), pytest.raises(BadCursor) as refused:
        keyset.paginate([rows], into=rows, ordering=ordering, cursor=cursor, size=3)
    assert refused.value.code == "bad_cursor"


def test_paginate_refuses_a_forged_date(db):
    rows = PolicySetting.objects.all()
    for value in ("2026-01-01T00:00:00Z", "yesterday", "2026-02-31"):
        with pytest.raises(BadCursor):
            keyset.paginate(
                [rows],
                into=rows,
                ordering="effective_from",
                cursor=_forge("effective_from", value, 1, 0),
                size=3,
            )


def test_paginate_goes_on_by_a_generated_column(db):
    rows, cursor = Finding.objects.all(), keyset.Cursor("-weight", 2, 7).encode()
    assert keyset.paginate([rows], into=rows, ordering="-weight", cursor=cursor, size=3).rows == []
    forged = keyset.Cursor("-weight", "heavy", 7).encode()
    with pytest.raises(BadCursor):
        keyset.paginate([rows], into=rows, ordering="-weight", cursor=forged, size=3)


def test_paginate_orders_by_primary_key(db):
    users = [make.UserFactory() for _ in range(4)]
    pages = _walk([User.objects.all()], User.objects.all(), "-pk", 3)
    assert [pk for page in pages for pk in page] == [user.pk for user in reversed(users)]
