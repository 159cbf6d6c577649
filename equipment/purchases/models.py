"""Applications for devices (设备购置申请), their events and files, and what was delivered."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.core.models import Public, TimeStamped
from alliance.institutions.models import Alliance, Institution
from equipment.devices.models import Device, DeviceType

from .choices import CAME, GRANTED, OPEN, WRITTEN, Move, Status
from .querysets import FileQuerySet, PartQuerySet, PurchaseQuerySet
from .rules import HIGHEST_SCORE, MOST_DEVICES


def _person() -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )


def _money(label: Any) -> models.DecimalField[Any, Any]:
    return models.DecimalField(label, max_digits=14, decimal_places=2, null=True, blank=True)


class Purchase(Public):
    """An institution's application for devices of one type, judged in three steps.

    `evidence` is what the platform itself knew when it was submitted, frozen from then on. The
    subsidy follows from what was approved, and from what came where the rest was written off.
    What was approved may come in parts: `delivered_on` is the day of the last of them.
    """

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="purchases")
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="purchases", verbose_name=_("institution")
    )
    type = models.ForeignKey(
        DeviceType, models.PROTECT, related_name="purchases", verbose_name=_("device type")
    )
    status = models.CharField(
        _("status"), max_length=12, choices=Status, db_default=Status.DRAFT, editable=False
    )
    quantity = models.PositiveSmallIntegerField(
        _("how many"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_DEVICES)],
    )
    unit_price = _money(_("price of one in yuan"))
    statement = models.TextField(_("why it is needed"), blank=True)
    evidence = models.JSONField(default=list, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(_("submitted"), null=True, editable=False)
    reviewed_by = _person()
    evaluated_by = _person()
    is_recommended = models.BooleanField(_("recommended"), null=True, editable=False)
    score = models.PositiveSmallIntegerField(_("score"), null=True, editable=False)
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    decided_by = _person()
    approved_quantity = models.PositiveSmallIntegerField(_("approved"), null=True, editable=False)
    approved_price = _money(_("approved price of one in yuan"))
    subsidy_percent = models.PositiveSmallIntegerField(
        _("subsidy in per cent"), null=True, editable=False
    )
    subsidy = _money(_("subsidy in yuan"))
    delivered_on = models.DateField(_("delivered on"), null=True, editable=False)
    delivered_quantity = models.PositiveSmallIntegerField(_("delivered"), default=0, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PurchaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("purchase of devices")
        verbose_name_plural = _("purchases of devices")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="purchases_purchase_status"
            ),
            models.CheckConstraint(
                condition=Q(quantity__range=(1, MOST_DEVICES))
                & (Q(unit_price=None) | Q(unit_price__gt=0))
                & (Q(score=None) | Q(score__lte=HIGHEST_SCORE)),
                name="purchases_purchase_numbers",
            ),
            models.CheckConstraint(
                condition=Q(status__in=(Status.DRAFT, Status.WITHDRAWN))
                | Q(submitted_at__isnull=False),
                name="purchases_purchase_submitted",
            ),
            # Nobody judges what they applied for, nor evaluates or decides what they judged before.
            models.CheckConstraint(
                condition=(Q(reviewed_by=None) | ~Q(reviewed_by=F("created_by")))
                & (
                    Q(evaluated_by=None)
                    | ~Q(evaluated_by=F("created_by")) & ~Q(evaluated_by=F("reviewed_by"))
                )
                & (
                    Q(decided_by=None)
                    | ~Q(decided_by=F("created_by"))
                    & (Q(evaluated_by=None) | ~Q(decided_by=F("evaluated_by")))
                ),
                name="purchases_purchase_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="purchases_purchase_decided_pair",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=GRANTED)
                | Q(
                    decided_at__isnull=False,
                    evaluated_by__isnull=False,
                    approved_quantity__isnull=False,
                    approved_price__isnull=False,
                    subsidy_percent__isnull=False,
                    subsidy__isnull=False,
                    approved_quantity__gte=1,
                    approved_quantity__lte=F("quantity"),
                    approved_price__gt=0,
                    subsidy_percent__lte=100,
                    subsidy__gte=0,
                ),
                name="purchases_purchase_granted",
            ),
            models.CheckConstraint(
                condition=Q(
                    status=Status.DELIVERED,
                    delivered_on__isnull=False,
                    delivered_quantity__gte=1,
                    delivered_quantity__lte=F("approved_quantity"),
                )
                | Q(
                    status=Status.PARTLY,
                    delivered_on__isnull=False,
                    delivered_quantity__gte=1,
                    delivered_quantity__lt=F("approved_quantity"),
                )
                | ~Q(status__in=CAME) & Q(delivered_on=None, delivered_quantity=0),
                name="purchases_purchase_delivered",
            ),
            models.UniqueConstraint(
                fields=["institution", "type"],
                condition=Q(status__in=OPEN),
                name="purchases_purchase_one_open",
                violation_error_code="type",
                violation_error_message=_("A purchase of this type is under way already."),
            ),
        ]
        indexes = [
            models.Index(fields=["alliance", "-created_at", "-id"], name="purchases_list"),
            models.Index(fields=["institution", "-created_at", "-id"], name="purchases_house"),
            models.Index(fields=["alliance", "status"], name="purchases_inbox"),
        ]

    def __str__(self) -> str:
        return f"{self.institution}: {self.type}"

    def get_absolute_url(self) -> str:
        """The application's page."""
        return reverse("purchases:purchase", args=[self.public_id])

    @property
    def number(self) -> int:
        """How many it is about: as applied for, and once it is approved, as many as were."""
        return self.approved_quantity or self.quantity

    @property
    def still_to_come(self) -> int:
        """How many of those approved have not been delivered."""
        return (self.approved_quantity or 0) - self.delivered_quantity

    @property
    def is_written(self) -> bool:
        """Whether the institution still writes it."""
        return self.status in WRITTEN


class PurchaseEvent(models.Model):
    """One move of an application; never changed."""

    purchase = models.ForeignKey(Purchase, models.PROTECT, related_name="events")
    move = models.CharField(_("move"), max_length=12, choices=Move)
    source = models.CharField(max_length=12, choices=Status)
    target = models.CharField(max_length=12, choices=Status)
    reason = models.TextField(_("reason"), blank=True)
    data = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("event of a purchase")
        verbose_name_plural = _("events of purchases")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    move__in=Move.values, source__in=Status.values, target__in=Status.values
                ),
                name="purchases_event_move",
            ),
        ]
        indexes = [models.Index(fields=["purchase", "id"], name="purchases_event_order")]

    def __str__(self) -> str:
        return f"{self.purchase_id} {self.move}"


class PurchaseFile(Public):
    """An offer, a budget or a picture that belongs to an application."""

    purchase = models.ForeignKey(Purchase, models.PROTECT, related_name="files")
    file = models.FileField(_("file"), upload_to="purchases/%Y/%m/")
    name = models.CharField(_("file name"), max_length=120)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True, editable=False)

    objects = FileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a purchase")
        verbose_name_plural = _("files of purchases")
        constraints = [
            models.UniqueConstraint(
                fields=["purchase", "sha256"],
                condition=Q(removed_at=None),
                name="purchases_file_once",
                violation_error_code="file",
                violation_error_message=_("This file is attached already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PurchasedDevice(TimeStamped):
    """A device that came of a purchase."""

    purchase = models.ForeignKey(Purchase, models.PROTECT, related_name="delivered")
    device = models.ForeignKey(Device, models.PROTECT, related_name="purchased")

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("purchased device")
        verbose_name_plural = _("purchased devices")
        constraints = [
            models.UniqueConstraint(fields=["device"], name="purchases_device_once"),
        ]

    def __str__(self) -> str:
        return str(self.device)
