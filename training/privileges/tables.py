"""Privileges as a table that comes in from Excel and goes out to it; emergencies go out only."""

from collections.abc import Sequence
from typing import Any, NoReturn

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from alliance.core.choices import Permission
from alliance.core.exchange.kinds import Choice, Code, Day, Text
from alliance.core.exchange.plan import Plan, Row
from alliance.core.exchange.spec import Column, Place, Progress, Table, filtered, register

from . import actions
from .choices import Ground, Level
from .filters import OverrideFilter, PrivilegeFilter
from .models import Override, Privilege
from .presenters import standing_of

_NAME, _LONG = Text(100), Text(400)


def _shown(name: str, label: Any, kind: Any = _NAME, source: Any = "") -> Column:
    return Column(name, label, kind, source=source, shown_only=True)


def _standing(row: Privilege) -> str:
    return str(standing_of(row, on=timezone.localdate()).label)


class Privileges(Table):
    """Who may perform what where; what is brought in was granted before, elsewhere."""

    name = "privileges"
    label = _lazy("Privileges")
    note = _lazy("Privileges granted before the platform; what is stored already stays as it is.")
    titled = ("licence_number", "technique")
    keepers = {"alliance": Permission.PRIVILEGE_MANAGE}
    readers = frozenset({Permission.PRIVILEGE_VIEW})
    columns = (
        Column(
            "licence_number",
            _lazy("Licence number"),
            Code(30),
            required=True,
            aliases=("执业证书编号", "医师执业证书编码", "执业证号"),
            example="110330100000123",
            source="practitioner.licence_number",
            written="practitioner_id",
        ),
        _shown("practitioner_name", _lazy("Name"), source="practitioner.name"),
        Column(
            "technique",
            _lazy("Technique code"),
            Code(30, exact=True),
            required=True,
            aliases=("手术操作编码", "手术编码", "技术编码"),
            example="47.0100",
            source="technique.code",
            written="technique_id",
        ),
        _shown("technique_name", _lazy("Technique name"), Text(200), "technique.name"),
        Column(
            "institution",
            _lazy("Institution's credit code"),
            Text(70),
            aliases=("机构", "机构代码", "所属机构"),
            note=_lazy("Code or name; left empty it is the home institution."),
            source="institution.uscc",
            written="institution_id",
        ),
        _shown("institution_name", _lazy("Institution's name"), Text(70), "institution.name"),
        Column("level", _lazy("Level"), Choice(Level), required=True, example="independent"),
        Column(
            "valid_from",
            _lazy("From"),
            Day(),
            required=True,
            aliases=("授权日期", "开始日期"),
            example="2026-01-01",
        ),
        Column(
            "valid_until",
            _lazy("Until"),
            Day(),
            aliases=("有效期至", "截止日期"),
            note=_lazy("The first day on which it no longer counts; empty: by policy."),
            example="2028-01-01",
        ),
        Column("conditions", _lazy("Conditions"), _LONG, aliases=("附加条件",)),
        Column(
            "evidence",
            _lazy("Evidence"),
            _LONG,
            required=True,
            aliases=("依据", "授权文件"),
            example="院发 2025 第 12 号",
            source=lambda row: row.evidence.get("note", ""),
        ),
        _shown("ground", _lazy("Ground"), Choice(Ground)),
        _shown("ends_on", _lazy("Ends"), Day()),
        _shown("standing", _lazy("Standing"), source=_standing),
    )

    def plan(self, rows: Sequence[Row], *, by: Any, place: Place) -> Plan:
        """What bringing these rows in would do."""
        alliance_id = place.alliance_id or 0
        return actions.plan_privileges(rows=rows, by=by, alliance_id=alliance_id, on=place.on)

    def save(self, rows: Sequence[Row], *, by: Any, place: Place, progress: Progress) -> Plan:
        """Bring all rows in."""
        return actions.import_privileges(
            rows=rows, by=by, alliance_id=place.alliance_id or 0, on=place.on, progress=progress
        )

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """Privileges as filtered on their list."""
        rows = Privilege.objects.visible_to(by).for_list().with_suspension(timezone.localdate())
        return filtered(PrivilegeFilter, rows, request).order_by("-valid_from", "-pk")


def _moment(name: str) -> Any:
    """A moment as local text, to the minute: Excel knows no time zones."""

    def show(row: Override) -> str:
        at = getattr(row, name)
        return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""

    return show


class Overrides(Table):
    """Emergencies beyond a privilege; recorded one by one."""

    name = "overrides"
    label = _lazy("Emergencies beyond a privilege")
    keepers = {}
    readers = frozenset({Permission.PRIVILEGE_SUSPEND})
    titled = ("practitioner", "at")
    columns = (
        _shown("at", _lazy("When"), source=_moment("at")),
        _shown("practitioner", _lazy("Who operated"), source="practitioner.name"),
        _shown("technique", _lazy("Technique"), Text(200), "technique.name"),
        _shown("institution", _lazy("Institution"), source="institution.name"),
        _shown("case_number", _lazy("Case number")),
        _shown("reason", _lazy("Why it could not wait"), Text(500)),
        _shown("report_due", _lazy("Report due"), source=_moment("report_due_at")),
        _shown("reported", _lazy("Reported"), source=_moment("reported_at")),
        _shown("report", _lazy("Report"), Text(4000)),
        _shown("reviewed", _lazy("Reviewed"), source=_moment("reviewed_at")),
        _shown("review", _lazy("Review"), Text(2000)),
    )

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """Emergencies as filtered on their list."""
        rows = Override.objects.visible_to(by).for_list()
        return filtered(OverrideFilter, rows, request).order_by("-at", "-pk")

    def plan(self, *args: Any, **options: Any) -> NoReturn:
        """Emergencies are recorded one by one."""
        raise PermissionDenied(_("Emergencies are recorded, never imported."))

    def save(self, *args: Any, **options: Any) -> NoReturn:
        """Emergencies are recorded one by one."""
        raise PermissionDenied(_("Emergencies are recorded, never imported."))


register(Privileges())
register(Overrides())
