"""Charges as a table that goes out to Excel, for the accountants of both houses."""

from typing import Any, NoReturn

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.core.choices import Permission
from alliance.core.exchange.kinds import Day, Measure, Text, Whole
from alliance.core.exchange.spec import Column, Table, filtered, register

from ..models import Charge
from .filters import ChargeFilter

_NAME = Text(200)
_YUAN = Measure(maximum=99_999_999)


def _shown(name: str, label: Any, source: Any = "", kind: Any = _NAME) -> Column:
    return Column(name, label, kind, source=source, shown_only=True)


def _reckoned(charge: Charge) -> str:
    return charge.reason if charge.corrected_at else charge.sentence


class Charges(Table):
    """What uses of devices cost; filtered by month it is the statement."""

    name = "charges"
    label = gettext_lazy("Charges for devices")
    note = gettext_lazy("Uses of other institutions' devices and what they cost; only goes out.")
    titled = ("device", "used_on")
    keepers = {}
    readers = frozenset({Permission.EQUIPMENT_VIEW})
    columns = (
        _shown("used_on", gettext_lazy("Day of use"), kind=Day()),
        _shown("payer", gettext_lazy("Payer"), "payer.name"),
        _shown("payee", gettext_lazy("Payee"), "payee.name"),
        _shown("device", gettext_lazy("Device"), "device.name"),
        _shown("asset_number", gettext_lazy("Asset number"), "device.asset_number"),
        _shown("technique", gettext_lazy("Technique"), "booking.technique.name"),
        _shown("operator", gettext_lazy("Operator"), "booking.operator.name"),
        _shown("minutes", gettext_lazy("Minutes of use"), kind=Whole(minimum=0, maximum=1_000_000)),
        _shown("booked_amount", gettext_lazy("Amount for the time booked"), kind=_YUAN),
        _shown("amount", gettext_lazy("Amount"), kind=_YUAN),
        _shown("reckoned", gettext_lazy("How it is reckoned"), _reckoned),
    )

    def plan(self, *args: Any, **options: Any) -> NoReturn:
        """Nothing comes in."""
        raise PermissionDenied(_("This table only goes out."))

    def save(self, *args: Any, **options: Any) -> NoReturn:
        """Nothing comes in."""
        raise PermissionDenied(_("This table only goes out."))

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """Charges as filtered on their list."""
        rows = Charge.objects.visible_to(by).for_list()
        return filtered(ChargeFilter, rows, request).order_by("-used_on", "-pk")


register(Charges())
