"""Every change names the version it saw."""

from types import SimpleNamespace

import pytest

from alliance.core import versions
from alliance.core.errors import StaleVersion, VersionRequired


@pytest.mark.parametrize("header", ["3", '"3"', 'W/"3"', ' "3" '])
def test_parse_reads_a_version(header):
    assert versions.parse(header) == 3


@pytest.mark.parametrize("header", [None, ""])
def test_a_missing_version_is_asked_for(header):
    with pytest.raises(VersionRequired) as refusal:
        versions.parse(header)
    assert refusal.value.status == 428


@pytest.mark.parametrize("header", ["*", '"x"', "-1", "9" * 12])
def test_a_version_that_cannot_be_is_stale(header):
    with pytest.raises(StaleVersion) as refusal:
        versions.parse(header)
    assert refusal.value.status == 412


def test_check_compares_with_the_row():
    row = SimpleNamespace(version=3)
    versions.check(row, 3)
    versions.check(row, None)
    with pytest.raises(StaleVersion) as refusal:
        versions.check(row, 2)
    assert refusal.value.details == {"version": 3}
