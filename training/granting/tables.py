"""Applications as an Excel table; nothing comes in this way."""

from collections.abc import Sequence
from typing import Any, NoReturn

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from alliance.core.choices import Permission
from alliance.core.exchange.kinds import Choice, Code, Day, Text
from alliance.core.exchange.spec import Column, Table, filtered, register
from training.privileges.choices import Level

from .choices import Kind, Status
from .filters import ApplicationFilter
from .models import Application

_NAME, _LONG = Text(100), Text(500)


def _decided(name: str) -> Any:
    """A field of the decision, where there is one."""

    def show(row: Application) -> Any:
        decision = getattr(row, "decision", None)
        return getattr(decision, name) if decision else None

    return show


def _column(name: str, label: Any, kind: Any = _NAME, source: Any = "") -> Column:
    return Column(name, label, kind, source=source, shown_only=True)


class Applications(Table):
    """Who applied for what, where, when, and how it was decided."""

    name = "privilege-applications"
    label = _("Applications for a privilege")
    keepers = {}
    readers = frozenset({Permission.TRAINING_VIEW, Permission.PRIVILEGE_MANAGE})
    titled = ("applicant", "technique")
    columns: Sequence[Column] = (
        _column("applicant", _("Applicant"), source="practitioner.name"),
        _column("institution", _("Institution"), source="institution.name"),
        _column("technique_code", _("Technique code"), Code(30, exact=True), "technique.code"),
        _column("technique", _("Technique"), source="technique.name"),
        _column("kind", _("Kind"), Choice(Kind)),
        _column("status", _("Status"), Choice(Status)),
        _column("opened_on", _("Submitted on"), Day()),
        _column("level", _("Level"), Choice(Level), _decided("level")),
        _column("valid_from", _("From"), Day(), _decided("valid_from")),
        _column("valid_until", _("Until"), Day(), _decided("valid_until")),
        _column("conditions", _("Conditions"), _LONG, _decided("conditions")),
        _column("reason", _("Reason"), _LONG, _decided("reason")),
    )

    def plan(self, *args: Any, **options: Any) -> NoReturn:
        """Applications are opened one by one, by those who apply."""
        raise PermissionDenied

    def save(self, *args: Any, **options: Any) -> NoReturn:
        """Applications are opened one by one, by those who apply."""
        raise PermissionDenied

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """The applications on the list page with the same query string."""
        rows = Application.objects.visible_to(by).for_list().select_related("decision")
        return filtered(ApplicationFilter, rows, request).order_by("-created_at", "-pk")


register(Applications())
