"""Accounts and API clients of the demo, with random secrets, written where `./dev` reads them."""

import json
import os
import secrets
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password

from alliance.core.choices import Role
from alliance.institutions.models import Institution
from alliance.people.actions import create_api_client, rotate_client_secret
from alliance.people.models import ApiClient, RoleGrant, User

from .places import Places

SCOPES = (
    "reference", "patients", "referrals", "notices", "training", "cases", "privileges", "equipment",
    "findings",
)  # fmt: skip


def create_users(places: Places, today: date, password: str) -> None:
    """A doctor and a liaison officer in every house, and one person for every other role."""
    since = today - timedelta(days=800)
    hashed = make_password(password)
    # First, so that the sign-in page offers who learns well.
    _user("resident", places.counties[0], Role.DOCTOR, places, since, hashed, staff=10)
    for number, house in enumerate([*places.all()]):
        places.doctors[house.pk] = _user(
            f"doctor{number:02d}", house, Role.DOCTOR, places, since, hashed, staff=0
        )
        places.liaisons[house.pk] = _user(
            f"liaison{number:02d}", house, Role.LIAISON, places, since, hashed, staff=1
        )
    for number, house in enumerate([*places.counties, places.tertiary, *places.townships]):
        _user(f"manager{number:02d}", house, Role.MANAGER, places, since, hashed, staff=2)
    county = places.counties[0]
    _user("keeper", county, Role.EQUIPMENT_KEEPER, places, since, hashed, staff=3)
    _user("trainer", county, Role.TRAINER, places, since, hashed, staff=4)
    both = _user("twohouses", county, Role.DOCTOR, places, since, hashed, staff=5)
    _grant(both, Role.DOCTOR, since, institution=places.townships[0])
    for username, name, role, scope in [
        ("office", "医联体办公室 钱主任", Role.ALLIANCE_OFFICE, {"alliance": places.alliance}),
        ("qc", "质控委员会 孙委员", Role.QC_MEMBER, {"alliance": places.alliance}),
        ("sysadmin", "系统管理员", Role.SYSTEM_ADMIN, {}),
        ("security", "安全管理员", Role.SECURITY_ADMIN, {}),
        ("auditor", "审计员", Role.AUDITOR, {}),
    ]:
        _grant(_account(username, name, hashed), role, since, **scope)
    for number in range(2, 7):  # the committee needs a quorum
        house = places.tertiary if number % 2 else county
        member = _user(f"qc{number}", house, Role.DOCTOR, places, since, hashed, staff=11 + number)
        _grant(member, Role.QC_MEMBER, since, alliance=places.alliance)


def _account(username: str, name: str, hashed: str, practitioner: Any = None) -> User:
    return User.objects.create(
        username=username,
        name=name,
        email=f"{username}@demo.invalid",
        practitioner=practitioner,
        password=hashed,
        is_demo=True,
    )


def _user(
    username: str,
    house: Institution,
    role: str,
    places: Places,
    since: date,
    hashed: str,
    *,
    staff: int,
) -> User:
    people = places.staff[house.pk]
    practitioner = people[staff] if staff < len(people) else None
    name = practitioner.name if practitioner else f"{house.short_name[:12]}联络员"
    user = _account(username, name, hashed, practitioner)
    _grant(user, role, since, institution=house)
    return user


def _grant(user: User, role: str, since: date, **scope: Any) -> None:
    RoleGrant.objects.create(user=user, role=role, valid_from=since, **scope)


def write(path: Path) -> None:
    """Give everybody a fresh password and the clients fresh secrets; write them for the owner."""
    password = secrets.token_urlsafe(9)
    hashed = make_password(password)
    User.objects.filter(is_demo=True, is_service=False).update(password=hashed)
    content = {
        "users": [_shown(grant, password) for grant in _grants()],
        "clients": [_client(house) for house in Institution.objects.filter(name__in=_WITH_SYSTEMS)],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, indent=2)


# Houses whose own information systems talk to the platform.
_WITH_SYSTEMS = ("青山镇中心卫生院", "白沙镇中心卫生院", "云溪县人民医院", "云溪市第一人民医院")
# One or two of each role are enough to walk through.
_LISTED = (
    "doctor03", "doctor04", "doctor00", "doctor01", "liaison01", "liaison00", "liaison03", "manager00", "manager03",
    "resident", "keeper", "trainer", "twohouses", "office", "qc", "qc2", "sysadmin", "security", "auditor",
)  # fmt: skip


def _grants() -> list[RoleGrant]:
    grants = RoleGrant.objects.filter(user__username__in=_LISTED).select_related(
        "user", "institution", "alliance"
    )
    known = {grant.user.username: grant for grant in grants.order_by("-pk")}
    return [known[username] for username in _LISTED]


def _shown(grant: RoleGrant, password: str) -> dict[str, str]:
    return {
        "username": grant.user.username,
        "password": password,
        "role": str(grant.role),
        "name": grant.user.name,
        "place": str(grant.institution or grant.alliance or "—"),
    }


def _client(house: Institution) -> dict[str, str]:
    manager = User.objects.filter(
        grants__institution=house, grants__role=Role.MANAGER, is_demo=True
    ).first()
    known = ApiClient.objects.filter(institution=house).first()
    if known is None:
        client, secret = create_api_client(
            institution=house, name=f"{house.short_name} HIS", scopes=SCOPES, by=manager
        )
    else:
        client, secret = known, rotate_client_secret(client=known, by=manager)
    return {
        "client_id": client.client_id,
        "client_secret": secret,
        "institution": str(house.public_id),
        "name": house.name,
        "tier": house.tier,
    }
