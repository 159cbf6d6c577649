"""What a person may do where."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from alliance.core.access import (
    NOBODY,
    Access,
    access_by,
    access_of,
    has_permission,
    require,
)
from alliance.core.choices import ROLE_PERMISSIONS, SEPARATED_POWERS, Permission, Role

SEND, OVERSEE, LEDGER = (
    Permission.REFERRAL_SEND,
    Permission.REFERRAL_OVERSEE,
    Permission.LEDGER_VIEW,
)
ACCESS = Access(
    institutions={1: frozenset({SEND}), 2: frozenset()},
    alliances={9: frozenset({OVERSEE})},
    system=frozenset({LEDGER}),
)
USER = SimpleNamespace(is_active=True, access=ACCESS)


@pytest.mark.parametrize(
    "user",
    [None, AnonymousUser(), SimpleNamespace(is_active=False, access=ACCESS), SimpleNamespace()],
    ids=["nobody", "anonymous", "disabled", "something else"],
)
def test_who_is_not_an_active_user_has_no_access(user):
    assert access_of(user) is NOBODY
    assert not has_permission(user, SEND, institution_id=1)


@pytest.mark.parametrize(
    ("permission", "scope", "may"),
    [
        (SEND, {"institution_id": 1}, True),
        (SEND, {"institution_id": 2}, False),
        (SEND, {"institution_id": 3}, False),
        (SEND, {"alliance_id": 1}, False),
        (SEND, {}, False),
        (OVERSEE, {"alliance_id": 9}, True),
        (OVERSEE, {"institution_id": 9}, False),
        (LEDGER, {}, True),
        (LEDGER, {"institution_id": 3}, True),
    ],
)
def test_has_permission_only_in_its_scope(permission, scope, may):
    assert has_permission(USER, permission, **scope) is may
    if may:
        require(USER, permission, **scope)
    else:
        with pytest.raises(PermissionDenied):
            require(USER, permission, **scope)


def test_scopes_are_listed_by_permission():
    assert ACCESS.institutions_with(SEND) == [1]
    assert ACCESS.alliances_with(OVERSEE) == [9]
    assert ACCESS.everywhere() == {SEND, OVERSEE, LEDGER}
    assert NOBODY.everywhere() == frozenset()


def test_every_role_has_permissions():
    assert ROLE_PERMISSIONS.keys() == set(Role)
    assert all(ROLE_PERMISSIONS.values())


@pytest.mark.parametrize("role", sorted(SEPARATED_POWERS))
def test_the_three_powers_see_no_patients_and_no_referrals(role):
    touching = {p for p in Permission if p.startswith(("patient_", "referral_"))}
    assert not ROLE_PERMISSIONS[role] & touching


def test_no_two_of_the_three_powers_share_what_makes_them_a_power():
    for permission in (Permission.USER_CREATE, Permission.ROLE_GRANT, Permission.LEDGER_VIEW):
        holders = [role for role in SEPARATED_POWERS if permission in ROLE_PERMISSIONS[role]]
        assert len(holders) == 1


def test_access_by_sorts_roles_by_place_and_adds_them_up():
    grants = [
        SimpleNamespace(role=Role.DOCTOR, institution_id=1, alliance_id=None),
        SimpleNamespace(role=Role.LIAISON, institution_id=1, alliance_id=None),
        SimpleNamespace(role=Role.QC_MEMBER, institution_id=None, alliance_id=9),
        SimpleNamespace(role=Role.ALLIANCE_OFFICE, institution_id=None, alliance_id=9),
        SimpleNamespace(role=Role.AUDITOR, institution_id=None, alliance_id=None),
    ]
    access = access_by(grants)
    assert access.institutions == {
        1: ROLE_PERMISSIONS[Role.DOCTOR] | ROLE_PERMISSIONS[Role.LIAISON]
    }
    assert access.alliances[9] >= ROLE_PERMISSIONS[Role.ALLIANCE_OFFICE]
    assert access.system == ROLE_PERMISSIONS[Role.AUDITOR]
    assert access.roles == {grant.role for grant in grants}
    assert access_by([]) == NOBODY


def test_roles_at_a_house_are_its_own_and_those_apart_from_any():
    access = access_by(
        [
            SimpleNamespace(role=Role.DOCTOR, institution_id=1, alliance_id=None),
            SimpleNamespace(role=Role.LIAISON, institution_id=2, alliance_id=None),
            SimpleNamespace(role=Role.QC_MEMBER, institution_id=None, alliance_id=9),
        ]
    )
    assert access.roles_at(1) == {Role.DOCTOR, Role.QC_MEMBER}
    assert access.roles_at(None) == {Role.QC_MEMBER}
