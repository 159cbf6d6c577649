"""Guidance and mentorships, as other systems enter and read them."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone

from tests.access.cast import give_second_factor, signed_in, system_of
from tests.factories import logbook
from tests.factories import mentoring as build
from training.mentoring.models import GuidanceSession, Mentorship

pytestmark = pytest.mark.django_db


@pytest.fixture
def sign_in():
    """A browser of one's own for each, with a second factor where the role needs one."""

    def sign(user):
        if not Authenticator.objects.filter(user=user).exists():
            give_second_factor(user)
        return signed_in(user)

    return sign


def day(offset):
    return timezone.localdate() + timedelta(days=offset)


def guidance_sent(world, **more):
    """As the telemedicine system of the township tells it."""
    values = {
        "mentor": str(world.county_doctor.practitioner.public_id),
        "mode": "remote",
        "starts_at": (timezone.now() - timedelta(hours=4)).isoformat(),
        "minutes_taken": 45,
        "minutes": "远程指导缝合",
        "participants": [str(world.practitioner.public_id)],
        "technique": "86.2200x011",
    }
    return values | more


def test_a_system_enters_guidance_of_its_house_once_and_strikes_it_out(world):
    system = system_of(world.township).client
    pair, case = build.agreed_mentorship(world), logbook.case(world)
    sent = guidance_sent(
        world, mentorship=str(pair.public_id), cases=[str(case.public_id)], participants=["x"]
    )
    url, key = reverse("api:guidance-session-list"), {"Idempotency-Key": "room-7"}
    more = {"content_type": "application/json", "headers": key}
    refused = system.post(url, sent, **more)
    assert (refused.status_code, [*refused.json()["errors"]]) == (400, ["participants"])
    sent |= guidance_sent(world)
    answers = [system.post(url, sent, **more) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[1]["Idempotency-Replayed"] == "true"
    row = GuidanceSession.objects.get()
    made = answers[0].json()
    assert (made["id"], made["cases"]) == (str(row.public_id), 1)
    assert (row.institution, row.mentorship) == (world.township, pair)
    url = reverse("api:guidance-session-strike", args=[row.public_id])
    strike = {"data": {"reason": "重复"}, "content_type": "application/json"}
    assert system.post(url, **strike).status_code == 428
    assert system.post(url, **strike, headers={"If-Match": '"7"'}).status_code == 412
    struck = system.post(url, **strike, headers={"If-Match": '"1"'})
    assert (struck.status_code, struck["ETag"]) == (200, '"2"')
    assert struck.json()["struck_reason"] == "重复"
    assert system.post(url, **strike, headers={"If-Match": '"2"'}).status_code == 409


def test_a_mentorship_is_proposed_agreed_to_and_ended_by_the_api(world, sign_in):
    def sent(client, url, data, **headers):
        return client.post(url, data, content_type="application/json", headers=headers)

    mentor, mentee = sign_in(world.county_doctor), sign_in(world.doctor)
    proposal = {
        "mentor": str(world.county_doctor.practitioner.public_id),
        "mentee": str(world.practitioner.public_id),
        "goals": "独立完成清创缝合",
        "valid_from": str(day(0)),
        "valid_until": str(day(90)),
    }
    url = reverse("api:mentorship-list")
    made = [sent(mentor, url, proposal, **{"Idempotency-Key": "one"}) for _ in range(2)]
    assert [answer.status_code for answer in made] == [201, 201]
    row = Mentorship.objects.get()
    assert {answer.json()["id"] for answer in made} == {str(row.public_id)}
    moves = reverse("api:mentorship-moves", args=[row.public_id])
    seen = {"If-Match": f'"{row.version}"'}
    agreed = sent(mentee, moves, {"move": "agree"}, **seen)
    assert (agreed.status_code, agreed.json()["status"]) == (200, "agreed")
    assert sent(mentee, moves, {"move": "end", "reason": "调离"}, **seen).status_code == 412
    seen = {"If-Match": agreed["ETag"]}
    assert sent(mentee, moves, {"move": "end"}, **seen).status_code == 400
    ended = sent(mentee, moves, {"move": "end", "reason": "调离"}, **seen)
    assert (ended.json()["status"], ended.json()["reason"]) == ("ended", "调离")
