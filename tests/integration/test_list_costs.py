"""Every list asks the database as often for many rows as for a few."""

import pytest
from django.db import connection, transaction
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from alliance.core.choices import Role
from alliance.notices.choices import NoticeKind
from alliance.notices.models import Notice
from alliance.people import actions as people
from tests import worlds
from tests.access import equipment, training
from tests.access.cast import give_second_factor, signed_in, system_of
from tests.access.equipment.bookings import free_times, priced_time
from tests.factories import alliance as make
from tests.integration.test_access_matrix import routes

# Thousands of requests, to lines that tests of their own are to reach too.
pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]
MANY = 12
# Lists of the pages and who reads them; those of the API are found by their names.
PAGES = (
    {
        "home": "doctor",
        "referrals:list": "doctor",
        "referrals:inbox": "liaison",
        "patients:list": "doctor",
        "notices:list": "doctor",
        "notices:bell": "doctor",
        "people:users": "manager",
        "people:invitations": "manager",
        "people:clients": "manager",
        "people:practitioners": "manager",
        "institutions:list": "office",
        "institutions:members": "office",
        "institutions:matrix": "office",
        "catalogue:editions": "office",
        "catalogue:techniques": "office",
        "core:imports": "manager",
        "core:ledger": "auditor",
    }
    | training.PAGES
    | equipment.PAGES
)
LISTS = sorted(
    name for name, _view in routes() if name.startswith("api:") and name.endswith("-list")
)
LISTED = sorted({*LISTS, *PAGES})
# What a list must be told; what names things of the world is made when it is asked.
QUERIES = {
    "api:patient-list": lambda world: {"id_number": worlds.id_number(100)},
    "api:availability-list": lambda world: free_times(),
    "api:booking_price-list": priced_time,
    "api:reason-code-list": lambda world: {"move": "cancel"},
}


def grow(world, serial):
    """One more of everything."""
    leg = worlds.pending_referral(world, patient=worlds.patient(world, 100 + serial))
    house = make.InstitutionFactory()
    make.MembershipFactory(alliance=world.alliance, institution=house)
    make.DepartmentFactory(institution=world.township)
    make.PractitionerFactory(institution=world.county)
    make.DiseaseFactory(code=f"Z{serial:02d}.001", specialty=make.SpecialtyFactory())
    make.TechniqueFactory(code=f"99.9{serial:02d}", specialty=make.SpecialtyFactory())
    make.staff(Role.DOCTOR, institution=world.county)
    Notice.objects.create(
        user=world.doctor,
        kind=NoticeKind.REFERRAL_NEWS,
        text_key="referral.accept",
        values={"number": leg.number, "sender": "a", "receiver": "b"},
        url=leg.get_absolute_url(),
        dedupe=str(serial),
    )
    people.create_api_client(
        institution=world.county, name=f"HIS {serial}", scopes=["reference"], by=world.manager
    )
    people.invite(
        institution=world.county,
        email=f"new{serial}@example.test",
        name="吴医生",
        role=Role.DOCTOR,
        by=world.manager,
    )
    training.grow(world, serial)
    equipment.grow(world, serial)


@pytest.fixture(scope="module")
def costs(django_db_setup, django_db_blocker, tmp_path_factory):
    """How many queries each list takes for a few rows and for many, all asked of one world."""
    media = tmp_path_factory.mktemp("media")
    with (
        django_db_blocker.unblock(),
        transaction.atomic(),
        override_settings(MEDIA_ROOT=media, LANGUAGE_CODE="en"),
    ):
        world = worlds.alliance()
        asked = _askers(world)
        for serial in range(2):
            grow(world, serial)
        for ask in asked.values():
            ask()  # what is remembered from now on
        few = {name: ask() for name, ask in asked.items()}
        for serial in range(2, MANY):
            grow(world, serial)
        for name in {reader: name for name, reader in {LISTS[0]: None, **PAGES}.items()}.values():
            asked[name]()  # what was remembered may have grown too old meanwhile
        yield {name: (few[name], ask()) for name, ask in asked.items()}
        transaction.set_rollback(True)


def _askers(world):
    """By name of a list: ask for it, and say how many queries that took."""
    leg, clients = worlds.pending_referral(world), {}
    for part in {*PAGES.values()}:
        reader = getattr(world, part)
        give_second_factor(reader)
        clients[part] = signed_in(reader)
    system = system_of(world.township).client

    def asker(name):
        client = clients[PAGES[name]] if name in PAGES else system
        args = [leg.public_id] if name == "api:attachment-list" else []

        def ask():
            query = QUERIES[name](world) if name in QUERIES else {}
            with CaptureQueriesContext(connection) as taken:
                answer = client.get(reverse(name, args=args), query_params=query)
            assert answer.status_code == 200, (name, answer.content)
            return len(taken)

        return ask

    return {name: asker(name) for name in LISTED}


@pytest.mark.parametrize("name", LISTED)
def test_a_list_costs_the_same_for_many_rows(costs, name):
    few, many = costs[name]
    assert many <= few
