"""Roles: granted by one power, never two powers in one hand."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from alliance.core.choices import Role
from alliance.core.errors import DomainError
from alliance.core.models import AuditEntry
from alliance.people import actions
from alliance.people.models import RoleGrant
from alliance.people.signals import account_changed
from tests.factories import alliance as make


@pytest.fixture
def newcomer(world):
    return make.UserFactory()


@pytest.fixture
def heard():
    facts = []

    def listen(sender, **kwargs):
        kwargs.pop("signal")
        facts.append(kwargs)

    account_changed.connect(listen)
    yield facts
    account_changed.disconnect(listen)


def grant(world, user, role, **more):
    return actions.grant_role(user=user, role=role, by=world.security_admin, **more)


def test_grant_holds_from_today_is_recorded_and_announced(world, newcomer, heard):
    row = grant(world, newcomer, Role.DOCTOR, institution=world.county)
    assert (row.valid_from, row.granted_by) == (timezone.localdate(), world.security_admin)
    assert newcomer.access.institutions[world.county.pk]
    line = AuditEntry.objects.get(action="role.granted")
    assert line.data == {"role": "doctor", "alliance": None}
    assert heard == [{"user_id": newcomer.pk, "change": "role_granted", "role": "doctor"}]


@pytest.mark.parametrize("who", ["system_admin", "auditor", "manager", "office", "outsider"])
def test_grant_is_the_security_administrators_alone(world, newcomer, who):
    with pytest.raises(PermissionDenied):
        actions.grant_role(
            user=newcomer, role=Role.DOCTOR, institution=world.county, by=getattr(world, who)
        )
    assert not newcomer.grants.exists()


def test_nobody_grants_to_themselves(world):
    with pytest.raises(PermissionDenied):
        grant(world, world.security_admin, Role.DOCTOR, institution=world.county)


def test_grant_refuses_a_shut_account(world, newcomer):
    actions.disable_user(user=newcomer, by=world.system_admin)
    with pytest.raises(DomainError, match="disabled"):
        grant(world, newcomer, Role.DOCTOR, institution=world.county)


@pytest.mark.parametrize("first", ["system_admin", "security_admin", "auditor"])
@pytest.mark.parametrize("second", ["system_admin", "security_admin", "auditor"])
def test_no_hand_holds_two_of_the_three_powers(world, newcomer, first, second):
    grant(world, newcomer, first)
    with pytest.raises(ValidationError) as refusal:
        grant(world, newcomer, second)
    assert list(refusal.value.message_dict) == ["role"]
    if first != second:
        assert "Nobody may hold two" in refusal.value.messages[0]
    assert newcomer.grants.count() == 1


def test_a_power_may_follow_another_that_has_ended(world, newcomer):
    row = grant(world, newcomer, Role.AUDITOR)
    actions.withdraw_role(grant=row, by=world.security_admin)
    assert grant(world, newcomer, Role.SYSTEM_ADMIN).pk


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"role": Role.DOCTOR}, "role"),
        ({"role": Role.ALLIANCE_OFFICE, "institution": "county"}, "role"),
        ({"role": Role.AUDITOR, "institution": "county"}, "role"),
        ({"role": Role.INTERFACE, "institution": "county"}, "role"),
        ({"role": "king"}, "role"),
        (
            {"role": Role.DOCTOR, "institution": "county", "valid_from": date(2001, 1, 1)},
            "valid_from",
        ),
    ],
    ids=["no place", "office at a house", "power at a house", "for systems", "unknown", "past"],
)
def test_grant_names_the_field_that_is_wrong(world, newcomer, more, field):
    if "institution" in more:
        more = more | {"institution": getattr(world, more["institution"])}
    with pytest.raises(ValidationError) as refusal:
        actions.grant_role(user=newcomer, by=world.security_admin, **more)
    assert field in refusal.value.message_dict


def test_the_same_role_twice_at_once_is_refused_by_the_table_too(world, newcomer):
    first = grant(world, newcomer, Role.DOCTOR, institution=world.county)
    with pytest.raises(IntegrityError, match="people_rolegrant_no_overlap"), transaction.atomic():
        RoleGrant.objects.create(
            user=newcomer,
            role=Role.DOCTOR,
            institution=world.county,
            valid_from=first.valid_from + timedelta(days=5),
        )


@pytest.mark.parametrize(
    ("at_a_house", "values", "constraint"),
    [
        (False, {"role": "auditor"}, "people_rolegrant_separated_powers"),
        (False, {"role": "doctor"}, "people_rolegrant_place"),
        (True, {"role": "doctor", "valid_until": date(2001, 1, 1)}, "people_rolegrant_period"),
    ],
    ids=["two powers", "a house role without house", "ends before it begins"],
)
def test_constraints_refuse(world, at_a_house, values, constraint):
    place = world.county if at_a_house else None
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        RoleGrant.objects.create(
            user=world.system_admin, institution=place, valid_from=timezone.localdate(), **values
        )


def test_withdraw_ends_today_and_is_recorded(world, newcomer, heard):
    row = grant(world, newcomer, Role.DOCTOR, institution=world.county)
    actions.withdraw_role(grant=row, by=world.security_admin)
    row.refresh_from_db()
    assert row.valid_until == timezone.localdate()
    assert not type(newcomer).objects.get(pk=newcomer.pk).access.institutions
    assert heard[-1]["change"] == "role_withdrawn"
    with pytest.raises(DomainError, match="already ended"):
        actions.withdraw_role(grant=row, by=world.security_admin)


def test_withdraw_before_the_beginning_leaves_nothing(world, newcomer):
    later = timezone.localdate() + timedelta(days=30)
    row = grant(world, newcomer, Role.DOCTOR, institution=world.county, valid_from=later)
    actions.withdraw_role(grant=row, by=world.security_admin)
    row.refresh_from_db()
    assert row.valid_until == row.valid_from == later


def test_withdraw_is_the_security_administrators_alone(world):
    row = world.doctor.grants.get()
    for who in (world.system_admin, world.manager, world.doctor):
        with pytest.raises(PermissionDenied):
            actions.withdraw_role(grant=row, by=who)


def test_the_last_security_administrator_stays(world, newcomer):
    row = world.security_admin.grants.get()
    grant(world, newcomer, Role.SECURITY_ADMIN)
    actions.withdraw_role(grant=row, by=newcomer)
    with pytest.raises(DomainError, match="last security administrator"):
        actions.withdraw_role(grant=newcomer.grants.get(), by=newcomer)
    with pytest.raises(DomainError, match="last security administrator"):
        actions.disable_user(user=newcomer, by=world.system_admin)


def test_appoint_fills_a_vacant_power_once(db):
    user, password = actions.appoint(
        role=Role.AUDITOR, username="audit", name="审计", email="Audit@Example.org"
    )
    assert user.check_password(password)
    assert (user.email, user.must_change_password) == ("audit@example.org", True)
    assert user.access.roles == {Role.AUDITOR}
    with pytest.raises(DomainError, match="already"):
        actions.appoint(role=Role.AUDITOR, username="audit2", name="审计二", email="")


def test_appoint_is_for_the_three_powers_only(db):
    with pytest.raises(DomainError, match="three separated powers"):
        actions.appoint(role=Role.MANAGER, username="m", name="m", email="")
