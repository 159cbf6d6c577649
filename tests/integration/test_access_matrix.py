"""The access matrix: every route, every method, every role, in the house concerned and elsewhere.

The tables in tests/access/ say what everybody gets; here they are held against the addresses there
are, and carried out. A new view without a row fails.
"""

import inspect

import pytest
from django.db import transaction
from django.test import override_settings
from django.urls import get_resolver

from tests import worlds
from tests.access import endpoints, people_pages, referral_pages, room_pages, things
from tests.access.cast import visitors
from tests.access.tables import LOGIN

ROWS = [*referral_pages.ROWS, *room_pages.ROWS, *people_pages.ROWS, *endpoints.ROWS]
# Addresses that other packages bring; tests of their own say who enters there.
ELSEWHERE = ("account_", "mfa_", "admin:")
SIGN_IN = "/accounts/login/"


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
        return {name for name in known if hasattr(view.view_class, name)}
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
