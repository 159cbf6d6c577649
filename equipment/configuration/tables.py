"""The base configuration as tables: what an edition asks, and what is missing on a day."""

from collections.abc import Sequence
from typing import Any, NoReturn

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.core.choices import Permission
from alliance.core.errors import DomainError
from alliance.core.exchange.kinds import Choice, Code, Text, Whole
from alliance.core.exchange.spec import BadFilter, Column, Table, register
from alliance.institutions.choices import Tier
from alliance.institutions.models import Membership

from . import policies, presenters, selectors
from .forms import DayForm

_MOST = 10_000
_READERS = frozenset({Permission.EQUIPMENT_OVERSEE, Permission.EQUIPMENT_KEEP})


def _number(name: str, label: Any) -> Column:
    return Column(name, label, Whole(minimum=0, maximum=_MOST), shown_only=True)


class ConfigurationGaps(Table):
    """What each institution must have, has and lacks on a day; only to take out."""

    name = "configuration-gaps"
    label = gettext_lazy("Gaps in the base configuration")
    note = gettext_lazy("What each institution must have, has and lacks; only to take out.")
    keepers = {}
    readers = _READERS
    titled = ("institution", "type")
    columns: Sequence[Column] = (
        Column(
            "institution",
            gettext_lazy("Institution"),
            Text(200),
            source="house_name",
            shown_only=True,
        ),
        Column("tier", gettext_lazy("Tier"), Choice(Tier), shown_only=True),
        Column("code", gettext_lazy("Type code"), Code(30), source="type.code", shown_only=True),
        Column("type", gettext_lazy("Device type"), Text(100), source="type.name", shown_only=True),
        _number("minimum", gettext_lazy("Asked")),
        _number("have", gettext_lazy("On the register")),
        _number("too_old", gettext_lazy("Too old")),
        Column(
            "out",
            gettext_lazy("Not in service"),
            Whole(minimum=0, maximum=_MOST),
            source=lambda row: selectors.gap_of(row).out,
            shown_only=True,
        ),
        Column(
            "short",
            gettext_lazy("Short"),
            Whole(minimum=0, maximum=_MOST),
            source=lambda row: selectors.gap_of(row).short,
            shown_only=True,
        ),
    )

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """The lines of institutions one may look at, as of the day of the page."""
        form = DayForm(request.GET if request else {})
        if not form.is_valid():
            raise BadFilter("bad_filter", " ".join(map(str, form.errors["on"])))
        on = form.cleaned_data["on"] or timezone.localdate()
        houses = policies.houses_seen(by, timezone.localdate())
        joined = Membership.objects.in_force(on).filter(institution__in=houses.values("pk"))
        rows = selectors.gap_rows(
            alliance_ids=joined.values("alliance"), at=presenters.moment_of(on)
        )
        found: QuerySet[Any] = rows.filter(house_id__in=houses.values("pk"))
        return found

    def plan(self, *args: Any, **options: Any) -> NoReturn:
        """Gaps follow from devices and editions."""
        raise DomainError("no_import", _("Gaps are computed, not brought in."))

    save = plan


register(ConfigurationGaps())
