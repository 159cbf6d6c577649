"""The page on which a house sets its own hours."""

import pytest
from django.urls import reverse
from django.utils import timezone

from alliance.core.models import PolicySetting

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent():
    return {
        "weekday": "08:00-12:00",
        "weekend": "09:00-11:00",
        "effective_from": timezone.localdate(),
        "reason": "集市日上午门诊",
    }


def test_the_administrator_sets_hours_and_goes_back(world, sign_in, sent):
    browser = sign_in(world.township_manager)
    here = reverse("institutions:calendar", args=[world.township.public_id])
    assert "As the alliance set them for all" in browser.get(here).content.decode()
    browser.post(reverse("institutions:calendar-hours", args=[world.township.public_id]), sent)
    page = browser.get(here)
    assert page.context["hours_now"]["weekday"] == "08:00-12:00"
    assert "集市日上午门诊" in page.content.decode()
    end = reverse("institutions:calendar-hours-end", args=[world.township.public_id])
    page = browser.post(end, {"reason": " "}, follow=True)
    assert "Say why the value changes." in page.content.decode()
    assert page.context["has_own_hours"] is True
    browser.post(end, {"reason": "恢复全天"})
    page = browser.get(here)
    assert page.context["has_own_hours"] is False
    assert len(page.context["hours_decided"]) == 2


def test_a_wrong_entry_comes_back_with_what_was_typed(world, sign_in, sent):
    url = reverse("institutions:calendar-hours", args=[world.township.public_id])
    page = sign_in(world.township_manager).post(url, sent | {"weekday": "上午"})
    assert page.status_code == 422
    form = page.context["hours_form"]
    assert (list(form.errors), form["weekday"].value()) == (["weekday"], "上午")
    assert not PolicySetting.objects.exists()


def test_a_second_tap_sets_them_once(world, sign_in, sent):
    url = reverse("institutions:calendar-hours", args=[world.township.public_id])
    browser = sign_in(world.township_manager)
    for _tap in range(2):
        assert browser.post(url, sent | {"idempotency_key": "tap"}).status_code == 302
    assert PolicySetting.objects.count() == 3
