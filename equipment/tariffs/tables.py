"""The price list as a table: it goes out to Excel, and new prices come in."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext_lazy

from alliance.core.choices import Permission
from alliance.core.exchange.kinds import Choice, Code, Day, Money, Text
from alliance.core.exchange.plan import Plan, Row
from alliance.core.exchange.spec import Column, Place, Progress, Table, register
from alliance.institutions.choices import Tier
from equipment.devices.selectors import active_types

from . import actions
from .choices import Unit
from .models import Price


class Prices(Table):
    """Prices of sharing, those that count or will; all of them where the page shows all."""

    name = "prices"
    label = gettext_lazy("Prices of sharing")
    note = gettext_lazy(
        "What the use of shared devices costs whom. New prices come in; one that counts now ends"
        " where the new one begins."
    )
    keepers = {"alliance": Permission.EQUIPMENT_STANDARD}
    readers = frozenset({Permission.EQUIPMENT_KEEP, Permission.EQUIPMENT_OVERSEE})
    by_action = True
    key = ("type", "device", "tier", "valid_from")
    titled = ("type", "device")
    columns = (
        Column(
            "type",
            gettext_lazy("Device type (code)"),
            Text(100),
            among=active_types,
            aliases=("设备类型", "类型"),
            note=gettext_lazy("Code or full name; empty where one device is named."),
            example="LAP-HD",
            source="type.code",
            written="type_id",
        ),
        Column(
            "type_name",
            gettext_lazy("Name of the type"),
            Text(100),
            source="type.name",
            shown_only=True,
        ),
        Column(
            "device",
            gettext_lazy("One device only (asset number)"),
            Code(40),
            aliases=("设备编号", "资产编号"),
            note=gettext_lazy("Empty where the price is for all devices of a type."),
            source="device.asset_number",
            written="device_id",
        ),
        Column(
            "device_name",
            gettext_lazy("Name or model"),
            Text(100),
            source="device.name",
            shown_only=True,
        ),
        Column("owner", gettext_lazy("Owning institution"), Text(200), source="device.owner.name"),
        Column(
            "tier",
            gettext_lazy("Tier of the user"),
            Choice(Tier),
            aliases=("使用方层级",),
            note=gettext_lazy("Empty for all."),
        ),
        Column(
            "unit",
            pgettext_lazy("price", "Paid"),
            Choice(Unit),
            required=True,
            aliases=("计价方式",),
            example="hour",
        ),
        Column(
            "amount",
            gettext_lazy("Price in yuan"),
            Money(),
            required=True,
            aliases=("价格", "单价"),
            example="300",
        ),
        Column(
            "valid_from",
            gettext_lazy("In force from"),
            Day(),
            required=True,
            aliases=("生效日期",),
            example="2026-12-31",
        ),
        Column("valid_until", gettext_lazy("Until"), Day(), shown_only=True),
    )

    def plan(self, rows: Sequence[Row], *, by: Any, place: Place) -> Plan:
        """What setting these prices would do."""
        return actions.plan_prices(rows=rows, by=by, place=place)

    def save(self, rows: Sequence[Row], *, by: Any, place: Place, progress: Progress) -> Plan:
        """Set all these prices."""
        return actions.import_prices(rows=rows, by=by, place=place, progress=progress)

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """Prices as the page shows them."""
        rows = Price.objects.visible_to(by).for_list()
        if request is None or "all" not in request.GET:
            rows = rows.lasting(timezone.localdate())
        found: QuerySet[Any] = rows.order_by("-valid_from", "-pk")
        return found


register(Prices())
