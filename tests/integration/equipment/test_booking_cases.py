"""A use and the case it was for: offered by day and operator, linked by one tap, shown both ways."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from alliance.core.errors import DomainError
from equipment.bookings import actions
from tests.access.cast import signed_in
from tests.factories import bookings as make
from tests.factories import logbook
from tests.factories.bookings import HOUR, soon

pytestmark = pytest.mark.django_db
BEGAN = soon(-1)


@pytest.fixture
def used(world):
    mentor = world.county_doctor.practitioner
    more = {"status": "completed", "used_from": BEGAN, "used_until": BEGAN + HOUR}
    return make.bare(world, starts_at=BEGAN, mentor=mentor, **more)


@pytest.fixture
def doctor(world):
    return signed_in(world.doctor)


def test_only_cases_of_the_day_of_use_belong_to_it(world, used, doctor):
    logbook.case(world, performed_on=BEGAN.date() - timedelta(days=90))
    own = logbook.case(world, performed_on=BEGAN.date())
    page = doctor.get(used.get_absolute_url())
    assert list(page.context["case_form"].fields["case"].rows.values()) == [own]
    named = parse_qs(urlsplit(page.context["case_url"]).query)
    assert named["performed_on"] == [BEGAN.date().isoformat()]
    assert named["supervisor"] == [str(used.mentor.public_id)]
    form = doctor.get(page.context["case_url"]).context["form"]
    assert form.initial["performed_on"] == BEGAN.date().isoformat()
    sent = {"version": used.version, "case": str(own.public_id)}
    url = reverse("bookings:case", args=[used.public_id])
    # Another day's is not among those offered.
    assert doctor.post(url, {**sent, "case": ""}).url == used.get_absolute_url()
    doctor.post(url, sent)
    used.refresh_from_db()
    assert used.case == own
    page = doctor.get(used.get_absolute_url())
    assert own.get_absolute_url() in page.content.decode()
    assert page.context["case_form"] is None
    assert used.get_absolute_url() in doctor.get(own.get_absolute_url()).content.decode()


def test_what_does_not_belong_together_is_not_linked(world, used):
    old = logbook.case(world, performed_on=BEGAN.date() - timedelta(days=90))
    given = {"by": world.doctor, "at": timezone.now()}
    with pytest.raises(ValidationError, match="another day"):
        actions.link_case(booking=used, case=old, **given)
    coming = make.bare(world, starts_at=soon(3))
    with pytest.raises(DomainError, match="Nothing has been used"):
        actions.link_case(booking=coming, case=old, **given)
