"""One filing page sent several times at once: one draft, one referral, one answer for all."""

from functools import partial

import pytest
from django.conf import settings
from django.test import Client

from alliance.patients.models import Patient
from referrals.choices import Status
from referrals.models import Referral
from tests import worlds

from .together import at_once

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
NEW = "/referrals/new/"


@pytest.fixture
def world(transactional_db):
    """Stored for good, so that other threads see it."""
    return worlds.alliance()


def page_of(world, **more):
    return {
        "idempotency_key": "page-1",
        "id_number": worlds.id_number(7),
        "name": "赵玉梅",
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


def posted_at_once(user, *requests):
    """Send the (address, values) pairs together, each by a browser of its own."""
    jobs = []
    for url, values in requests:
        browser = Client()
        browser.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        jobs.append(partial(browser.post, url, values))
    return at_once(*jobs)


def test_the_same_page_filed_four_times_at_once_is_one_referral(world):
    answers = posted_at_once(world.doctor, *[(NEW, page_of(world))] * 4)
    assert {answer.status_code for answer in answers} == {302}
    assert len({answer["Location"] for answer in answers}) == 1
    leg = Referral.objects.get()
    assert leg.status == Status.PENDING
    assert leg.events.count() == 1
    assert Patient.objects.count() == 1


def test_first_saves_of_one_page_at_once_make_one_draft(world):
    answers = posted_at_once(world.doctor, *[(f"{NEW}autosave/", page_of(world))] * 4)
    assert {answer.status_code for answer in answers} <= {200, 412}
    assert 200 in {answer.status_code for answer in answers}
    assert Referral.objects.count() == 1


def test_saved_while_filed_leaves_one_referral_and_no_draft(world):
    """The autosave that was on its way when somebody pressed the button."""
    answers = posted_at_once(
        world.doctor, (NEW, page_of(world)), (f"{NEW}autosave/", page_of(world))
    )
    assert answers[0].status_code == 302
    assert answers[1].status_code in {200, 409}
    assert Referral.objects.get().status == Status.PENDING


def test_two_pages_on_one_draft_at_once_one_wins(world):
    [first] = posted_at_once(world.doctor, (f"{NEW}autosave/", page_of(world)))
    url = first.json()["autosave_url"]
    answers = posted_at_once(
        world.doctor,
        *[(url, page_of(world, idempotency_key=f"page-{page}", version=1)) for page in (2, 3)],
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    assert Referral.objects.get().version == 2


def test_two_pages_filing_the_same_new_patient_register_one(world):
    other = {"idempotency_key": "page-2", "diagnoses": [world.gastritis.code]}
    answers = posted_at_once(world.doctor, (NEW, page_of(world)), (NEW, page_of(world, **other)))
    assert {answer.status_code for answer in answers} == {302}
    assert Patient.objects.count() == 1
    assert Referral.objects.count() == 2
