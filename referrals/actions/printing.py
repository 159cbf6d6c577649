"""The paper form shows the patient in full, so every copy stands in the ledger."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from alliance.core import ledger
from alliance.core.access import has_permission
from alliance.core.choices import Permission
from alliance.core.errors import DomainError
from alliance.core.transactions import one_transaction

from ..models import Referral


@one_transaction
def note_printed(*, referral: Referral, by: Any) -> None:
    """Record that somebody of the two institutions takes the form on paper.

    Raises PermissionDenied for others, DomainError for a draft.
    """
    parties = [pk for pk in (referral.sender_id, referral.receiver_id) if pk]
    mine = [pk for pk in parties if has_permission(by, Permission.PATIENT_VIEW, institution_id=pk)]
    if not mine:
        raise PermissionDenied(_("Only the two institutions of a referral print its form."))
    if referral.submitted_at is None:
        raise DomainError("not_submitted", _("Submit the referral first, then print its form."))
    ledger.record(
        "referral.printed",
        by=by,
        subject=referral,
        institution_id=mine[0],
        number=referral.number,
    )
