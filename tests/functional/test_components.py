"""The behaviours of the component book, on the style guide."""

import json

import pytest
from playwright.sync_api import expect

from .hands import grave

pytestmark = pytest.mark.functional
STYLEGUIDE = "/styleguide/"


@pytest.fixture(autouse=True)
def shown(settings):
    """The style guide is served in demo mode only."""
    settings.DEMO_MODE = True


@pytest.fixture
def guide(page):
    """The style guide on a desk, its scripts arrived."""
    return ready(page)


def ready(page):
    page.goto(STYLEGUIDE, wait_until="networkidle")
    return page


def local_copies(page):
    return page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('draft:'))")


# --- For everybody ------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_every_component_is_accessible_and_fits(open_page, scheme, width):
    page = ready(open_page(viewport={"width": width, "height": 900}, color_scheme=scheme))
    assert grave(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_open_dialog_and_menu_are_accessible(guide):
    guide.locator("#reject summary").click()
    assert grave(guide) == []
    guide.keyboard.press("Escape")
    guide.locator("details[data-menu] summary").last.click()
    assert grave(guide) == []


def test_without_scripts_everything_is_there(open_page):
    page = open_page(java_script_enabled=False)
    page.goto(STYLEGUIDE)
    expect(page.locator("#filters-panel")).to_be_visible()
    expect(page.locator("select#id_technique")).to_be_visible()
    expect(page.locator(".clock--red").first).to_contain_text("4 min overdue")
    page.locator("#reject summary").click()
    expect(page.locator("#reject [data-dialog-body]")).to_be_visible()


def test_thumbs_reach_every_button_on_a_phone(phone):
    ready(phone)
    small = phone.eval_on_selector_all(
        ".btn, .menu > summary, .nav__link, .chip, .field__check",
        "all => all.filter(e => e.getClientRects().length)"
        ".map(e => [e.textContent.trim(), e.getBoundingClientRect().height])"
        ".filter(([, height]) => height < 43.5)",
    )
    assert small == []


# --- Clocks, menus, dialogs, keys ---------------------------------------------------------------


def test_clock_counts_and_turns_red_by_itself(page):
    page.clock.install()
    ready(page)
    clock = page.locator(".row2 .clock").first
    expect(clock).to_contain_text("2 min")
    expect(clock).to_have_class("clock clock--amber")
    page.clock.fast_forward(60_000)
    expect(clock).to_contain_text("1 min")
    page.clock.fast_forward(120_000)
    expect(clock).to_contain_text("overdue")
    expect(clock).to_have_class("clock clock--red")


def test_clock_goes_by_the_server_when_the_device_is_wrong(page):
    page.add_init_script("const now = Date.now; Date.now = () => now() + 3_600_000;")
    page.add_init_script(
        "Object.defineProperty(performance, 'timeOrigin',"
        " {value: performance.timeOrigin + 3_600_000});"
    )
    ready(page)
    expect(page.locator(".row2 .clock").first).to_contain_text("2 min")


def test_escape_closes_the_menu_and_gives_the_focus_back(guide):
    summary = guide.locator("details[data-menu] summary").last
    summary.click()
    expect(guide.locator("details[data-menu][open]")).to_have_count(1)
    guide.keyboard.press("Escape")
    expect(guide.locator("details[data-menu][open]")).to_have_count(0)
    expect(summary).to_be_focused()


def test_dialog_is_modal_and_gives_the_focus_back(guide):
    summary = guide.locator("#reject summary")
    summary.click()
    dialog = guide.locator("dialog[open]")
    expect(dialog.locator("select")).to_be_focused()
    dialog.locator("[data-dialog-close]").click()
    expect(guide.locator("dialog")).to_have_count(0)
    expect(summary).to_be_focused()
    summary.click()
    expect(guide.locator("dialog[open] select")).to_be_visible()


def test_keys_act_only_when_nobody_types(guide):
    guide.evaluate(
        "document.querySelector('[data-hotkey=a]').addEventListener('click', () => {"
        " document.body.dataset.accepted = (Number(document.body.dataset.accepted) || 0) + 1; })"
    )
    guide.keyboard.press("a")
    guide.keyboard.press("/")
    expect(guide.locator("[data-search]")).to_be_focused()
    guide.keyboard.press("a")
    guide.keyboard.press("Escape")
    guide.keyboard.press("Control+a")
    assert guide.evaluate("document.body.dataset.accepted") == "1"


def test_j_and_k_walk_the_rows(guide):
    titles = guide.locator(".row2 a.row2__title")
    guide.keyboard.press("j")
    expect(titles.nth(3)).to_be_focused()  # the third row is the current one
    guide.keyboard.press("k")
    guide.keyboard.press("k")
    expect(titles.nth(1)).to_be_focused()


def test_second_tap_sends_nothing(guide):
    sent = []
    guide.route("**/submitted/", lambda route: sent.append(route.request.post_data))
    guide.evaluate(
        "const form = document.querySelector('#sample-form').nextElementSibling;"
        "form.action = '/submitted/'; form.id = 'second';"
    )
    button = guide.locator("#second")
    button.evaluate("form => { form.requestSubmit(); form.requestSubmit(); }")
    guide.wait_for_timeout(300)
    assert len(sent) == 1


def test_theme_is_remembered(guide):
    guide.evaluate("localStorage.setItem('theme', 'dark')")
    guide.reload()
    assert guide.evaluate("document.documentElement.dataset.bsTheme") == "dark"


def test_list_follows_the_search_without_a_new_page(guide):
    guide.evaluate("document.body.dataset.same = 'yes'")
    guide.fill("[data-search]", "abc")
    expect(guide.locator("#results")).to_contain_text("abc")
    assert guide.evaluate("document.body.dataset.same") == "yes"
    assert "search=abc" in guide.url


# --- Combobox -----------------------------------------------------------------------------------


def test_combobox_chooses_by_keyboard(guide):
    box = guide.get_by_role("combobox", name="所需技术")
    box.press_sequentially("腹腔")
    expect(guide.locator("#id_technique-list [role=option]")).to_have_count(2)
    box.press("ArrowDown")
    box.press("Enter")
    expect(box).to_have_value("腹腔镜阑尾切除术")
    assert guide.locator("#id_technique-value").input_value() == "47.01"
    expect(guide.locator("#id_technique-list")).to_be_hidden()


def test_combobox_asks_the_server_and_keeps_chips(guide):
    box = guide.get_by_role("combobox", name="诊断")
    box.press_sequentially("qcfhs")
    option = guide.locator("#id_diagnoses-list [role=option]")
    expect(option).to_have_text("清创缝合术基础级")
    option.click()
    chips = guide.locator(".chip--on button[data-value]")
    expect(chips).to_have_count(2)
    guide.get_by_role("button", name="Remove 急性阑尾炎").click()
    expect(chips).to_have_count(1)
    chosen = guide.locator("#id_diagnoses-value option:checked")
    assert [option.get_attribute("value") for option in chosen.all()] == ["86.22"]


def test_combobox_forgets_words_that_are_no_choice(guide):
    box = guide.get_by_role("combobox", name="所需技术")
    box.fill("something else")
    expect(guide.locator("#id_technique-list")).to_contain_text("Nothing found")
    box.blur()
    expect(box).to_have_value("")


# --- Autosave -----------------------------------------------------------------------------------


def answer(page, status, body=None):
    page.unroute("**/autosave/")
    page.route(
        "**/autosave/",
        lambda route: route.fulfill(
            status=status, json=body or {}, content_type="application/json"
        ),
    )


def state(page):
    return page.locator("#sample-form [data-autosave-state]")


def test_autosave_saves_and_drops_the_local_copy(guide):
    guide.fill("#id_name", "王桂兰")
    assert local_copies(guide) == ["draft:styleguide"]
    expect(state(guide)).to_contain_text("Saved", timeout=8000)
    expect(guide.locator("#sample-form [name=version]")).to_have_value("2")
    assert local_copies(guide) == []


def test_autosave_offline_keeps_a_copy_that_can_be_restored(guide):
    guide.context.set_offline(True)
    guide.fill("#id_name", "王桂兰")
    guide.locator("#id_signs_0").check()
    expect(state(guide)).to_contain_text("Offline, kept on this device", timeout=8000)
    guide.route("**/autosave/", lambda route: route.abort())
    guide.context.set_offline(False)
    guide.reload()
    guide.get_by_role("button", name="Restore it").click()
    expect(guide.locator("#id_name")).to_have_value("王桂兰")
    expect(guide.locator("#id_signs_0")).to_be_checked()


def test_autosave_goes_on_when_the_line_is_back(guide):
    guide.context.set_offline(True)
    guide.fill("#id_name", "王桂兰")
    expect(state(guide)).to_contain_text("Offline", timeout=8000)
    guide.context.set_offline(False)
    expect(state(guide)).to_contain_text("Saved", timeout=8000)
    assert local_copies(guide) == []


@pytest.mark.parametrize("status", [401, 403])
def test_autosave_after_the_session_ended_offers_sign_in(guide, status):
    answer(guide, status)
    guide.fill("#id_name", "王桂兰")
    expect(state(guide)).to_contain_text("Session ended, kept on this device", timeout=8000)
    link = state(guide).get_by_role("link", name="Sign in in a new tab")
    assert link.get_attribute("target") == "_blank"
    assert local_copies(guide) == ["draft:styleguide"]
    answer(guide, 200, {"version": 5, "saved_at": "2026-11-21T01:02:00Z"})
    guide.evaluate("dispatchEvent(new Event('focus'))")
    expect(state(guide)).to_contain_text("Saved 09:02", timeout=8000)


@pytest.mark.parametrize("status", [409, 412])
def test_autosave_conflict_stops_and_offers_the_newer_version(guide, status):
    answer(guide, status)
    guide.fill("#id_name", "王桂兰")
    expect(state(guide)).to_contain_text("Someone else changed this draft", timeout=8000)
    expect(state(guide).get_by_role("button", name="Load the newer version")).to_be_visible()
    assert local_copies(guide) == ["draft:styleguide"]


def test_copy_goes_once_another_page_answers_the_submitted_form(guide, live_server):
    copy = json.dumps({"at": "2026-11-21T01:02:00Z", "values": [["name", "王桂兰"]]})
    guide.evaluate(
        "copy => { localStorage.setItem('draft:elsewhere', copy);"
        " sessionStorage.setItem('draft-submitted', 'elsewhere'); }",
        copy,
    )
    guide.reload()
    assert local_copies(guide) == []


def test_copy_stays_while_an_error_page_answers(guide):
    guide.evaluate(
        'localStorage.setItem(\'draft:elsewhere\', \'{"at": "2099-01-01", "values": []}\');'
        "sessionStorage.setItem('draft-submitted', 'elsewhere');"
    )
    guide.goto("/no-such-page/", wait_until="networkidle")
    assert local_copies(guide) == ["draft:elsewhere"]
