"""Programmes are made, versions published, doctors enrolled, moved on, signed; and what is refused."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from alliance.core.errors import DomainError, StaleVersion, TransitionNotAllowed
from alliance.core.models import AuditEntry, OutboxMessage, PolicySetting
from alliance.people.models import Practitioner
from tests.factories import alliance as make
from tests.factories import programmes as build
from tests.unit.training.test_programmes_selectors import operated, passed
from training.privileges.models import Privilege
from training.programmes import actions, notices, selectors
from training.programmes.choices import EventKind, Need, ProgrammeKind, StageKind
from training.programmes.models import (
    Enrolment,
    PriorRecord,
    Programme,
    ProgrammeVersion,
    Stage,
    StageRequirement,
)

pytestmark = pytest.mark.django_db


def refused(code, act, **values):
    with pytest.raises(DomainError) as told:
        act(**values)
    assert told.value.code == code


# --- programmes and versions --------------------------------------------------------------------


def test_a_draft_is_edited_and_published_once(world):
    made = build.programme(world)
    draft = build.draft_of(made)
    by = {"by": world.office}
    refused("no_stages", actions.publish_version, draft=draft, effective_from=build.today(),
            version=draft.version, **by)  # fmt: skip
    stage = build.stage(world, draft, StageKind.THEORY)
    draft.refresh_from_db()
    refused("empty_stages", actions.publish_version, draft=draft, effective_from=build.today(),
            version=draft.version, **by)  # fmt: skip
    refused("nothing_published", actions.offer, programme=made, offered=True, version=1, **by)
    values = {"kind": "exam", "label": "考试", "minimum": 1}
    with pytest.raises(ValidationError, match="has to be reached"):
        actions.add_requirement(
            draft=draft, stage=stage, values=values, version=draft.version, **by
        )
    other = build.stage(world, build.draft_of(build.programme(world, name="二", kind="entry",
                                                              technique=None)), StageKind.THEORY)  # fmt: skip
    with pytest.raises(ValidationError, match="stage of this version"):
        actions.add_requirement(draft=draft, stage=other, values={}, version=draft.version, **by)
    need = actions.add_requirement(
        draft=draft,
        stage=stage,
        values={**values, "variety": "theory"},
        version=draft.version,
        **by,
    )
    draft.refresh_from_db()
    with pytest.raises(StaleVersion):
        actions.remove_requirement(draft=draft, requirement=need, version=1, **by)
    with pytest.raises(ValidationError, match="later day"):
        actions.publish_version(
            draft=draft, effective_from=build.ago(1), version=draft.version, **by
        )
    actions.publish_version(draft=draft, effective_from=build.today(), version=draft.version, **by)
    draft.refresh_from_db()
    refused("version_published", actions.remove_stage, draft=draft, stage=stage,
            version=draft.version, **by)  # fmt: skip
    made.refresh_from_db()
    assert made.is_offered
    assert selectors.version_in_force(made.pk, on=build.today()) == draft


def test_a_new_version_is_a_copy_that_may_differ(world):
    made = build.published(world)
    second = actions.begin_version(programme=made, by=world.office)
    assert actions.begin_version(programme=made, by=world.office) == second
    first = made.versions.get(number=1)
    assert (second.number, second.stages.count()) == (2, first.stages.count())
    asked = StageRequirement.objects.filter(stage__version=second)
    actions.remove_requirement(
        draft=second, requirement=asked.first(), version=second.version, by=world.office
    )
    second.refresh_from_db()
    actions.remove_stage(
        draft=second, stage=second.stages.last(), version=second.version, by=world.office
    )
    assert (asked.count(), StageRequirement.objects.filter(stage__version=first).count()) == (1, 3)
    row = build.enrolment(world, made)
    assert row.programme_version == first


def test_words_and_offers(world):
    made = build.published(world)
    change = {"programme": made, "by": world.office}
    renamed = actions.update_programme(values={"name": "新名"}, version=made.version, **change)
    assert renamed.name == "新名"
    same = actions.update_programme(values={"name": "新名"}, version=renamed.version, **change)
    assert same.version == renamed.version
    closed = actions.offer(offered=False, version=same.version, **change)
    again = actions.offer(offered=False, version=closed.version, **change)
    assert (closed.is_offered, again.version) == (False, closed.version)
    refused("not_offered", build.enrolment, world=world, made=made)
    with pytest.raises(PermissionDenied):
        actions.offer(programme=made, offered=True, version=again.version, by=world.qc)
    actions.offer(offered=True, version=again.version, **change)
    assert build.enrolment(world, made).status == "active"


def test_standard_programmes(world):
    world.appendectomy.is_minimally_invasive = True
    world.appendectomy.save()
    on = build.today()
    assert actions.make_standard_programmes(alliance=world.alliance, by=world.office, on=on) == 6
    assert actions.make_standard_programmes(alliance=world.alliance, by=None, on=on) == 0
    kinds = list(Programme.objects.order_by("kind").values_list("kind", flat=True))
    assert kinds == ["entry", "fellowship", "gatekeeper", "technique", "technique", "technique"]
    minimal = Stage.objects.filter(version__programme__technique=world.appendectomy)
    assert list(minimal.values_list("kind", flat=True)) == list(StageKind)
    asked = StageRequirement.objects.filter(stage__in=minimal)
    assert asked.filter(kind=Need.STATION).count() == 5
    assert asked.get(kind=Need.ANIMAL_CASES).minimum == 20
    plain = Stage.objects.filter(version__programme__technique=world.debridement)
    assert StageKind.SIMULATION not in plain.values_list("kind", flat=True)
    general = Programme.objects.exclude(kind=ProgrammeKind.TECHNIQUE)
    for programme in general:
        assert build.enrolment(world, programme).technique is None
    with pytest.raises(PermissionDenied):
        actions.make_standard_programmes(alliance=world.alliance, by=world.qc, on=on)
    empty = make.AllianceFactory(name="无目录", short_name="无")
    refused("no_edition", actions.make_standard_programmes, alliance=empty, by=None, on=on)


# --- enrolments -----------------------------------------------------------------------------------


def test_enrolling(world):
    made = build.published(world)
    row = build.enrolment(world, made)
    assert (row.technique, row.institution) == (world.debridement, world.township)
    assert row.events.get().kind == EventKind.ENROLLED
    assert OutboxMessage.objects.filter(topic="programmes.told").exists()
    with pytest.raises(ValidationError, match="enrolled in this programme already"):
        build.enrolment(world, made)
    with pytest.raises(ValidationError, match="earlier day"):
        build.enrolment(world, made, days=-1)
    with pytest.raises(PermissionDenied):
        build.enrolment(world, made, by=world.township2_doctor)
    with pytest.raises(ValidationError, match="own mentor"):
        actions.name_mentor(enrolment=row, mentor=world.practitioner, by=world.trainer)


def test_enrolling_oneself_where_the_alliance_lets_people(world):
    made = build.published(world)
    PolicySetting.objects.create(
        alliance=world.alliance, key="programme.self_enrol", value=False, source="x",
        effective_from=build.ago(1),
    )  # fmt: skip
    with pytest.raises(PermissionDenied):
        build.enrolment(world, made, by=world.doctor)
    PolicySetting.objects.create(
        alliance=world.alliance, key="programme.self_enrol", value=True, source="x",
        effective_from=build.today(),
    )  # fmt: skip
    assert build.enrolment(world, made, by=world.doctor).enrolled_by == world.doctor


def test_who_cannot_be_enrolled(world):
    made = build.published(world)
    gone = make.PractitionerFactory(institution=world.township, is_active=False)
    refused("not_active", build.enrolment, world=world, made=made, practitioner=gone)
    stranger = make.PractitionerFactory(institution=world.outside)
    refused("not_a_member", build.enrolment, world=world, made=made, practitioner=stranger,
            by=world.office)  # fmt: skip


def test_a_programme_for_a_grade_asks_for_the_technique(world):
    made = build.published(world, name="基础级", kind="grade", technique=None, grade="basic")
    for technique, message in [
        (None, "technique to learn"),
        (world.gastrectomy, "programme's grade"),
        (make.TechniqueFactory(), "programme's grade"),
    ]:
        with pytest.raises(ValidationError, match=message):
            build.enrolment(world, made, technique=technique)
    assert build.enrolment(world, made, technique=world.debridement).technique == world.debridement


def test_a_mentor_is_named(world):
    row = build.enrolment(world)
    mentor = world.county_doctor.practitioner
    named = actions.name_mentor(enrolment=row, mentor=mentor, by=world.trainer, version=1)
    assert named.mentor == mentor
    same = actions.name_mentor(enrolment=row, mentor=mentor, by=world.trainer)
    assert same.version == named.version
    assert actions.name_mentor(enrolment=row, mentor=None, by=world.trainer).mentor is None
    assert row.events.filter(kind=EventKind.MENTOR).count() == 2


def test_passing_the_theory_lets_one_operate_under_supervision(world):
    row = build.enrolment(world)
    actions.advance(enrolment=row, by=None)
    assert not Privilege.objects.exists()
    passed(world, technique=world.debridement, days=20)
    assert actions.advance_all() == 1
    assert actions.advance_all() == 0
    held = Privilege.objects.get()
    assert (held.level, held.ground, held.institution) == (
        "supervised",
        "programme",
        world.township,
    )
    assert held.evidence["programme"] == str(row.programme_version)
    event = row.events.get(kind=EventKind.STAGE_PASSED)
    assert (event.on, event.stage.kind) == (build.ago(20), "theory")
    actions.advance(enrolment=row, by=world.doctor)
    assert Privilege.objects.count() == 1


def test_where_the_alliance_grants_nothing_by_itself(world):
    PolicySetting.objects.create(
        alliance=world.alliance, key="programme.grants_supervised", value=False, source="x",
        effective_from=build.ago(1),
    )  # fmt: skip
    row = build.enrolment(world)
    passed(world, technique=world.debridement)
    actions.advance(enrolment=row, by=None)
    assert not Privilege.objects.exists()
    general = build.enrolment(
        world,
        build.published(world, build.CLINICAL, name="进修", kind="fellowship", technique=None),
    )
    actions.advance(enrolment=general, by=None)
    assert not Privilege.objects.exists()


def test_the_whole_way(world):
    row = build.enrolment(world, mentor=world.county_doctor.practitioner)
    passed(world, technique=world.debridement, days=50)
    operated(world, days=40)
    operated(world, days=30)
    sign = build.need(row, Need.SIGN_OFF)
    for on in (build.ago(101), build.ago(-1)):
        with pytest.raises(ValidationError, match="between the enrolment"):
            actions.sign_off(enrolment=row, requirement=sign, by=world.trainer, on=on)
    with pytest.raises(ValidationError, match="not met by a signature"):
        actions.sign_off(enrolment=row, requirement=build.need(row, "exam"), by=world.trainer)
    with pytest.raises(PermissionDenied):
        actions.sign_off(enrolment=row, requirement=sign, by=world.doctor)
    early = build.enrolment(world, row.programme, practitioner=make.PractitionerFactory(
        institution=world.township))  # fmt: skip
    refused("stage_not_open", build.signed, world=world, row=early)
    actions.sign_off(enrolment=row, requirement=sign, by=world.county_doctor, note="可独立")
    row.refresh_from_db()
    assert (row.status, row.ended_on) == ("done", build.today())
    kinds = list(row.events.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["enrolled", "stage_passed", "stage_passed", "stage_passed", "completed"]
    assert actions.advance(enrolment=row, by=None).status == "done"
    assert AuditEntry.objects.filter(action="enrolment.signed_off").count() == 1


def test_leaving_and_coming_back(world):
    row = build.enrolment(world)
    with pytest.raises(ValidationError, match="why"):
        actions.leave(enrolment=row, reason=" ", by=world.doctor)
    left = actions.leave(enrolment=row, reason="休产假", by=world.doctor, version=row.version)
    assert (left.status, left.ended_on) == ("left", build.today())
    with pytest.raises(TransitionNotAllowed):
        actions.leave(enrolment=row, reason="x", by=world.doctor)
    with pytest.raises(PermissionDenied):
        actions.resume(enrolment=row, by=world.doctor)
    back = actions.resume(enrolment=row, by=world.trainer, version=left.version)
    assert (back.status, back.ended_on) == ("active", None)


def test_people_are_told_once(world):
    row = build.enrolment(world, mentor=world.county_doctor.practitioner)
    passed(world, technique=world.debridement)
    actions.advance(enrolment=row, by=None)
    for message in OutboxMessage.objects.filter(topic="programmes.told"):
        for _twice in range(2):
            notices.tell_path(**message.payload)
    told = world.doctor.notices.order_by("pk")
    assert [notice.text_key for notice in told] == [
        "programmes.enrolled",
        "programmes.stage_passed",
    ]
    assert world.county_doctor.notices.count() == 2
    for record in (build.confirmed_prior(world), build.prior(world, title="另一")):
        if record.state == "waiting":
            actions.decide_prior(record=record, accepted=False, note="看不清",
                                 by=world.township_manager, version=record.version)  # fmt: skip
        notices.tell_prior(record_id=record.pk)
    keys = {notice.text_key for notice in told.all()}
    assert {"programmes.prior_confirmed", "programmes.prior_refused"} <= keys


# --- records of the past --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "sign_off"}, "kind"),
        ({"part": ""}, "part"),
        ({"technique": None}, "technique"),
        ({"kind": "exam", "part": "", "variety": "thematic"}, "variety"),
        ({"kind": "course", "part": ""}, "variety"),
        ({"variety": "theory"}, "variety"),
        ({"kind": "station", "part": ""}, "station_code"),
        ({"amount": 0}, "amount"),
        ({"on": build.ago(-1)}, "on"),
    ],
)
def test_a_record_that_says_too_little(world, values, field):
    with pytest.raises(ValidationError) as told:
        build.prior(world, **values)
    assert field in told.value.error_dict


def test_a_record_is_confirmed_by_somebody_else(world):
    row = build.prior(world, evidence=False)
    decide = {"record": row, "version": row.version, "accepted": True}
    refused("no_evidence", actions.decide_prior, by=world.township_manager, **decide)
    row = actions.attach_evidence(
        record=row, evidence=build.paper(), by=world.doctor, version=row.version
    )
    assert row.evidence_name == "证明.png"
    decide = {"record": row, "version": row.version, "accepted": True}
    for who in (world.trainer, world.doctor, world.qc):
        with pytest.raises(PermissionDenied):
            actions.decide_prior(by=who, **decide)
    with pytest.raises(ValidationError, match="why"):
        actions.decide_prior(by=world.office, **{**decide, "accepted": False})
    done = actions.decide_prior(by=world.office, **decide)
    assert (done.state, done.decided_by) == ("confirmed", world.office)
    decide["version"] = done.version
    refused("prior_decided", actions.decide_prior, by=world.office, **decide)
    refused("prior_decided", actions.attach_evidence, record=done, evidence=build.paper(),
            by=world.doctor, version=done.version)  # fmt: skip


def test_who_may_record(world):
    assert build.prior(world, by=world.doctor).recorded_by == world.doctor
    with pytest.raises(PermissionDenied):
        build.prior(world, by=world.township2_doctor, title="x")
    lone = make.InstitutionFactory(name="无医联体医院")
    boss = make.staff("manager", institution=lone)
    person = make.PractitionerFactory(institution=lone)
    refused("not_a_member", build.prior, world=world, practitioner=person, by=boss)
    assert PriorRecord.objects.count() == 1
    assert Enrolment.objects.count() == ProgrammeVersion.objects.count() == 0
    assert Practitioner.objects.filter(pk=person.pk).exists()
