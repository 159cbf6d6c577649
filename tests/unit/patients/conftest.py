"""One person with a resident number, registered at the township."""

from datetime import date

import pytest

from alliance.core.identifiers import resident_id_with_check
from alliance.patients import actions

NUMBER = resident_id_with_check("33010019800101001")


@pytest.fixture
def person():
    """What somebody types."""
    return {
        "name": "张三",
        "sex": "male",
        "birth_date": date(1980, 1, 1),
        "id_type": "01",
        "id_number": NUMBER,
    }


@pytest.fixture
def patient(world, person):
    """张三, registered by the township's doctor."""
    return actions.register(by=world.doctor, institution=world.township, **person)[0]
