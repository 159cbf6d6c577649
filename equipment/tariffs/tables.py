"""The price list as a table that goes out to Excel."""

from typing import Any, NoReturn

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from alliance.core.choices import Permission
from alliance.core.errors import DomainError
from alliance.core.exchange.kinds import Choice, Day, Measure, Text
from alliance.core.exchange.spec import Column, Table, register
from alliance.institutions.choices import Tier

from .choices import Unit
from .models import Price


def _column(name: str, label: Any, kind: Any = None, source: str = "") -> Column:
    return Column(name, label, kind or Text(200), source=source, shown_only=True)


class Prices(Table):
    """Prices of sharing, those that count or will; all of them where the page shows all."""

    name = "prices"
    label = gettext_lazy("Prices of sharing")
    note = gettext_lazy("What the use of shared devices costs whom; only to take out.")
    keepers = {}
    readers = frozenset({Permission.EQUIPMENT_KEEP, Permission.EQUIPMENT_OVERSEE})
    titled = ("type", "device")
    columns = (
        _column("type", gettext_lazy("Device type"), source="type.name"),
        _column("device", gettext_lazy("One device only"), source="device.name"),
        _column("owner", gettext_lazy("Owner"), source="device.owner.name"),
        _column("tier", gettext_lazy("Tier of the user"), Choice(Tier)),
        _column("unit", pgettext_lazy("price", "Paid"), Choice(Unit)),
        _column("amount", gettext_lazy("Price in yuan"), Measure(maximum=100_000_000)),
        _column("valid_from", gettext_lazy("From"), Day()),
        _column("valid_until", gettext_lazy("Until"), Day()),
    )

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """Prices as the page shows them."""
        rows = Price.objects.visible_to(by).for_list()
        if request is None or "all" not in request.GET:
            rows = rows.lasting(timezone.localdate())
        found: QuerySet[Any] = rows.order_by("-valid_from", "-pk")
        return found

    def plan(self, *args: Any, **options: Any) -> NoReturn:
        """Prices are set one by one."""
        raise DomainError("no_import", _("Prices are set one by one, not brought in."))

    save = plan


register(Prices())
