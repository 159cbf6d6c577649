"""Enrolments and records of the past as tables in Excel."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.core.choices import Permission
from alliance.core.exchange.kinds import Choice, Code, Day, Kind, Shown, Text, Unreadable, as_number
from alliance.core.exchange.plan import Plan, Row
from alliance.core.exchange.spec import Column, Place, Progress, Table, filtered, register

from . import actions
from .choices import Need, Part, PriorState, Variety
from .filters import PriorFilter
from .models import PriorRecord


class Tenths(Kind):
    """A number above nought with at most one decimal."""

    empty = Decimal(1)

    def read(self, text: str) -> Decimal:
        """12 or 4.5."""
        try:
            value = Decimal(text.strip())
        except InvalidOperation:
            value = Decimal(0)
        if not (value.is_finite() and 0 < value < 100_000 and value == round(value, 1)):
            raise Unreadable(_now("Write a number above nought, such as 20 or 4.5."))
        return round(value, 1)

    def show(self, value: Any) -> Shown:
        """The number as a number."""
        return as_number(value)

    def note(self) -> str:
        """Its form."""
        return _now("Number above nought; one decimal at most")


class PriorRecords(Table):
    """What doctors learnt before the platform, by doctor, kind, day and title."""

    name = "prior-records"
    label = _("Records of the past")
    note = _("Courses, exams, simulation and cases from before; each counts once it is confirmed.")
    key = ("licence_number", "kind", "on", "title")
    titled = ("licence_number", "title")
    keepers = {
        "institution": Permission.TRAINING_VIEW,
        "alliance": Permission.TRAINING_MANAGE,
    }
    readers = frozenset({Permission.TRAINING_VIEW})
    columns = (
        Column(
            "licence_number",
            _("Licence number"),
            Code(30),
            required=True,
            aliases=("执业证书编号", "医师执业证书编码"),
            example="110330100000123",
            source="practitioner.licence_number",
        ),
        Column("doctor", _("Doctor"), Text(50), source="practitioner.name", shown_only=True),
        Column("kind", _("What"), Choice(Need), required=True, example="cases"),
        Column(
            "technique",
            _("Technique"),
            Text(200),
            note=_("Code or name; needed for cases and ratings."),
            example="47.0100",
            source="technique.code",
            written="technique_id",
        ),
        Column(
            "variety",
            _("Kind of course or exam"),
            Choice(Variety),
            note=_("Needed for courses and exams."),
        ),
        Column(
            "station_code",
            _("Station"),
            Text(30),
            note=_("Code of the station; needed for stations and animal cases."),
        ),
        Column("part", _("Role"), Choice(Part), note=_("Needed for cases."), example="supervised"),
        Column("amount", _("How much"), Tenths(), aliases=("例数", "数量", "分数"), example="12"),
        Column("on", _("Until the day"), Day(), required=True, example="2024-06-30"),
        Column(
            "title",
            pgettext_lazy("paper", "Title"),
            Text(120),
            required=True,
            aliases=("证明名称",),
            note=_("What the paper is called. Attach its picture on the record's page afterwards."),
            example="市一院腹腔镜进修结业证",
        ),
        Column("state", _("State"), Choice(PriorState), shown_only=True),
    )

    def plan(self, rows: Sequence[Row], *, by: Any, place: Place) -> Plan:
        """What bringing these rows in would do."""
        return actions.plan_prior(rows=rows, by=by, place=place)

    def save(self, rows: Sequence[Row], *, by: Any, place: Place, progress: Progress) -> Plan:
        """Bring all rows in."""
        return actions.import_prior(rows=rows, by=by, place=place, progress=progress)

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """Records as filtered on their list."""
        rows = PriorRecord.objects.visible_to(by).for_list()
        return filtered(PriorFilter, rows, request).order_by("-pk")


register(PriorRecords())
