"""Days that nobody can have meant are refused wherever they come in, and at their field."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from rest_framework import serializers

from alliance.core import api_support, days, forms
from alliance.core.saving import validated
from training.courses.models import HoursEntry
from training.mentoring.models import GuidanceSession

BORDERS = [
    (date(1, 1, 1), False),
    (date(1899, 12, 31), False),
    (date(1900, 1, 1), True),
    (date(2099, 12, 31), True),
    (date(2100, 1, 1), False),
    (date.max, False),
    (datetime.min.replace(tzinfo=UTC), False),
    (datetime.max.replace(tzinfo=UTC), False),
    (datetime(2099, 12, 31, 15, 59, tzinfo=UTC), True),
    # Already the next year in China.
    (datetime(2099, 12, 31, 16, 0, tzinfo=UTC), False),
    (datetime(1900, 1, 1), True),  # noqa: DTZ001 (as Excel holds moments, without a zone)
]


@pytest.mark.parametrize(("value", "holds"), BORDERS)
def test_which_days_somebody_can_have_meant(value, holds):
    assert days.is_plausible(value) is holds


@pytest.mark.parametrize("typed", ["0001-01-01", "0202-06-01", "9999-12-31"])
def test_the_fields_of_forms_and_of_the_api_refuse_them(typed):
    moment = f"{typed}T12:00"
    for field, text in [
        (forms.DayField(), typed),
        (forms.MomentField(), moment),
    ]:
        with pytest.raises(ValidationError, match="Check the year"):
            field.clean(text)
    for field, text in [
        (api_support.DayField(), typed),
        (api_support.MomentField(), f"{moment}:00+08:00"),
    ]:
        with pytest.raises(serializers.ValidationError, match="Check the year"):
            field.run_validation(text)


def test_the_browser_knows_the_bounds():
    bounds = forms.DayField(widget=forms.DateInput()).widget.attrs
    assert (bounds["min"], bounds["max"]) == ("1900-01-01", "2099-12-31")


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (HoursEntry(on=date(1, 1, 1)), "on"),
        (GuidanceSession(starts_at=datetime.max.replace(tzinfo=UTC)), "starts_at"),
    ],
)
def test_whatever_an_action_stores_is_refused_at_the_field(row, field):
    with pytest.raises(ValidationError) as refused:
        validated(row, {}, only=[field])
    assert refused.value.message_dict == {field: [str(days.IMPLAUSIBLE)]}
    with pytest.raises(ValidationError) as own:
        validated(row, {field: "of the room"}, only=[field])
    assert own.value.message_dict == {field: ["of the room"]}
