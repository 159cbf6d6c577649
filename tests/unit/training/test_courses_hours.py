"""Hours from elsewhere and the three ones: who enters, who confirms, what is refused."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.utils import timezone

from alliance.core import outbox
from alliance.core.errors import DomainError, StaleVersion
from alliance.core.models import AuditEntry
from alliance.notices import texts
from alliance.notices.models import Notice
from tests.access.things import picture
from tests.factories import alliance as make
from tests.factories import courses as build
from training.courses import actions, policies
from training.courses.choices import EntryStatus, HoursKind
from training.courses.models import ContestResult, HoursEntry, KeyDoctor

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def told(user):
    outbox.relay()
    return [(notice.text_key, texts.body_of(notice)) for notice in Notice.objects.filter(user=user)]


def test_the_house_confirms_what_its_people_enter(world):
    entry = build.claim(world, evidence=picture("证书.png"))
    assert (entry.status, entry.evidence_name) == (EntryStatus.WAITING, "证书.png")
    assert [key for key, _body in told(world.trainer)] == ["courses.claimed"]
    assert [key for key, _body in told(world.township_manager)] == ["courses.claimed"]
    assert not policies.may_decide(world.doctor, entry)
    with pytest.raises(PermissionDenied):
        actions.confirm_hours(entry=entry, by=world.manager)
    done = actions.confirm_hours(entry=entry, by=world.trainer)
    assert (done.status, done.decided_by) == (EntryStatus.CONFIRMED, world.trainer)
    assert told(world.doctor)[0][0] == "courses.confirmed"
    with pytest.raises(DomainError) as again:
        actions.refuse_hours(entry=entry, by=world.township_manager, reason="重复")
    assert again.value.code == "hours_decided"
    with pytest.raises(PermissionDenied):
        actions.confirm_hours(entry=entry, by=world.manager)


def test_a_refusal_says_why_and_lets_the_hours_be_entered_again(world):
    entry = build.claim(world)
    with pytest.raises(ValidationError):
        actions.refuse_hours(entry=entry, by=world.trainer, reason=" ")
    actions.refuse_hours(entry=entry, by=world.trainer, reason="证书看不清")
    assert told(world.doctor) == [("courses.refused", "证书看不清")]
    assert build.claim(world).pk != entry.pk
    with pytest.raises(ValidationError) as twice:
        build.claim(world)
    assert list(twice.value.message_dict) == ["title"]


def test_nobody_confirms_their_own_hours(world):
    teacher = make.PractitionerFactory(institution=world.township)
    world.trainer.practitioner = teacher
    world.trainer.save()
    values = {"on": timezone.localdate(), "hours": Decimal(3), "title": "会议"}
    own = actions.claim_hours(practitioner=teacher, by=world.trainer, **values)
    assert own.status == EntryStatus.WAITING
    theirs = actions.claim_hours(practitioner=world.practitioner, by=world.trainer, **values)
    assert (theirs.status, theirs.decided_by) == (EntryStatus.CONFIRMED, world.trainer)
    with pytest.raises(PermissionDenied):
        actions.confirm_hours(entry=own, by=world.trainer)
    with pytest.raises(PermissionDenied):
        actions.claim_hours(practitioner=teacher, by=world.doctor, **values)


def test_claims_are_checked_at_their_fields(world):
    program = ContentFile(b"MZ", name="a.pdf")
    with pytest.raises(ValidationError) as wrong:
        build.claim(world, evidence=program)
    assert list(wrong.value.message_dict) == ["evidence"]
    lonely = make.PractitionerFactory(institution=make.InstitutionFactory())
    manager = make.staff("manager", institution=lonely.institution)
    entry = actions.claim_hours(
        practitioner=lonely, by=manager, on=timezone.localdate(), hours=Decimal(3), title="会议"
    )
    assert entry.alliance is None
    assert HoursEntry.objects.visible_to(manager).get() == entry


def test_a_contest_brings_hours_to_whoever_took_part(world):
    with pytest.raises(PermissionDenied):
        actions.create_contest(
            alliance=world.alliance, by=world.township_manager, name="a",
            held_on=timezone.localdate(), institution=world.county,
        )  # fmt: skip
    contest = build.contest(world)
    mine = {"contest": contest, "practitioner": world.practitioner, "by": world.office}
    result = actions.record_result(rank=1, score=Decimal("92.50"), award="一等奖", **mine)
    entry = HoursEntry.objects.get()
    assert (entry.kind, entry.hours, entry.title) == (HoursKind.CONTEST, 4, "微创技能竞赛")
    with pytest.raises(ValidationError) as twice:
        actions.record_result(**mine)
    assert list(twice.value.message_dict) == ["practitioner"]
    stranger = make.PractitionerFactory(institution=world.outside)
    with pytest.raises(ValidationError) as outside:
        actions.record_result(**(mine | {"practitioner": stranger}))
    assert list(outside.value.message_dict) == ["practitioner"]
    with pytest.raises(PermissionDenied):
        actions.remove_result(result=result, by=world.township_manager)
    actions.remove_result(result=result, by=world.office)
    entry.refresh_from_db()
    assert entry.status == EntryStatus.REFUSED
    assert not ContestResult.objects.exists()


def test_results_wait_for_the_contest_and_one_without_hours_brings_none(world):
    contest = build.contest(world, hours=0)
    mine = {"practitioner": world.practitioner, "by": world.office}
    actions.record_result(contest=contest, **mine)
    assert not HoursEntry.objects.exists()
    contest.held_on = timezone.localdate() + DAY
    contest.save()
    with pytest.raises(DomainError) as early:
        actions.record_result(contest=contest, **mine)
    assert early.value.code == "contest_to_come"


def test_a_key_doctor_works_there_and_ends_after_beginning(world):
    today = timezone.localdate()
    post = {"institution": world.township, "valid_from": today}
    doctor = {"practitioner": world.practitioner}
    for by in (world.trainer, world.manager):
        with pytest.raises(PermissionDenied):
            actions.name_key_doctor(by=by, **post, **doctor)
    with pytest.raises(ValidationError) as wrong:
        stranger = {"practitioner": world.county_doctor.practitioner}
        actions.name_key_doctor(by=world.office, **post, **stranger)
    assert list(wrong.value.message_dict) == ["practitioner"]
    named = actions.name_key_doctor(by=world.township_manager, **post, **doctor)
    with pytest.raises(ValidationError) as early:
        actions.end_key_doctor(post=named, last=today, by=world.office)
    assert list(early.value.message_dict) == ["last"]
    ended = actions.end_key_doctor(post=named, last=today + DAY, by=world.office)
    assert not KeyDoctor.objects.in_force(today + DAY).exists()
    with pytest.raises(DomainError) as again:
        actions.end_key_doctor(post=ended, last=today + 2 * DAY, by=world.office)
    assert again.value.code == "already_ended"


def test_a_house_has_one_simulation_centre_at_a_time(world):
    today = timezone.localdate()
    values = {"institution": world.county, "valid_from": today, "by": world.manager}
    centre = actions.open_centre(name="模拟中心", **values)
    with pytest.raises(ValidationError) as twice:
        actions.open_centre(name="新中心", **values)
    assert list(twice.value.message_dict) == ["name"]
    actions.end_centre(centre=centre, last=today + DAY, by=world.manager)
    later = values | {"valid_from": today + DAY}
    assert actions.open_centre(name="新中心", **later).pk


def test_a_contest_is_put_right_and_hours_follow(world):
    contest = build.contest(world)
    actions.record_result(contest=contest, practitioner=world.practitioner, by=world.office)
    change = {"contest": contest, "by": world.office}
    assert actions.update_contest(**change, version=1, name=contest.name).version == 1
    with pytest.raises(ValidationError) as ahead:
        actions.update_contest(**change, version=1, held_on=timezone.localdate() + DAY)
    assert list(ahead.value.message_dict) == ["held_on"]
    renamed = actions.update_contest(**change, version=1, institution=world.tertiary)
    (entry,) = HoursEntry.objects.counting()
    assert (renamed.version, entry.hours) == (2, 4)
    actions.update_contest(**change, version=2, name="春季竞赛", hours=Decimal(6))
    (entry,) = HoursEntry.objects.counting()
    assert (entry.title, entry.hours) == ("春季竞赛", 6)
    line = AuditEntry.objects.filter(action="contest.changed").latest("pk")
    assert line.data["changed"] == ["hours", "name"]
    with pytest.raises(StaleVersion):
        actions.update_contest(**change, version=2, hours=Decimal(1))
    with pytest.raises(PermissionDenied):
        actions.update_contest(contest=contest, by=world.manager, version=3)


def test_a_contest_is_called_off_while_nobody_has_a_result(world):
    contest = build.contest(world)
    off = {"contest": contest, "by": world.office}
    with pytest.raises(ValidationError):
        actions.call_off_contest(**off, version=1, reason=" ")
    gone = actions.call_off_contest(**off, version=1, reason="场地未落实")
    assert (gone.version, gone.cancel_reason) == (2, "场地未落实")
    for act in (
        lambda: actions.call_off_contest(**off, version=2, reason="?"),
        lambda: actions.record_result(practitioner=world.practitioner, **off),
        lambda: actions.update_contest(**off, version=2, name="?"),
    ):
        with pytest.raises(DomainError) as refused:
            act()
        assert refused.value.code == "contest_called_off"
    # The same may be entered anew.
    held = build.contest(world)
    actions.record_result(contest=held, practitioner=world.practitioner, by=world.office)
    with pytest.raises(DomainError) as refused:
        actions.call_off_contest(contest=held, by=world.office, version=1, reason="?")
    assert refused.value.code == "contest_held"
