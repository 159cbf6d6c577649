"""What happens to legs when two entries turn out to be one person."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from alliance.core.errors import DomainError
from alliance.core.transactions import one_transaction

from ..models import Referral


@one_transaction
def repoint_patient(*, kept_id: int, merged_id: int) -> int:
    """Move all legs to the kept entry; refuse when both have an open leg of one specialty."""
    try:
        with transaction.atomic():
            return Referral.objects.filter(patient_id=merged_id).update(patient_id=kept_id)
    except IntegrityError as error:
        raise DomainError(
            "both_have_open_legs",
            _("Both entries have an open referral of the same specialty. End one of them first."),
        ) from error
