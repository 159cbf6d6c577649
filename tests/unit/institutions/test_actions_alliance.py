"""Members, matrix and policy: state after, ledger line, refusals leave nothing."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from alliance.core.errors import DomainError
from alliance.core.models import AuditEntry, PolicySetting
from alliance.core.policy import policy
from alliance.institutions import actions
from alliance.institutions.models import Membership, Relation
from alliance.institutions.signals import membership_changed
from tests.factories import alliance as make


def last_line():
    return AuditEntry.objects.order_by("-pk").first()


def today():
    return timezone.localdate()


def membership_of(world, institution):
    return Membership.objects.get(alliance=world.alliance, institution=institution)


@pytest.fixture
def announced():
    heard = []

    def listen(sender, *, membership_id, **kwargs):
        heard.append(membership_id)

    membership_changed.connect(listen)
    yield heard
    membership_changed.disconnect(listen)


def test_join_alliance_takes_in_and_announces(world, announced):
    joined = actions.join_alliance(
        alliance=world.alliance,
        institution=world.outside,
        valid_from=today(),
        by=world.office,
        help_form="paired_aid",
    )
    assert announced == [joined.pk]
    assert last_line().action == "membership.joined"
    assert last_line().institution_id == world.outside.pk


def test_join_alliance_twice_in_a_period_is_refused(world):
    with pytest.raises(DomainError, match="already a member") as refused:
        actions.join_alliance(
            alliance=world.alliance, institution=world.county, valid_from=today(), by=world.office
        )
    assert refused.value.code == "already_a_member"


def test_join_alliance_second_lead_is_refused_by_name(world):
    with pytest.raises(DomainError, match="云溪市第一医院") as refused:
        actions.join_alliance(
            alliance=world.alliance,
            institution=world.outside,
            valid_from=today(),
            role="lead",
            by=world.office,
        )
    assert refused.value.code == "alliance_has_a_lead"
    assert not Membership.objects.filter(institution=world.outside).exists()


def test_join_alliance_before_the_present_membership_is_possible(world):
    earlier = actions.join_alliance(
        alliance=world.alliance,
        institution=world.county,
        by=world.office,
        valid_from=date(2018, 1, 1),
        valid_until=make.LONG_AGO,
    )
    assert earlier.valid_until == make.LONG_AGO


@pytest.mark.parametrize(
    "values",
    [
        {"valid_until": date(2019, 1, 1)},
        {"role": "boss"},
        {"help_form": "money"},
    ],
)
def test_join_alliance_refuses_wrong_values(world, values):
    facts = {"valid_from": date(2019, 1, 1), **values}
    with pytest.raises(ValidationError) as refused:
        actions.join_alliance(
            alliance=world.alliance, institution=world.outside, by=world.office, **facts
        )
    assert list(refused.value.message_dict) == list(values)


@pytest.mark.parametrize("who", ["manager", "qc", "system_admin"])
def test_join_alliance_is_the_offices(world, who):
    with pytest.raises(PermissionDenied):
        actions.join_alliance(
            alliance=world.alliance,
            institution=world.outside,
            valid_from=today(),
            by=getattr(world, who),
        )


def test_change_membership_keeps_what_was_before(world):
    old = membership_of(world, world.county)
    new = actions.change_membership(
        membership=old,
        role="member",
        help_form="managed",
        effective_from=today(),
        by=world.office,
    )
    old.refresh_from_db()
    assert (old.help_form, old.valid_until) == ("none", today())
    assert (new.help_form, new.valid_from, new.valid_until) == ("managed", today(), None)
    assert last_line().data["changed"] == {"help_form": ["none", "managed"]}


def test_change_membership_from_its_first_day_changes_the_row(world):
    old = membership_of(world, world.county)
    same = actions.change_membership(
        membership=old,
        role="member",
        help_form="managed",
        effective_from=old.valid_from,
        by=world.office,
    )
    assert same.pk == old.pk
    assert Membership.objects.filter(institution=world.county).count() == 1


def test_change_membership_same_values_leave_no_line(world):
    before = AuditEntry.objects.count()
    actions.change_membership(
        membership=membership_of(world, world.county),
        role="member",
        help_form="none",
        effective_from=today(),
        by=world.office,
    )
    assert AuditEntry.objects.count() == before


def test_change_membership_before_it_began_is_refused(world):
    with pytest.raises(ValidationError, match="begins later"):
        actions.change_membership(
            membership=membership_of(world, world.county),
            role="member",
            help_form="managed",
            effective_from=date(2000, 1, 1),
            by=world.office,
        )


def test_change_membership_second_lead_leaves_everything_as_it_was(world):
    with pytest.raises(DomainError, match="leads the alliance"):
        actions.change_membership(
            membership=membership_of(world, world.county),
            role="lead",
            help_form="none",
            effective_from=today(),
            by=world.office,
        )
    assert membership_of(world, world.county).valid_until is None


def test_change_membership_hands_the_lead_over(world):
    for house, role in ((world.tertiary, "member"), (world.county, "lead")):
        actions.change_membership(
            membership=membership_of(world, house),
            role=role,
            help_form="none",
            effective_from=today(),
            by=world.office,
        )
    lead = Membership.objects.in_force(today()).get(alliance=world.alliance, role="lead")
    assert lead.institution == world.county


def test_leave_alliance_ends_the_period(world, announced):
    left = actions.leave_alliance(
        membership=membership_of(world, world.county2),
        on=today(),
        by=world.office,
        reason="区划调整",
    )
    assert left.valid_until == today()
    assert announced == [left.pk]
    assert last_line().data["reason"] == "区划调整"


def test_leave_alliance_twice_is_refused(world):
    membership = membership_of(world, world.county2)
    actions.leave_alliance(membership=membership, on=today(), by=world.office, reason="调整")
    with pytest.raises(DomainError, match="already ends"):
        actions.leave_alliance(
            membership=membership, on=today() + timedelta(days=1), by=world.office, reason="调整"
        )


@pytest.mark.parametrize(
    ("values", "field"), [({"reason": " "}, "reason"), ({"on": date(2000, 1, 1)}, "on")]
)
def test_leave_alliance_refuses(world, values, field):
    facts = {"on": today(), "reason": "调整", **values}
    with pytest.raises(ValidationError) as refused:
        actions.leave_alliance(
            membership=membership_of(world, world.county2), by=world.office, **facts
        )
    assert list(refused.value.message_dict) == [field]


def test_generate_relations_twice_changes_nothing(world):
    again = actions.generate_relations(alliance=world.alliance, by=world.office)
    assert (again.created, again.corrected, again.removed) == (0, 0, 0)
    assert again.unchanged == world.alliance.relations.count()
    assert last_line().data["unchanged"] == again.unchanged


def test_generate_relations_brings_in_a_new_member_and_lets_a_former_go(world):
    actions.join_alliance(
        alliance=world.alliance,
        institution=world.outside,
        by=world.office,
        valid_from=today() + timedelta(days=30),
    )
    actions.leave_alliance(
        membership=membership_of(world, world.county2), on=today(), by=world.office, reason="调整"
    )
    result = actions.generate_relations(alliance=world.alliance, by=world.office)
    # The newcomer with four houses and the former with the same four; the village knows neither.
    assert (result.created, result.removed) == (8, 8)
    assert not world.alliance.relations.filter(sender=world.county2).exists()


def test_generate_relations_keeps_what_hands_made(world):
    actions.set_relation(
        alliance=world.alliance,
        sender=world.township,
        receiver=world.township2,
        is_allowed=False,
        note="两院同级不互转",
        by=world.office,
    )
    result = actions.generate_relations(alliance=world.alliance, by=world.office)
    assert result.kept_by_hand == 1
    cell = Relation.objects.get(sender=world.township, receiver=world.township2)
    assert (cell.is_allowed, cell.note) == (False, "两院同级不互转")


def test_generate_relations_corrects_a_closed_cell_of_the_rule(world):
    cells = Relation.objects.filter(sender=world.township, receiver=world.county)
    cells.update(is_allowed=False)
    result = actions.generate_relations(alliance=world.alliance, by=world.office)
    assert result.corrected == 1
    assert cells.get().is_allowed


def test_generate_relations_is_the_offices(world):
    with pytest.raises(PermissionDenied):
        actions.generate_relations(alliance=world.alliance, by=world.manager)


def test_set_relation_makes_a_cell_that_the_rule_lacks(world):
    cell = actions.set_relation(
        alliance=world.alliance,
        sender=world.village,
        receiver=world.county,
        is_allowed=True,
        by=world.office,
        note="山区村卫生室可直接上转",
    )
    assert (cell.direction, cell.by_rule, cell.changed_by) == ("up", False, world.office)
    assert last_line().action == "relation.opened"


def test_set_relation_refuses_strangers(world):
    with pytest.raises(DomainError) as refused:
        actions.set_relation(
            alliance=world.alliance,
            sender=world.outside,
            receiver=world.county,
            is_allowed=True,
            by=world.office,
        )
    assert refused.value.code == "not_a_member"


def test_set_relation_refuses_itself(world):
    with pytest.raises(DomainError) as refused:
        actions.set_relation(
            alliance=world.alliance,
            sender=world.county,
            receiver=world.county,
            is_allowed=True,
            by=world.office,
        )
    assert refused.value.code == "same_institution"


def test_follow_rule_gives_the_cell_back(world):
    pair = {"alliance": world.alliance, "sender": world.township, "receiver": world.county}
    actions.set_relation(is_allowed=False, note="停诊", by=world.office, **pair)
    cell = actions.follow_rule(by=world.office, **pair)
    assert (cell.is_allowed, cell.by_rule, cell.note) == (True, True, "")
    assert last_line().action == "relation.by_rule"


def test_follow_rule_removes_a_cell_that_the_rule_lacks(world):
    pair = {"alliance": world.alliance, "sender": world.village, "receiver": world.county}
    actions.set_relation(is_allowed=True, by=world.office, **pair)
    assert actions.follow_rule(by=world.office, **pair) is None
    assert not Relation.objects.filter(sender=world.village, receiver=world.county).exists()


def test_follow_rule_of_a_cell_by_rule_is_no_change(world):
    before = AuditEntry.objects.count()
    pair = {"alliance": world.alliance, "sender": world.township, "receiver": world.county}
    assert actions.follow_rule(by=world.office, **pair).by_rule
    assert AuditEntry.objects.count() == before


def change(world, **values):
    facts = {
        "key": "calendar.weekend_hours",
        "value": "09:00-11:30",
        "effective_from": today() + timedelta(days=7),
        "reason": "周末门诊",
        "source": "医联体理事会 2026-11",
        "alliance": world.alliance,
        "by": world.office,
        **values,
    }
    return actions.change_policy(**facts)


def test_change_policy_counts_from_its_day_on(world):
    row = change(world)
    asked = {"key": "calendar.weekend_hours", "alliance_id": world.alliance.pk}
    assert policy(on=today(), **asked) == ""
    assert policy(on=row.effective_from, **asked) == "09:00-11:30"
    assert last_line().action == "policy.changed"


def test_change_policy_adds_rows_and_keeps_them(world):
    change(world)
    change(world, value="09:00-12:00")
    assert PolicySetting.objects.count() == 2


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"value": "soon"}, ["value"]),
        ({"key": "calendar.observes_holidays", "value": "perhaps"}, ["value"]),
        ({"effective_from": date(2020, 1, 1)}, ["effective_from"]),
        ({"source": " ", "reason": ""}, ["source", "reason"]),
        ({"key": "calendar.nothing"}, ["key"]),
    ],
)
def test_change_policy_refuses(world, values, fields):
    with pytest.raises(ValidationError) as refused:
        change(world, **values)
    assert list(refused.value.message_dict) == fields
    assert not PolicySetting.objects.exists()


@pytest.mark.parametrize("who", ["manager", "security_admin", "system_admin", "outsider"])
def test_change_policy_of_an_alliance_is_its_offices(world, who):
    with pytest.raises(PermissionDenied):
        change(world, by=getattr(world, who))


def test_change_policy_of_the_platform_is_the_security_administrators(world):
    facts = {"key": "security.idle_minutes", "value": "20", "effective_from": today()}
    row = change(world, alliance=None, by=world.security_admin, **facts)
    assert (row.value, policy("security.idle_minutes", on=today())) == (20, 20)
    with pytest.raises(PermissionDenied):
        change(world, alliance=None, by=world.office, **facts)
    with pytest.raises(PermissionDenied):
        change(world, by=world.security_admin, **facts)


def test_change_policy_for_all_alliances_has_no_door(world):
    with pytest.raises(PermissionDenied):
        change(world, alliance=None, by=world.security_admin)
