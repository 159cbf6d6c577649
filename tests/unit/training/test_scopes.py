"""Whose eyes reach what hangs on the things of training, and what a posting offers before its day."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from tests.factories import alliance as make
from tests.factories import granting, logbook, mentoring, programmes
from training.granting.models import Vote
from training.logbook.models import Case, CaseDraft, CaseVersion, RatingScale
from training.mentoring import policies
from training.mentoring.policies import PostingAct
from training.programmes.actions.exporting import _text
from training.programmes.choices import Standing
from training.programmes.matrix import Cell
from training.programmes.models import SignOff

pytestmark = pytest.mark.django_db


def seen_by(model, user):
    return [*model.objects.visible_to(user)]


def test_votes_are_the_committees(world):
    row = granting.taken_up(world)
    granting.vote(world, row, "for")
    assert seen_by(Vote, world.qc) == [*Vote.objects.all()] != []
    for user in (world.doctor, world.township_manager, world.outsider):
        assert seen_by(Vote, user) == []


def test_earlier_versions_are_seen_with_their_case(world):
    logbook.teach(world)
    case = logbook.done(world)
    versions = [*CaseVersion.objects.filter(case=case)]
    assert seen_by(CaseVersion, world.doctor) == versions != []
    assert seen_by(CaseVersion, world.township2_doctor) == []


def ranges(user):
    return {row for rows in Case.objects.branches_for(user) for row in rows}


def test_ranges_hold_what_one_sees(world):
    case = logbook.case(world)
    for user in (
        world.doctor,
        world.county_doctor,
        world.trainer,
        world.township_manager,
        world.qc,
    ):
        assert ranges(user) == {case} == {*Case.objects.visible_to(user)}
    for user in (world.township2_doctor, world.outsider, make.UserFactory()):
        assert ranges(user) == set() == {*Case.objects.visible_to(user)}


def test_a_draft_is_its_writers(world):
    draft = CaseDraft.objects.create(user=world.doctor, content={})
    assert seen_by(CaseDraft, world.doctor) == [draft]
    assert seen_by(CaseDraft, world.county_doctor) == []


def test_scales_are_looked_up_by_whoever_looks_things_up(world):
    scale = RatingScale.objects.create(code="X", name="评分")
    assert scale in seen_by(RatingScale, world.doctor)
    assert seen_by(RatingScale, AnonymousUser()) == []


def test_signatures_are_seen_with_their_enrolment(world):
    row = programmes.enrolment(world)
    need = programmes.need(row, "sign_off")
    signed = SignOff.objects.create(
        enrolment=row, requirement=need, on=timezone.localdate(), by=world.county_doctor
    )
    assert seen_by(SignOff, world.doctor) == [signed]
    assert seen_by(SignOff, world.township2_doctor) == []


def test_a_posting_begins_on_its_first_day_and_not_before(world):
    first = timezone.localdate() + timedelta(days=10)
    row = mentoring.planned_posting(world, start=10)
    offered = {
        on: {act for user in (world.township_manager, world.manager)
             for act in policies.posting_acts(user, row, on=on)}
        for on in (first - timedelta(days=1), first)
    }  # fmt: skip
    assert PostingAct.START not in offered[first - timedelta(days=1)]
    assert PostingAct.START in offered[first]


@pytest.mark.parametrize(
    ("standing", "percent", "said"),
    [
        (Standing.NONE, None, ""),
        (Standing.INDEPENDENT, None, "Privileged"),
        (Standing.TRAINING, 40, "In training 40 %"),
    ],
)
def test_a_cell_of_the_workbook(standing, percent, said):
    assert _text(Cell(standing, percent)) == said
