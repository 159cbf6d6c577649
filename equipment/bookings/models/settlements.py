"""What two houses agreed for a month's charges, and that it was paid (月结)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from alliance.core.models import Public
from alliance.institutions.models import Alliance, Institution

from ..charges.querysets import SettlementQuerySet


def _who() -> models.ForeignKey:  # type: ignore[type-arg]
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )


class Settlement(Public):
    """A month between two houses: which sum each side confirmed, and what was paid of it.

    It holds for `total` and `uses` as they were when confirmed: where a charge was corrected or
    came late since, both confirm again.
    """

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="+")
    payer = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    payee = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    month = models.DateField(_("month"))
    total = models.DecimalField(_("sum"), max_digits=12, decimal_places=2)
    uses = models.PositiveIntegerField(_("uses"))
    payer_confirmed_at = models.DateTimeField(_("confirmed by the payer"), null=True)
    payer_confirmed_by = _who()
    payee_confirmed_at = models.DateTimeField(_("confirmed by the payee"), null=True)
    payee_confirmed_by = _who()
    paid_at = models.DateTimeField(_("paid"), null=True)
    paid_by = _who()
    paid_total = models.DecimalField(_("sum paid"), max_digits=12, decimal_places=2, default=0)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = SettlementQuerySet.as_manager()

    class Meta:
        verbose_name = _("settlement of a month")
        verbose_name_plural = _("settlements of months")
        constraints = [
            models.UniqueConstraint(
                fields=["alliance", "payer", "payee", "month"], name="bookings_settlement_once"
            ),
            models.CheckConstraint(
                condition=~Q(payer=F("payee")), name="bookings_settlement_two_houses"
            ),
            models.CheckConstraint(
                condition=Q(month__day=1, total__gte=0, paid_total__gte=0),
                name="bookings_settlement_month",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}_at": None, f"{name}_by": None})
                    | Q(**{f"{name}_at__isnull": False, f"{name}_by__isnull": False}),
                    name=f"bookings_settlement_{name}",
                )
                for name in ("payer_confirmed", "payee_confirmed", "paid")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payer} → {self.payee} {self.month:%Y-%m}"
