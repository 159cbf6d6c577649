"""Pages of notices: one's own, read by opening, never kept alive by the bell."""

import pytest
from django.urls import reverse

from alliance.notices import actions, selectors, texts
from alliance.notices.choices import EMAIL_BY_DEFAULT
from alliance.notices.models import Notice

NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(autouse=True)
def registry(monkeypatch):
    monkeypatch.setitem(texts._texts, "test.moved", ("%(number)s moved", "on its way"))


@pytest.fixture
def notice(world):
    return tell(world.liaison)


def tell(user, *, number="R-1", url="/people/profile/", kind="referral_news"):
    actions.notify(
        user_ids=[user.pk], kind=kind, text_key="test.moved", values={"number": number},
        url=url, dedupe=number,
    )  # fmt: skip
    return Notice.objects.get(user=user, dedupe=number)


DOORS = [
    ("list", "get", 200),
    ("bell", "get", 200),
    ("read_all", "post", 302),
    ("preferences", "get", 200),
    ("open", "get", 302),
    ("read", "post", 302),
]


def address(route, notice):
    args = [notice.public_id] if route in {"open", "read"} else []
    return reverse(f"notices:{route}", args=args)


def test_every_route_has_a_door():
    from alliance.notices.urls import urlpatterns

    assert {pattern.name for pattern in urlpatterns} == {route for route, *_rest in DOORS}


@pytest.mark.parametrize(("route", "method", "status"), DOORS)
def test_door_is_for_the_reader(browser_of, client, world, notice, route, method, status):
    strange = getattr(client, method)(address(route, notice))
    assert strange.status_code == 302
    assert strange.url.startswith(reverse("account_login"))
    assert getattr(browser_of(world.liaison), method)(address(route, notice)).status_code == status
    other = getattr(browser_of(world.doctor), method)(address(route, notice))
    assert other.status_code == (404 if route in {"open", "read"} else status)


def test_what_is_not_there_is_404(browser_of, world):
    assert browser_of(world.doctor).get(reverse("notices:open", args=[NOBODY])).status_code == 404


def test_list_shows_what_waits_and_on_request_everything(browser_of, world, notice):
    tell(world.liaison, number="R-2")
    actions.mark_read(notice=notice, by=world.liaison)
    browser = browser_of(world.liaison)
    waiting = browser.get(reverse("notices:list"))
    assert [row["title"] for row in waiting.context["rows"]] == ["R-2 moved"]
    assert waiting.context["tabs"][0]["badge"] == 1
    everything = browser.get(reverse("notices:list") + "?show=all")
    assert [row["title"] for row in everything.context["rows"]] == ["R-2 moved", "R-1 moved"]
    assert "on its way" in everything.content.decode()


def test_list_filters_by_kind_and_pages(browser_of, world, monkeypatch):
    monkeypatch.setattr(
        "alliance.core.listing.listing.__kwdefaults__", {"size": 2, "branches": None}
    )
    for number in range(5):
        tell(world.liaison, number=f"R-{number}", kind="system" if number % 2 else "account")
    browser = browser_of(world.liaison)
    here = reverse("notices:list")
    assert len(browser.get(here + "?kind=system").context["rows"]) == 2
    first = browser.get(here).context["listing"]
    second = browser.get(here + first.next_url).context["listing"]
    assert {row.pk for row in first.rows}.isdisjoint(row.pk for row in second.rows)


def test_empty_lists_say_so(browser_of, world, notice):
    browser = browser_of(world.liaison)
    browser.post(reverse("notices:read_all"))
    assert "All read" in browser.get(reverse("notices:list")).content.decode()
    fresh = browser_of(world.doctor).get(reverse("notices:list") + "?show=all")
    assert "Nothing has happened yet" in fresh.content.decode()


def test_opening_marks_as_read_and_goes_where_it_points(browser_of, world, notice):
    answer = browser_of(world.liaison).get(reverse("notices:open", args=[notice.public_id]))
    assert answer.url == "/people/profile/"
    notice.refresh_from_db()
    assert not notice.is_unread


@pytest.mark.parametrize("target", ["", "https://evil.example/", "//evil.example", "javascript:x"])
def test_opening_never_leads_away(browser_of, world, target):
    notice = tell(world.liaison, url=target)
    answer = browser_of(world.liaison).get(reverse("notices:open", args=[notice.public_id]))
    assert answer.url == reverse("notices:list")


def test_marking_one_as_read_by_htmx_answers_with_nothing(browser_of, world, notice):
    browser = browser_of(world.liaison)
    url = reverse("notices:read", args=[notice.public_id])
    answer = browser.post(url, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content) == (200, b"")
    assert selectors.unread_count(world.liaison) == 0


def test_the_bell_counts_to_ninety_nine(browser_of, world, notice):
    browser = browser_of(world.liaison)
    bell = reverse("notices:bell")
    assert ">1<" in browser.get(bell).content.decode()
    Notice.objects.bulk_create(
        Notice(user=world.liaison, kind="system", text_key="x", dedupe=f"n{n}") for n in range(120)
    )
    assert "99+" in browser.get(bell).content.decode()
    assert browser.get(reverse("notices:list")).context["tabs"][0]["badge"] == "99+"


def test_preferences_are_kept_even_when_nothing_is_wanted(browser_of, world):
    browser = browser_of(world.liaison)
    here = reverse("notices:preferences")
    assert browser.get(here).content.decode().count(" checked") == len(EMAIL_BY_DEFAULT)
    assert browser.post(here, {"wanted": ["account", "system"]}).url == here
    assert selectors.wanted_kinds(world.liaison) == {"account", "system"}
    browser.post(here, {})
    assert selectors.wanted_kinds(world.liaison) == set()
    assert browser.post(here, {"wanted": ["gossip"]}).status_code == 422


def test_preferences_say_that_there_is_no_address(browser_of, world):
    type(world.liaison).objects.filter(pk=world.liaison.pk).update(email="")
    page = browser_of(world.liaison).get(reverse("notices:preferences")).content.decode()
    assert "no e-mail address" in page


def test_list_costs_the_same_for_one_and_for_twenty(
    browser_of, world, notice, django_assert_max_num_queries
):
    browser = browser_of(world.liaison)
    browser.get(reverse("notices:list"))
    with django_assert_max_num_queries(100) as few:
        browser.get(reverse("notices:list"))
    for number in range(20):
        tell(world.liaison, number=f"N-{number}")
    with django_assert_max_num_queries(len(few.captured_queries)):
        browser.get(reverse("notices:list"))
