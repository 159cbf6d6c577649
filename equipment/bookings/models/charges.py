"""What a use of a device costs (费用): agreed when it is booked, settled after it."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from alliance.core.models import Public
from alliance.core.templatetags.times import day
from alliance.institutions.models import Alliance, Institution
from equipment.devices.models import Device
from equipment.tariffs.choices import Unit
from equipment.tariffs.models import Price
from equipment.tariffs.selectors import Listed, Quote, Terms, basis_sentence

from ..charges.choices import PricedBy, TimedBy
from ..charges.querysets import AgreedPriceQuerySet, ChargeQuerySet
from .bookings import BookedDevice, Booking


class AgreedPrice(models.Model):
    """What a device of another house was shown to cost when it was booked; kept, by trigger.

    `amount` is for the time booked. What is paid follows from the same price and the real use,
    whatever the list says by then; or nothing is paid, for the reason that counted that day.
    """

    line = models.OneToOneField(BookedDevice, models.PROTECT, related_name="agreed")
    listed = models.ForeignKey(Price, models.PROTECT, null=True, related_name="+")
    basis = models.CharField(max_length=10, blank=True)
    price = models.DecimalField(_("price"), max_digits=10, decimal_places=2, null=True)
    step_minutes = models.PositiveSmallIntegerField()
    counted_minutes = models.PositiveIntegerField(default=0)
    amount = models.DecimalField(_("amount for the time booked"), max_digits=10, decimal_places=2)
    free_reason = models.CharField(max_length=20, blank=True)
    agreed_at = models.DateTimeField(_("agreed"))

    objects = AgreedPriceQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreed price")
        verbose_name_plural = _("agreed prices")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=0, step_minutes__gt=0), name="bookings_agreed_amount"
            ),
            models.CheckConstraint(
                condition=Q(listed=None, price=None, basis="", amount=0) & ~Q(free_reason="")
                | Q(listed__isnull=False, price__isnull=False, free_reason="") & ~Q(basis=""),
                name="bookings_agreed_basis",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.amount}"

    @property
    def terms(self) -> Terms:
        """What was agreed, as the room of tariffs reckons with it."""
        listed = None
        if self.listed_id is not None and self.price is not None:
            listed = Listed(self.listed_id, None, None, "", self.basis, self.price)
        return Terms(listed, self.free_reason, self.step_minutes)

    @property
    def quote(self) -> Quote:
        """What was shown."""
        return Quote(
            self.amount, self.basis, self.free_reason, self.price, self.counted_minutes,
            self.listed_id,
        )  # fmt: skip


class Charge(Public):
    """What one device of a completed booking costs who booked it, owed to who owns it.

    `booked_amount` is what the booked time would have cost, `amount` what the real use came to, or
    what the keeper set it to afterwards, with the reason. `basis`, `price` and `counted_minutes`
    say how it was reckoned, `agreed` which price was shown when it was booked (None where that of
    the list counted), `timed_by` whose minutes they are. Free uses are kept too, with their reason:
    a statement shows them.
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
    agreed = models.OneToOneField(
        AgreedPrice, models.PROTECT, null=True, related_name="charge", editable=False
    )
    timed_by = models.CharField(max_length=10, choices=TimedBy, default=TimedBy.REAL)
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
            models.CheckConstraint(
                condition=Q(timed_by__in=(TimedBy.REAL, TimedBy.BOOKED)),
                name="bookings_charge_timed_by",
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
        """How the amount came about: by which price, for which time, since when it was agreed."""
        words = basis_sentence(
            basis=self.basis,
            free_reason=self.free_reason,
            price=self.price,
            minutes=self.counted_minutes,
        )
        if self.basis == Unit.HOUR:
            words = f"{words} ({TimedBy(self.timed_by).label})"
        return f"{words}; {self._source}" if self.price is not None else words

    @property
    def _source(self) -> str:
        """Whose price it is."""
        if self.agreed is None:
            return str(PricedBy.LISTED.label)
        return _("price as shown when it was booked, %(day)s") % {"day": day(self.agreed.agreed_at)}
