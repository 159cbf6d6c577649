"""Rules about sets of people."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.contrib.auth.models import UserManager
from django.db import connection, models
from django.db.models import Exists, OuterRef, Prefetch, Q

from alliance.core.access import access_of
from alliance.core.choices import Permission
from alliance.institutions.models import Membership
from alliance.institutions.querysets import (
    InForceQuerySet,
    ReferenceQuerySet,
    joined,
    may_look_up,
)


class UserQuerySet(models.QuerySet[Any]):
    """Accounts."""

    def visible_to(self, user: Any) -> "UserQuerySet":
        """System and security administrators see all; managers those of their institution."""
        access = access_of(user)
        if access.system & {Permission.USER_CREATE, Permission.ROLE_GRANT, Permission.LEDGER_VIEW}:
            return self
        mine = access.institutions_with(Permission.COLLEAGUE_INVITE)
        here = user.grants.model.objects.filter(user=OuterRef("pk"), institution__in=mine)
        return self.filter(Q(pk=user.pk) | Exists(here))

    def people(self) -> "UserQuerySet":
        """Without the service accounts of other systems."""
        return self.filter(is_service=False)

    def holding(self, role: str, on: date) -> "UserQuerySet":
        """Those who hold a role on a date."""
        grants = self.model.grants.rel.related_model.objects.in_force(on)
        return self.filter(Exists(grants.filter(user=OuterRef("pk"), role=role)))

    def with_roles(self, on: date) -> "UserQuerySet":
        """Each with `roles_now`: the roles held on a date and where."""
        grants = self.model.grants.rel.related_model.objects.in_force(on)
        rows = grants.select_related("institution", "alliance").order_by("pk")
        return self.prefetch_related(Prefetch("grants", queryset=rows, to_attr="roles_now"))


class PeopleManager(UserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Django's user manager with our queryset, and without superusers."""

    def _create_user(self, username: str, email: str, password: str | None, **fields: Any) -> Any:
        """Django's `createsuperuser` ends here too: rights come from roles alone."""
        if fields.pop("is_superuser", False):
            raise ValueError("There are no superusers. Appoint administrators: manage.py appoint")
        fields.pop("is_staff", None)
        return super()._create_user(username, email, password, **fields)


class Held(NamedTuple):
    """A role held where: at an institution, at an alliance, or apart from both."""

    role: str
    institution_id: int | None
    alliance_id: int | None


def held_on(user_id: int, on: date) -> list[Held]:
    """The roles of somebody on a date, by hand: every request asks this."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT role, institution_id, alliance_id FROM people_rolegrant WHERE user_id = %s"
            " AND valid_from <= %s AND (valid_until IS NULL OR valid_until > %s)",
            [user_id, on, on],
        )
        return [Held(*row) for row in cursor.fetchall()]


class RoleGrantQuerySet(InForceQuerySet):
    """Roles held by people."""

    def visible_to(self, user: Any) -> "RoleGrantQuerySet":
        """One's own, one's institution's, or all for the separated powers."""
        access = access_of(user)
        if access.system & {Permission.USER_CREATE, Permission.ROLE_GRANT, Permission.LEDGER_VIEW}:
            return self
        mine = access.institutions_with(Permission.COLLEAGUE_INVITE)
        return self.filter(Q(user=user) | Q(institution__in=mine))


class PractitionerQuerySet(ReferenceQuerySet):
    """Practitioners."""

    def for_list(self) -> "PractitionerQuerySet":
        """With what a row shows."""
        return self.select_related("institution", "department").prefetch_related("specialties")

    def staff_of(self, alliance_ids: Iterable[int], on: date) -> "PractitionerQuerySet":
        """Who works at members of these alliances on a date, with `alliance_id`; once for each.

        Who has left is known as of now only: a day in the past is asked about today's staff.
        """
        rows = joined(self, "institution__memberships", on)
        return rows.filter(alliance_id__in=alliance_ids, is_active=True)  # type: ignore[return-value]

    def exported_by(self, user: Any, on: date) -> "PractitionerQuerySet":
        """Those of one's own houses, of the members of one's alliance, or all for the system."""
        access = access_of(user)
        if Permission.DATA_EXPORT in access.system:
            return self
        members = Membership.objects.in_force(on).filter(
            alliance__in=access.alliances_with(Permission.DATA_EXPORT)
        )
        return self.filter(
            Q(institution__in=access.institutions_with(Permission.DATA_EXPORT))
            | Q(institution__in=members.values("institution"))
        )


class PracticeSiteQuerySet(InForceQuerySet):
    """Institutions beside the home one where people are registered to practise."""

    def visible_to(self, user: Any) -> "PracticeSiteQuerySet":
        """Whoever may look people up sees where they practise."""
        return self if may_look_up(user) else self.none()


class AbsenceQuerySet(InForceQuerySet):
    """Days without work."""

    def visible_to(self, user: Any) -> "AbsenceQuerySet":
        """One's own, and those of the staff one arranges."""
        access = access_of(user)
        own = Q(practitioner__user=user.pk)
        houses = {
            *access.institutions_with(Permission.STAFF_MANAGE),
            *access.institutions_with(Permission.TRAINING_MANAGE),
        }
        return self.filter(own | Q(practitioner__institution__in=houses))


class InvitationQuerySet(models.QuerySet[Any]):
    """Invitations."""

    def open(self) -> "InvitationQuerySet":
        """Neither accepted nor taken back."""
        return self.filter(accepted_at=None, withdrawn_at=None)

    def visible_to(self, user: Any) -> "InvitationQuerySet":
        """Those of institutions whose colleagues one may invite; all for user creators."""
        access = access_of(user)
        if Permission.USER_CREATE in access.system:
            return self
        mine = access.institutions_with(Permission.COLLEAGUE_INVITE)
        return self.filter(institution__in=mine)


class SignInQuerySet(models.QuerySet[Any]):
    """Attempts to sign in."""

    def visible_to(self, user: Any) -> "SignInQuerySet":
        """People see their own."""
        return self.filter(user=user)

    def open(self) -> "SignInQuerySet":
        """Sessions that nobody has ended yet (they may still have run out by themselves)."""
        return self.exclude(session_key="").filter(ended_at=None)


class ApiClientQuerySet(models.QuerySet[Any]):
    """Clients of other systems."""

    def visible_to(self, user: Any) -> "ApiClientQuerySet":
        """All for system administrators, one's institution's for its manager."""
        access = access_of(user)
        if Permission.USER_CREATE in access.system:
            return self
        return self.filter(institution__in=access.institutions_with(Permission.COLLEAGUE_INVITE))
