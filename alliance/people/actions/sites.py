"""Where else practitioners may practise: entered by who maintains the staff of that institution."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger
from alliance.core.access import require
from alliance.core.choices import Permission
from alliance.core.errors import DomainError
from alliance.core.saving import store
from alliance.institutions.models import Institution

from ..models import PracticeSite, Practitioner


@transaction.atomic
def add_site(
    *,
    practitioner: Practitioner,
    institution: Institution,
    valid_from: date,
    by: Any,
    valid_until: date | None = None,
    note: str = "",
) -> PracticeSite:
    """Enter an institution beside the home one where somebody is registered to practise."""
    require(by, Permission.STAFF_MANAGE, institution_id=institution.pk)
    person = Practitioner.objects.select_for_update().get(pk=practitioner.pk)
    errors = {}
    if person.institution_id == institution.pk:
        errors["institution"] = _("This is the home institution already.")
    site = PracticeSite(
        practitioner=person,
        institution=institution,
        valid_from=valid_from,
        valid_until=valid_until,
        note=note.strip(),
    )
    store(site, errors)
    _record("site.added", site, by)
    return site


@transaction.atomic
def end_site(*, site: PracticeSite, by: Any) -> PracticeSite:
    """Let a practice site end today."""
    row: PracticeSite = PracticeSite.objects.select_for_update().get(pk=site.pk)
    require(by, Permission.STAFF_MANAGE, institution_id=row.institution_id)
    today = timezone.localdate()
    if row.valid_from >= today or (row.valid_until is not None and row.valid_until <= today):
        raise DomainError("site_standing", _("It has ended, or has not begun. Nothing to end."))
    row.valid_until = today
    row.save(update_fields=["valid_until", "updated_at"])
    _record("site.ended", row, by)
    return row


def _record(action: str, site: PracticeSite, by: Any) -> None:
    ledger.record(
        action, by=by, subject=site.practitioner, institution_id=site.institution_id,
        valid_from=str(site.valid_from), valid_until=str(site.valid_until or ""),
    )  # fmt: skip
