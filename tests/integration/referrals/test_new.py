"""The filing page: begun, kept, filed; who may; what is refused; nothing typed is lost."""

import json
import re
import uuid
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from alliance.core.choices import Role
from alliance.core.models import AuditEntry
from alliance.core.policy import PolicySetting
from alliance.institutions.choices import Tier
from alliance.patients.models import Consent, Patient
from referrals import actions, rules
from referrals.choices import Status
from referrals.forms_new import ReferralForm
from referrals.models import ReasonCode, Referral
from tests import worlds
from tests.factories import alliance as make

NEW = "/referrals/new/"


def typed(world, **more):
    """What a page of the township holds for a complete referral of somebody new."""
    return {
        "idempotency_key": "page-1",
        "house": str(world.township.public_id),
        "id_type": "01",
        "id_number": worlds.id_number(7),
        "name": "赵玉梅",
        "phone": "13900000007",
        "direction": "up",
        "urgency": "urgent",
        "receiver": str(world.county.public_id),
        "diagnoses": [world.appendicitis.code],
        "preliminary_impression": "急性阑尾炎可能",
        "present_illness": "转移性右下腹痛 12 小时",
        "indication": "需手术治疗",
        "consent": "on",
        "action": "submit",
    } | more


def errors(page):
    return page.context["form"].errors


def text_of(page):
    return page.content.decode()


@pytest.fixture
def doctor(world, sign_in):
    return sign_in(world.doctor)


@pytest.fixture
def kept(world, doctor):
    """A draft of the township's doctor, and the page that wrote it."""
    answer = doctor.post(f"{NEW}autosave/", typed(world, indication="")).json()
    return Referral.objects.get(public_id=answer["url"].split("/")[-2])


def draft_url(draft, part=""):
    return f"/referrals/drafts/{draft.public_id}/{part}"


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


# --- Kept while typing ---------------------------------------------------------------------------


def test_autosave_makes_one_draft_for_one_page(world, doctor):
    first = doctor.post(f"{NEW}autosave/", typed(world))
    again = doctor.post(f"{NEW}autosave/", typed(world, indication="更多"))
    assert first.json()["url"] == again.json()["url"]
    draft = Referral.objects.get()
    assert (draft.status, draft.version) == (Status.DRAFT, 2)
    assert json.loads(draft.form_data)["indication"] == "更多"
    assert set(again.json()) == {"version", "saved_at", "url", "autosave_url", "key"}


def test_autosave_keeps_half_a_form_and_shows_it_again(world, doctor):
    half = {
        "idempotency_key": "k",
        "id_number": "33010",
        "birth_date": "1980",
        "receiver": "nonsense",
        "patient": "nonsense",
        "diagnoses": [world.appendicitis.code, world.gastritis.code],
        "indication": "半句",
    }
    url = doctor.post(f"{NEW}autosave/", half).json()["url"]
    page = doctor.get(url)
    form = page.context["form"]
    assert form["id_number"].value() == "33010"
    assert form["indication"].value() == "半句"
    assert [row.code for row in form.wanted.diseases] == half["diagnoses"]
    assert not form.errors


def test_a_kept_page_with_a_nonsense_patient_opens(world, doctor):
    url = doctor.post(f"{NEW}autosave/", {"idempotency_key": "k", "patient": "x"}).json()["url"]
    assert doctor.get(url).context["found"].state == ""


def test_what_names_a_patient_is_encrypted(world, kept):
    with connection.cursor() as cursor:
        cursor.execute("SELECT form_data FROM referrals_referral")
        assert "赵玉梅" not in cursor.fetchone()[0]


def test_another_page_writing_meanwhile_is_a_conflict(world, doctor, kept):
    other = typed(world, idempotency_key="page-2", version=1, indication="另一页")
    assert doctor.post(draft_url(kept, "autosave/"), other).status_code == 200
    mine = typed(world, version=1, indication="这一页")
    answer = doctor.post(draft_url(kept, "autosave/"), mine)
    assert answer.status_code == 412
    kept.refresh_from_db()
    assert "另一页" in kept.form_data


def test_a_lost_answer_is_no_conflict(world, doctor, kept):
    """The page never heard of version 1, but it wrote it."""
    answer = doctor.post(f"{NEW}autosave/", typed(world, indication="第二次"))
    again = doctor.post(f"{NEW}autosave/", typed(world, indication="第三次"))
    assert (answer.status_code, again.status_code) == (200, 200)
    assert again.json()["version"] == 3


def test_a_draft_opened_again_is_another_page(doctor, kept):
    assert doctor.get(draft_url(kept)).context["form"]["idempotency_key"].value() != "page-1"


def test_a_page_opened_before_others_wrote_must_say_its_version(world, doctor, kept):
    stranger = typed(world, idempotency_key="page-2")
    assert doctor.post(draft_url(kept, "autosave/"), stranger).status_code == 412


def test_autosave_of_what_has_left_says_so(world, doctor, kept):
    doctor.post(draft_url(kept), typed(world, version=1))
    answer = doctor.post(draft_url(kept, "autosave/"), typed(world, version=2))
    assert answer.status_code == 409


def test_a_page_without_its_key_is_refused(world, doctor):
    assert doctor.post(f"{NEW}autosave/", typed(world, idempotency_key="")).status_code == 400
    assert not Referral.objects.exists()


def test_save_and_close_keeps_the_draft(world, doctor):
    answer = doctor.post(NEW, typed(world, action="save"))
    assert answer["Location"] == reverse("home")
    assert Referral.objects.get().status == Status.DRAFT


def test_a_draft_of_another_system_is_read_from_its_columns(world, doctor):
    soon = timezone.now() + timedelta(hours=3)
    filing = worlds.filing(
        world, receiver_department=world.county_surgery, expected_at=soon, contact_phone="135"
    )
    draft = actions.create_referral(
        by=world.doctor, institution=world.township, data=filing, submit=False
    )
    form = doctor.get(draft_url(draft)).context["form"]
    assert form["present_illness"].value() == draft.present_illness
    assert form["receiver"].value() == str(world.county.public_id)
    assert form["receiver_department"].value() == str(world.county_surgery.public_id)
    assert form["contact_phone"].value() == "135"
    assert form.wanted.diseases == (world.appendicitis,)
    assert f"{timezone.localtime(soon):%Y-%m-%dT%H:%M}" in text_of(doctor.get(draft_url(draft)))


def test_discard(world, doctor, kept):
    answer = doctor.post(draft_url(kept), typed(world, action="discard", version=1))
    assert answer["Location"] == reverse("home")
    kept.refresh_from_db()
    assert (kept.status, kept.form_data) == (Status.CANCELLED, "")


def test_discard_of_a_page_that_became_a_draft_meanwhile(world, doctor, kept):
    doctor.post(NEW, typed(world, action="discard", version=1))
    kept.refresh_from_db()
    assert kept.status == Status.CANCELLED


def test_discard_of_a_page_never_saved_leaves_nothing(world, doctor):
    assert doctor.post(NEW, typed(world, action="discard"))["Location"] == reverse("home")
    assert not Referral.objects.exists()


def test_discard_of_what_somebody_else_wrote_since_is_refused(world, doctor, kept):
    doctor.post(draft_url(kept, "autosave/"), typed(world, idempotency_key="page-2", version=1))
    answer = doctor.post(draft_url(kept), typed(world, action="discard", version=1))
    assert answer.status_code == 412
    kept.refresh_from_db()
    assert kept.status == Status.DRAFT


def test_an_empty_page_filed_names_everything_and_leaves_nothing(world, doctor):
    began = doctor.get(NEW).context["form"].initial
    empty = {name: began.get(name) or "" for name in ReferralForm.base_fields}
    answer = doctor.post(NEW, empty | {"idempotency_key": "empty", "action": "submit"})
    assert answer.status_code == 422
    missing = {"id_number", "name", "sex", "birth_date", "receiver", "diagnoses", "consent"}
    missing |= {"preliminary_impression", "present_illness", "indication"}
    assert set(errors(answer)) == missing
    summary = text_of(answer).partition("error-summary")[2].partition("</ul>")[0]
    assert all(f'href="#id_{name}"' in summary for name in missing)
    assert not Referral.objects.exists()


@pytest.mark.parametrize("action", ["save", "submit"])
def test_a_page_that_only_turned_switches_takes_no_number(world, doctor, action):
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM referrals_number")
        before = cursor.fetchone()
        switched = {"idempotency_key": "k", "direction": "down", "urgency": "emergency"}
        doctor.post(NEW, switched | {"receiver": str(world.county.public_id), "action": action})
        assert doctor.post(f"{NEW}autosave/", switched).status_code == 204
        cursor.execute("SELECT last_value FROM referrals_number")
        assert cursor.fetchone() == before
    assert not Referral.objects.exists()


def test_a_draft_emptied_again_is_kept_as_it_is_now(doctor, kept):
    doctor.post(draft_url(kept, "autosave/"), {"idempotency_key": "page-1", "name": ""})
    kept.refresh_from_db()
    assert json.loads(kept.form_data) == {"idempotency_key": "page-1", "name": ""}


# --- Filed ---------------------------------------------------------------------------------------


def test_a_new_patient_is_registered_with_the_referral(world, doctor):
    answer = doctor.post(NEW, typed(world))
    leg = Referral.objects.get()
    assert answer["Location"] == leg.get_absolute_url()
    assert (leg.status, leg.specialty, leg.grade) == (Status.PENDING, world.surgery, "")
    assert leg.patient.name == "赵玉梅"
    assert leg.patient.birth_date == date(1980, 1, 1)  # from the number
    assert leg.receiver_department == world.county_surgery
    assert leg.consent.method == "written"
    assert leg.form_data == ""


def test_a_patient_known_by_number_needs_no_name(world, doctor):
    patient = worlds.patient(world)
    answer = doctor.post(NEW, typed(world, id_number=worlds.id_number(1), name=""))
    assert answer.status_code == 302, errors(answer)
    assert Referral.objects.get().patient == patient


def test_a_patient_in_care_elsewhere_is_taken_up_by_name(world, doctor):
    patient = worlds.patient(world, 3, at=world.county)
    nameless = doctor.post(NEW, typed(world, id_number=worlds.id_number(3), name=""))
    assert "name" in errors(nameless)
    answer = doctor.post(NEW, typed(world, id_number=worlds.id_number(3), name=patient.name))
    assert answer.status_code == 302
    assert Referral.objects.get().patient == patient


def test_a_known_number_under_another_name_is_refused_and_kept(world, doctor):
    worlds.patient(world, 3, at=world.county)
    answer = doctor.post(NEW, typed(world, id_number=worlds.id_number(3), name="别人"))
    assert answer.status_code == 409
    assert "already registered" in text_of(answer)
    assert Referral.objects.get().status == Status.DRAFT


def test_draft_is_filed_with_its_number_and_papers(world, doctor, kept):
    answer = doctor.post(draft_url(kept), typed(world, version=1))
    assert answer.status_code == 302, errors(answer)
    kept.refresh_from_db()
    assert kept.status == Status.PENDING
    assert doctor.get(draft_url(kept))["Location"] == kept.get_absolute_url()


def test_a_draft_begun_up_and_filed_down_gets_a_number_that_says_so(world, sign_in):
    county = sign_in(world.county_doctor)
    house = str(world.county.public_id)
    url = county.post(f"{NEW}autosave/", typed(world, house=house)).json()["url"]
    down = {
        "direction": "down",
        "receiver": str(world.township.public_id),
        "diagnosis_result": "阑尾炎术后",
        "stability": "稳定",
        "rehabilitation_advice": "第 7 天拆线",
    }
    answer = county.post(url, typed(world, house=house, **down))
    assert answer.status_code == 302, errors(answer)
    assert Referral.objects.get().number.startswith("XZ-")


def test_emergency_leaves_with_the_least_and_owes_the_rest(world, doctor):
    least = typed(
        world,
        urgency="emergency",
        diagnoses=[],
        receiver_department=str(world.county_surgery.public_id),
        present_illness="",
        indication="",
    )
    del least["consent"]
    answer = doctor.post(NEW, least)
    assert answer.status_code == 302, errors(answer)
    leg = Referral.objects.get()
    assert leg.paperwork_due_at > timezone.now()
    assert leg.consent is None


def test_codes_typed_without_scripts_count(world, doctor):
    doctor.post(NEW, typed(world, diagnoses=[], diagnosis_codes="K35.800x001，K29.500"))
    codes = [row.disease.code for row in Referral.objects.get().diagnoses.all()]
    assert codes == ["K35.800x001", "K29.500"]


def test_the_same_page_sent_twice_is_one_referral(world, doctor):
    first = doctor.post(NEW, typed(world))
    again = doctor.post(NEW, typed(world))
    assert first["Location"] == again["Location"]
    assert Referral.objects.count() == 1
    assert Consent.objects.count() == 1


def test_a_draft_sent_twice_is_one_referral(world, doctor, kept):
    first = doctor.post(draft_url(kept), typed(world, version=1))
    again = doctor.post(draft_url(kept), typed(world, version=1))
    assert first["Location"] == again["Location"] == kept.get_absolute_url()


def test_a_filed_page_changed_and_sent_again_says_that_it_was_filed(world, doctor):
    doctor.post(NEW, typed(world))
    answer = doctor.post(NEW, typed(world, indication="后来想到的"))
    assert answer.status_code == 409
    assert "后来想到的" in text_of(answer)
    assert Referral.objects.count() == 1


def test_stale_page_shows_what_was_typed_and_may_win(world, doctor, kept):
    doctor.post(
        draft_url(kept, "autosave/"),
        typed(world, idempotency_key="page-2", version=1, indication="另一页"),
    )
    answer = doctor.post(draft_url(kept), typed(world, version=1, indication="这一页"))
    assert answer.status_code == 412
    assert "这一页" in text_of(answer)
    assert re.search(r'name="version" value="2"', text_of(answer))
    again = doctor.post(draft_url(kept), typed(world, version=2, indication="这一页"))
    assert again.status_code == 302
    kept.refresh_from_db()
    assert kept.indication == "这一页"


# --- Refused, with everything kept ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id_number": ""}, "id_number"),
        ({"id_number": "33010019800101001X"}, "id_number"),
        ({"id_number": "123"}, "id_number"),
        ({"id_type": "77"}, "id_type"),
        ({"name": ""}, "name"),
        ({"name": "123"}, "name"),
        ({"birth_date": "1981-01-01"}, "birth_date"),
        ({"phone": "abc"}, "phone"),
        ({"id_type": "03", "id_number": "E12345678"}, "sex"),
        ({"patient": str(uuid.uuid4()), "id_number": ""}, "id_number"),
        ({"receiver": ""}, "receiver"),
        ({"receiver": "nonsense"}, "receiver"),
        ({"diagnoses": []}, "diagnoses"),
        ({"diagnoses": ["Z99.999x999"]}, "diagnoses"),
        ({"diagnosis_codes": "X99"}, "diagnosis_codes"),
        ({"technique": "nothing"}, "technique"),
        ({"preliminary_impression": " "}, "preliminary_impression"),
        ({"present_illness": ""}, "present_illness"),
        ({"indication": ""}, "indication"),
        ({"consent": ""}, "consent"),
        ({"consent_method": "emergency", "consent_given_by": "nobody"}, "consent_method"),
        ({"consent_given_by": "nobody"}, "consent_given_by"),
        ({"expected_at": "soon"}, "expected_at"),
        ({"direction": "down"}, "stability"),
        ({"direction": "sideways"}, "direction"),
        ({"past_history": "长" * 4001}, "past_history"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_all_is_kept(world, doctor, change, field):
    sent = typed(world, treatment_given="补液") | change
    answer = doctor.post(NEW, sent)
    assert answer.status_code == 422, answer
    assert field in errors(answer)
    assert "补液" in text_of(answer)
    draft = Referral.objects.get()
    assert draft.status == Status.DRAFT
    assert json.loads(draft.form_data)["treatment_given"] == "补液"
    assert not Patient.objects.exists()


def test_a_child_consents_through_its_guardian(world, doctor):
    answer = doctor.post(NEW, typed(world, id_number=worlds.id_number(7, born="20200101")))
    assert "consent_given_by" in errors(answer)
    assert not Patient.objects.exists()


def test_a_main_diagnosis_that_cannot_be_is_named(world, doctor):
    make.DiseaseFactory(code="G63.2*", name="糖尿病性多发性神经病", specialty=world.medicine)
    answer = doctor.post(NEW, typed(world, diagnoses=["G63.2*"]))
    assert "G63.2*" in str(errors(answer)["diagnoses"])


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"technique": "43.7x03"}, "above the tier"),
        ({"receiver": "outside"}, "does not let you refer"),
        ({"direction": "lateral"}, "direction does not fit"),
    ],
)
def test_a_place_that_cannot_is_refused_with_others(world, doctor, change, sentence):
    if "receiver" in change:
        change = {"receiver": str(world.outside.public_id)}
    answer = doctor.post(NEW, typed(world, **change))
    assert answer.status_code == 409
    assert sentence in text_of(answer)
    assert answer.context["check"].verdict == "no"
    assert Referral.objects.get().status == Status.DRAFT
    assert not Patient.objects.exists()


def test_offered_place_is_taken_with_one_tap_without_scripts(world, doctor):
    refused = doctor.post(NEW, typed(world, technique="43.7x03"))
    way = refused.context["check"].ways[0]
    assert way["title"] == world.tertiary.name
    taken = doctor.post(
        NEW, typed(world, technique="43.7x03", action="", take=way["value"]), follow=True
    )
    assert taken.context["form"]["receiver"].value() == str(world.tertiary.public_id)
    assert taken.context["check"].verdict == "yes"


def test_an_open_leg_in_the_way_is_linked(world, doctor):
    leg = worlds.pending_referral(world)
    answer = doctor.post(NEW, typed(world, id_number="", patient=str(leg.patient.public_id)))
    assert answer.status_code == 409
    assert leg.get_absolute_url() in text_of(answer)


def test_a_house_that_reviews_keeps_it_first(world, doctor):
    world.township.reviews_referrals = True
    world.township.save()
    answer = doctor.post(NEW, typed(world), follow=True)
    assert Referral.objects.get().status == Status.ORIGIN_REVIEW
    assert "your own office reviews it first" in text_of(answer)


def test_a_house_in_no_alliance_is_told(world, sign_in):
    outside = sign_in(world.outsider)
    page = outside.get(NEW)
    assert page.context["check"].title == "Your institution is in no alliance today."
    answer = outside.post(NEW, typed(world, house=str(world.outside.public_id)))
    assert answer.status_code == 409
    assert not Referral.objects.exists()
    assert "转移性右下腹痛" in text_of(answer)


def test_a_leg_it_does_not_follow_from_is_told(world, doctor):
    other = worlds.pending_referral(world, patient=worlds.patient(world, 3, "别人"))
    answer = doctor.post(NEW, typed(world, parent=str(other.public_id)))
    assert "does not follow from that one" in text_of(answer)
    assert not Patient.objects.filter(name="赵玉梅").exists()


def test_too_many_diagnoses_are_refused(world, doctor):
    codes = [make.DiseaseFactory(specialty=world.surgery).code for _index in range(11)]
    answer = doctor.post(NEW, typed(world, diagnoses=codes))
    assert "Name at most 10 diagnoses." in str(errors(answer)["diagnoses"])


def test_a_place_without_the_department_is_refused(world, sign_in):
    world.county_surgery.is_active = False
    world.county_surgery.save()
    answer = sign_in(world.doctor).post(NEW, typed(world))
    assert answer.status_code == 409
    assert "no department for that specialty" in text_of(answer)


def test_without_diagnosis_an_emergency_names_the_department(world, doctor):
    answer = doctor.post(NEW, typed(world, urgency="emergency", diagnoses=[]))
    assert "receiver_department" in errors(answer)


def test_department_of_another_house_is_not_taken(world, doctor):
    foreign = make.DepartmentFactory(institution=world.county2, specialty=world.medicine)
    doctor.post(NEW, typed(world, receiver_department=str(foreign.public_id)))
    assert Referral.objects.get().receiver_department == world.county_surgery


# --- Asked while typing --------------------------------------------------------------------------


def ask(browser, world, **more):
    asked = {
        "direction": "up",
        "urgency": "urgent",
        "receiver": str(world.county.public_id),
        "shown_direction": "up",
        "shown_receiver": str(world.county.public_id),
    }
    return browser.get(f"{NEW}check/", asked | more, headers={"hx-request": "true"})


def test_check_says_why_the_place_can(world, doctor):
    answer = ask(doctor, world, diagnoses=[world.appendicitis.code], technique="47.0100")
    check = answer.context["check"]
    assert check.verdict == "yes"
    assert any("普通外科" in fact for fact in check.facts)
    assert "its tier may do this technique" in check.facts
    assert check.grading.grade == "advanced"
    assert "County hospital" in check.grading.words
    assert 'id="where-department"' in text_of(answer)  # proposed by the diagnosis


def test_check_tells_beds_and_until_when(world, doctor):
    world.county_surgery.beds = 40
    world.county_surgery.save()
    asked = {"receiver_department": str(world.county_surgery.public_id)}
    facts = ask(doctor, world, **asked).context["check"].facts
    assert any("40 beds" in fact for fact in facts)
    assert any(fact.startswith("filed now, answered by") for fact in facts)
    slow = ask(doctor, world, urgency="routine", **asked).context["check"].facts
    assert slow[-1] != facts[-1]
    world.township.reviews_referrals = True
    world.township.save()
    assert ask(doctor, world, **asked).context["check"].facts[-1] == "answer within 2 h"


def test_check_says_why_not_and_where_else(world, doctor):
    answer = ask(doctor, world, technique="43.7x03")
    check = answer.context["check"]
    assert check.reasons == ["This technique is graded above the tier of this institution."]
    assert [way["title"] for way in check.ways] == [world.tertiary.name]


def test_check_without_a_place_offers_some(world, doctor):
    check = ask(doctor, world, receiver="", diagnoses=[world.gastritis.code]).context["check"]
    assert check.verdict == ""
    assert check.ways[0]["title"] in {world.county.name, world.county2.name}


def test_check_tells_when_one_may_do_it_oneself(world, doctor):
    check = ask(doctor, world, technique="86.2200x011").context["check"]
    assert check.grading.grade == "basic"
    assert "your own tier" in check.grading.note


def test_check_of_an_ungraded_technique_says_so(world, doctor):
    technique = make.TechniqueFactory(specialty=world.surgery)
    check = ask(doctor, world, technique=technique.code).context["check"]
    assert "Not in the alliance's catalogue" in check.grading.words


def test_check_leaves_fields_alone_that_need_no_change(world, doctor):
    page = text_of(ask(doctor, world))
    assert 'id="where-place"' not in page
    assert 'id="where-department"' not in page


def test_check_in_another_direction_brings_its_places(world, doctor):
    answer = ask(doctor, world, direction="lateral")
    page = text_of(answer)
    assert 'id="where-place"' in page
    assert str(world.township2.public_id) in page
    assert str(world.county.public_id) not in page


def test_check_keeps_a_department_chosen_by_hand(world, doctor):
    medicine = world.county.departments.get(specialty=world.medicine)
    chosen = {"receiver_department": str(medicine.public_id)}
    kept = ask(doctor, world, diagnoses=[world.appendicitis.code], **chosen)
    assert kept.context["wanted"].department == medicine
    proposed = ask(
        doctor,
        world,
        diagnoses=[world.appendicitis.code],
        shown_specialty=world.medicine.pk,
        **chosen,
    )
    assert proposed.context["wanted"].department == world.county_surgery


def test_check_takes_an_offered_place(world, doctor):
    answer = ask(doctor, world, take="1", receiver=str(world.county2.public_id))
    page = text_of(answer)
    for part in ("where-direction", "where-place", "where-department"):
        assert f'id="{part}"' in page


@pytest.mark.parametrize(
    ("urgency", "words"), [("urgent", "answer within 2 h"), ("routine", "of working time")]
)
def test_urgency_says_its_clock(doctor, urgency, words):
    choices = dict(doctor.get(NEW).context["form"].fields["urgency"].choices)
    assert words in choices[urgency]


def test_house_that_reviews_says_so_first(world, doctor):
    world.township.reviews_referrals = True
    world.township.save()
    assert "office reviews" in doctor.get(NEW).context["steps"][0]
    assert "receiver decides" in doctor.get(f"{NEW}?urgency=emergency").context["steps"][0]


def look_up(browser, number, **more):
    return browser.post(
        f"{NEW}patient/",
        {"id_type": "01", "id_number": number} | more,
        headers={"hx-request": "true"},
    )


def test_lookup_of_a_patient_in_care_is_masked_and_noted(world, doctor):
    patient = worlds.patient(world)
    leg = worlds.pending_referral(world, patient=patient)
    answer = look_up(doctor, worlds.id_number(1))
    assert answer.context["found"].state == "ours"
    assert patient.masked_name in text_of(answer)
    assert patient.name not in text_of(answer)
    assert leg.number in text_of(answer)
    assert AuditEntry.objects.filter(action="patient.read").exists()


def test_lookup_of_a_patient_elsewhere_names_nobody(world, sign_in):
    patient = worlds.patient(world)
    answer = look_up(sign_in(world.township2_doctor), worlds.id_number(1))
    assert answer.context["found"].state == "elsewhere"
    assert patient.masked_name not in text_of(answer)


@pytest.mark.parametrize(
    ("number", "state"),
    [("", ""), (worlds.id_number(5), "new"), ("330100198001010012", "wrong"), ("33", "wrong")],
)
def test_lookup_tells_at_once(doctor, number, state):
    found = look_up(doctor, number).context["found"]
    assert found.state == state
    if state == "new":
        assert (found.sex, found.birth_date) == ("male", "1980-01-01")


def test_lookup_of_a_new_number_shows_who_it_may_be(world, doctor):
    twin = worlds.patient(world)
    answer = look_up(doctor, "E12345678", id_type="03", name=twin.name, birth_date="1980-01-01")
    assert answer.context["found"].twins == [twin]
    assert twin.masked_name in text_of(answer)
    assert twin.id_number not in text_of(answer)
    chosen = look_up(doctor, "", patient=str(twin.public_id))
    assert chosen.context["found"].patient == twin


@pytest.mark.parametrize("born", ["", "1980-13-45", "1981-01-01"])
def test_lookup_shows_nobody_else(world, doctor, born):
    twin = worlds.patient(world)
    answer = look_up(doctor, "E12345678", id_type="03", name=twin.name, birth_date=born)
    assert answer.context["found"].twins == []


def test_lookup_keeps_numbers_out_of_addresses(doctor):
    assert doctor.get(f"{NEW}patient/").status_code == 405


def test_lookup_of_other_documents_derives_nothing(doctor):
    found = look_up(doctor, "E12345678", id_type="03").context["found"]
    assert (found.state, found.sex) == ("new", "")


@pytest.mark.parametrize("text", ["lwy", "阑尾", "K35"])
def test_diseases_are_found_by_initials_name_and_code(world, doctor, text):
    rows = doctor.get(f"{NEW}lookup/diseases/", {"search": text}).json()["results"]
    assert rows == [{"code": "K35.800x001", "name": "急性阑尾炎", "hint": "K35.800x001"}]


def test_techniques_come_with_their_grade(world, doctor):
    rows = doctor.get(f"{NEW}lookup/techniques/", {"search": "lwqcs"}).json()["results"]
    assert [row["hint"] for row in rows] == ["Advanced"]


def test_nothing_typed_offers_the_common_ones(world, doctor):
    rows = doctor.get(f"{NEW}lookup/diseases/").json()["results"]
    assert {row["code"] for row in rows} == {"K35.800x001", "K29.500"}


def test_doctors_are_those_of_the_house(world, doctor):
    make.PractitionerFactory(name="李外", institution=world.county)
    rows = doctor.get(f"{NEW}lookup/doctors/", {"search": "李"}).json()["results"]
    assert [row["name"] for row in rows] == ["李文"]


def test_unknown_tables_are_not_found(doctor):
    assert doctor.get(f"{NEW}lookup/patients/").status_code == 404


def test_a_large_house_searches_its_doctors(world, doctor):
    make.PractitionerFactory.create_batch(61, institution=world.township)
    form = doctor.get(NEW).context["form"]
    assert form.fields["sender_doctor"].widget.attrs["data-combobox"].endswith("/lookup/doctors/")
    assert len(form.fields["sender_doctor"].widget.choices) == 2  # nobody, oneself


# --- What it costs -------------------------------------------------------------------------------


def test_page_costs_the_same_with_few_and_many_places(world, doctor):
    counts = []
    for serials in (range(100, 101), range(101, 121)):
        for serial in serials:
            place = make.InstitutionFactory(tier=Tier.COUNTY)
            make.MembershipFactory(alliance=world.alliance, institution=place)
            make.RelationFactory(
                alliance=world.alliance, sender=world.township, receiver=place, direction="up"
            )
            make.DepartmentFactory(institution=place, specialty=world.surgery)
            patient = worlds.patient(world, serial, "病人甲")
            worlds.pending_referral(world, patient=patient, receiver=place)
        with CaptureQueriesContext(connection) as queries:
            page = doctor.get(NEW)
        counts.append(len(queries))
        assert len(page.content) < 50_000
    assert counts[0] == counts[1] <= 20
