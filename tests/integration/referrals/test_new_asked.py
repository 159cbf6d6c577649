"""What the filing page asks while one types, and what it costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alliance.core.models import AuditEntry
from alliance.institutions.choices import Tier
from tests import worlds
from tests.factories import alliance as make

from .filing import NEW, text_of

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
