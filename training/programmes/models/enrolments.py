"""Who is enrolled in what, what happened to it, and what was signed off."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.catalogue.models import Technique
from alliance.core.models import Public, TimeStamped
from alliance.institutions.models import Alliance, Institution
from alliance.people.models import Practitioner

from ..choices import EnrolmentStatus, EventKind
from ..querysets import EnrolmentEventQuerySet, EnrolmentQuerySet, SignOffQuerySet
from .programmes import Programme, ProgrammeVersion, Stage, StageRequirement


class Enrolment(Public):
    """One doctor in one version of a programme (培训报名)."""

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="enrolments")
    practitioner = models.ForeignKey(
        Practitioner, models.PROTECT, related_name="enrolments", verbose_name=_("doctor")
    )
    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="enrolments", verbose_name=_("programme")
    )
    programme_version = models.ForeignKey(
        ProgrammeVersion, models.PROTECT, related_name="enrolments"
    )
    technique = models.ForeignKey(
        Technique,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="enrolments",
        verbose_name=_("technique"),
    )
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="enrolments", verbose_name=_("institution")
    )
    mentor = models.ForeignKey(
        Practitioner,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("mentor"),
    )
    started_on = models.DateField(_("since"))
    status = models.CharField(
        _("status"),
        max_length=8,
        choices=EnrolmentStatus,
        db_default=EnrolmentStatus.ACTIVE,
        editable=False,
    )
    ended_on = models.DateField(_("ended"), null=True, editable=False)
    enrolled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [
            models.CheckConstraint(
                condition=Q(status=EnrolmentStatus.ACTIVE, ended_on=None)
                | Q(
                    status__in=[EnrolmentStatus.DONE, EnrolmentStatus.LEFT],
                    ended_on__isnull=False,
                    ended_on__gte=F("started_on"),
                ),
                name="programmes_enrolment_ended",
            ),
            models.CheckConstraint(
                condition=Q(mentor=None) | ~Q(mentor=F("practitioner")),
                name="programmes_enrolment_mentor_is_other",
                violation_error_code="mentor",
                violation_error_message=_("Nobody is their own mentor."),
            ),
            models.UniqueConstraint(
                fields=["practitioner", "programme", "technique"],
                condition=Q(status=EnrolmentStatus.ACTIVE),
                nulls_distinct=False,
                name="programmes_enrolment_one_active",
                violation_error_code="practitioner",
                violation_error_message=_("This doctor is enrolled in this programme already."),
            ),
        ]
        indexes = [
            models.Index(fields=["institution", "-started_on", "-id"], name="programmes_enr_house"),
            models.Index(fields=["alliance", "-started_on", "-id"], name="programmes_enr_all"),
            models.Index(fields=["practitioner", "status"], name="programmes_enr_person"),
            models.Index(
                fields=["mentor", "-started_on"],
                condition=Q(status=EnrolmentStatus.ACTIVE),
                name="programmes_enr_mentor",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.practitioner}: {self.programme}"

    def get_absolute_url(self) -> str:
        """The enrolment's page."""
        return reverse("programmes:enrolment", args=[self.public_id])


class EnrolmentEvent(models.Model):
    """What happened to an enrolment, for good: begun, a stage passed, ended."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="events")
    kind = models.CharField(_("what"), max_length=12, choices=EventKind)
    stage = models.ForeignKey(Stage, models.PROTECT, null=True, related_name="+")
    on = models.DateField(_("on"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(db_default=Now(), editable=False)

    objects = EnrolmentEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event of an enrolment")
        verbose_name_plural = _("events of enrolments")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=EventKind.STAGE_PASSED, stage__isnull=False)
                | Q(~Q(kind=EventKind.STAGE_PASSED), stage=None),
                name="programmes_event_stage",
            ),
            models.UniqueConstraint(
                fields=["enrolment", "stage"],
                condition=Q(kind=EventKind.STAGE_PASSED),
                name="programmes_event_passed_once",
            ),
        ]
        indexes = [models.Index(fields=["enrolment", "-at"], name="programmes_event_newest")]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.kind}"


class SignOff(TimeStamped):
    """Somebody who answers for it says that a requirement is met (签字确认)."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="sign_offs")
    requirement = models.ForeignKey(StageRequirement, models.PROTECT, related_name="+")
    on = models.DateField(_("on"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = SignOffQuerySet.as_manager()

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "requirement"],
                name="programmes_signoff_once",
                violation_error_message=_("This is signed off already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.requirement_id}"
