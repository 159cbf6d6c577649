"""The home page: each role finds what to do now, and nothing of what is not its business."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from alliance.core.choices import Role
from alliance.people.models import RoleGrant
from referrals import actions
from referrals.models import ClockAlert, Referral
from tests import worlds
from tests.factories import alliance as make

HOME = reverse("home")


def page(browser, path=HOME):
    response = browser.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_strangers_are_sent_to_sign_in(client, db):
    response = client.get(HOME)
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


@pytest.mark.parametrize(
    ("person", "words"),
    [
        ("doctor", "My patients on the way"),
        ("liaison", "To decide, most urgent first"),
        ("manager", "Clocks broken"),
        ("office", "Overdue, by who has to act"),
        ("trainer", "My trainees"),
        ("qc", "Open, by state"),
        ("system_admin", "Create and disable accounts"),
        ("security_admin", "Grant and withdraw roles"),
        ("auditor", "Who did what, when"),
    ],
)
def test_every_role_has_a_board(world, sign_in, person, words):
    html = page(sign_in(getattr(world, person)))
    assert words in html
    assert getattr(world, person).name in html


@pytest.mark.parametrize("person", ["doctor", "trainer"])
def test_learning_is_one_step_away(world, sign_in, person):
    html = page(sign_in(getattr(world, person)))
    for route in ("home", "mine", "board"):
        assert f'"{reverse(f"programmes:{route}")}"' in html


def test_people_without_a_board_find_their_tools(world, sign_in):
    system = make.staff(Role.INTERFACE, institution=world.county)
    assert "Institutions, departments and staff" in page(sign_in(system))


def test_keepers_find_what_waits_on_devices(world, sign_in):
    keeper = make.staff(Role.EQUIPMENT_KEEPER, institution=world.county)
    html = page(sign_in(keeper))
    assert f'href="{reverse("devices:list")}"' in html
    assert "Register of devices" in html


@pytest.mark.parametrize("person", ["system_admin", "security_admin", "auditor"])
def test_the_separated_powers_see_no_patients(world, sign_in, person):
    leg = worlds.pending_referral(world)
    html = page(sign_in(getattr(world, person)))
    assert leg.number not in html
    assert leg.patient.masked_name not in html
    assert reverse("referrals:list") not in html


def test_a_doctor_sees_the_question_and_answers_it_from_the_row(world, browser_of):
    leg = worlds.step(
        worlds.pending_referral(world), "ask", world.liaison, question="有无发热？近期用药？"
    )
    html = page(browser_of(world.doctor))
    assert "有无发热？近期用药？" in html
    assert reverse("referrals:move", args=[leg.public_id, "answer"]) in html
    assert leg.patient.masked_name in html
    assert leg.patient.name not in html


def test_a_doctor_sees_only_what_they_sent_themselves(world, browser_of):
    leg = worlds.pending_referral(world)
    colleague = make.staff(Role.DOCTOR, institution=world.township)
    assert leg.get_absolute_url() not in page(browser_of(colleague))


def test_a_refusal_stays_until_the_patient_goes_elsewhere(world, browser_of, reasons):
    leg = worlds.pending_referral(world)
    worlds.step(leg, "reject", world.liaison, reason_code="no_capacity", reason="三日内无床")
    doctor = browser_of(world.doctor)
    html = page(doctor)
    assert f"{leg.get_absolute_url()}#ways" in html
    assert reverse("referrals:other-places", args=[leg.public_id]) in html
    assert "三日内无床" in html
    data = worlds.filing(world, patient=leg.patient, receiver=world.county2)
    actions.create_referral(by=world.doctor, institution=world.township, data=data, parent=leg)
    assert f"{leg.get_absolute_url()}#ways" not in page(doctor)


def test_other_places_are_one_tap_away(world, browser_of, reasons):
    leg = worlds.pending_referral(world)
    worlds.step(leg, "reject", world.liaison, reason_code="no_capacity", reason="无床")
    html = page(browser_of(world.doctor), reverse("referrals:other-places", args=[leg.public_id]))
    assert f"from={leg.public_id}&amp;receiver={world.county2.public_id}" in html
    assert world.county.name not in html


def test_drafts_and_ways_back_are_on_the_doctors_board(world, browser_of):
    back = worlds.back_leg(world)
    for name in ("accept", "arrive", "start_care"):
        back = worlds.step(back, name, world.township_liaison)
    draft = actions.save_draft(by=world.doctor, institution=world.township, form_data={})
    html = page(browser_of(world.doctor))
    assert reverse("referrals:move", args=[back.public_id, "follow_up"]) in html
    assert reverse("referrals:draft", args=[draft.public_id]) in html
    assert back.parent.get_absolute_url() not in html


def test_the_county_doctor_sees_whom_they_treat(world, browser_of):
    leg = worlds.in_care_referral(world)
    html = page(browser_of(world.county_doctor))
    assert "In our care" in html
    assert reverse("referrals:move", args=[leg.public_id, "finish_care"]) in html


def test_the_desk_sees_its_trays_and_who_arrives_today(world, browser_of):
    first = worlds.pending_referral(world)
    coming = worlds.accepted_referral(world, patient=worlds.patient(world, 2, "李大力"))
    soon = timezone.now() + timedelta(seconds=30)
    worlds.step(coming, "depart", world.doctor, expected_at=soon)
    html = page(browser_of(world.liaison))
    assert reverse("referrals:inbox-row", args=[first.public_id]) in html
    assert reverse("referrals:move", args=[coming.public_id, "arrive"]) in html


def test_the_administrator_sees_flow_and_broken_clocks(world, sign_in, time_machine):
    leg = worlds.pending_referral(world)
    time_machine.move_to(leg.due_at + timedelta(hours=1))
    html = page(sign_in(world.manager))
    assert "Patient flow, last 30 days" in html
    assert str(world.township) in html
    assert leg.get_absolute_url() in html
    assert "overdue" in html


def test_the_office_sees_who_is_late_and_what_was_escalated(world, sign_in, time_machine):
    leg = worlds.pending_referral(world)
    time_machine.move_to(leg.due_at + timedelta(hours=30))
    ClockAlert.objects.create(referral=leg, due_at=leg.due_at, level="office")
    html = page(sign_in(world.office))
    assert leg.number in html
    assert f"holder={world.county.public_id}" in html
    assert leg.patient.masked_name not in html


def test_two_roles_are_two_tabs(world, sign_in):
    RoleGrant.objects.create(
        user=world.liaison,
        role=Role.MANAGER,
        institution=world.county,
        valid_from=make.LONG_AGO,
    )
    browser = sign_in(world.liaison)
    assert f"{HOME}?board=manager" in page(browser)
    assert "Clocks broken" in page(browser, f"{HOME}?board=manager")
    assert "To decide, most urgent first" in page(browser, f"{HOME}?board=nonsense")


@pytest.mark.parametrize("person", ["doctor", "liaison", "manager", "office", "trainer"])
def test_boards_read_as_much_for_one_row_as_for_twenty(world, queries_of, person):
    worlds.pending_referral(world)
    one = queries_of(getattr(world, person), HOME)
    for serial in range(2, 21):
        worlds.pending_referral(world, patient=worlds.patient(world, serial))
    assert Referral.objects.count() == 20
    # One of them asks whether anything in equipment waits for this person's word.
    assert queries_of(getattr(world, person), HOME) == one <= 9


def test_other_places_answers_the_sender_only(world, browser_of, client):
    leg = worlds.pending_referral(world)
    path = reverse("referrals:other-places", args=[leg.public_id])
    assert client.get(path).status_code == 302
    assert browser_of(world.outsider).get(path).status_code in (302, 404)
    assert browser_of(world.township2_doctor).get(path).status_code == 404
    assert "new/" not in page(browser_of(world.liaison), path)
    assert browser_of(world.doctor).post(path).status_code == 405


def test_a_leg_that_waits_for_its_way_back_leads_there(world, sign_in, time_machine):
    back = worlds.back_leg(world)
    time_machine.move_to(back.parent.due_at + timedelta(hours=1))
    html = page(sign_in(world.township_manager))
    assert "See the way back" in html
    assert back.parent.get_absolute_url() in html
