"""Filters that refuse what they do not understand."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError

from alliance.core.filters import MomentField


def test_a_moment_comes_in_the_time_of_the_world():
    """Whatever its offset: the database does not know one of nineteen hours."""
    field = MomentField(required=False)
    found = field.clean("2026-03-13T23:36:00+18:51")
    assert (found, found.tzinfo) == (datetime(2026, 3, 13, 4, 45, tzinfo=UTC), UTC)
    assert field.clean("") is None


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+08:00", "9999-12-31T23:59:00-08:00", "x"])
def test_a_moment_outside_the_calendar_is_refused(text):
    with pytest.raises(ValidationError):
        MomentField().clean(text)
