"""What the tables of the logbook refuse, whoever writes."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from tests import worlds
from tests.factories.logbook import case
from training.logbook.actions import load_scales
from training.logbook.models import Case, CaseVersion, CurveReview, RatingScale

pytestmark = pytest.mark.django_db


def refused(name, write):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        write()


def test_a_case_is_whole(world):
    one = case(world)
    rows = Case.objects.filter(pk=one.pk)
    for name, values in [
        ("logbook_case_role", {"role": "boss"}),
        ("logbook_case_source", {"source": "rumour"}),
        ("logbook_case_closed_why", {"status": "lost"}),
        ("logbook_case_outcome_graded", {"outcome": "complication"}),
        ("logbook_case_outcome_graded", {"outcome": "complication", "clavien_dindo": "V"}),
        ("logbook_case_outcome_graded", {"clavien_dindo": "I"}),
        ("logbook_case_supervised_by_whom", {"supervisor": None}),
        ("logbook_case_supervisor_is_other", {"supervisor": one.operator}),
        ("logbook_case_patient_named", {"external_case_number": ""}),
        ("logbook_case_duration", {"duration_minutes": 0}),
        ("logbook_case_rated_on_a_scale", {"rating": 3}),
        (
            "logbook_case_confirmed_pair",
            {"status": "void", "closing_reason": "Twice", "confirmed_at": timezone.now()},
        ),
        ("logbook_case_confirmed_when", {"status": "confirmed"}),
        ("logbook_case_closed_why", {"status": "void"}),
        ("logbook_case_closed_why", {"closing_reason": "Why not"}),
    ]:
        refused(name, lambda values=values: rows.update(**values))
    assert rows.update(role="independent", supervisor=None, duration_minutes=45) == 1


def test_one_operation_stands_in_the_logbook_once(world):
    patient = worlds.patient(world)
    once = {"patient": patient, "external_case_number": ""}
    first = case(world, **once)
    refused("logbook_case_patient_once", lambda: case(world, **once))
    numbered = case(world, external_case_number="ZY1")
    refused("logbook_case_number_once", lambda: case(world, external_case_number="ZY1"))
    case(world, external_case_number="ZY1", performed_on=date(2026, 3, 3))
    case(world, external_case_number="ZY1", institution=world.county)
    for gone in (first, numbered):
        Case.objects.filter(pk=gone.pk).update(status="void", closing_reason="Entered twice")
    case(world, **once)
    case(world, external_case_number="ZY1")


def test_a_scale_has_one_row_per_edition_and_marks_that_differ(world):
    load_scales()
    assert load_scales() == 0
    scale = RatingScale.objects.get(code="GAS")
    assert (scale.lowest, scale.highest, scale.alliance) == (1, 6, None)
    refused("logbook_ratingscale_once", lambda: RatingScale.objects.create(code="GAS", name="GAS"))
    refused("logbook_ratingscale_marks", lambda: RatingScale.objects.update(highest=1))
    RatingScale.objects.create(code="GAS", name="GAS", alliance=world.alliance)


def test_earlier_versions_are_never_changed(world):
    one = case(world)
    done = {"number": 1, "act": "correct", "source": "recorded", "target": "recorded"}
    version = CaseVersion.objects.create(case=one, by=world.doctor, **done)
    refused(
        "logbook_caseversion_once",
        lambda: CaseVersion.objects.create(case=one, by=world.doctor, **done),
    )
    refused(
        "logbook_caseversion_act",
        lambda: CaseVersion.objects.create(
            case=one, by=world.doctor, **{**done, "number": 2, "act": "polish"}
        ),
    )
    for write in (version.delete, lambda: CaseVersion.objects.update(reason="Better")):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            write()


def test_a_signal_is_reviewed_once_and_decided_by_somebody(world):
    one, other = case(world), case(world)
    about = {
        "alliance": world.alliance,
        "practitioner": world.practitioner,
        "technique": world.debridement,
        "cause": "loss",
        "case_number": 9,
    }
    review = CurveReview.objects.create(case=one, **about)
    refused("logbook_curvereview_one_open", lambda: CurveReview.objects.create(case=other, **about))
    rows = CurveReview.objects.filter(pk=review.pk)
    refused("logbook_curvereview_cause", lambda: rows.update(cause="mood"))
    refused("logbook_curvereview_decided_whole", lambda: rows.update(decision="well"))
    rows.update(decision="well", decided_at=timezone.now(), decided_by=world.qc)
    refused("logbook_curvereview_once", lambda: CurveReview.objects.create(case=one, **about))
    CurveReview.objects.create(case=other, **about)
