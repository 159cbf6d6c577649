"""What the tables of programmes refuse, whoever writes."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from tests.factories import programmes as build
from training.programmes.models import (
    Enrolment,
    EnrolmentEvent,
    PriorRecord,
    Programme,
    ProgrammeVersion,
    SignOff,
    Stage,
    StageRequirement,
)

pytestmark = pytest.mark.django_db


def refused(constraint, act, **values):
    with pytest.raises(IntegrityError, match=f'"{constraint}"'), transaction.atomic():
        act(**values)


def test_programmes_and_versions_are_whole(world):
    made = build.published(world)
    rows, versions = Programme.objects.filter(pk=made.pk), made.versions.all()
    refused("programmes_programme_leads_to", rows.update, technique=None)
    refused("programmes_programme_leads_to", rows.update, kind="grade")
    bare = {"alliance": world.alliance, "name": made.name, "kind": "entry"}
    refused("programmes_programme_name_once", Programme.objects.create, **bare)
    refused("programmes_programme_technique_once", Programme.objects.create,
            alliance=world.alliance, name="另一", kind="technique", technique=made.technique)  # fmt: skip
    refused("programmes_version_published", versions.update, effective_from=None)
    new = ProgrammeVersion.objects.create(programme=made, number=2)
    create = ProgrammeVersion.objects.create
    refused("programmes_version_number_once", create, programme=made, number=1)
    refused("programmes_version_one_draft", create, programme=made, number=3)
    same_day = {"status": "published", "published_at": timezone.now()}
    first = versions.get(number=1)
    refused("programmes_version_one_a_date", ProgrammeVersion.objects.filter(pk=new.pk).update,
            effective_from=first.effective_from, **same_day)  # fmt: skip


def test_stages_and_requirements_are_whole(world):
    made = build.published(world)
    stages = Stage.objects.filter(version__programme=made)
    refused("programmes_stage_kind", stages.update, kind="play")
    refused("programmes_stage_place", stages.update, order=1)
    needs = StageRequirement.objects.filter(stage__in=stages)
    refused("programmes_requirement_minimum", needs.update, minimum=0)
    for kind, values in [
        ("exam", {"variety": ""}),
        ("exam", {"variety": "technique"}),
        ("exam", {"part": "assistant"}),
        ("cases", {"part": ""}),
        ("cases", {"station_code": "x"}),
        ("sign_off", {"part": "assistant"}),
        ("sign_off", {"kind": "station"}),
        ("sign_off", {"kind": "course"}),
    ]:
        refused("programmes_requirement_names", needs.filter(kind=kind).update, **values)


def test_enrolments_are_whole(world):
    row = build.enrolment(world)
    rows = Enrolment.objects.filter(pk=row.pk)
    refused("programmes_enrolment_ended", rows.update, ended_on=build.today())
    refused("programmes_enrolment_ended", rows.update, status="done")
    refused("programmes_enrolment_mentor_is_other", rows.update, mentor=world.practitioner)
    same = {
        field: getattr(row, field)
        for field in (
            "alliance",
            "practitioner",
            "programme",
            "programme_version",
            "technique",
            "institution",
            "started_on",
        )
    }
    refused("programmes_enrolment_one_active", Enrolment.objects.create, **same)
    bare = {"enrolment": row, "on": build.today()}
    create = EnrolmentEvent.objects.create
    refused("programmes_event_stage", create, kind="stage_passed", **bare)
    stage = row.programme_version.stages.first()
    create(kind="stage_passed", stage=stage, **bare)
    refused("programmes_event_passed_once", create, kind="stage_passed", stage=stage, **bare)
    signature = {"enrolment": row, "requirement": build.need(row, "sign_off"), "by": world.trainer}
    SignOff.objects.create(on=build.today(), **signature)
    refused("programmes_signoff_once", SignOff.objects.create, on=build.ago(1), **signature)


@pytest.mark.parametrize("statement", ["UPDATE {} SET note = 'x'", "DELETE FROM {}"])
def test_what_happened_stays(world, statement):
    build.enrolment(world)
    sql = statement.format(EnrolmentEvent._meta.db_table)
    with pytest.raises(Exception, match="append-only"), connection.cursor() as cursor:
        cursor.execute(sql)


def test_records_of_the_past_are_whole(world):
    row = build.prior(world, evidence=False)
    rows = PriorRecord.objects.filter(pk=row.pk)
    refused("programmes_prior_amount", rows.update, amount=0)
    refused("programmes_prior_decided", rows.update, state="confirmed")
    decided = {"decided_by": world.office, "decided_at": timezone.now()}
    refused("programmes_prior_evidence", rows.update, state="confirmed", **decided)
    same = {name: getattr(row, name) for name in ("practitioner", "kind", "on", "title")}
    refused("programmes_prior_once", PriorRecord.objects.create, alliance=world.alliance,
            institution=world.township, recorded_by=world.trainer, **same)  # fmt: skip
