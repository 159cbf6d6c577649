"""What tests of referrals share."""

import pytest

from referrals.actions import load_reason_codes


@pytest.fixture
def reasons(db):
    """The coded reasons that come with the platform."""
    load_reason_codes()
