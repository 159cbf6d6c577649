"""A real browser against the live server: `page` on a desk, `phone` in a hand."""

import os
import threading
import time
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import expect, sync_playwright

from alliance.people.selectors import needs_second_factor
from tests import worlds
from tools.packages import browser

from .hands import ENGLISH, LEAVING

# Playwright's loop runs in the tests' own thread, which Django would take for async code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
# A busy machine is slow, not wrong.
expect.set_options(timeout=20_000)
DESK = {"width": 1280, "height": 900}
HAND = {"width": 390, "height": 844}


@pytest.fixture(scope="session", autouse=True)
def static_root():
    """The live server serves from the sources; WhiteNoise only wants the folder to exist."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(scope="session")
def chromium():
    """One browser for the session: the system's where there is one, Playwright's own elsewhere."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=browser(), args=["--no-sandbox", "--disable-gpu"]
        )
        yield opened
        opened.close()


@pytest.fixture
def open_page(chromium, live_server):
    """Open a fresh page with settings of its own; a page that complains fails its test."""
    contexts, complaints = [], []

    def open_(**options):
        options = {"viewport": DESK, "locale": "en-GB", "base_url": live_server.url} | options
        context = chromium.new_context(**options)
        contexts.append(context)
        context.add_init_script(LEAVING)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: _note(complaints, line))
        return page

    yield open_
    for context in contexts:
        context.close()
    _settle()
    assert complaints == []


def _settle(seconds=30):
    """Wait out the requests a closed page left behind: the tables are emptied right after."""
    until = time.monotonic() + seconds
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(max(0, until - time.monotonic()))
            assert not thread.is_alive(), f"{thread.name} still serves {seconds} s after its page"


def _note(complaints, line):
    # Chromium reports every failed request as an error; tests that provoke one look at the page.
    if line.type == "error" and "Failed to load resource" not in line.text:
        complaints.append(f"{line.text} ({line.location})")


@pytest.fixture
def page(open_page):
    """A page on a desk."""
    return open_page()


@pytest.fixture
def phone(open_page):
    """A page in a hand."""
    return open_page(viewport=HAND, has_touch=True, is_mobile=True)


@pytest.fixture
def world(transactional_db):
    """Stored for good, so that the live server sees it."""
    return worlds.alliance()


@pytest.fixture
def enter(open_page, world, settings):
    """Sign in on a page as if by the sign-in page: `enter(page, who, language)`."""
    entered = []

    def sign_in(page, user=world.doctor, language=ENGLISH):
        if needs_second_factor(user):
            Authenticator.objects.get_or_create(user=user, type="totp", defaults={"data": {}})
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        address = {"domain": "localhost", "path": "/"}
        page.context.add_cookies(
            [
                {"name": "sessionid", "value": client.cookies["sessionid"].value} | address,
                {"name": settings.LANGUAGE_COOKIE_NAME, "value": language} | address,
            ]
        )
        entered.append(page)
        return page

    yield sign_in
    for page in entered:
        page.context.unroute_all(behavior="ignoreErrors")
        page.context.route("**/autosave/", lambda route: route.abort())
        page.goto("about:blank")
    until_nobody_writes()


def until_nobody_writes():
    """The tables are emptied next: let what a page said last come to its end."""
    busy = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND state <> 'idle'"
    )
    for _attempt in range(50):
        with connection.cursor() as cursor:
            cursor.execute(busy)
            if cursor.fetchone() == (0,):
                return
        time.sleep(0.1)
