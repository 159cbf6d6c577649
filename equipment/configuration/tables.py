"""The base configuration as tables: what an edition asks, and what is missing on a day."""

from collections.abc import Sequence
from typing import Any, NoReturn
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.core.choices import Permission
from alliance.core.errors import DomainError
from alliance.core.exchange.kinds import Choice, Code, Text, Whole
from alliance.core.exchange.plan import Plan, Row
from alliance.core.exchange.spec import BadFilter, Column, Place, Progress, Table, register
from alliance.institutions.choices import Tier
from alliance.institutions.models import Membership
from alliance.institutions.selectors import alliance_seen_by
from equipment.devices.selectors import active_types

from . import actions, policies, presenters, rules, selectors
from .forms import DayForm
from .models import Standard, StandardItem

_MOST = 10_000
_READERS = frozenset({Permission.EQUIPMENT_OVERSEE, Permission.EQUIPMENT_KEEP})


def _number(name: str, label: Any) -> Column:
    return Column(name, label, Whole(minimum=0, maximum=_MOST), shown_only=True)


class ConfigurationLines(Table):
    """What an edition asks of each tier."""

    name = "configuration-lines"
    label = gettext_lazy("Lines of the base configuration")
    note = gettext_lazy(
        "Goes out of the edition in force or the one shown; comes into the newest draft."
    )
    key = ("tier", "type")
    titled = ("tier", "type")
    keepers = {"alliance": Permission.EQUIPMENT_STANDARD}
    readers = frozenset({Permission.EQUIPMENT_VIEW})
    by_action = True
    columns: Sequence[Column] = (
        Column(
            "tier",
            gettext_lazy("Tier"),
            Choice(Tier),
            required=True,
            aliases=("机构层级",),
            example="township",
        ),
        Column(
            "type",
            gettext_lazy("Device type (code)"),
            Text(100),
            required=True,
            aliases=("设备类型", "类型"),
            note=gettext_lazy("Code or full name."),
            among=active_types,
            example="LAP-P",
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
            "minimum",
            gettext_lazy("At least"),
            Whole(minimum=1, maximum=rules.MOST),
            required=True,
            aliases=("数量", "最低数量"),
            example="1",
        ),
        Column(
            "max_age_years",
            gettext_lazy("At most years in use"),
            Whole(minimum=1, maximum=rules.OLDEST),
            aliases=("使用年限",),
            example="8",
        ),
        Column("purpose", gettext_lazy("Purpose of the device"), Text(120), aliases=("用途",)),
    )

    def plan(self, rows: Sequence[Row], *, by: Any, place: Place) -> Plan:
        """What bringing these lines in would do."""
        return actions.plan_items(rows=rows, by=by, place=place)

    def save(self, rows: Sequence[Row], *, by: Any, place: Place, progress: Progress) -> Plan:
        """Bring all lines in."""
        return actions.import_items(rows=rows, by=by, place=place, progress=progress)

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """What the edition asked for asks, else the one in force for the reader."""
        rows = StandardItem.objects.visible_to(by).filter(standard=_edition(by, request))
        return rows.for_list().order_by("tier", "type__name", "pk")

    def stored(self, ids: Sequence[int], *, by: Any) -> dict[int, Any]:
        """Those of a draft too: files come into one."""
        return dict(StandardItem.objects.visible_to(by).for_list().in_bulk(ids))


def _edition(by: Any, request: HttpRequest | None) -> Standard | None:
    """The edition that an address names, else the one in force for the reader."""
    asked = request.GET.get("edition", "") if request else ""
    if asked:
        try:
            known = UUID(asked)
        except ValueError:
            raise BadFilter("bad_filter", _("There is no such edition.")) from None
        named: Standard | None = Standard.objects.visible_to(by).filter(public_id=known).first()
        return named
    house, today = getattr(request, "institution", None), timezone.localdate()
    alliance = alliance_seen_by(by, institution_id=getattr(house, "pk", None), on=today)
    return selectors.standard_in_force(alliance_id=alliance.pk, on=today) if alliance else None


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


register(ConfigurationLines())
register(ConfigurationGaps())
