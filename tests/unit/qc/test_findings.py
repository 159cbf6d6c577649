"""Findings in people's hands: who answers for one, and how long it may stay as it is."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from alliance.core.errors import DomainError
from qc import actions, policies
from qc.models import Finding

from .conftest import day

pytestmark = pytest.mark.django_db


@pytest.fixture
def finding(world, wished):
    """Something that is wrong at the county since Monday."""
    wished.wrong = {day(0): [world.county.pk]}
    wished.run(day(0))
    return Finding.objects.get()


def assign(finding, owner, by):
    return actions.assign_finding(finding=finding, owner=owner, by=by, version=finding.version)


def test_whoever_answers_for_a_finding_works_there(world, finding):
    with pytest.raises(ValidationError) as refused:
        assign(finding, world.township_liaison, world.manager)
    assert list(refused.value.message_dict) == ["owner"]
    finding.refresh_from_db()
    assert finding.owner is None
    assert assign(finding, world.liaison, world.manager).owner == world.liaison


@pytest.mark.parametrize(
    ("change", "field"),
    [({"reason": " "}, "reason"), ({"until": None}, "until"), ({"days": -1}, "until")],
    ids=["no reason", "no end", "an end that is past"],
)
def test_a_waiver_has_a_reason_and_an_end(world, finding, change, field):
    until = timezone.localdate() + timedelta(days=change.pop("days", 30))
    said = {"reason": "等待设备到货", "until": until} | change
    with pytest.raises(ValidationError) as refused:
        actions.waive_finding(finding=finding, by=world.qc, version=finding.version, **said)
    assert list(refused.value.message_dict) == [field]
    finding.refresh_from_db()
    assert (finding.waived_by, finding.waiver_reason) == (None, "")


def test_only_a_waiver_that_runs_is_ended(world, finding):
    with pytest.raises(DomainError) as refused:
        actions.end_waiver(finding=finding, by=world.qc, version=finding.version)
    assert refused.value.code == "not_waived"
    with pytest.raises(PermissionDenied):
        actions.end_waiver(finding=finding, by=world.manager, version=finding.version)


def test_nothing_is_left_to_do_about_what_is_right_again(world, wished, finding):
    assert policies.acts_on(world.manager, finding, is_waived=False)
    wished.run(day(1))
    finding.refresh_from_db()
    for user in (world.manager, world.qc):
        assert policies.acts_on(user, finding, is_waived=False) == frozenset()
