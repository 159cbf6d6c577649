"""Characters that no text can hold: refused in addresses, told at the field in forms."""

import pytest
from django.urls import reverse

from tests.access.cast import signed_in
from tests.factories import bookings as make
from tests.factories.bookings import soon
from tests.factories.devices import needed

pytestmark = pytest.mark.django_db

MARKED = "\ufffd"


@pytest.mark.parametrize(
    ("route", "query"),
    [
        ("bookings:repeat", "technique=%00"),
        ("bookings:wait", "technique=%00"),
        ("purchases:new", "device_type=%00&institution=%00"),
        ("referrals:list", "search=a%00b"),
        ("qc:findings", "%00"),
        ("logbook:new", "technique=%00"),
        ("account_login", "next=%00"),
    ],
)
def test_an_address_that_cannot_be_read_is_refused_with_a_way_back(doctor, route, query):
    answer = doctor.get(f"{reverse(route)}?{query}")
    assert answer.status_code == 400
    assert "This address cannot be read." in answer.content.decode()
    assert f'href="{reverse(route)}"' in answer.content.decode()


@pytest.mark.parametrize("path", ["/verify/%00/", "/api/v1/techniques/%00/"])
def test_nothing_has_a_name_that_cannot_be_read(doctor, path):
    assert doctor.get(path).status_code == 404


def test_a_part_of_a_page_and_a_system_get_their_own_shapes(doctor):
    part = doctor.get(
        f"{reverse('bookings:check')}?referral_number=%00", headers={"HX-Request": "true"}
    )
    assert part.status_code == 400
    assert part.content.decode().strip().startswith('<div class="refusal"')
    problem = doctor.get("/api/v1/devices/?search=a%00b&owner=")
    assert (problem.status_code, problem["Content-Type"]) == (400, "application/problem+json")
    assert list(problem.json()["errors"]) == ["search"]
    far = doctor.get("/", QUERY_STRING="a=%00", PATH_INFO="//elsewhere/")
    assert far.context["at"] == "/%2Felsewhere/"


@pytest.fixture
def doctor(world):
    return signed_in(world.doctor)


@pytest.fixture
def wish(world):
    make.may_operate(world)
    device = make.lent(world)
    needed(device.type, world.debridement)
    return {"devices": str(device.public_id), "starts_at": soon().isoformat(), "minutes": "60"}


@pytest.mark.parametrize(
    ("route", "field"),
    [
        ("bookings:book", "technique"),
        ("bookings:book", "referral_number"),
        ("bookings:book", "patient_search"),
        ("bookings:wait", "technique"),
        ("bookings:wait", "referral_number"),
        ("logbook:new", "technique"),
    ],
)
def test_a_form_tells_it_at_the_field_and_keeps_what_was_typed(doctor, wish, route, field):
    answer = doctor.post(reverse(route), wish | {"note": "早到", field: "甲\0乙"})
    assert answer.status_code == 422
    form = answer.context["form"]
    assert field in form.errors
    assert f"甲{MARKED}乙" in str(form.data.getlist(field))
