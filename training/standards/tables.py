"""Admissions as a table that goes out to Excel; nobody is admitted by a file."""

from typing import Any, NoReturn

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.core.choices import Permission
from alliance.core.errors import DomainError
from alliance.core.exchange.kinds import Choice, Code, Day, Text
from alliance.core.exchange.spec import Column, Table, filtered, register

from .choices import Status
from .filters import AdmissionFilter
from .models import Admission


def _column(name: str, label: Any, kind: Any = None, source: str = "") -> Column:
    return Column(name, label, kind or Text(200), source=source, shown_only=True)


class Admissions(Table):
    """Which institution is admitted for which technique, as filtered on the list."""

    name = "admissions"
    label = gettext_lazy("Admissions")
    note = gettext_lazy("Which institution is admitted for which technique; only to take out.")
    keepers = {}
    readers = frozenset({Permission.ADMISSION_APPLY, Permission.ADMISSION_REVIEW})
    titled = ("institution", "technique")
    columns = (
        _column("institution", gettext_lazy("Institution"), source="institution.name"),
        _column("code", gettext_lazy("Technique code"), Code(30), source="technique.code"),
        _column("technique", gettext_lazy("Technique name"), source="technique.name"),
        _column("status", gettext_lazy("Status"), Choice(Status)),
        _column("valid_from", gettext_lazy("Counts from"), Day()),
        _column("valid_until", gettext_lazy("Until"), Day()),
        _column("conditions", gettext_lazy("Conditions")),
        _column("first_used_on", gettext_lazy("First used on"), Day()),
        _column("filing_due", gettext_lazy("File by"), Day()),
        _column("filed_on", gettext_lazy("Filed on"), Day()),
        _column("filing_number", gettext_lazy("Filing number")),
    )

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """Admissions as filtered on their list."""
        rows = Admission.objects.visible_to(by).for_list()
        return filtered(AdmissionFilter, rows, request).order_by("-created_at", "-pk")

    def plan(self, *args: Any, **options: Any) -> NoReturn:
        """Admissions are decided one by one."""
        raise DomainError("no_import", _("Admissions are decided one by one, not brought in."))

    save = plan


register(Admissions())
