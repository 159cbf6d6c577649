"""The access matrix: every route, every method, every role, in the house concerned and elsewhere.

The tables in tests/access/ say what everybody gets; here they are held against the addresses there
are, and carried out. A new view without a row fails.
"""

import inspect

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import override_settings
from django.urls import get_resolver, reverse

from alliance.core.choices import Role
from tests import worlds
from tests.access import (
    back_office,
    endpoints,
    equipment,
    people_pages,
    quality_pages,
    referral_pages,
    room_pages,
    sign_in_pages,
    things,
    training,
)
from tests.access.cast import Visitor, signed_in, visitors
from tests.access.tables import LOGIN
from tests.factories import alliance as make

# Thousands of requests, to lines that tests of their own are to reach too.
pytestmark = pytest.mark.no_cover
ROWS = [*referral_pages.ROWS, *room_pages.ROWS, *people_pages.ROWS, *endpoints.ROWS]
ROWS += [*sign_in_pages.ROWS, *quality_pages.ROWS, *training.ROWS, *equipment.ROWS]
# The back office has a table of its own.
ELSEWHERE = ("admin:",)
SIGN_IN = "/accounts/login/"
SENT_TO_SET_UP = (302, "/accounts/2fa/totp/activate/")
# Pages of ours that ask for a person: all that send a stranger to sign in, and what the API shows.
OWN_PAGES = [
    row
    for row in ROWS
    if row.expected().get("anonymous") in (LOGIN, 401)
    and not row.route.startswith(("account_", "mfa_"))
    and row.route != "people:accept_invitation"
]


def routes(patterns=None, prefix=""):
    """(name, view) of every named route."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if hasattr(pattern, "url_patterns"):
            space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from routes(pattern.url_patterns, space)
        elif pattern.name:
            yield f"{prefix}{pattern.name}", pattern.callback


def methods(view):
    """GET and POST as far as the view takes them: from its marks, its actions or its class."""
    if hasattr(view, "actions"):
        return {name for name in view.actions if name != "head"}
    known = {"get", "post", "put", "patch", "delete"}
    if hasattr(view, "view_class"):
        # Django's form pages take PUT for POST.
        return {name for name in known - {"put"} if hasattr(view.view_class, name)}
    while view is not None:
        allowed = inspect.getclosurevars(view).nonlocals.get("request_method_list")
        if allowed:
            return {name.lower() for name in allowed} & known
        view = getattr(view, "__wrapped__", None)
    return {"get", "post"}


def test_every_route_and_method_has_a_row():
    needed = {
        (name, method)
        for name, view in routes()
        if not name.startswith(ELSEWHERE)
        for method in methods(view)
    }
    assert {(row.route, row.method) for row in ROWS} == needed


def test_rows_are_told_apart():
    names = [row.name for row in ROWS]
    assert {name for name in names if names.count(name) > 1} == set()


@pytest.fixture(scope="module")
def stage(django_db_setup, django_db_blocker, tmp_path_factory):
    """Cast and things, built once; what a row changes is taken back after each visitor."""
    media = tmp_path_factory.mktemp("media")
    with (
        django_db_blocker.unblock(),
        transaction.atomic(),
        override_settings(MEDIA_ROOT=media),
    ):
        world = worlds.alliance()
        built = things.build(world)
        built.visitors, built.media = visitors(world), media
        built.bare = Visitor(signed_in(make.staff(Role.MANAGER, institution=world.township)))
        yield built
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def own_media(settings, request):
    """The folder in which the things lie, for tests that use them."""
    if "stage" in request.fixturenames:
        settings.MEDIA_ROOT = request.getfixturevalue("stage").media


def answer(response):
    """The status, or LOGIN for who is sent to sign in."""
    sent_away = response.status_code == 302 and response.url.startswith(SIGN_IN)
    return LOGIN if sent_away else response.status_code


def request(row, stage):
    """What is sent along."""
    known = {"headers": row.headers(stage)}
    if row.query(stage):
        known["query_params"] = row.query(stage)
    return known | row.body(stage)


def text(response):
    """What the answer says; a file, read to its end, says nothing."""
    if response.streaming:
        return "" if b"".join(response.streaming_content) else "empty"
    return response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_everybody_gets_the_answer_of_the_table(row, stage):
    got, shown = {}, set()
    for part in sorted(row.cast):
        with transaction.atomic():
            response = stage.visitors[part].knock(
                row.method, row.path(stage), **request(row, stage)
            )
            got[part] = answer(response)
            said = text(response)
            if row.shows and row.shows(stage) in said:
                shown.add(part)
            transaction.set_rollback(True)
    expected = row.expected()
    wrong = {part: (got[part], expected[part]) for part in got if got[part] != expected[part]}
    assert wrong == {}, "got, expected"
    assert shown == row.to


# --- What must be done before anything else -----------------------------------------------------


@pytest.mark.django_db
def test_nothing_opens_without_the_second_factor_that_a_role_needs(stage):
    """Managers, offices and the three powers set it up first; addresses of machines stay open."""
    opened = {}
    for row in OWN_PAGES:
        with transaction.atomic():
            response = stage.bare.knock(row.method, row.path(stage), **request(row, stage))
            transaction.set_rollback(True)
        if (response.status_code, response.headers.get("Location")) != SENT_TO_SET_UP:
            opened[row.name] = response.status_code
    assert opened == {}


# --- The back office ------------------------------------------------------------------------------


def test_every_table_of_the_back_office_is_in_its_table():
    shown = {model._meta.label_lower for model in admin.site._registry}
    assert shown == back_office.TABLES.keys()


@pytest.mark.django_db
@pytest.mark.parametrize("table", back_office.TABLES)
def test_the_back_office_opens_to_whom_its_table_says(table, stage):
    looking, adding = back_office.TABLES[table]
    base = f"admin:{table.replace('.', '_')}"
    for page, allowed in (("changelist", looking), ("add", adding)):
        got = {
            part: visitor.knock("get", reverse(f"{base}_{page}")).status_code
            for part, visitor in stage.visitors.items()
        }
        expected = {
            part: 200 if part in allowed else 403 if part in back_office.ALL else 302
            for part in stage.visitors
        }
        assert got == expected, page


@pytest.mark.django_db
def test_the_back_office_shows_an_office_its_own_alliance_only(stage):
    address = reverse("admin:referrals_referral_changelist")
    shown = {
        part: stage.leg.number in text(stage.visitors[part].knock("get", address))
        for part in ("office", "other_office")
    }
    assert shown == {"office": True, "other_office": False}
