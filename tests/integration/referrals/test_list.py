"""The list of referrals: scope, filters, pages, saved views, export; a patient's referrals."""

import uuid
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from alliance.core.choices import Role
from alliance.core.models import AuditEntry, SavedView
from alliance.people.models import RoleGrant
from referrals import actions, views_list
from referrals.models import Referral
from tests import worlds
from tests.factories import alliance as make

LIST = reverse("referrals:list")
EXPORT = reverse("referrals:export")
KEEP = reverse("referrals:keep-view")


def page(browser, path=LIST, **query):
    response = browser.get(path, query)
    assert response.status_code == 200, response.content.decode()[:500]
    return response.content.decode()


def many(world, number):
    return [
        worlds.pending_referral(world, patient=worlds.patient(world, serial))
        for serial in range(1, number + 1)
    ]


# --- Who reaches it ----------------------------------------------------------------------------


@pytest.mark.parametrize("path", [LIST, EXPORT, KEEP])
def test_strangers_are_sent_to_sign_in(client, db, path):
    assert client.get(path).url.startswith(reverse("account_login"))


@pytest.mark.parametrize("person", ["system_admin", "auditor"])
def test_roles_apart_from_patients_are_refused(world, sign_in, person):
    assert sign_in(getattr(world, person)).get(LIST).status_code == 403


def test_outsiders_find_nothing(world, sign_in):
    leg = worlds.pending_referral(world)
    assert leg.number not in page(sign_in(world.outsider))


@pytest.mark.parametrize("person", ["doctor", "liaison", "manager", "office", "qc"])
def test_both_sides_and_overseers_find_the_row(world, sign_in, person):
    leg = worlds.pending_referral(world)
    html = page(sign_in(getattr(world, person)))
    assert leg.get_absolute_url() in html
    assert leg.patient.name not in html


def test_the_receiver_sees_no_draft(world, browser_of):
    draft = actions.save_draft(by=world.doctor, institution=world.township, form_data={})
    assert draft.get_absolute_url() in page(browser_of(world.doctor))
    assert draft.get_absolute_url() not in page(browser_of(world.liaison))


def test_acting_for_one_house_shows_that_house(world, browser_of):
    leg = worlds.pending_referral(world)
    RoleGrant.objects.create(
        user=world.township2_doctor,
        role=Role.DOCTOR,
        institution=world.county2,
        valid_from=make.LONG_AGO,
    )
    other = worlds.pending_referral(world, patient=worlds.patient(world, 2), receiver=world.county2)
    browser = browser_of(world.township2_doctor)
    session = browser.session
    session["institution_id"] = world.county2.pk
    session.save()
    html = page(browser)
    assert other.get_absolute_url() in html
    assert leg.get_absolute_url() not in html
    session["institution_id"] = world.township2.pk
    session.save()
    assert other.get_absolute_url() not in page(browser)


# --- Filters -----------------------------------------------------------------------------------


def test_filters_narrow_and_become_chips(world, browser_of):
    leg = worlds.pending_referral(world)
    browser = browser_of(world.doctor)
    html = page(browser, urgency="urgent", sender="青山镇卫生院")
    assert leg.get_absolute_url() in html
    assert "Filters that are on" in html
    assert f"{LIST}?urgency=urgent" in html
    assert leg.get_absolute_url() not in page(browser, urgency="routine")


def test_a_comboboxs_value_is_shown_by_its_name(world, browser_of):
    html = page(browser_of(world.doctor), receiver=str(world.county.public_id))
    assert f'data-combobox-label="{world.county}"' in html


def test_nothing_found_says_how_to_go_on(world, browser_of):
    html = page(browser_of(world.doctor), search="王")
    assert "Nothing matches" in html
    assert "No referrals yet" in page(browser_of(world.doctor))


def test_a_filter_that_makes_no_sense_is_named(world, browser_of):
    response = browser_of(world.doctor).get(LIST, {"status": "lost", "search": "王"})
    assert response.status_code == 422
    html = response.content.decode()
    assert "Status: Select a valid choice" in html
    assert 'value="王"' in html


def test_tabs_count_up_to_a_bound(world, browser_of, monkeypatch):
    monkeypatch.setattr("referrals.worklists.COUNTED", 2)
    many(world, 3)
    html = page(browser_of(world.liaison))
    assert html.count('<span class="count">1+</span>') == 2


def test_a_broken_cursor_is_a_clear_error(world, browser_of):
    assert browser_of(world.doctor).get(LIST, {"cursor": "nonsense"}).status_code == 400


def test_pages_go_on_and_back(world, browser_of, monkeypatch):
    monkeypatch.setattr(views_list, "PAGE", 2)
    first, second, third = many(world, 3)
    browser = browser_of(world.doctor)
    html = page(browser, urgency="urgent")
    assert third.number not in html  # rows name people, not numbers
    assert [leg.get_absolute_url() in html for leg in (third, second, first)] == [
        True,
        True,
        False,
    ]
    following = html.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "urgency=urgent" in following
    html = page(browser, following)
    assert first.get_absolute_url() in html
    assert second.get_absolute_url() not in html
    back = html.split('rel="prev" href="')[1].split('"')[0].replace("&amp;", "&")
    assert third.get_absolute_url() in page(browser, back)


@pytest.mark.parametrize("person", ["doctor", "liaison", "office"])
def test_one_row_and_twenty_cost_the_same_and_little(world, queries_of, person):
    many(world, 1)
    one = queries_of(getattr(world, person), LIST)
    for serial in range(2, 21):
        worlds.pending_referral(world, patient=worlds.patient(world, serial))
    assert queries_of(getattr(world, person), LIST) == one
    assert one <= 8


# --- Saved views -------------------------------------------------------------------------------


def test_a_view_is_kept_shown_and_deleted(world, browser_of):
    browser = browser_of(world.doctor)
    query = "urgency=urgent&status=&cursor=abc&search=%E7%8E%8B"
    answer = browser.post(KEEP, {"name": "  紧急  的 ", "query": query})
    assert answer.url == f"{LIST}?urgency=urgent&search=%E7%8E%8B"
    view = SavedView.objects.get()
    assert (view.name, view.query, view.view) == (
        "紧急 的",
        "urgency=urgent&search=%E7%8E%8B",
        "referrals",
    )
    assert "chip--on" in page(browser, answer.url)
    drop = reverse("referrals:drop-view", args=[view.pk])
    assert browser_of(world.liaison).post(drop).status_code == 404
    assert browser_of(world.doctor).post(drop).status_code == 302
    assert not SavedView.objects.exists()


def test_the_same_name_takes_the_new_query(world, browser_of):
    browser = browser_of(world.doctor)
    for query in ("urgency=urgent", "urgency=routine"):
        browser.post(KEEP, {"name": "mine", "query": query})
    assert SavedView.objects.get().query == "urgency=routine"


@pytest.mark.parametrize(
    ("name", "words"), [(" ", "Give the view a name."), ("x" * 41, "at most 40 characters")]
)
def test_a_view_without_a_good_name_is_refused(world, browser_of, name, words):
    answer = browser_of(world.doctor).post(
        KEEP, {"name": name, "query": "urgency=urgent"}, follow=True
    )
    assert words in answer.content.decode()
    assert not SavedView.objects.exists()


def test_views_are_not_hoarded(world, browser_of, monkeypatch):
    monkeypatch.setattr("referrals.actions.saved_views.MOST", 1)
    browser = browser_of(world.doctor)
    browser.post(KEEP, {"name": "one", "query": "urgency=urgent"})
    answer = browser.post(KEEP, {"name": "two", "query": "urgency=urgent"}, follow=True)
    assert "Delete one first" in answer.content.decode()


# --- Export ------------------------------------------------------------------------------------


def test_the_export_holds_the_filtered_rows_masked_and_is_in_the_ledger(world, sign_in):
    leg = worlds.pending_referral(world)
    worlds.pending_referral(world, patient=worlds.patient(world, 2), urgency="routine")
    answer = sign_in(world.liaison).get(EXPORT, {"urgency": "urgent"})
    assert answer.status_code == 200
    rows = list(load_workbook(BytesIO(b"".join(answer.streaming_content))).active.values)
    assert len(rows) == 2
    values = dict(zip(rows[0], rows[1], strict=True))
    assert values["Referral number"] == leg.number
    assert values["Patient"] == leg.patient.masked_name
    assert leg.patient.name not in map(str, rows[1])
    entry = AuditEntry.objects.get(action="export.done")
    assert (entry.actor, entry.data) == (world.liaison, {"table": "referrals", "rows": 1})


@pytest.mark.parametrize("person", ["doctor", "qc"])
def test_the_export_is_not_for_everybody(world, sign_in, person):
    browser = sign_in(getattr(world, person))
    assert browser.get(EXPORT).status_code == 403
    assert EXPORT not in page(browser)


def test_the_office_exports_what_it_oversees(world, sign_in):
    leg = worlds.pending_referral(world)
    answer = sign_in(world.office).get(EXPORT)
    rows = list(load_workbook(BytesIO(b"".join(answer.streaming_content))).active.values)
    assert [row[0] for row in rows[1:]] == [leg.number]


# --- A patient's referrals ---------------------------------------------------------------------


def test_a_patients_referrals_are_a_part_or_a_page(world, browser_of):
    leg = worlds.pending_referral(world)
    path = reverse("referrals:for_patient", args=[leg.patient.public_id])
    browser = browser_of(world.doctor)
    assert "<html" in page(browser, path)
    part = browser.get(path, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert leg.get_absolute_url() in part


def test_a_patients_referrals_keep_the_scope(world, sign_in, client):
    leg = worlds.pending_referral(world)
    path = reverse("referrals:for_patient", args=[leg.patient.public_id])
    assert client.get(path).status_code == 302
    assert sign_in(world.township2_doctor).get(path).status_code == 404
    assert sign_in(world.office).get(path).status_code == 404
    unknown = reverse("referrals:for_patient", args=[uuid.uuid4()])
    assert sign_in(world.doctor).get(unknown).status_code == 404
    assert Referral.objects.count() == 1
