"""Applications for a privilege: steps, votes, excused members, decisions."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.catalogue.models import Technique
from alliance.core.models import Public
from alliance.institutions.models import Alliance, Institution
from alliance.people.models import Practitioner
from training.privileges.choices import Level
from training.privileges.models import Privilege
from training.programmes.models import Enrolment

from ..choices import Ballot, Ground, Kind, Move, Status
from ..querysets import ApplicationQuerySet, OfApplicationQuerySet
from ..workflow import FINAL, OPEN
from .committees import Committee, Meeting, Member


class Application(Public):
    """A doctor asks the committee for a privilege; the evidence is frozen on the day it opens."""

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="privilege_applications")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    practitioner = models.ForeignKey(
        Practitioner,
        models.PROTECT,
        related_name="privilege_applications",
        verbose_name=_("applicant"),
    )
    technique = models.ForeignKey(
        Technique,
        models.PROTECT,
        related_name="privilege_applications",
        verbose_name=_("technique"),
    )
    institution = models.ForeignKey(
        Institution,
        models.PROTECT,
        related_name="privilege_applications",
        verbose_name=_("institution"),
    )
    status = models.CharField(
        _("status"),
        max_length=14,
        choices=Status,
        db_default=Status.SUBMITTED,
        editable=False,
    )
    # The programme that a first application rests on.
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, null=True, blank=True, related_name="applications"
    )
    # What is to be renewed or restored.
    privilege = models.ForeignKey(
        Privilege,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="applications",
        verbose_name=_("privilege"),
    )
    statement = models.TextField(_("statement"), blank=True)
    evidence = models.JSONField(_("evidence"), editable=False)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_on = models.DateField(_("submitted on"))
    committee = models.ForeignKey(
        Committee, models.PROTECT, null=True, related_name="applications", editable=False
    )
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="applications"
    )
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application for a privilege")
        verbose_name_plural = _("applications for a privilege")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="granting_application_status"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=Kind.values), name="granting_application_kind"
            ),
            models.CheckConstraint(
                condition=Q(~Q(status__in=sorted(FINAL)), ended_at=None)
                | Q(status__in=sorted(FINAL), ended_at__isnull=False),
                name="granting_application_ended_when",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[Status.IN_COMMITTEE, Status.GRANTED, Status.REFUSED])
                | Q(committee__isnull=False),
                name="granting_application_has_committee",
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.FIRST, privilege=None)
                | Q(~Q(kind=Kind.FIRST), privilege__isnull=False),
                name="granting_application_names_privilege",
            ),
            # Two taps, two browsers, page and API at once: one application waits, never two.
            models.UniqueConstraint(
                fields=["practitioner", "technique", "institution"],
                condition=Q(status__in=sorted(OPEN)),
                name="granting_application_one_open",
            ),
        ]
        indexes = [
            models.Index(fields=["alliance", "-created_at", "-id"]),
            models.Index(fields=["institution", "-created_at", "-id"]),
            models.Index(fields=["practitioner", "-created_at", "-id"]),
            models.Index(
                fields=["alliance", "created_at", "id"],
                condition=Q(status__in=sorted(OPEN)),
                name="granting_application_waiting",
            ),
            models.Index(fields=["meeting", "id"]),
        ]

    def __str__(self) -> str:
        return f"{self.practitioner}: {self.technique}"

    def get_absolute_url(self) -> str:
        """The application's page."""
        return reverse("granting:application", args=[self.public_id])


class ApplicationEvent(models.Model):
    """One step of an application: who did what when, and why. Immutable by trigger."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="events")
    move = models.CharField(_("step"), max_length=12, choices=Move)
    source = models.CharField(max_length=14, choices=Status, blank=True)
    target = models.CharField(max_length=14, choices=Status)
    reason = models.TextField(_("reason"), blank=True)
    at = models.DateTimeField(_("at"), db_default=Now())
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = OfApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of an application")
        constraints = [
            models.CheckConstraint(
                condition=Q(move__in=Move.values), name="granting_applicationevent_move"
            ),
            models.CheckConstraint(
                condition=Q(target__in=Status.values), name="granting_applicationevent_target"
            ),
        ]
        indexes = [models.Index(fields=["application", "id"])]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.move}"


class Excusal(models.Model):
    """A member who does not vote on an application, and why (回避)."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="excusals")
    member = models.ForeignKey(Member, models.PROTECT, related_name="excusals")
    ground = models.CharField(_("ground"), max_length=12, choices=Ground)
    note = models.CharField(_("note"), max_length=200, blank=True)
    at = models.DateTimeField(_("at"), db_default=Now())

    objects = OfApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("excused member")
        constraints = [
            models.CheckConstraint(
                condition=Q(ground__in=Ground.values), name="granting_excusal_ground"
            ),
            models.CheckConstraint(
                condition=~Q(ground=Ground.DECLARED) | ~Q(note=""), name="granting_excusal_note"
            ),
            models.UniqueConstraint(fields=["application", "member"], name="granting_excusal_once"),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.get_ground_display()}"


class Vote(models.Model):
    """How a member voted on an application, and why. A trigger keeps excused members out."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="votes")
    member = models.ForeignKey(Member, models.PROTECT, related_name="votes")
    ballot = models.CharField(pgettext_lazy("ballot", "vote"), max_length=10, choices=Ballot)
    reason = models.TextField(_("reason"))
    at = models.DateTimeField(_("at"))

    objects = OfApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("ballot", "vote")
        constraints = [
            models.CheckConstraint(
                condition=Q(ballot__in=Ballot.values), name="granting_vote_ballot"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="granting_vote_reason"),
            models.UniqueConstraint(fields=["application", "member"], name="granting_vote_once"),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.get_ballot_display()}"


class Decision(models.Model):
    """What the committee decided, with the count of votes of that moment. Immutable by trigger."""

    application = models.OneToOneField(Application, models.PROTECT, related_name="decision")
    outcome = models.CharField(_("outcome"), max_length=14, choices=Status)
    privilege = models.ForeignKey(
        Privilege,
        models.PROTECT,
        null=True,
        related_name="decisions",
        verbose_name=_("privilege"),
    )
    level = models.CharField(_("level"), max_length=12, choices=Level, blank=True)
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_until = models.DateField(_("until"), null=True, blank=True)
    conditions = models.TextField(_("conditions"), blank=True)
    reason = models.TextField(_("reason"))
    tally = models.JSONField(_("count of votes"), editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"), db_default=Now())

    objects = OfApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    outcome=Status.REFUSED,
                    level="",
                    valid_from=None,
                    valid_until=None,
                    privilege=None,
                )
                | Q(
                    outcome=Status.GRANTED,
                    level__in=Level.values,
                    valid_from__isnull=False,
                    valid_until__isnull=False,
                    privilege__isnull=False,
                ),
                name="granting_decision_whole",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("valid_from")),
                name="granting_decision_period",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="granting_decision_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.get_outcome_display()}"
