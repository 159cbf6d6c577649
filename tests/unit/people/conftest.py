"""Fixtures for tests about people."""

import pytest
import time_machine


@pytest.fixture
def time_machine_at():
    """Move to a moment and stay until the end of the test."""
    travellers = []

    def travel(moment):
        traveller = time_machine.travel(moment, tick=False)
        traveller.start()
        travellers.append(traveller)

    yield travel
    for traveller in reversed(travellers):
        traveller.stop()
