"""Opening an application: only when nothing is missing, whichever door it comes through."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core.errors import DomainError
from alliance.core.transactions import one_transaction
from alliance.institutions.models import Alliance
from alliance.people.models import Practitioner

from .. import evidence, policies, selectors, texts
from ..choices import Kind, Move
from ..evidence import Asked, Evidence
from ..models import Application
from ..workflow import FIRST
from .shared import note_step


@one_transaction
def open_application(*, asked: Asked, statement: str = "", by: Any) -> Application:
    """Apply for a privilege of one's own; refused with every missing requirement named."""
    if not policies.may_apply(by) or by.practitioner_id != asked.practitioner.pk:
        raise PermissionDenied(_("A privilege is applied for by the doctor who will hold it."))
    # Two taps at once: the later one waits here, then finds the application of the first.
    Practitioner.objects.select_for_update().get(pk=asked.practitioner.pk)
    _refuse_twin(asked)
    if asked.kind == Kind.RESTORATION and not statement.strip():
        message = _("Say what was mended since the privilege was suspended or withdrawn.")
        raise ValidationError({"statement": message})
    today = timezone.localdate()
    found = evidence.assemble(asked, on=today)
    row = Application.objects.create(
        alliance=insist_complete(found),
        kind=asked.kind,
        practitioner=asked.practitioner,
        technique=asked.technique,
        institution=asked.institution,
        enrolment=found.enrolment,
        privilege=asked.privilege,
        status=FIRST,
        statement=statement.strip(),
        evidence=found.as_json(),
        opened_by=by,
        opened_on=today,
    )
    note_step(row, Move.SUBMIT, "", by=by, kind=asked.kind)
    return row


def _refuse_twin(asked: Asked) -> None:
    twin = selectors.open_application(
        practitioner_id=asked.practitioner.pk,
        technique_id=asked.technique.pk,
        institution_id=asked.institution.pk,
    )
    if twin is not None:
        way = {"title": str(twin), "url": twin.get_absolute_url(), "label": _("Open it")}
        message = _("Your application for this privilege is under way already.")
        raise DomainError("application_open", message, alternatives=[way])


def insist_complete(found: Evidence) -> Alliance:
    """The alliance that decides; refused where a requirement is missing, each of them named."""
    if found.alliance is not None and found.may_open:
        return found.alliance
    raise DomainError(
        "requirements_missing",
        _("The application cannot be opened yet. Missing: %(count)s")
        % {"count": len(found.missing)},
        reasons=texts.missing_sentences(found.requirements),
        requirements=[
            {"label": texts.label(one), "source": texts.source(one), **_plain(one.as_json())}
            for one in found.requirements
        ],
    )


def _plain(frozen: dict[str, object]) -> dict[str, object]:
    return {name: frozen[name] for name in ("code", "part", "is_met", "found", "needed")}
