"""Nothing typed on the filing page is lost: kept while typing, gone on with, thrown away."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from referrals import actions
from referrals.choices import Status
from referrals.forms_new import ReferralForm
from referrals.models import Referral
from tests import worlds

from .filing import NEW, draft_url, errors, text_of, typed


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
