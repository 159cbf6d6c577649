"""The filing page sent: what becomes of it, what is refused, with everything kept."""

import json
import re
import uuid
from datetime import date

import pytest
from django.utils import timezone

from alliance.patients.models import Consent, Patient
from referrals.choices import Status
from referrals.models import Referral
from tests import worlds
from tests.factories import alliance as make

from .filing import NEW, draft_url, errors, text_of, typed

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
