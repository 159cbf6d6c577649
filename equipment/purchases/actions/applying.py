"""An institution writes its application: what, how many, at which price, why; and its papers."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger, uploads, versions
from alliance.core.errors import DomainError
from alliance.core.policy import policies as values_of
from alliance.core.saving import store
from alliance.core.transactions import one_transaction
from alliance.institutions.models import Institution
from alliance.institutions.selectors import alliances_of
from equipment.devices.models import DeviceType

from .. import policies, rules
from ..choices import Status
from ..models import Purchase, PurchaseFile


@one_transaction
def start(
    *,
    institution: Institution,
    device_type: DeviceType,
    by: Any,
    quantity: int = 1,
    unit_price: Decimal | None = None,
    statement: str = "",
) -> Purchase:
    """Begin an application for devices of one type."""
    if not policies.may_apply(by, institution.pk):
        raise PermissionDenied
    alliance = next(iter(alliances_of(institution.pk, on=timezone.localdate())), None)
    if alliance is None:
        raise DomainError(
            "no_alliance", _("This institution belongs to no alliance that could review it.")
        )
    row = Purchase(
        alliance=alliance,
        institution=institution,
        type=device_type,
        status=Status.DRAFT,
        quantity=quantity,
        unit_price=unit_price,
        statement=statement.strip(),
        created_by=by,
    )
    store(row, rules.application_errors(quantity=quantity, unit_price=unit_price))
    _record("purchase.started", row, by)
    return row


@one_transaction
def correct(
    *,
    purchase: Purchase,
    quantity: int,
    unit_price: Decimal | None,
    statement: str,
    by: Any,
    version: int,
) -> Purchase:
    """Keep what an application says so far."""
    row = _written(purchase, by)
    versions.check(row, version)
    row.quantity, row.unit_price, row.statement = quantity, unit_price, statement.strip()
    row.version += 1
    errors = rules.application_errors(quantity=quantity, unit_price=unit_price)
    store(row, errors, only=["quantity", "unit_price", "statement", "version", "updated_at"])
    _record("purchase.saved", row, by)
    return row


@one_transaction
def attach(*, purchase: Purchase, file: Any, name: str, by: Any) -> PurchaseFile:
    """Keep a picture or PDF with an application."""
    row = _written(purchase, by)
    values = values_of(
        alliance_id=row.alliance_id, on=timezone.localdate(), prefix="purchases.max_"
    )
    checked = uploads.check(file, name, max_bytes=values["purchases.max_bytes"])
    if isinstance(checked, uploads.Refusal):
        raise ValidationError({"file": checked.message})
    most = values["purchases.max_files"]
    if row.files.filter(removed_at=None).count() >= most:
        message = _("An application carries at most %(n)d files. Remove one first.")
        raise ValidationError({"file": message % {"n": most}})
    kept = PurchaseFile(
        purchase=row,
        name=checked.name,
        content_type=checked.content_type,
        size=checked.size,
        sha256=checked.sha256,
        uploaded_by=by,
    )
    kept.file.save(
        f"{kept.public_id}{checked.kind.suffix}", ContentFile(checked.content), save=False
    )
    store(kept)
    _record("purchase.attached", row, by, sha256=kept.sha256)
    return kept


@one_transaction
def remove_file(*, file: PurchaseFile, by: Any) -> None:
    """Take a file out of an application that is still written; the file itself is kept."""
    row = _written(file.purchase, by)
    PurchaseFile.objects.filter(pk=file.pk, removed_at=None).update(removed_at=timezone.now())
    _record("purchase.removed", row, by, sha256=file.sha256)


def _written(purchase: Purchase, by: Any) -> Purchase:
    """The application under lock, as long as its institution writes it."""
    row: Purchase = Purchase.objects.select_for_update().get(pk=purchase.pk)
    if not policies.may_apply(by, row.institution_id):
        raise PermissionDenied
    if not row.is_written:
        raise DomainError(
            "application_closed", _("The application has been handed in and is not changed now.")
        )
    return row


def _record(action: str, row: Purchase, by: Any, **data: Any) -> None:
    ledger.record(action, by=by, subject=row, institution_id=row.institution_id, **data)
