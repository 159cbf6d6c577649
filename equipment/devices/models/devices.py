"""Types of device, and the devices of institutions (设备台账)."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q, functions
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.catalogue.models import Technique
from alliance.core.expressions import MomentRange
from alliance.core.models import Public
from alliance.core.words import in_own_language
from alliance.institutions.models import Department, Institution
from alliance.institutions.querysets import ReferenceQuerySet

from ..choices import Condition, Need, Retirement, TypeKind
from ..querysets import DeviceQuerySet, FileQuerySet, SharedTimeQuerySet
from ..words import STARTER


class DeviceType(Public):
    """A kind of device, room or vehicle, with what is usual for it (设备类型).

    `category_code` is its place in the national classification (医疗器械分类目录). A new device is
    planned the checks whose months are told here.
    """

    code = models.CharField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name of the type"), max_length=100)
    pinyin = models.CharField(_("pinyin initials"), max_length=100, blank=True, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=TypeKind, default=TypeKind.DEVICE)
    category_code = models.CharField(_("classification code"), max_length=20, blank=True)
    family = models.CharField(
        _("family"),
        max_length=30,
        blank=True,
        help_text=_("Types of one family stand in for each other where a technique needs them."),
    )
    is_high_end = models.BooleanField(_("high-end"), default=False)
    is_fixed = models.BooleanField(_("stays where it stands"), default=False, db_default=False)
    life_years = models.PositiveSmallIntegerField(
        _("expected life in years"),
        default=8,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )
    setup_minutes = models.PositiveSmallIntegerField(
        _("minutes to set up"), default=15, validators=[MaxValueValidator(1440)]
    )
    cleaning_minutes = models.PositiveSmallIntegerField(
        _("minutes to clean"), default=30, validators=[MaxValueValidator(1440)]
    )
    statutory_months = models.PositiveSmallIntegerField(
        _("months between statutory calibrations"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
    )
    preventive_months = models.PositiveSmallIntegerField(
        _("months between preventive maintenance"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
    )
    upkeep_source = models.CharField(
        _("source of these months"), max_length=200, blank=True, default="", db_default=""
    )
    is_active = models.BooleanField(_("active"), default=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("device type")
        verbose_name_plural = _("device types")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=TypeKind.values), name="devices_type_kind"),
            models.CheckConstraint(
                condition=Q(life_years__range=(1, 60))
                & Q(setup_minutes__lte=1440)
                & Q(cleaning_minutes__lte=1440),
                name="devices_type_numbers",
            ),
            models.CheckConstraint(
                condition=(Q(statutory_months=None) | Q(statutory_months__range=(1, 120)))
                & (Q(preventive_months=None) | Q(preventive_months__range=(1, 120))),
                name="devices_type_upkeep",
            ),
        ]

    def __str__(self) -> str:
        return in_own_language(self.name, STARTER.get(self.code))

    def get_absolute_url(self) -> str:
        """The page of the type."""
        return reverse("devices:type", args=[self.public_id])

    @property
    def months(self) -> dict[str, int | None]:
        """By kind of check: every how many months its devices need it."""
        return {"statutory": self.statutory_months, "preventive": self.preventive_months}


class TypeTechnique(models.Model):
    """A technique that needs this type of device, or is helped by it."""

    type = models.ForeignKey(DeviceType, models.CASCADE, related_name="needed_by")
    technique = models.ForeignKey(
        Technique, models.PROTECT, related_name="device_needs", verbose_name=_("technique")
    )
    need = models.CharField(_("need"), max_length=10, choices=Need, default=Need.REQUIRED)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("technique of a device type")
        verbose_name_plural = _("techniques of device types")
        constraints = [
            models.UniqueConstraint(fields=["type", "technique"], name="devices_technique_once"),
            models.CheckConstraint(
                condition=Q(need__in=Need.values), name="devices_technique_need"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type}: {self.technique}"


class Device(Public):
    """One device, room or vehicle of an institution.

    It stands on the register from `in_use_from` until `retired_on` (half-open). Whether it is in
    service at a moment is told by the room of service. `is_shared` lets fellow members of the
    alliance see and book it. Set-up and cleaning are the type's unless the device says otherwise.
    One given away is a new row with a label of its own; `came_from` leads back to the old one.
    """

    type = models.ForeignKey(
        DeviceType, models.PROTECT, related_name="devices", verbose_name=_("device type")
    )
    owner = models.ForeignKey(
        Institution, models.PROTECT, related_name="devices", verbose_name=_("owning institution")
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="devices",
        verbose_name=_("department"),
    )
    name = models.CharField(_("name or model"), max_length=100)
    maker = models.CharField(_("manufacturer"), max_length=100, blank=True)
    udi = models.CharField(_("UDI"), max_length=120, blank=True)
    serial_number = models.CharField(_("serial number"), max_length=60, blank=True)
    asset_number = models.CharField(_("asset number"), max_length=40)
    location = models.CharField(_("location"), max_length=120, blank=True)
    price = models.DecimalField(
        _("price in yuan"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    purchased_on = models.DateField(_("bought on"), null=True, blank=True)
    in_use_from = models.DateField(_("in use from"))
    life_ends_on = models.DateField(_("expected life ends on"))
    condition = models.CharField(
        _("condition"), max_length=10, choices=Condition, default=Condition.GOOD
    )
    condition_note = models.CharField(_("remark on the condition"), max_length=300, blank=True)
    is_shared = models.BooleanField(_("shared with the alliance"), default=False)
    needs_approval = models.BooleanField(_("bookings need the keeper's approval"), default=False)
    setup_minutes = models.PositiveSmallIntegerField(
        _("minutes to set up"), null=True, blank=True, validators=[MaxValueValidator(1440)]
    )
    cleaning_minutes = models.PositiveSmallIntegerField(
        _("minutes to clean"), null=True, blank=True, validators=[MaxValueValidator(1440)]
    )
    note = models.TextField(_("note"), blank=True)
    retired_on = models.DateField(_("retired on"), null=True, blank=True, editable=False)
    retirement = models.CharField(
        _("why it was retired"), max_length=10, choices=Retirement, blank=True, editable=False
    )
    retirement_note = models.CharField(
        _("remark on its retirement"), max_length=300, blank=True, editable=False
    )
    came_from = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        related_name="went_to",
        verbose_name=_("given by another institution as"),
        editable=False,
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        verbose_name = _("device")
        verbose_name_plural = _("devices")
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "asset_number"],
                name="devices_device_asset_once",
                violation_error_code="asset_number",
                violation_error_message=_("This institution already has a device of that number."),
            ),
            models.UniqueConstraint(
                fields=["udi", "serial_number"],
                condition=~Q(udi="") & ~Q(serial_number="") & Q(retired_on=None),
                name="devices_device_udi_once",
                violation_error_code="udi",
                violation_error_message=_("A device of this UDI and serial number is registered."),
            ),
            models.CheckConstraint(
                condition=Q(condition__in=Condition.values), name="devices_device_condition"
            ),
            models.CheckConstraint(
                condition=Q(price=None) | Q(price__gte=0),
                name="devices_device_price",
                violation_error_code="price",
                violation_error_message=_("A price is not negative."),
            ),
            models.CheckConstraint(
                condition=Q(life_ends_on__gt=F("in_use_from"))
                & (Q(purchased_on=None) | Q(purchased_on__lte=F("in_use_from"))),
                name="devices_device_life",
                violation_error_code="in_use_from",
                violation_error_message=_("Bought, in use, end of life: in this order."),
            ),
            # Retired on its first day, a device never stood on the register.
            models.CheckConstraint(
                condition=Q(retired_on=None, retirement="")
                | Q(
                    retired_on__isnull=False,
                    retired_on__gte=F("in_use_from"),
                    retirement__in=Retirement.values,
                ),
                name="devices_device_retired",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "name", "id"], name="devices_device_house"),
            models.Index(fields=["type", "owner"], name="devices_device_type"),
            GinIndex(fields=["name"], opclasses=["gin_trgm_ops"], name="devices_device_name"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.asset_number}"

    def get_absolute_url(self) -> str:
        """The page of the device."""
        return reverse("devices:device", args=[self.public_id])

    @property
    def aged_from(self) -> date:
        """The day from which its age counts: when it was bought, else when it came into use."""
        return self.purchased_on or self.in_use_from

    @property
    def setup(self) -> int:
        """Minutes before use in which it is made ready."""
        return self.type.setup_minutes if self.setup_minutes is None else self.setup_minutes

    @property
    def cleaning(self) -> int:
        """Minutes after use in which it is cleaned."""
        own = self.cleaning_minutes
        return self.type.cleaning_minutes if own is None else own


class SharedTime(models.Model):
    """A time in which a device was shared, half-open: what `is_shared` said when, by trigger.

    `since` None is a device that came onto the register as shared, at `noted_at`: it counts as
    shared from its first day of use. Numbers ask here; `is_shared` tells only how it is now.
    """

    device = models.ForeignKey(Device, models.CASCADE, related_name="shared_times")
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    noted_at = models.DateTimeField(db_default=functions.Now(), editable=False)

    objects = SharedTimeQuerySet.as_manager()

    class Meta:
        verbose_name = _("time of sharing")
        verbose_name_plural = _("times of sharing")
        constraints = [
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gt=F("since")),
                name="devices_sharedtime_period",
            ),
            ExclusionConstraint(
                name="devices_sharedtime_no_overlap",
                expressions=[
                    ("device", RangeOperators.EQUAL),
                    (MomentRange("since", "until", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.device_id}: {self.since} - {self.until}"


class DeviceFile(Public):
    """A manual, certificate or picture of a device; seen by those who see the device."""

    device = models.ForeignKey(Device, models.PROTECT, related_name="files")
    file = models.FileField(_("file"), upload_to="devices/%Y/%m/")
    name = models.CharField(_("file name"), max_length=120)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True, editable=False)

    objects = FileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a device")
        verbose_name_plural = _("files of devices")
        constraints = [
            models.UniqueConstraint(
                fields=["device", "sha256"],
                condition=Q(removed_at=None),
                name="devices_file_once",
                violation_error_code="file",
                violation_error_message=_("This file is attached already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
