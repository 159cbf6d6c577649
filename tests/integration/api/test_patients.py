"""Patients as other systems enter, read and find them."""

import json
import uuid
from datetime import date

import pytest
from django.urls import reverse

from alliance.core.identifiers import resident_id_with_check
from alliance.core.models import AuditEntry, IdempotencyKey
from alliance.patients import actions
from alliance.patients.models import Patient

LIST = "api:patient-list"
BODY = {
    "name": "张三",
    "sex": "male",
    "birth_date": "1980-01-01",
    "id_type": "01",
    "id_number": resident_id_with_check("33010019800101001"),
    "phone": "13800001234",
    "address": "浙江省杭州市西湖区文三路1号",
    "record_number": "A1234567890",
}


def _one(pk):
    return reverse("api:patient-detail", args=[pk])


def _lines(action):
    return list(AuditEntry.objects.filter(action=action).values_list("actor", "institution"))


def test_a_patient_is_created_and_comes_back_masked(township, world):
    response = township.post(reverse(LIST), BODY)
    assert response.status_code == 201, response.content
    row = response.json()
    assert row["name"] == "张三"
    assert row["id_number_masked"].startswith("330100")
    assert (row["phone_masked"], row["address_masked"]) == ("138****1234", "浙江省杭州市西湖区***")
    assert row["registered_at"] == str(world.township.public_id)
    for clear in (BODY["id_number"], BODY["phone"], "文三路", BODY["record_number"]):
        assert clear not in response.content.decode()
    assert response["Location"].endswith(_one(row["id"]))
    assert response["ETag"] == '"1"'
    assert _lines("patient.registered") == [(township.account.pk, world.township.pk)]


def test_a_known_number_is_the_same_patient_wherever_it_is_posted(township, county):
    first = township.post(reverse(LIST), BODY).json()
    again = township.post(reverse(LIST), BODY)
    elsewhere = county.post(reverse(LIST), BODY | {"phone": ""})
    assert (again.status_code, again.json()["id"]) == (200, first["id"])
    assert (elsewhere.status_code, elsewhere.json()["id"]) == (200, first["id"])
    assert Patient.objects.count() == 1
    assert county.get(_one(first["id"])).status_code == 200


@pytest.mark.parametrize("changed", [{"name": "李四"}, {"name": "张三丰"}])
def test_a_known_number_under_another_name_is_refused_and_tells_no_name(township, county, changed):
    township.post(reverse(LIST), BODY)
    response = county.post(reverse(LIST), BODY | changed)
    assert response.status_code == 409
    assert response.json()["code"] == "patient_conflict"
    assert "张三" not in response.content.decode()
    assert county.get(reverse(LIST), {"id_number": BODY["id_number"]}).json()["results"] == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": None}, "name"),
        ({"name": "  "}, "name"),
        ({"name": "123"}, "name"),
        ({"name": "x" * 51}, "name"),
        ({"name": ["张三"]}, "name"),
        ({"name": "张\0三"}, "name"),
        ({"sex": "m"}, "sex"),
        ({"sex": {"a": 1}}, "sex"),
        ({"birth_date": "01.01.1980"}, "birth_date"),
        ({"birth_date": "1980-01-02"}, "birth_date"),
        ({"birth_date": 19800101}, "birth_date"),
        ({"birth_date": "2999-01-01", "id_type": "03", "id_number": "E1234567"}, "birth_date"),
        ({"birth_date": "1700-01-01", "id_type": "03", "id_number": "E1234567"}, "birth_date"),
        ({"id_type": "77"}, "id_type"),
        ({"id_type": 1}, "id_type"),
        ({"id_number": BODY["id_number"][:-1] + "0"}, "id_number"),
        ({"id_number": "330100800101001"}, "id_number"),
        ({"id_number": ""}, "id_number"),
        ({"id_number": True}, "id_number"),
        ({"phone": "call me"}, "phone"),
        ({"phone": "1" * 31}, "phone"),
        ({"address": "x" * 201}, "address"),
        ({"record_number": "x" * 31}, "record_number"),
    ],
)
def test_each_fault_is_named_by_its_field(township, changed, field):
    response = township.post(reverse(LIST), BODY | changed)
    assert response.status_code == 400, response.content
    assert list(response.json()["errors"]) == [field]
    assert not Patient.objects.exists()
    assert not AuditEntry.objects.filter(action__startswith="patient.").exists()


def test_what_is_missing_is_named_all_at_once(township):
    errors = township.post(reverse(LIST), {}).json()["errors"]
    assert set(errors) == {"name", "sex", "birth_date", "id_number"}


def test_a_sex_that_contradicts_the_number_only_warns(township):
    response = township.post(reverse(LIST), BODY | {"sex": "female"})
    assert response.status_code == 201
    assert list(response.json()["warnings"]) == ["sex"]


def test_the_same_key_gives_the_same_answer_and_keeps_no_patient_data(township):
    key = str(uuid.uuid4())
    first = township.post(reverse(LIST), BODY, HTTP_IDEMPOTENCY_KEY=key)
    again = township.post(reverse(LIST), BODY, HTTP_IDEMPOTENCY_KEY=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json()["id"] == first.json()["id"]
    assert again["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    kept = IdempotencyKey.objects.get()
    assert set(kept.answer) == {"pk", "status"}
    other = township.post(reverse(LIST), BODY | {"sex": "female"}, HTTP_IDEMPOTENCY_KEY=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


def test_a_refused_create_leaves_its_key_free(township):
    key = str(uuid.uuid4())
    wrong = township.post(
        reverse(LIST), BODY | {"birth_date": "1980-01-02"}, HTTP_IDEMPOTENCY_KEY=key
    )
    assert wrong.status_code == 400
    assert township.post(reverse(LIST), BODY, HTTP_IDEMPOTENCY_KEY=key).status_code == 201


def test_a_key_belongs_to_its_caller(township, county):
    key = str(uuid.uuid4())
    township.post(reverse(LIST), BODY, HTTP_IDEMPOTENCY_KEY=key)
    other = county.post(reverse(LIST), BODY | {"phone": ""}, HTTP_IDEMPOTENCY_KEY=key)
    assert other.status_code == 200


@pytest.mark.parametrize("key", ["x" * 121, "schlüssel"])
def test_a_key_that_cannot_be_kept_is_named(township, key):
    response = township.post(reverse(LIST), BODY, HTTP_IDEMPOTENCY_KEY=key)
    assert (response.status_code, list(response.json()["errors"])) == (400, ["Idempotency-Key"])


def test_a_foreign_patient_does_not_exist(township, outsider, county):
    row = township.post(reverse(LIST), BODY).json()
    for other in (outsider, county):
        assert other.get(_one(row["id"])).status_code == 404
        found = other.get(reverse(LIST), {"id_number": BODY["id_number"]})
        assert (found.status_code, found.json()["results"]) == (200, [])


def test_a_patient_is_found_by_number_and_each_reading_noted(township, world):
    row = township.post(reverse(LIST), BODY).json()
    assert _lines("patient.read") == []
    for number in (BODY["id_number"], BODY["id_number"].lower(), f" {BODY['id_number'][:6]} "):
        found = township.get(reverse(LIST), {"id_number": number}).json()["results"]
        assert [hit["id"] for hit in found] == ([row["id"]] if len(number.strip()) > 6 else [])
    assert _lines("patient.read") == [(township.account.pk, world.township.pk)]
    passport = township.get(reverse(LIST), {"id_number": BODY["id_number"], "id_type": "03"}).json()
    assert passport["results"] == []


def test_patients_are_never_listed_wholesale(township):
    township.post(reverse(LIST), BODY)
    response = township.get(reverse(LIST))
    assert (response.status_code, list(response.json()["errors"])) == (400, ["id_number"])


def test_the_id_of_a_merged_entry_leads_to_the_kept_one(township, world):
    keep = township.post(reverse(LIST), BODY).json()
    passport = BODY | {"id_type": "03", "id_number": "E12345678"}
    gone = township.post(reverse(LIST), passport).json()
    entries = {str(patient.public_id): patient for patient in Patient.objects.all()}
    actions.merge(
        keep=entries[keep["id"]],
        merge=entries[gone["id"]],
        reason="one person",
        by=world.township_manager,
    )
    assert township.get(_one(gone["id"])).json()["id"] == keep["id"]
    found = township.get(reverse(LIST), {"id_number": "E12345678", "id_type": "03"}).json()
    assert [row["id"] for row in found["results"]] == [keep["id"]]
    again = township.post(reverse(LIST), passport)
    assert (again.status_code, again.json()["id"]) == (200, keep["id"])


def test_people_act_for_the_institution_they_chose(browser_of, world):
    browser = browser_of(world.doctor)
    response = browser.post(reverse(LIST), json.dumps(BODY), content_type="application/json")
    assert response.status_code == 201
    assert Patient.objects.get().registered_at == world.township


def test_people_of_no_institution_register_nobody(browser_of, world, settings):
    settings.DEMO_MODE = True
    browser = browser_of(world.office)
    response = browser.post(reverse(LIST), json.dumps(BODY), content_type="application/json")
    assert response.status_code == 403
    assert browser.get(reverse(LIST), {"id_number": BODY["id_number"]}).json()["results"] == []


def test_reading_costs_few_queries(township, django_assert_max_num_queries):
    row = township.post(reverse(LIST), BODY).json()
    township.get(_one(row["id"]))
    with django_assert_max_num_queries(6):
        township.get(_one(row["id"]))


def test_birth_dates_come_as_iso(township):
    row = township.post(reverse(LIST), BODY).json()
    assert date.fromisoformat(row["birth_date"]) == date(1980, 1, 1)
