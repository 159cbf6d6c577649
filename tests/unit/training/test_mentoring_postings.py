"""What may be done about dispatch and rotation, and what comes of it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from alliance.core import compliance, outbox
from alliance.core.errors import DomainError, StaleVersion, TransitionNotAllowed
from alliance.core.models import AuditEntry, PolicySetting
from alliance.notices.models import Notice
from alliance.people.models import PracticeSite
from tests.factories import alliance as make
from tests.factories import mentoring as build
from training.mentoring import actions, owed, selectors
from training.mentoring.models import Posting

pytestmark = pytest.mark.django_db


def day(offset):
    return timezone.localdate() + timedelta(days=offset)


def refusal(act, *, field, **values):
    with pytest.raises(ValidationError) as told:
        act(**values)
    assert list(told.value.message_dict) == [field], told.value.message_dict


def test_a_plan_says_what_is_wrong_at_its_field(world):
    def plan(field, **values):
        refusal(build.planned_posting, field=field, world=world, **values)

    plan("to_institution", to_institution=world.outside)
    plan("to_institution", to_institution=world.township2)
    plan("to_institution", kind="dispatch")
    plan("valid_until", days=0)
    plan("valid_until", days=1096)
    plan("plan", plan=" ")
    plan("department", department=make.DepartmentFactory(institution=world.township))
    world.practitioner.is_active = False
    plan("practitioner", practitioner=world.practitioner)
    assert not Posting.objects.exists()


def test_nobody_is_planned_into_two_places_at_once(world):
    build.planned_posting(world, days=50)
    refusal(build.planned_posting, field="valid_from", world=world, start=49)
    build.planned_posting(world, start=50)


def test_who_posts_whom(world):
    for stranger in (world.doctor, world.manager, world.trainer, world.qc):
        with pytest.raises(PermissionDenied):
            build.planned_posting(world, by=stranger)
    assert build.planned_posting(world, by=world.office).alliance == world.alliance
    found = selectors.postable(world.township_manager, on=day(0))
    assert list(found) == [world.practitioner]
    assert world.county_doctor.practitioner in selectors.postable(world.office, on=day(0))


def test_from_plan_to_assessment(world):
    posting = build.planned_posting(world, start=-10)
    assert not PracticeSite.objects.exists()
    with pytest.raises(PermissionDenied):
        actions.start_posting(posting=posting, by=world.doctor)
    with pytest.raises(StaleVersion):
        actions.start_posting(posting=posting, by=world.manager, version=7)
    started = actions.start_posting(posting=posting, by=world.manager, day=day(-8))
    assert (started.status, started.valid_from) == ("running", day(-8))
    site = PracticeSite.objects.get()
    assert (site.practitioner, site.institution) == (world.practitioner, world.county)
    assert (site.valid_from, site.valid_until) == (day(-8), day(190))
    refusal(actions.finish_posting, field="day", posting=posting, by=world.manager, day=day(1))
    done = actions.finish_posting(posting=posting, by=world.township_manager)
    assert (done.status, done.valid_until) == ("done", day(0))
    site.refresh_from_db()
    assert site.valid_until == day(0)
    refusal(actions.assess_posting, field="assessment", posting=done, assessment="so-so",
            text="", by=world.township_manager)  # fmt: skip
    with pytest.raises(PermissionDenied):
        actions.assess_posting(posting=done, assessment="good", text="", by=world.manager)
    row = actions.assess_posting(
        posting=done, assessment="good", text="出勤良好", by=world.township_manager
    )
    assert (row.assessment, row.assessed_by) == ("good", world.township_manager)
    assert [event.move for event in row.events.all()] == ["plan", "start", "finish"]
    assert row.events.last().data == {"planned_until": str(day(190))}
    acts = AuditEntry.objects.filter(action__startswith="posting.").order_by("pk")
    assert [entry.action for entry in acts] == [
        "posting.planned", "posting.started", "posting.finished", "posting.assessed"
    ]  # fmt: skip


def test_a_posting_begins_within_its_plan_and_not_ahead_of_time(world):
    posting = build.planned_posting(world, start=-5, days=20)
    for wrong in (day(-6), day(15), day(1)):
        refusal(actions.start_posting, field="day", posting=posting, by=world.manager, day=wrong)
    late = actions.start_posting(posting=posting, by=world.manager)
    assert late.valid_from == day(0)
    refusal(actions.finish_posting, field="day", posting=late, by=world.manager)
    with pytest.raises(TransitionNotAllowed):
        actions.start_posting(posting=late, by=world.manager)


def test_a_right_to_practise_that_was_there_before_stays_as_it_was(world):
    own = PracticeSite.objects.create(
        practitioner=world.practitioner, institution=world.county,
        valid_from=day(-100), valid_until=day(-5),
    )  # fmt: skip
    later = PracticeSite.objects.create(
        practitioner=world.practitioner, institution=world.county,
        valid_from=day(20), valid_until=day(30),
    )  # fmt: skip
    posting = build.running_posting(world, start=-10, days=60)
    mine = posting.sites.order_by("valid_from").values_list("valid_from", "valid_until")
    assert list(mine) == [(day(-5), day(20)), (day(30), day(50))]
    actions.finish_posting(posting=posting, by=world.manager)
    assert list(posting.sites.values_list("valid_from", "valid_until")) == [(day(-5), day(0))]
    for site in (own, later):
        before = site.valid_until
        site.refresh_from_db()
        assert site.valid_until == before


def test_a_plan_is_cancelled_with_its_reason(world):
    posting = build.planned_posting(world)
    by = world.township_manager
    refusal(actions.cancel_posting, field="reason", posting=posting, reason=" ", by=by)
    row = actions.cancel_posting(posting=posting, reason="科室缺人", by=by)
    assert (row.status, row.reason) == ("cancelled", "科室缺人")
    with pytest.raises(TransitionNotAllowed):
        actions.cancel_posting(posting=posting, reason="再次", by=by)
    with pytest.raises(TransitionNotAllowed):
        actions.cancel_posting(posting=build.running_posting(world), reason="已开始", by=by)


def test_one_tap_says_one_is_there_and_begins_the_posting(world):
    posting = build.planned_posting(world, start=-10)
    actions.mark_present(posting=posting, by=world.doctor)
    actions.mark_present(posting=posting, by=world.doctor)
    posting.refresh_from_db()
    assert (posting.status, posting.valid_from) == ("running", day(0))
    assert list(posting.days_present.values_list("day", flat=True)) == [day(0)]
    with pytest.raises(PermissionDenied):
        actions.mark_present(posting=posting, by=world.manager)


def test_own_presence_is_entered_within_days(world):
    posting = build.running_posting(world, start=-20)
    actions.mark_present(posting=posting, by=world.doctor, day=day(-7))
    for wrong in (day(-8), day(1)):
        refusal(actions.mark_present, field="day", posting=posting, by=world.doctor, day=wrong)
    refusal(actions.finish_posting, field="day", posting=posting, by=world.manager, day=day(-7))


def test_presence_needs_a_posting_that_runs(world):
    planned = build.planned_posting(world)
    with pytest.raises(TransitionNotAllowed):
        actions.set_days(posting=planned, month=day(0), days=[], by=world.manager)


def test_the_receiving_house_says_which_days_of_a_month(world):
    posting = build.running_posting(world, start=-60, days=90)
    first = posting.valid_from
    month = [
        first + timedelta(days=n) for n in range(3) if (first + timedelta(n)).month == first.month
    ]
    set_days = {"posting": posting, "month": first, "by": world.manager}
    row = actions.set_days(days=month, **set_days)
    assert row.days_present.count() == len(month)
    row = actions.set_days(days=month[:1], **set_days)
    assert list(row.days_present.values_list("day", flat=True)) == month[:1]
    version = row.version
    assert actions.set_days(days=month[:1], **set_days).version == version
    refusal(actions.set_days, field="day", days=[day(0)], **set_days)
    refusal(actions.set_days, field="day", posting=posting, month=day(1), days=[day(1)],
            by=world.manager)  # fmt: skip
    with pytest.raises(PermissionDenied):
        actions.set_days(days=[], **set_days | {"by": world.township_manager})


def test_both_sides_evaluate_once(world):
    posting = build.running_posting(world)
    say = {"posting": posting, "text": "认真", "rating": 5}
    with pytest.raises(PermissionDenied):
        actions.evaluate_posting(party="person", by=world.manager, **say)
    with pytest.raises(PermissionDenied):
        actions.evaluate_posting(party="host", by=world.doctor, **say)
    refusal(actions.evaluate_posting, field="rating", party="host", by=world.manager,
            **say | {"rating": 6})  # fmt: skip
    actions.evaluate_posting(party="host", by=world.manager, **say)
    actions.evaluate_posting(party="person", by=world.doctor, **say)
    with pytest.raises(DomainError) as told:
        actions.evaluate_posting(party="host", by=world.manager, **say)
    assert told.value.code == "evaluated"


def test_nothing_is_judged_before_its_time(world):
    posting = build.planned_posting(world)
    with pytest.raises(DomainError) as told:
        actions.evaluate_posting(posting=posting, party="host", rating=5, text="", by=world.manager)
    assert told.value.code == "not_begun"
    with pytest.raises(DomainError) as told:
        actions.assess_posting(
            posting=posting, assessment="good", text="", by=world.township_manager
        )
    assert told.value.code == "not_done"


def test_everybody_concerned_is_told_but_not_the_one_who_did_it(world):
    build.planned_posting(world)
    outbox.relay()
    told = Notice.objects.filter(text_key="posting.plan")
    assert {notice.user for notice in told} == {world.doctor, world.trainer, world.manager}


def findings(world, on=None):
    on = on or day(0)
    one = compliance.in_force(alliance_id=world.alliance.pk, on=on)["mentoring.rotation_due"]
    asked = compliance.question(one, alliance_ids=[world.alliance.pk], on=on)
    return list(one.check.rows(asked))


def test_a_rotation_is_due_until_it_is_long_enough(world):
    (found,) = findings(world)
    assert found["subject"] == str(world.practitioner.public_id)
    assert found["house_id"] == world.township.pk
    assert found["evidence"] == {"name": "李文", "days": 0, "needed": 180, "years": 3}
    build.bare_posting(
        world, status="done", valid_from=day(-300), valid_until=day(-121)
    )  # 179 days: a near miss
    assert [row["evidence"]["days"] for row in findings(world)] == [179]
    # One under way counts as a whole; on the day before it began it did not.
    build.bare_posting(world, status="running", valid_from=day(-2), valid_until=day(-1))
    assert not findings(world)
    assert findings(world, day(-3))


def test_whose_rotation_is_not_due(world):
    new = make.PractitionerFactory(institution=world.township, practice_started_on=day(-365))
    nurse = make.PractitionerFactory(institution=world.township, title_code="254")
    gone = make.PractitionerFactory(institution=world.township, is_active=False)
    subjects = {row["subject"] for row in findings(world)}
    assert subjects.isdisjoint(str(one.public_id) for one in (new, nurse, gone))
    PolicySetting.objects.create(
        alliance=world.alliance, key="mentoring.rotation_years", value=1,
        effective_from=day(-1), source="试点方案",
    )  # fmt: skip
    assert str(new.public_id) in {row["subject"] for row in findings(world)}


def test_who_counts_for_the_national_indicator(world):
    year, expert = day(0).year, world.county_doctor.practitioner
    first = timezone.localdate().replace(month=1, day=1)
    common = {"kind": "dispatch", "from_institution": world.county, "status": "done"}
    sent = build.bare_posting(
        world, practitioner=expert, to_institution=world.township,
        valid_from=first - timedelta(days=50), valid_until=first + timedelta(days=180), **common,
    )  # fmt: skip
    for offset in (-10, 0, 100):
        seen = first + timedelta(days=offset)
        sent.days_present.create(day=seen, recorded_by=world.doctor)
    junior = make.PractitionerFactory(institution=world.county, title_code="234")
    build.bare_posting(world, practitioner=junior, to_institution=world.township,
                       valid_from=first, valid_until=first + timedelta(days=300), **common)  # fmt: skip
    other = make.PractitionerFactory(institution=world.tertiary)
    build.bare_posting(world, practitioner=other, to_institution=world.county,
                       valid_from=first, valid_until=first + timedelta(days=300),
                       **common | {"from_institution": world.tertiary})  # fmt: skip
    last = first.replace(year=year + 1) - timedelta(days=1)
    rows = owed.dispatched(alliance_id=world.alliance.pk, year=year, on=last)
    # The posting's days of this year, not the few on which somebody was seen there.
    assert [(row.pk, row.dispatched, row.present) for row in rows] == [(expert.pk, 180, 2)]
    found = selectors.indicator(world.office, year=year, on=last)
    assert (found.counted, [row.pk for row in found.people]) == (1, [expert.pk])
    assert selectors.indicator(world.manager, year=year, on=last).counted == 1
    assert selectors.indicator(world.township_manager, year=year, on=last).people == []
    assert selectors.indicator(world.doctor, year=year, on=last) is None


def test_who_sees_who_owes_a_rotation(world):
    assert [row.pk for row in selectors.owing(world.office, on=day(0)).people] == [
        world.practitioner.pk
    ]
    assert selectors.owing(world.township_manager, on=day(0)).count == 1
    assert selectors.owing(world.manager, on=day(0)).count == 0
    assert selectors.owing(world.doctor, on=day(0)) is None
    assert selectors.owing(world.outsider, on=day(0)) is None
