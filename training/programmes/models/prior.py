"""Records of what was learnt before the platform."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.catalogue.models import Technique
from alliance.core.models import Public
from alliance.institutions.models import Alliance, Institution
from alliance.people.models import Practitioner

from ..choices import Need, Part, PriorState, Variety
from ..querysets import PriorRecordQuerySet


class PriorRecord(Public):
    """What somebody learnt before the platform, with the paper that proves it (既往培训记录).

    It counts toward requirements of its kind once somebody else has confirmed it.
    """

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="prior_records")
    practitioner = models.ForeignKey(
        Practitioner, models.PROTECT, related_name="prior_records", verbose_name=_("doctor")
    )
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="+", verbose_name=_("institution")
    )
    kind = models.CharField(_("what"), max_length=12, choices=Need)
    technique = models.ForeignKey(
        Technique,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("technique"),
    )
    variety = models.CharField(
        _("kind of course or exam"), max_length=12, choices=Variety, blank=True
    )
    station_code = models.CharField(_("station"), max_length=30, blank=True)
    part = models.CharField(_("role"), max_length=12, choices=Part, blank=True)
    amount = models.DecimalField(_("how much"), max_digits=6, decimal_places=1, default=1)
    on = models.DateField(_("until the day"))
    title = models.CharField(_("title"), max_length=120)
    evidence = models.FileField(_("evidence"), upload_to="training/prior/%Y/%m/", blank=True)
    evidence_name = models.CharField(max_length=120, blank=True, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=PriorState,
        db_default=PriorState.WAITING,
        editable=False,
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    decided_at = models.DateTimeField(null=True, editable=False)
    decision_note = models.CharField(_("why"), max_length=300, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PriorRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("record of the past")
        verbose_name_plural = _("records of the past")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="programmes_prior_amount",
                violation_error_code="amount",
                violation_error_message=_("Enter a number above nought."),
            ),
            models.CheckConstraint(
                condition=Q(state=PriorState.WAITING, decided_by=None, decided_at=None)
                | Q(
                    state__in=[PriorState.CONFIRMED, PriorState.REFUSED],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="programmes_prior_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state=PriorState.CONFIRMED) | ~Q(evidence=""),
                name="programmes_prior_evidence",
            ),
            models.UniqueConstraint(
                fields=["practitioner", "kind", "on", "title"],
                name="programmes_prior_once",
                violation_error_code="title",
                violation_error_message=_("This record is here already."),
            ),
        ]
        indexes = [
            models.Index(fields=["institution", "state", "-id"], name="programmes_prior_house"),
            models.Index(fields=["alliance", "state", "-id"], name="programmes_prior_all"),
            models.Index(
                fields=["practitioner"],
                condition=Q(state=PriorState.CONFIRMED),
                name="programmes_prior_counts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.practitioner}: {self.title}"

    def get_absolute_url(self) -> str:
        """The record's page."""
        return reverse("programmes:prior", args=[self.public_id])
