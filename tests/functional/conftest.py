"""A real browser against the live server: `page` on a desk, `phone` in a hand."""

import os
import shutil
import threading
import time
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import sync_playwright

# Playwright's loop runs in the tests' own thread, which Django would take for async code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
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
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, live_server):
    """Open a fresh page with settings of its own; a page that complains fails its test."""
    contexts, complaints = [], []

    def open_(**options):
        options = {"viewport": DESK, "locale": "en-GB", "base_url": live_server.url} | options
        context = chromium.new_context(**options)
        contexts.append(context)
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
        complaints.append(line.text)


@pytest.fixture
def page(open_page):
    """A page on a desk."""
    return open_page()


@pytest.fixture
def phone(open_page):
    """A page in a hand."""
    return open_page(viewport=HAND, has_touch=True, is_mobile=True)
