"""Who hears of a step: the desk, whoever filed it, and the systems that act for their houses."""

import pytest

from alliance.notices.models import Notice
from alliance.people import actions as people
from alliance.people.models import ApiClient
from referrals import notices
from referrals.models import Referral
from referrals.policies import open_moves
from tests import worlds

pytestmark = pytest.mark.django_db


def client_of(institution, by, *scopes):
    """The account of an institution's system that holds these scopes."""
    client, _secret = people.create_api_client(
        institution=institution, name="HIS", scopes=scopes, by=by
    )
    return client.user


def told(leg):
    """Who is told of the leg's last step."""
    event = leg.events.order_by("-version").first()
    notices.moved(event_id=event.pk)
    return set(Notice.objects.filter(dedupe=f"event-{event.pk}").values_list("user", flat=True))


def test_the_receivers_system_hears_what_its_desk_hears(world):
    system = client_of(world.county, world.manager, "referrals", "notices")
    leg = worlds.pending_referral(world)
    assert told(leg) == {world.liaison.pk, system.pk}


def test_a_system_without_the_scope_or_shut_out_hears_nothing(world):
    client_of(world.county, world.manager, "referrals")
    shut = client_of(world.county, world.manager, "notices")
    people.disable_api_client(client=ApiClient.objects.get(user=shut), by=world.manager)
    leg = worlds.pending_referral(world)
    assert told(leg) == {world.liaison.pk}


def test_the_receiver_has_no_move_while_the_leg_is_in_the_senders_house(world):
    type(world.township).objects.update(reviews_referrals=True)
    world.township.refresh_from_db()
    leg = Referral.objects.get(pk=worlds.pending_referral(world).pk)
    assert leg.status == "origin_review"
    assert open_moves(world.liaison, leg) == []
    assert "mark_deceased" in open_moves(world.doctor, leg)
