"""Granting by its doors: one refusal for page, API and command; votes, decisions, who is told."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from alliance.core.models import OutboxMessage
from alliance.notices.models import Notice
from tests.access.cast import give_second_factor
from tests.factories import granting
from training.granting import notices
from training.granting.models import Application
from training.privileges import actions as register

pytestmark = pytest.mark.django_db
MISSING = "Signed off: 0 of 1 (清创缝合术 · Signed off)"
API = "api:privilege-application-list"


def wish(world, **more):
    house = world.township
    return {"technique": world.debridement.code, "institution": str(house.public_id), **more}


def apply_url(world):
    return reverse("granting:apply", query=wish(world))


def command(world, **options):
    person, house = world.practitioner, world.township
    call_command(
        "apply_for_privilege", person.licence_number, world.debridement.code, house.uscc, **options
    )


def test_one_requirement_short_is_refused_alike_by_page_api_and_command(world, browser_of):
    row = granting.enrolled(world)
    browser = browser_of(world.doctor)
    looked = browser.get(apply_url(world))
    assert "1 requirement is missing" in looked.content.decode()
    assert b"Submit the application" not in looked.content
    page = browser.post(apply_url(world))
    answer = browser.post(reverse(API), wish(world), content_type="application/json")
    with pytest.raises(CommandError) as told:
        command(world)
    assert (page.status_code, answer.status_code) == (409, 409)
    assert MISSING in page.content.decode()
    assert (answer.json()["code"], answer.json()["reasons"]) == ("requirements_missing", [MISSING])
    assert MISSING in str(told.value)
    assert not Application.objects.exists()
    granting.programmes.signed(world, row)
    key = {"Idempotency-Key": "one"}
    made, again = (
        browser.post(reverse(API), wish(world), content_type="application/json", headers=key)
        for _tap in range(2)
    )
    assert (made.status_code, again.json()["id"]) == (201, made.json()["id"])
    assert all(one["is_met"] for one in made.json()["requirements"])
    with pytest.raises(CommandError, match="under way"):
        command(world)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"kind": "renewal"}, {"privilege"}),
        ({"kind": "first", "technique": "86.2200x011"}, {"institution"}),
    ],
)
def test_a_body_says_what_its_kind_needs(world, browser_of, body, fields):
    answer = browser_of(world.doctor).post(reverse(API), body, content_type="application/json")
    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == fields


def test_the_command_opens_and_names_what_it_does_not_know(world, capsys):
    granting.ready(world)
    with pytest.raises(CommandError, match="no privilege to renew"):
        command(world, kind="renewal")
    with pytest.raises(CommandError, match="Unknown"):
        call_command("apply_for_privilege", "1", "2", "3")
    command(world)
    assert str(Application.objects.get().public_id) in capsys.readouterr().out
    granting.held(world, until=200)
    with pytest.raises(CommandError, match="mended"):
        Application.objects.update(status="withdrawn", ended_at=timezone.now())
        command(world, kind="restoration")
    type(world.doctor).objects.filter(pk=world.doctor.pk).update(practitioner=None)
    with pytest.raises(CommandError, match="doctor who will hold it"):
        command(world)


def test_my_page_offers_what_comes_next(world, browser_of):
    granting.enrolled(world)
    held = granting.held(world)
    browser = browser_of(world.doctor)
    shown = browser.get(reverse("granting:mine")).content.decode()
    assert "See what is missing" in shown
    assert "Renew" in shown
    again = {"privilege": str(held.public_id), "kind": "renewal"}
    renewal = browser.get(reverse("granting:apply", query=again))
    assert "Cases operated since" in renewal.content.decode()
    register.suspend(privilege=held, reason="待整改", by=world.qc)
    assert "Ask for restoration" in browser.get(reverse("granting:mine")).content.decode()
    for wrong in ({**again, "privilege": "x"}, {**again, "kind": "first"}):
        assert browser.get(reverse("granting:apply", query=wrong)).status_code == 404
    assert browser.get(reverse("granting:apply")).status_code == 422


def test_an_application_goes_its_way_by_the_pages(world, browser_of):
    row = granting.before_committee(world)
    urls = {name: reverse(f"granting:{name}", args=[row.public_id]) for name in ("vote", "decide")}
    seen = {"version": row.version}
    assert browser_of(world.doctor).get(apply_url(world)).url == row.get_absolute_url()
    for seat in row.committee.members.order_by("pk"):
        browser = browser_of(seat.user)
        assert "Read and vote" in browser.get(reverse("granting:applications")).content.decode()
        short = browser.post(urls["vote"], seen)
        assert short.status_code == 422
        assert b"This field is required" in short.content
        sent = browser.post(urls["vote"], {**seen, "ballot": "for", "reason": "符合要求"})
        assert sent.status_code == 302
    give_second_factor(world.office)
    browser = browser_of(world.office)
    page = browser.get(row.get_absolute_url()).content.decode()
    assert "The committee grants it" in page
    assert "符合要求" in page
    assert browser.post(urls["decide"], {"reason": "同意"}).status_code == 428
    terms = {**seen, "level": "independent", "reason": "同意授权"}
    too_long = browser.post(urls["decide"], {**terms, "valid_until": "2099-12-31"})
    assert (too_long.status_code, b"at the latest" in too_long.content) == (422, True)
    assert browser.post(urls["decide"], terms).status_code == 302
    doctor = browser_of(world.doctor)
    kept = doctor.get(row.decision.privilege.get_absolute_url()).content.decode()
    assert "1 of 1 · 清创缝合术" in kept  # the privilege tells its evidence by itself
    assert row.get_absolute_url() in kept
    shown = doctor.get(row.get_absolute_url()).content.decode()
    assert "同意授权" in shown
    assert "符合要求" not in shown
    answer = doctor.get(reverse("api:privilege-application-detail", args=[row.public_id]))
    assert answer.json()["decision"]["outcome"] == "granted"
    assert doctor.get(reverse("training:home")).status_code == 200


def test_a_refusal_asks_for_its_reason_only(world, browser_of):
    row = granting.before_committee(world)
    granting.vote(world, row, "against", "against", "for")
    give_second_factor(world.office)
    browser = browser_of(world.office)
    page = browser.get(row.get_absolute_url()).content.decode()
    assert "The committee does not grant it" in page
    assert 'name="valid_until"' not in page
    url = reverse("granting:decide", args=[row.public_id])
    sent = browser.post(url, {"version": row.version, "reason": "例数不足"})
    assert sent.status_code == 302
    rows = browser.get(
        reverse("core:export", args=["privilege-applications"]), {"status": "refused"}
    )
    assert rows.status_code == 200
    rows.close()


def relay():
    """Carry out what this room promised; twice, as a worker may."""
    for message in [*OutboxMessage.objects.filter(topic="granting.moved")] * 2:
        notices.tell(**message.payload)


def test_everybody_concerned_is_told_once(world):
    row = granting.before_committee(world)
    relay()
    told = set(Notice.objects.values_list("user", "text_key"))
    assert (world.office.pk, "granting.submit") in told
    assert (world.qc.pk, "granting.take_up") in told
    assert (world.doctor.pk, "granting.before_committee") in told
    granting.vote(world, row, "for", "for", "for")
    granting.actions.decide(application=row, reason="同意", by=world.office)
    other = granting.waiting(world, technique=world.appendectomy)
    granting.actions.withdraw(application=other, reason="改日", by=world.doctor, version=1)
    relay()
    told = set(Notice.objects.values_list("user", "text_key"))
    assert (world.doctor.pk, "granting.grant") in told
    assert (world.office.pk, "granting.withdraw") in told


def test_the_committees_page_by_its_state(world, browser_of):
    give_second_factor(world.office)
    browser = browser_of(world.office)
    url = reverse("granting:committee")
    assert "No committee is in office" in browser.get(url).content.decode()
    found = granting.committee(world)
    granting.waiting(world)
    meeting = granting.meeting(world, found)
    shown = browser.get(url).content.decode()
    assert "At least 67% of the members" in shown
    assert meeting.place in shown
    past = timezone.localdate() - timedelta(days=2)
    plan = reverse("granting:plan", args=[found.public_id])
    late = browser.post(plan, {"held_on": past, "starts_at": "09:00", "place": "会议室"})
    assert late.status_code == 422
    empty = browser.post(meeting.get_absolute_url(), {"version": 1, "minutes": ""})
    assert empty.status_code == 422
