"""Consents given and withdrawn; two entries of one person merged."""

import uuid

from django.urls import reverse
from django.utils import timezone

from alliance.patients import actions
from alliance.patients.models import Consent, Patient

from .conftest import NUMBER, given, page_of


def test_a_consent_is_recorded(world, patient, browser_of):
    now = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    typed = {
        "purpose": "referral",
        "receiver": world.county.pk,
        "method": "written",
        "given_by": "patient",
        "given_at": now,
    }
    browser = browser_of(world.doctor)
    wrong = browser.post(page_of("consent", patient), typed | {"given_by": "nobody"})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["given_by"])
    page = browser.post(page_of("consent", patient), typed, follow=True)
    assert "The consent is recorded." in page.content.decode()
    assert Consent.objects.get().recorded_by == world.doctor


def test_a_consent_goes_only_to_whom_one_may_refer(world, patient, browser_of):
    page = browser_of(world.doctor).get(page_of("consent", patient))
    offered = set(page.context["form"].fields["receiver"].queryset)
    assert world.county in offered
    assert not {world.township, world.outside} & offered


def test_a_consent_is_withdrawn_once_for_a_reason(world, patient, browser_of):
    consent = given(world, patient)
    url = reverse("patients:withdraw-consent", args=[patient.public_id, consent.public_id])
    browser = browser_of(world.doctor)
    assert browser.post(url, {"reason": ""}).status_code == 422
    page = browser.post(url, {"reason": "changed his mind"}, follow=True)
    assert "changed his mind" in page.content.decode()
    assert browser.post(url, {"reason": "again"}).status_code == 409
    assert browser_of(world.liaison).post(url, {"reason": "x"}).status_code == 404
    unknown = reverse("patients:withdraw-consent", args=[patient.public_id, uuid.uuid4()])
    assert browser_of(world.doctor).post(unknown, {"reason": "x"}).status_code == 404


def test_a_merge_is_offered_compared_and_done(world, patient, twin, browser_of, demo):
    browser = browser_of(world.township_manager)
    assert "may be the same person" in browser.get(patient.get_absolute_url()).content.decode()
    find = browser.post(page_of("merge-find", patient), {"search": "E12345678"})
    compare = reverse("patients:merge", args=[patient.public_id, twin.public_id])
    assert compare in find.content.decode()
    page = browser.get(compare)
    text = page.content.decode()
    assert "differs" in text
    for clear in ("张三", "张珊", NUMBER, "E12345678"):
        assert clear not in text
    sent = {"keep": "one", "one_version": 1, "other_version": 1}
    assert browser.post(compare, sent | {"reason": ""}).status_code == 422
    done = browser.post(compare, sent | {"reason": "passport"})
    assert (done.status_code, done["Location"]) == (302, patient.get_absolute_url())
    moved = browser.get(twin.get_absolute_url())
    assert (moved.status_code, moved["Location"]) == (302, patient.get_absolute_url())
    assert browser.get(compare)["Location"] == patient.get_absolute_url()


def test_a_merge_keeps_the_entry_one_chose(world, patient, twin, browser_of, demo):
    compare = reverse("patients:merge", args=[patient.public_id, twin.public_id])
    sent = {"keep": "other", "one_version": 1, "other_version": 1, "reason": "passport"}
    done = browser_of(world.township_manager).post(compare, sent)
    assert done["Location"] == twin.get_absolute_url()
    patient.refresh_from_db()
    assert patient.merged_into == twin


def test_a_merge_of_what_has_changed_is_refused(world, patient, twin, browser_of, demo):
    compare = reverse("patients:merge", args=[patient.public_id, twin.public_id])
    sent = {"keep": "one", "one_version": 1, "other_version": 3, "reason": "passport"}
    assert browser_of(world.township_manager).post(compare, sent).status_code == 412
    assert not Patient.objects.exclude(merged_into=None).exists()


def test_a_merge_is_for_managers_who_have_both(world, patient, twin, browser_of, demo):
    compare = reverse("patients:merge", args=[patient.public_id, twin.public_id])
    assert browser_of(world.doctor).get(compare).status_code == 403
    assert browser_of(world.manager).get(compare).status_code == 404
    actions.grant_access(
        patient=patient, institution=world.county, reason="referred", by=world.doctor
    )
    assert browser_of(world.manager).get(compare).status_code == 404


def test_two_resident_numbers_are_pointed_out(world, patient, browser_of, demo):
    other = actions.register(
        by=world.doctor,
        institution=world.township,
        name="张三",
        sex="male",
        birth_date=patient.birth_date,
        id_type="01",
        id_number="330100198001010031",
    )[0]
    compare = reverse("patients:merge", args=[patient.public_id, other.public_id])
    page = browser_of(world.township_manager).get(compare)
    assert "they differ" in page.content.decode()
