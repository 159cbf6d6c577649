"""Manuals, certificates and pictures of devices: type by content, size by policy."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger, uploads
from alliance.core.errors import DomainError
from alliance.core.policy import policies as policy_values
from alliance.core.transactions import one_transaction

from .. import policies, selectors
from ..models import Device, DeviceFile


@one_transaction
def attach(*, device: Device, file: Any, name: str, by: Any) -> DeviceFile:
    """Keep a picture or PDF with a device. The same file twice is one file."""
    row: Device = Device.objects.select_for_update().get(pk=device.pk)
    if not policies.may_keep(by, row.owner_id):
        raise PermissionDenied
    today = timezone.localdate()
    alliance = selectors.alliance_of(row.owner_id, today)
    held = policy_values(alliance_id=alliance.pk if alliance else None, on=today, prefix="devices.")
    checked = uploads.check(file, name, max_bytes=held["devices.file_bytes"])
    if isinstance(checked, uploads.Refusal):
        raise ValidationError({"file": checked.message})
    present = row.files.filter(removed_at=None)
    known: DeviceFile | None = present.filter(sha256=checked.sha256).first()
    if known is not None:
        return known
    if present.count() >= held["devices.files"]:
        message = _("A device carries at most %(n)d files. Remove one first.")
        raise ValidationError({"file": message % {"n": held["devices.files"]}})
    return _keep(row, checked, by)


def _keep(device: Device, checked: uploads.CheckedFile, by: Any) -> DeviceFile:
    kept = DeviceFile(
        device=device,
        name=checked.name,
        content_type=checked.content_type,
        size=checked.size,
        sha256=checked.sha256,
        uploaded_by=by,
    )
    kept.file.save(f"{kept.public_id}{checked.kind.suffix}", ContentFile(checked.content))
    _record("device.attached", kept, by)
    return kept


@one_transaction
def remove_file(*, file: DeviceFile, by: Any) -> DeviceFile:
    """Take a file out of sight; the trace stays."""
    if not policies.may_keep(by, file.device.owner_id):
        raise PermissionDenied
    rows = DeviceFile.objects.filter(pk=file.pk, removed_at=None)
    if not rows.update(removed_at=timezone.now()):
        raise DomainError("already_removed", _("This file was removed already."))
    _record("device.file_removed", file, by)
    file.refresh_from_db()
    return file


def _record(code: str, file: DeviceFile, by: Any) -> None:
    house = file.device.owner_id
    ledger.record(code, by=by, subject=file.device, institution_id=house, sha256=file.sha256)
