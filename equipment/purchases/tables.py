"""Purchases as a table that goes out to Excel; nothing is bought by a file."""

from typing import Any, NoReturn

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.core.choices import Permission
from alliance.core.errors import DomainError
from alliance.core.exchange.kinds import Choice, Day, Measure, Text, Whole
from alliance.core.exchange.spec import Column, Table, filtered, register

from .choices import Status
from .filters import PurchaseFilter
from .models import Purchase

_MOST = 1_000_000_000


def _column(name: str, label: Any, kind: Any = None, source: str = "") -> Column:
    return Column(name, label, kind or Text(200), source=source, shown_only=True)


def _count(name: str, label: Any) -> Column:
    return _column(name, label, Whole(minimum=0, maximum=_MOST))


class Purchases(Table):
    """Applications for devices, as filtered on the list."""

    name = "purchases"
    label = gettext_lazy("Purchases of devices")
    note = gettext_lazy(
        "Applications for devices, their decisions and deliveries; only to take out."
    )
    keepers = {}
    readers = frozenset({Permission.PURCHASE_APPLY, Permission.PURCHASE_REVIEW})
    titled = ("institution", "type")
    columns = (
        _column("institution", gettext_lazy("Institution"), source="institution.name"),
        _column("type", gettext_lazy("Device type"), source="type.name"),
        _column("status", gettext_lazy("Status"), Choice(Status)),
        _count("quantity", gettext_lazy("How many")),
        _column("unit_price", gettext_lazy("Price of one in yuan"), Measure(maximum=_MOST)),
        _count("score", gettext_lazy("Score")),
        _count("approved_quantity", gettext_lazy("Approved number")),
        _column(
            "approved_price", gettext_lazy("Approved price of one in yuan"), Measure(maximum=_MOST)
        ),
        _count("subsidy_percent", gettext_lazy("Subsidy in per cent")),
        _column("subsidy", gettext_lazy("Subsidy in yuan"), Measure(maximum=_MOST)),
        _count("delivered_quantity", gettext_lazy("Delivered number")),
        _column("delivered_on", gettext_lazy("Delivered on"), Day()),
    )

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """Applications as filtered on their list."""
        rows = Purchase.objects.visible_to(by).for_list()
        return filtered(PurchaseFilter, rows, request).order_by("-created_at", "-pk")

    def plan(self, *args: Any, **options: Any) -> NoReturn:
        """Purchases are decided one by one."""
        raise DomainError("no_import", _("Purchases are decided one by one, not brought in."))

    save = plan


register(Purchases())
