"""Checks on admissions: what makes each hit, what clears it, and near misses."""

from datetime import timedelta

import pytest
from django.utils import timezone

from alliance.core import compliance
from alliance.institutions.models import Institution
from tests.factories.standards import admitted, applied, step, suspended
from training.standards.models import Admission

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def found(world, code, on=TODAY):
    setting = compliance.in_force(alliance_id=world.alliance.pk, on=on)[f"standards.{code}"]
    return list(
        setting.check.rows(compliance.question(setting, alliance_ids=[world.alliance.pk], on=on))
    )


@pytest.fixture
def admission(world):
    return step(applied(world), "admit", world.office, valid_from=TODAY)


def beds(world, number):
    Institution.objects.filter(pk=world.county.pk).update(beds=number)


def test_a_requirement_that_was_met_and_is_lost(world, admission):
    assert found(world, "requirement_lost") == []
    beds(world, 19)
    (row,) = found(world, "requirement_lost")
    assert (row["subject"], row["house_id"]) == (str(admission.public_id), world.county.pk)
    assert row["facet"].startswith("beds:")
    assert row["evidence"] == {
        "technique": "腹腔镜下阑尾切除术",
        "requirement_kind": "beds",
        "topic": "",
        "minimum": 20,
        "counted": 19,
    }
    beds(world, 20)
    assert found(world, "requirement_lost") == []


def test_what_was_never_met_or_counts_no_more_is_not_lost(world, admission):
    beds(world, 3)
    assert len(found(world, "requirement_lost")) == 1
    assert found(world, "requirement_lost", TODAY - timedelta(days=1)) == []
    admission.answers.update(known=19)
    assert found(world, "requirement_lost") == []
    admission.answers.update(known=20)
    suspended(admission, world, valid_from=TODAY)
    assert found(world, "requirement_lost") == []


def test_a_restricted_technique_that_is_not_filed_in_time(world):
    row = admitted(world)
    due = TODAY - timedelta(days=1)
    rows = Admission.objects.filter(pk=row.pk)
    rows.update(first_used_on=TODAY - timedelta(days=30), filing_due=due)
    (seen,) = found(world, "not_filed")
    assert seen["subject"] == str(row.public_id)
    assert seen["evidence"]["due_on"] == due.isoformat()
    assert found(world, "not_filed", due) == []
    rows.update(filed_on=TODAY, filing_number="1")
    assert found(world, "not_filed") == []
    rows.update(filed_on=TODAY + timedelta(days=1))
    assert len(found(world, "not_filed")) == 1
