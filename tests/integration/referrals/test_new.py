"""The filing page: who may open it, what it holds and begins with."""

from datetime import date

import pytest

from alliance.core.choices import Role
from alliance.core.models import AuditEntry
from alliance.core.policy import PolicySetting
from referrals import rules
from referrals.choices import Status
from referrals.forms_new import ReferralForm
from referrals.models import ReasonCode, Referral
from tests import worlds
from tests.factories import alliance as make

from .filing import NEW, draft_url, errors, text_of, typed

# --- Who may ------------------------------------------------------------------------------------

PARTS = {
    "new": ("get", NEW),
    "autosave": ("post", f"{NEW}autosave/"),
    "files": ("post", f"{NEW}files/"),
    "patient": ("post", f"{NEW}patient/"),
    "check": ("get", f"{NEW}check/"),
    "lookup": ("get", f"{NEW}lookup/diseases/"),
}


@pytest.mark.parametrize("part", PARTS)
def test_strangers_sign_in_first(client, db, part):
    method, url = PARTS[part]
    answer = getattr(client, method)(url)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("who", ["office", "qc", "auditor", "keeper"])
def test_only_those_who_file_see_the_page(world, sign_in, part, who):
    keeper = make.staff(Role.EQUIPMENT_KEEPER, institution=world.township)
    browser = sign_in(keeper if who == "keeper" else getattr(world, who))
    method, url = PARTS[part]
    assert getattr(browser, method)(url, {"idempotency_key": "x"}).status_code == 403


@pytest.mark.parametrize("part", ["", "autosave/"])
@pytest.mark.parametrize("who", ["outsider", "liaison", "township2_doctor", "office", "qc"])
def test_a_draft_is_its_own_houses_alone(world, kept, sign_in, part, who):
    browser = sign_in(getattr(world, who))
    assert browser.post(draft_url(kept, part), typed(world)).status_code == 404
    if not part:
        assert browser.get(draft_url(kept)).status_code == 404


def test_the_receiver_does_not_open_what_was_sent_as_a_form(world, sign_in):
    leg = worlds.pending_referral(world)
    assert sign_in(world.liaison).get(draft_url(leg)).status_code == 404
    assert sign_in(world.doctor).get(draft_url(leg))["Location"] == leg.get_absolute_url()


def test_a_colleague_goes_on_with_a_draft(world, kept, sign_in):
    page = sign_in(world.township_liaison).get(draft_url(kept))
    assert page.status_code == 200
    assert "转移性右下腹痛" in text_of(page)


def test_the_house_of_somebody_else_is_not_filed_for(world, doctor):
    """A house one does not work for counts as none named: the own one files."""
    doctor.post(NEW, typed(world, house=str(world.township2.public_id)))
    assert Referral.objects.get().sender == world.township


# --- What the page holds and begins with ---------------------------------------------------------


def test_page_has_every_field_of_the_national_forms(doctor):
    page = text_of(doctor.get(NEW))
    for name in (
        *("name", "sex", "birth_date", "record_number", "address", "phone", "receiver"),
        *("receiver_department", "preliminary_impression", "present_illness", "past_history"),
        *("treatment_given", "sender_doctor", "contact_phone", "inpatient_number"),
        *("diagnosis_result", "main_results", "rehabilitation_advice"),
    ):
        assert f'name="{name}"' in page, name


def test_page_begins_with_what_is_usual(world, doctor):
    world.doctor.phone = "13800000001"
    world.doctor.save()
    worlds.pending_referral(world, receiver=world.county2)
    form = doctor.get(NEW).context["form"]
    assert form["receiver"].value() == str(world.county2.public_id)
    assert form["sender_doctor"].value() == str(world.practitioner.public_id)
    assert form["contact_phone"].value() == "13800000001"
    assert form["urgency"].value() == "routine"
    assert form["direction"].value() == "up"


def test_the_top_refers_down_unless_told(world, sign_in):
    form = sign_in(world.tertiary_liaison).get(NEW).context["form"]
    assert form["direction"].value() == "down"


def test_only_open_relations_are_offered(world, doctor):
    page = text_of(doctor.get(NEW))
    for place, offered in [
        (world.county, True),
        (world.tertiary, True),
        (world.outside, False),
        (world.township2, False),
    ]:
        assert (f'value="{place.public_id}"' in page) is offered, place


def test_every_field_a_rule_may_ask_for_carries_the_mark():
    asked = {
        name
        for direction in ("up", "down", "lateral")
        for urgency in ("emergency", "urgent", "routine")
        for name in rules.submission_errors({"direction": direction, "urgency": urgency})
    }
    marked = {name for name, field in ReferralForm.base_fields.items() if field.required}
    person = {"id_number", "name", "sex", "birth_date", "idempotency_key"}
    assert marked == asked - {"patient"} | person


def test_green_channel_says_what_is_owed_until_when(world, doctor):
    PolicySetting.objects.create(
        key="clock.paperwork",
        value=180,
        effective_from=date(2020, 1, 1),
        alliance=world.alliance,
        source="Office",
    )
    page = doctor.get(f"{NEW}?urgency=emergency")
    assert page.context["form"]["urgency"].value() == "emergency"
    assert "Owed within 3 h" in page.context["owed"]
    assert "Indication" in page.context["owed"]
    assert "Preliminary impression" not in page.context["owed"]


def test_going_on_from_a_rejected_leg(world, doctor, reasons):
    code = ReasonCode.objects.filter(move="reject", needs_text=False).first().code
    leg = worlds.pending_referral(world, technique=world.appendectomy)
    worlds.step(leg, "reject", world.liaison, reason_code=code)
    page = doctor.get(f"{NEW}?from={leg.public_id}&receiver={world.county2.public_id}")
    form = page.context["form"]
    assert form["patient"].value() == str(leg.patient.public_id)
    assert form["present_illness"].value() == leg.present_illness
    assert form["technique"].value() == world.appendectomy.code
    assert form["receiver"].value() == str(world.county2.public_id)
    assert not form["consent"].value()  # consent names its receiver
    filed = doctor.post(
        NEW,
        typed(
            world,
            id_number="",
            patient=str(leg.patient.public_id),
            parent=str(leg.public_id),
            receiver=str(world.county2.public_id),
        ),
    )
    assert filed.status_code == 302, errors(filed)
    assert leg.children.get().receiver == world.county2


@pytest.mark.parametrize(("query", "direction"), [("", "up"), ("&direction=lateral", "lateral")])
def test_going_on_keeps_the_direction_unless_told(world, doctor, query, direction):
    leg = worlds.pending_referral(world)
    form = doctor.get(f"{NEW}?from={leg.public_id}{query}").context["form"]
    assert form["direction"].value() == direction


def test_going_on_from_somebody_elses_leg_begins_empty(world, sign_in):
    leg = worlds.pending_referral(world)
    form = sign_in(world.township2_doctor).get(f"{NEW}?from={leg.public_id}").context["form"]
    assert not form["patient"].value()
    assert not form["present_illness"].value()


def test_bounce_up_ends_the_leg_it_came_from(world, sign_in):
    leg = worlds.in_care_referral(world)
    county = sign_in(world.county_doctor)
    page = county.get(f"{NEW}?from={leg.public_id}&receiver={world.tertiary.public_id}")
    form = page.context["form"]
    assert form["direction"].value() == "up"
    values = {name: form[name].value() for name in ("patient", "parent", "present_illness")}
    answer = county.post(
        NEW,
        typed(
            world,
            **values,
            id_number="",
            house=str(world.county.public_id),
            receiver=str(world.tertiary.public_id),
        ),
    )
    assert answer.status_code == 302, errors(answer)
    leg.refresh_from_db()
    assert leg.status == Status.CLOSED


def test_a_patient_by_id_shows_masked_and_is_noted(world, doctor):
    patient = worlds.patient(world)
    page = doctor.get(f"{NEW}?patient={patient.public_id}")
    assert patient.masked_name in text_of(page)
    assert patient.name not in text_of(page)
    assert AuditEntry.objects.filter(action="patient.read").exists()


def test_a_patient_in_care_of_others_is_not_shown(world, sign_in):
    patient = worlds.patient(world)
    page = sign_in(world.township2_doctor).get(f"{NEW}?patient={patient.public_id}")
    assert patient.masked_name not in text_of(page)
