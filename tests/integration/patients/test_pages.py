"""Pages of patients: anonymous, outsider, wrong role, works, wrong state; and what they show."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from alliance.core.models import AuditEntry
from alliance.patients import actions
from alliance.patients.models import Patient

from .conftest import NUMBER, TYPED, given, page_of

PAGES = [
    # route, method, what the doctor of the township gets
    ("detail", "get", 200),
    ("reveal", "post", 422),
    ("amend", "get", 302),
    ("amend", "post", 422),
    ("consent", "get", 200),
    ("consent", "post", 422),
    ("merge-find", "get", 403),
    ("merge-find", "post", 403),
]


@pytest.mark.parametrize(("route", "method", "status"), PAGES)
def test_pages_are_for_those_who_care(world, patient, browser_of, client, route, method, status):
    url = page_of(route, patient)
    anonymous = getattr(client, method)(url)
    assert anonymous.status_code == 302
    assert anonymous["Location"].startswith(reverse("account_login"))
    for other in (world.liaison, world.qc, world.township2_doctor):
        assert getattr(browser_of(other), method)(url).status_code == 404
    assert getattr(browser_of(world.doctor), method)(url).status_code == status


@pytest.mark.parametrize(
    ("route", "method"),
    [
        ("list", "get"),
        ("register", "get"),
        ("register", "post"),
        ("find", "post"),
        ("duplicates", "post"),
    ],
)
def test_entrances_are_for_clinical_roles(world, browser_of, client, route, method, demo):
    url = reverse(f"patients:{route}")
    assert getattr(client, method)(url).status_code == 302
    for other in (world.qc, world.office, world.auditor, world.system_admin):
        assert getattr(browser_of(other), method)(url).status_code == 403
    assert getattr(browser_of(world.doctor), method)(url).status_code in (200, 302, 422)


@pytest.mark.parametrize("route", ["reveal", "find", "duplicates", "withdraw-consent"])
def test_acts_are_posted(world, patient, browser_of, route):
    args = {"find": [], "duplicates": []}.get(route, [patient.public_id])
    if route == "withdraw-consent":
        args = [patient.public_id, uuid.uuid4()]
    assert browser_of(world.doctor).get(reverse(f"patients:{route}", args=args)).status_code == 405


def test_the_list_is_masked_and_shows_ones_own(world, patient, browser_of):
    page = browser_of(world.doctor).get(reverse("patients:list"))
    text = page.content.decode()
    assert "张*" in text
    for clear in ("张三", NUMBER, TYPED["phone"]):
        assert clear not in text
    assert "no-store" in page["Cache-Control"]
    other = browser_of(world.liaison).get(reverse("patients:list"))
    assert "No patients yet" in other.content.decode()


@pytest.mark.parametrize(
    ("text", "found"), [("张", True), ("zs", True), ("李", False), ("%", False)]
)
def test_the_list_is_searched_by_name_or_initials(world, patient, browser_of, text, found):
    page = browser_of(world.doctor).get(reverse("patients:list"), {"search": text})
    assert ("张*" in page.content.decode()) is found


def test_a_broken_page_link_is_a_clear_error(world, browser_of):
    page = browser_of(world.doctor).get(reverse("patients:list"), {"cursor": "nonsense"})
    assert page.status_code == 400


def test_a_list_costs_the_same_with_one_row_and_with_twenty(world, patient, browser_of):
    browser = browser_of(world.doctor)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(reverse("patients:list")).status_code == 200
        return len(queries)

    cost()
    few = cost()
    for n in range(19):
        actions.register(
            by=world.doctor,
            institution=world.township,
            name="李四",
            sex="male",
            birth_date=patient.birth_date,
            id_type="99",
            id_number=f"TEMP-{n}",
        )
    assert cost() == few


def test_a_number_leads_straight_to_the_patient_and_never_into_an_address(
    world, patient, browser_of
):
    browser = browser_of(world.doctor)
    found = browser.post(reverse("patients:find"), {"search": f" {NUMBER.lower()} "})
    assert (found.status_code, found["Location"]) == (302, patient.get_absolute_url())
    named = browser.post(reverse("patients:find"), {"search": "张"})
    assert named["Location"].startswith(reverse("patients:list") + "?search=")
    empty = browser.post(reverse("patients:find"), {"search": " "})
    assert empty["Location"] == reverse("patients:list")


def test_an_unknown_number_offers_to_register(world, patient, browser_of):
    for user in (world.liaison, world.township2_doctor):
        browser = browser_of(user)
        page = browser.post(reverse("patients:find"), {"search": NUMBER})
        assert "Nobody with this number" in page.content.decode()
        form = browser.post(reverse("patients:register"), {"prefill": NUMBER})
        assert form.status_code == 200
        assert f'value="{NUMBER}"' in form.content.decode()


def test_registering_takes_birth_date_and_sex_from_the_number(world, browser_of):
    response = browser_of(world.doctor).post(reverse("patients:register"), TYPED, follow=True)
    patient = Patient.objects.get()
    assert response.redirect_chain == [(patient.get_absolute_url(), 302)]
    assert (patient.birth_date.isoformat(), patient.sex) == ("1980-01-01", "male")
    assert "The patient is registered." in response.content.decode()


def test_registering_by_another_document_takes_what_was_typed(world, browser_of):
    passport = {"id_type": "03", "id_number": "e1234 5678", "birth_date": "1980-01-01"}
    browser_of(world.doctor).post(
        reverse("patients:register"), TYPED | passport | {"sex": "female"}
    )
    patient = Patient.objects.get()
    assert (patient.id_number, patient.sex) == ("E12345678", "female")


def test_registering_who_is_known_says_so(world, patient, browser_of):
    response = browser_of(world.liaison).post(reverse("patients:register"), TYPED, follow=True)
    assert "already in the register" in response.content.decode()
    assert Patient.objects.count() == 1
    assert patient.accesses.count() == 2


def test_who_may_be_known_is_shown_before_a_second_entry_is_made(world, patient, browser_of):
    browser = browser_of(world.doctor)
    alike = {"id_type": "03", "id_number": "E12345678", "birth_date": "1980-01-01", "sex": "male"}
    page = browser.post(reverse("patients:register"), TYPED | alike)
    assert page.status_code == 422
    assert page.context["candidates"] == [patient]
    assert 'name="seen_duplicates"' in page.content.decode()
    assert Patient.objects.count() == 1
    again = browser.post(reverse("patients:register"), TYPED | alike | {"seen_duplicates": "yes"})
    assert again.status_code == 302
    assert Patient.objects.count() == 2


def test_a_second_tap_registers_once(world, browser_of):
    browser = browser_of(world.doctor)
    key = {"idempotency_key": uuid.uuid4().hex}
    first = browser.post(reverse("patients:register"), TYPED | key)
    second = browser.post(reverse("patients:register"), TYPED | key)
    assert first["Location"] == second["Location"]
    assert AuditEntry.objects.filter(action="patient.registered").count() == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"id_number": NUMBER[:-1] + "0"}, "id_number"),
        ({"birth_date": "1980-01-02"}, "birth_date"),
        ({"id_type": "03", "id_number": "E12345678"}, "birth_date"),
        ({"id_type": "03", "id_number": "E12345678", "birth_date": "1980-01-01"}, "sex"),
        ({"phone": "me"}, "phone"),
    ],
)
def test_registering_keeps_what_was_typed_and_names_the_field(world, browser_of, changed, field):
    page = browser_of(world.doctor).post(
        reverse("patients:register"), TYPED | {"address": "青山村 1 号"} | changed
    )
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert "青山村 1 号" in page.content.decode()
    assert not Patient.objects.exists()


def test_registering_anothers_number_keeps_the_form_and_tells_no_name(world, patient, browser_of):
    page = browser_of(world.liaison).post(reverse("patients:register"), TYPED | {"name": "李四"})
    assert page.status_code == 422
    assert "张*" in str(page.context["form"].errors["id_number"])
    assert "张三" not in page.content.decode()
    assert 'value="李四"' in page.content.decode()


def test_a_contradicting_sex_is_pointed_out(world, browser_of):
    page = browser_of(world.doctor).post(
        reverse("patients:register"), TYPED | {"sex": "female"}, follow=True
    )
    assert "The sex differs" in page.content.decode()


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"id_number": NUMBER[:-1] + "0"}, "does not fit"),
        ({"id_number": NUMBER}, "may be the same person"),
        (
            {"id_type": "03", "id_number": "E1", "name": "章珊", "birth_date": "1980-01-01"},
            "may be",
        ),
        ({"name": "李四"}, ""),
        ({}, ""),
    ],
)
def test_duplicates_are_hinted_at_while_typing(world, patient, browser_of, typed, says):
    browser = browser_of(world.doctor)
    page = browser.post(reverse("patients:duplicates"), {"id_type": "01"} | typed)
    text = page.content.decode()
    assert page.status_code == 200
    assert says in text
    assert "张三" not in text
    hidden = browser_of(world.liaison).post(
        reverse("patients:duplicates"), {"id_type": "01"} | typed
    )
    assert "may be" not in hidden.content.decode()


def test_the_page_is_masked_and_the_reading_noted_once(world, patient, browser_of):
    browser = browser_of(world.doctor)
    for _ in range(2):
        page = browser.get(patient.get_absolute_url())
    text = page.content.decode()
    for clear in ("张三", NUMBER, TYPED["phone"]):
        assert clear not in text
    assert "138****1234" in text
    assert "no-store" in page["Cache-Control"]
    line = AuditEntry.objects.get(action="patient.read")
    assert (line.actor, line.institution) == (world.doctor, world.township)


def test_the_page_costs_the_same_whatever_hangs_on_it(world, patient, browser_of):
    browser = browser_of(world.doctor)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            browser.get(patient.get_absolute_url())
        return len(queries)

    cost()
    few = cost()
    for _ in range(5):
        given(world, patient)
    assert cost() == few


def test_a_reason_shows_everything_this_once(world, patient, browser_of):
    browser = browser_of(world.doctor)
    page = browser.post(page_of("reveal", patient), {"reason": "call back"})
    text = page.content.decode()
    assert page.status_code == 200
    for clear in ("张三", NUMBER, TYPED["phone"]):
        assert clear in text
    assert "no-store" in page["Cache-Control"]
    assert AuditEntry.objects.get(action="patient.revealed").data == {"reason": "call back"}
    refused = browser.post(page_of("reveal", patient), {"reason": " "})
    assert refused.status_code == 422
    assert NUMBER not in refused.content.decode()


def test_particulars_are_put_right_for_a_reason(world, patient, browser_of):
    browser = browser_of(world.doctor)
    assert NUMBER not in browser.post(page_of("amend", patient), {"reason": ""}).content.decode()
    form = browser.post(page_of("amend", patient), {"reason": "new telephone"})
    assert NUMBER in form.content.decode()
    saved = browser.post(
        page_of("amend", patient), TYPED | {"phone": "13999999999", "version": patient.version}
    )
    assert (saved.status_code, saved["Location"]) == (302, patient.get_absolute_url())
    patient.refresh_from_db()
    assert (patient.phone, patient.version) == ("13999999999", 2)


def test_a_stale_correction_keeps_what_was_typed(world, patient, browser_of):
    page = browser_of(world.doctor).post(
        page_of("amend", patient), TYPED | {"phone": "13999999999", "version": 7}
    )
    assert page.status_code == 422
    assert "13999999999" in page.content.decode()
    patient.refresh_from_db()
    assert patient.phone == TYPED["phone"]
