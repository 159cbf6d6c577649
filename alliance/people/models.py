"""Accounts, roles, practitioners, invitations and other systems' clients."""

from __future__ import annotations

import uuid
from datetime import date
from functools import cached_property
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now, Upper
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AbstractApplication

from alliance.core.access import Access, access_by
from alliance.core.choices import (
    ALLIANCE_ROLES,
    BACK_OFFICE_ROLES,
    INSTITUTION_ROLES,
    SEPARATED_POWERS,
    Role,
)
from alliance.core.models import Public, TimeStamped
from alliance.institutions.models import Alliance, DateRange, Department, Institution, Specialty

from .choices import Sex, SignInOutcome, TitleCode
from .querysets import (
    ApiClientQuerySet,
    InvitationQuerySet,
    PeopleManager,
    PractitionerQuerySet,
    RoleGrantQuerySet,
    SignInQuerySet,
    held_on,
)
from .rules import device_of
from .whereabouts import Absence as Absence
from .whereabouts import PracticeSite as PracticeSite


class Practitioner(Public):
    """A person with a licence, title and home institution (医务人员)."""

    name = models.CharField(_("name"), max_length=50)
    pinyin = models.CharField(_("pinyin initials"), max_length=50, blank=True, editable=False)
    sex = models.CharField(_("sex"), max_length=12, choices=Sex, default=Sex.UNKNOWN)
    licence_number = models.CharField(_("licence number"), max_length=30, unique=True)
    licence_valid_until = models.DateField(_("licence valid until"), null=True, blank=True)
    title_code = models.CharField(_("title"), max_length=3, choices=TitleCode)
    practice_started_on = models.DateField(_("in practice since"))
    institution = models.ForeignKey(
        Institution,
        models.PROTECT,
        related_name="practitioners",
        verbose_name=_("home institution"),
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="practitioners",
        verbose_name=_("department"),
    )
    specialties = models.ManyToManyField(Specialty, blank=True, verbose_name=_("specialties"))
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PractitionerQuerySet.as_manager()

    class Meta:
        verbose_name = _("practitioner")
        verbose_name_plural = _("practitioners")
        constraints = [
            models.CheckConstraint(
                condition=Q(title_code__in=TitleCode.values), name="people_practitioner_title"
            ),
        ]
        indexes = [models.Index(fields=["institution", "name"]), models.Index(fields=["pinyin"])]

    def __str__(self) -> str:
        return self.name


class User(AbstractBaseUser, PermissionsMixin):  # type: ignore[django-manager-missing]  # ApiClient is swappable
    """An account. What it may do comes from role grants alone."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    username = models.CharField(
        _("user name"),
        max_length=60,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": _("This user name is taken.")},
    )
    name = models.CharField(_("name"), max_length=50)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    practitioner = models.OneToOneField(
        Practitioner, models.PROTECT, null=True, blank=True, related_name="user"
    )
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    is_service = models.BooleanField(default=False, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    password_changed_at = models.DateTimeField(default=timezone.now, editable=False)
    must_change_password = models.BooleanField(default=False, editable=False)
    # Part of what a session is signed with: counting it up ends every session at once.
    session_epoch = models.PositiveIntegerField(default=0, editable=False)
    disabled_at = models.DateTimeField(null=True, editable=False)
    disabled_by = models.ForeignKey("self", models.PROTECT, null=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = PeopleManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name", "email"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            # Upper, because sign-in looks names up with iexact and must find one account by index.
            models.UniqueConstraint(
                Upper("username"),
                name="people_user_username_once",
                violation_error_code="username",
                violation_error_message=_("This user name is taken."),
            ),
            models.UniqueConstraint(
                Upper("email"),
                condition=~Q(email=""),
                name="people_user_email_once",
                violation_error_code="email",
                violation_error_message=_("This e-mail address already has an account."),
            ),
            models.CheckConstraint(
                condition=Q(is_active=True) | Q(disabled_at__isnull=False),
                name="people_user_disabled_when",
            ),
            models.CheckConstraint(
                condition=Q(is_superuser=False),
                name="people_user_no_superuser",
                violation_error_message=_("There are no superusers: rights come from roles."),
            ),
        ]
        indexes = [models.Index(Upper("email"), name="people_user_email_upper")]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        """The name people know this user by."""
        return self.name

    def get_short_name(self) -> str:
        """The same: Chinese names are not shortened."""
        return self.name

    @property
    def is_staff(self) -> bool:
        """Whether the back office opens: for the separated powers and the alliance office."""
        return self.is_active and not BACK_OFFICE_ROLES.isdisjoint(self.access.roles)

    @cached_property
    def access(self) -> Access:
        """Permissions in force today, read once per loaded user."""
        return self.access_on(timezone.localdate())

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Sessions end when the password or the epoch changes."""
        salt = "alliance.people.models.User.get_session_auth_hash"
        value = f"{self.password}:{self.session_epoch}"
        return salted_hmac(salt, value, secret=secret, algorithm="sha256").hexdigest()

    def access_on(self, on: date) -> Access:
        """Permissions in force on a date (one query)."""
        return access_by(held_on(self.pk, on))


class RoleGrant(TimeStamped):
    """A role held at an institution, an alliance, or apart from both (the three powers)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="grants")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="grants"
    )
    alliance = models.ForeignKey(
        Alliance, models.PROTECT, null=True, blank=True, related_name="grants"
    )
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), null=True, blank=True)
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="people_rolegrant_period",
            ),
            models.CheckConstraint(
                condition=Q(
                    role__in=sorted(INSTITUTION_ROLES), institution__isnull=False, alliance=None
                )
                | Q(role__in=sorted(ALLIANCE_ROLES), alliance__isnull=False, institution=None)
                | Q(role__in=sorted(SEPARATED_POWERS), institution=None, alliance=None),
                name="people_rolegrant_place",
                violation_error_code="role",
                violation_error_message=_("This role does not belong to that place."),
            ),
            ExclusionConstraint(
                name="people_rolegrant_no_overlap",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (models.functions.Coalesce("institution", 0), RangeOperators.EQUAL),
                    (models.functions.Coalesce("alliance", 0), RangeOperators.EQUAL),
                    (
                        DateRange("valid_from", "valid_until", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_code="role",
                violation_error_message=_("This person already holds this role there."),
            ),
            # GB/T 22239-2019 8.1.5: nobody holds two of the three powers at any time.
            ExclusionConstraint(
                name="people_rolegrant_separated_powers",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.NOT_EQUAL),
                    (
                        DateRange("valid_from", "valid_until", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(role__in=sorted(SEPARATED_POWERS)),
                violation_error_code="role",
                violation_error_message=_(
                    "Nobody may hold two of system administrator, security administrator and auditor."
                ),
            ),
        ]
        indexes = [models.Index(fields=["institution", "role"])]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


class Invitation(Public):
    """A colleague asked by e-mail to take up a role at an institution."""

    email = models.EmailField(_("e-mail"))
    name = models.CharField(_("name"), max_length=50)
    role = models.CharField(_("role"), max_length=20, choices=Role)
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="invitations")
    practitioner = models.ForeignKey(Practitioner, models.PROTECT, null=True, blank=True)
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, editable=False)
    accepted_by = models.ForeignKey(
        User, models.PROTECT, null=True, editable=False, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    emailed_at = models.DateTimeField(null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=sorted(INSTITUTION_ROLES)), name="people_invitation_role"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="people_invitation_accepted_pair",
            ),
            models.UniqueConstraint(
                fields=["institution", "email"],
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="people_invitation_one_open",
                violation_error_code="email",
                violation_error_message=_("This person has already been invited."),
            ),
        ]

    def __str__(self) -> str:
        return self.email


class FormerPassword(models.Model):
    """A hash of a password used before, so that policy can forbid using it again."""

    user = models.ForeignKey(User, models.CASCADE, related_name="former_passwords")
    password = models.CharField(max_length=128)
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.user_id} {self.created_at}"


class SignIn(models.Model):
    """One attempt to sign in: what lockout counts and what people see of their own account.

    The name typed is kept as a digest, since people now and then type a password there.
    """

    name_digest = models.CharField(max_length=64)
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sign_ins")
    outcome = models.CharField(_("outcome"), max_length=10, choices=SignInOutcome)
    at = models.DateTimeField(_("at"), db_default=Now())
    ip = models.GenericIPAddressField(_("address"), null=True)
    agent = models.CharField(_("browser"), max_length=200, blank=True)
    session_key = models.CharField(max_length=40, blank=True)
    ended_at = models.DateTimeField(null=True)

    objects = SignInQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-in")
        verbose_name_plural = _("sign-ins")
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=SignInOutcome.values), name="people_signin_outcome"
            ),
            models.CheckConstraint(
                condition=~Q(outcome=SignInOutcome.OK) | Q(user__isnull=False),
                name="people_signin_ok_has_user",
            ),
        ]
        indexes = [
            models.Index(fields=["name_digest", "-at"]),
            models.Index(fields=["user", "-at", "-id"]),
            models.Index(fields=["at"]),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.outcome} {self.at}"

    @property
    def device(self) -> str:
        """Browser and system, in two words."""
        return device_of(self.agent)


class ApiClient(AbstractApplication):
    """Another hospital's system: OAuth 2 client credentials bound to one institution.

    `user` is its service account, which holds the interface role at the institution and is what
    the ledger names.
    """

    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, related_name="api_clients"
    )
    scopes = models.CharField(_("scopes"), max_length=200, blank=True)
    disabled_at = models.DateTimeField(null=True, editable=False)

    objects = ApiClientQuerySet.as_manager()

    class Meta(AbstractApplication.Meta):
        verbose_name = _("API client")
        verbose_name_plural = _("API clients")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    authorization_grant_type=AbstractApplication.GRANT_CLIENT_CREDENTIALS,
                    institution__isnull=False,
                    user__isnull=False,
                ),
                name="people_apiclient_bound",
                violation_error_message=_(
                    "A client belongs to an institution and acts by its service account."
                ),
            ),
        ]

    def is_usable(self, request: Any) -> bool:
        """The token service asks this before it hands out a token."""
        return self.disabled_at is None and self.user.is_demo == settings.DEMO_MODE
