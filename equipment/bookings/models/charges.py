"""What a use of a device costs (费用), settled after it from the price list of its day."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from alliance.core.models import Public
from alliance.institutions.models import Alliance, Institution
from equipment.devices.models import Device
from equipment.tariffs.selectors import basis_sentence

from ..charges.querysets import ChargeQuerySet
from .bookings import Booking


class Charge(Public):
    """What one device of a completed booking costs who booked it, owed to who owns it.

    `booked_amount` is what the booked time would have cost, `amount` what the real use came to, or
    what the keeper set it to afterwards, with the reason. `basis`, `price` and `counted_minutes`
    say how it was reckoned. Free uses are kept too, with their reason: a statement shows them.
    """

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="+")
    booking = models.ForeignKey(Booking, models.PROTECT, related_name="charges")
    device = models.ForeignKey(Device, models.PROTECT, related_name="charges")
    payer = models.ForeignKey(
        Institution, models.PROTECT, related_name="charges_owed", verbose_name=_("payer")
    )
    payee = models.ForeignKey(
        Institution, models.PROTECT, related_name="charges_due", verbose_name=_("payee")
    )
    used_on = models.DateField(_("day of use"))
    minutes = models.PositiveIntegerField(_("minutes of use"))
    booked_amount = models.DecimalField(
        _("amount for the time booked"), max_digits=10, decimal_places=2
    )
    amount = models.DecimalField(
        _("amount"), max_digits=10, decimal_places=2, validators=[MinValueValidator(0)]
    )
    basis = models.CharField(max_length=10, blank=True)
    price = models.DecimalField(_("price"), max_digits=10, decimal_places=2, null=True)
    counted_minutes = models.PositiveIntegerField(default=0)
    free_reason = models.CharField(max_length=20, blank=True)
    settled_at = models.DateTimeField(_("settled"))
    corrected_at = models.DateTimeField(_("corrected"), null=True, editable=False)
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ChargeQuerySet.as_manager()

    class Meta:
        verbose_name = _("charge")
        verbose_name_plural = _("charges")
        constraints = [
            models.UniqueConstraint(fields=["booking", "device"], name="bookings_charge_once"),
            models.CheckConstraint(
                condition=Q(amount__gte=0, booked_amount__gte=0), name="bookings_charge_amount"
            ),
            models.CheckConstraint(
                condition=~Q(payer=F("payee")), name="bookings_charge_two_houses"
            ),
            models.CheckConstraint(
                condition=Q(corrected_at=None, corrected_by=None, reason="")
                | Q(corrected_at__isnull=False, corrected_by__isnull=False) & ~Q(reason=""),
                name="bookings_charge_corrected",
            ),
        ]
        indexes = [
            models.Index(fields=["alliance", "-used_on", "-id"], name="bookings_charge_alliance"),
            models.Index(fields=["payer", "-used_on", "-id"], name="bookings_charge_payer"),
            models.Index(fields=["payee", "-used_on", "-id"], name="bookings_charge_payee"),
        ]

    def __str__(self) -> str:
        return f"{self.device} {self.used_on}: {self.amount}"

    @property
    def sentence(self) -> str:
        """How the amount came about."""
        return basis_sentence(
            basis=self.basis,
            free_reason=self.free_reason,
            price=self.price,
            minutes=self.counted_minutes,
        )
