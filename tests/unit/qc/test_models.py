"""What the tables of quality control refuse, whoever writes."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from qc.choices import RunState
from qc.models import CheckRun, Finding

from .conftest import CODE, day

pytestmark = pytest.mark.django_db


@pytest.fixture
def finding(world, wished):
    """Open since the Monday at the county."""
    wished.wrong = {day(0): [world.county.pk]}
    wished.run(day(0))
    return Finding.objects.get()


def refused(name, rows, **values):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        rows.update(**values)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("qc_run_state", {"state": "lost"}),
        ("qc_run_finished_when", {"finished_at": None}),
        ("qc_run_finished_when", {"state": RunState.WAITING}),
    ],
)
def test_a_run_is_in_a_known_state_and_finished_or_not(finding, name, values):
    refused(name, CheckRun.objects.all(), **values)


def test_one_run_of_a_check_and_day_waits_at_a_time(world):
    run = {"alliance": world.alliance, "check_code": CODE, "day": day(0)}
    CheckRun.objects.create(**run)
    CheckRun.objects.create(**{**run, "day": day(1)})
    CheckRun.objects.create(**run, state=RunState.DONE, finished_at=timezone.now())
    with pytest.raises(IntegrityError, match="qc_run_one_waiting"), transaction.atomic():
        CheckRun.objects.create(**run)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("qc_finding_severity", {"severity": "huge"}),
        ("qc_finding_cleared_after_opened", {"cleared_on": day(3)}),
        ("qc_finding_waiver_whole", {"waived_until": day(9)}),
        ("qc_finding_waiver_whole", {"waiver_reason": "等待"}),
    ],
)
def test_a_finding_is_whole(finding, name, values):
    refused(name, Finding.objects.all(), **values)


def test_a_finding_is_not_right_again_before_it_was_wrong(finding):
    values = {"cleared_by": finding.opened_by, "cleared_on": day(0) - timedelta(days=1)}
    refused("qc_finding_cleared_after_opened", Finding.objects.all(), **values)
    Finding.objects.update(cleared_by=finding.opened_by, cleared_on=day(0))


def test_findings_of_one_thing_do_not_overlap(world, finding):
    twin = Finding.objects.get()
    twin.pk, twin.public_id, twin._state.adding = None, world.county.public_id, True
    twin.opened_on = day(1)
    with pytest.raises(IntegrityError, match="qc_finding_once_a_day"), transaction.atomic():
        twin.save()
    twin.facet = "other"
    twin.save()
