"""The matrix of a hospital as a workbook; who took it out stands in the ledger."""

from __future__ import annotations

import tempfile
from typing import IO, Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from openpyxl import Workbook

from alliance.core import ledger
from alliance.core.access import access_of
from alliance.core.choices import Permission
from alliance.core.exchange.sheets import Sheet
from alliance.institutions.models import Institution
from alliance.people.models import Practitioner

from ..choices import Standing
from ..matrix import Cell, Matrix


def may_export(user: Any) -> bool:
    """Whether the user may take the matrix out."""
    return {Permission.DATA_EXPORT, Permission.TRAINING_VIEW} <= access_of(user).everywhere()


def export_matrix(*, found: Matrix, institution: Institution, by: Any) -> IO[bytes]:
    """One row a doctor, one column a technique."""
    if not may_export(by):
        raise PermissionDenied
    book = Workbook(write_only=True)
    sheet = Sheet(book, str(institution)[:31], [16, 20, *[24 for _column in found.columns]])
    sheet.head([_("Doctor"), _("Department"), *(f"{c.name} {c.code}" for c in found.columns)])
    for doctor, cells in found.rows:
        sheet.row(
            [doctor.name, _place(doctor, institution), *(_text(cell) for _column, cell in cells)]
        )
    ledger.record(
        "export.done",
        by=by,
        subject=institution,
        institution_id=institution.pk,
        table="matrix",
        rows=len(found.doctors),
    )
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    book.save(file)
    file.seek(0)
    return file


def _place(doctor: Practitioner, institution: Institution) -> str:
    """The department, or where somebody comes from who works elsewhere."""
    if doctor.institution_id != institution.pk:
        return f"{_('Visiting')} · {doctor.institution}"
    return doctor.department.name if doctor.department else ""


def _text(cell: Cell) -> str:
    if cell.standing == Standing.NONE:
        return ""
    return cell.said if cell.percent is None else f"{cell.said} {cell.percent} %"
