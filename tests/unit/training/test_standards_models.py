"""What the tables of admissions refuse, whoever writes."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.factories.standards import admitted, suspended
from training.standards.models import (
    Admission,
    AdmissionAnswer,
    AdmissionEvent,
    AdmissionSuspension,
)

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
SOON = TODAY + timedelta(days=30)


def refused(name, act):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        act()


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("standards_admission_status", {"status": "lost"}),
        ("standards_admission_granted", {"valid_from": None}),
        ("standards_admission_granted", {"status": "refused"}),
        ("standards_admission_period", {"valid_until": TODAY - timedelta(days=9000)}),
        ("standards_admission_decided_pair", {"decided_by": None}),
        ("standards_admission_filed_after_use", {"filed_on": TODAY}),
        ("standards_admission_filed_after_use", {"filing_number": "1"}),
    ],
)
def test_an_admission_is_whole(world, name, values):
    admitted(world)
    refused(name, lambda: Admission.objects.update(**values))


def test_one_application_at_a_time_and_no_two_admissions_on_a_day(world):
    first = admitted(world, valid_until=SOON)
    refused("standards_admission_no_overlap", lambda: admitted(world, valid_from=TODAY))
    admitted(world, valid_from=SOON)
    application = {
        "alliance": world.alliance,
        "institution": first.institution,
        "technique": first.technique,
        "created_by": world.manager,
    }
    Admission.objects.create(**application, status="refused")
    Admission.objects.create(**application)
    refused("standards_admission_one_open", lambda: Admission.objects.create(**application))


def test_answers_are_of_one_requirement_each(world):
    admission = admitted(world)
    answer = {"kind": "beds", "minimum": 20, "source": "联盟规定"}
    refused("standards_answer_minimum", lambda: admission.answers.create(**answer | {"minimum": 0}))
    rows = [admission.answers.create(**answer, topic=str(n), value=n) for n in (19, 20)]
    unsaid = admission.answers.create(**answer)
    refused("standards_answer_once", lambda: admission.answers.create(**answer))
    assert [row.met for row in [*rows, unsaid]] == [False, True, False]
    assert AdmissionAnswer.objects.filter(met=True).get() == rows[1]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("standards_suspension_period", {"valid_until": TODAY - timedelta(days=1)}),
        ("standards_suspension_reason", {"stop_condition": "mood"}),
        ("standards_suspension_reason", {"reason": ""}),
        ("standards_suspension_restored", {"restore_reason": "已检"}),
    ],
)
def test_a_suspension_is_whole(world, name, values):
    suspended(admitted(world), world, valid_from=TODAY)
    refused(name, lambda: AdmissionSuspension.objects.update(**values))


def test_suspensions_do_not_overlap(world):
    admission = admitted(world)
    suspended(admission, world, valid_from=TODAY, valid_until=SOON)
    suspended(admission, world, valid_from=SOON)
    refused(
        "standards_suspension_no_overlap", lambda: suspended(admission, world, valid_from=TODAY)
    )


def test_events_are_history(world):
    admission = admitted(world)
    event = {"admission": admission, "source": "draft", "target": "submitted", "by": world.manager}
    row = AdmissionEvent.objects.create(**event, move="submit")
    refused("standards_event_move", lambda: AdmissionEvent.objects.create(**event, move="fly"))
    refused("append-only", lambda: AdmissionEvent.objects.filter(pk=row.pk).update(reason="改"))
    refused("append-only", row.delete)
