"""One patient of the township, and managers who need no second factor to be tested."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from alliance.core.identifiers import resident_id_with_check
from alliance.patients import actions

NUMBER = resident_id_with_check("33010019800101001")
TYPED = {"name": "张三", "id_type": "01", "id_number": NUMBER, "phone": "13800001234"}


@pytest.fixture
def patient(world):
    """张三, registered by the township's doctor."""
    return actions.register(
        by=world.doctor,
        institution=world.township,
        sex="male",
        birth_date=date(1980, 1, 1),
        **TYPED,
    )[0]


@pytest.fixture
def twin(world):
    """The same man by his passport."""
    return actions.register(
        by=world.doctor,
        institution=world.township,
        name="张珊",
        sex="male",
        birth_date=date(1980, 1, 1),
        id_type="03",
        id_number="E12345678",
    )[0]


@pytest.fixture
def demo(settings):
    """Managers sign in without a second factor."""
    settings.DEMO_MODE = True


def page_of(route, patient):
    return reverse(f"patients:{route}", args=[patient.public_id])


def given(world, patient):
    return actions.record_consent(
        patient=patient,
        purpose="referral",
        receiver=world.county,
        method="written",
        given_by="patient",
        given_at=timezone.now(),
        by=world.doctor,
        institution=world.township,
    )
