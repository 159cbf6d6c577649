"""What journeys share: looking a page over, choosing from search boxes, sending moves."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

AXE = Axe()
# Style sheets are fetched a second time only for a rule that is off.
ASKED = {"resultTypes": ["violations"], "preload": False}
GRAVE = {"serious", "critical"}
CHINESE, ENGLISH = "zh-hans", "en"
LEG = re.compile(r"/referrals/[0-9a-f-]{36}/$")
# A click comes back before the page it leads to has come: each page tells whether it is being left.
LEAVING = """
addEventListener('pageshow', () => { window.isLeft = false });
addEventListener('submit', event => {
  const form = event.target, target = event.submitter?.formTarget || form.target;
  const method = event.submitter?.getAttribute('formmethod') || form.getAttribute('method');
  if (!event.defaultPrevented && method !== 'dialog' && target !== '_blank') window.isLeft = true;
});
navigation.addEventListener('navigate', event => {
  if (!event.hashChange && event.downloadRequest === null && event.destination.sameDocument === false)
    window.isLeft = true;
});
"""
_STAYS = "() => document.readyState === 'complete' && !window.isLeft"


def settle(page):
    """Wait until the page that is on its way, if any, has come; its scripts must be on."""
    page.wait_for_function(_STAYS)


def grave(page):
    """What axe calls serious or critical on this page."""
    settle(page)
    found = AXE.run(page, options=ASKED).response["violations"]
    return [(rule["id"], rule["nodes"][0]["html"]) for rule in found if rule["impact"] in GRAVE]


def faults(page):
    """What axe finds grave, and whether anything pushes the window sideways."""
    return grave(page) + too_wide(page)


def too_wide(page):
    """Whether anything pushes the window sideways."""
    settle(page)
    wide, window = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return [f"{wide} px wide in a window of {window}"] if wide > window else []


def sound(page):
    """Hold a page against axe, and against its window."""
    assert faults(page) == [], page.url


def visit(page, *paths):
    """Open pages one after the other and look each over."""
    for path in paths:
        answer = page.goto(path)
        assert answer.status == 200, (path, answer.status)
        sound(page)


def choose(page, label, text):
    """Type into a search box and take the first row."""
    box = page.get_by_role("combobox", name=label)
    box.press_sequentially(text)
    expect(options(page, box).first).to_be_visible()
    box.press("Enter")


def options(page, box):
    """The rows of a search box."""
    return page.locator(f"#{box.get_attribute('aria-controls')} [role=option]:not([aria-disabled])")


def named(page, name, *, within="main"):
    """The first button, link or question of this name."""
    place = page.locator(within)
    found = place.get_by_role("button", name=name, exact=True)
    found = found.or_(place.get_by_role("link", name=name, exact=True))
    return found.or_(place.locator("summary").filter(has_text=name)).first


def press(page, name, *, within="main"):
    """Press the first button, link or question of this name, and see where it leads."""
    named(page, name, within=within).click()
    settle(page)


def answer(page, name, **values):
    """Fill in the question that has opened, look it over, and press its button."""
    question = page.locator("dialog[open]")
    for field, value in values.items():
        question.locator(f"[name={field}]").fill(value)
    sound(page)
    question.get_by_role("button", name=name, exact=True).click()
    settle(page)


def ask_for(page, act, **values):
    """Open the form of a move from a leg's page, look it over, fill it in and send it."""
    press(page, act, within=".leg-acts")
    form = page.locator(".move-form")
    expect(form).to_be_visible()
    sound(page)
    for name, value in values.items():
        field = form.locator(f"[name={name}]")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    form.locator("button[type=submit]").click()
    settle(page)


def status(page, words):
    """The pill at the head of a leg."""
    expect(page.locator(".leg-head .pill")).to_have_text(words)


_SMALL = """selectors => [...document.querySelectorAll(selectors)]
  .filter(e => e.getClientRects().length && !e.closest('.visually-hidden'))
  .map(e => e.type === 'radio' || e.type === 'checkbox' ? e.closest('label') || e : e)
  .map(e => [e.id || e.textContent.trim(), Math.round(e.getBoundingClientRect().height)])
  .filter(([, height]) => height < 43)"""
_TAPPED = (
    ".btn, .menu > summary, .nav__link, .chip, .tabs a, main input, main select, main textarea"
)
_CUT = """[...document.querySelectorAll('main *, header *, footer *')]
  .filter(e => e.getClientRects().length && !e.closest('.visually-hidden, .brand__alliance, svg'))
  .filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 2)
  .filter(e => ['hidden', 'clip'].includes(getComputedStyle(e).overflowX))
  .filter(e => getComputedStyle(e).textOverflow !== 'ellipsis')
  .map(e => [e.className, e.textContent.trim().slice(0, 40)])"""


def unhandy(page):
    """What a phone cuts off, and what thumbs are too big for."""
    settle(page)
    return page.evaluate(_CUT) + page.evaluate(_SMALL, _TAPPED)
