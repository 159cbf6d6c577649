"""Attachments: type by content, size by policy, never served as anything but themselves."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger, uploads
from alliance.core.access import has_permission
from alliance.core.choices import Permission
from alliance.core.errors import DomainError
from alliance.core.policy import policies
from alliance.core.transactions import one_transaction

from ..models import Attachment, Referral
from ..workflow import FINAL


def _party(user: Any, referral: Referral) -> int:
    """The institution on whose behalf the user may change the papers."""
    for pk in (referral.sender_id, referral.receiver_id):
        if pk and has_permission(user, Permission.REFERRAL_CARE, institution_id=pk):
            return pk
    raise PermissionDenied(_("Only the two institutions of a referral add papers."))


@one_transaction
def attach(*, referral: Referral, file: Any, name: str, by: Any) -> Attachment:
    """Keep a picture or PDF with a referral. The same file twice is one attachment.

    Raises ValidationError under `file`, PermissionDenied, DomainError on a leg that has ended.
    """
    institution_id = _party(by, referral)
    if referral.status in FINAL:
        raise DomainError("already_ended", _("This referral has ended; no papers are added."))
    rules = policies(
        alliance_id=referral.alliance_id, on=timezone.localdate(), prefix="attachment."
    )
    checked = uploads.check(file, name, max_bytes=rules["attachment.max_bytes"])
    if isinstance(checked, uploads.Refusal):
        raise ValidationError({"file": checked.message})
    known = _room_for(referral, checked.sha256, rules["attachment.max_count"])
    if known is not None:
        return known
    return _keep(referral, checked, by, institution_id)


def _room_for(referral: Referral, sha256: str, most: int) -> Attachment | None:
    """The attachment that holds this very file already, if any; refuses one too many."""
    Referral.objects.select_for_update().get(pk=referral.pk)
    present = referral.attachments.filter(removed_at=None)
    known: Attachment | None = present.filter(sha256=sha256).first()
    if known is None and present.count() >= most:
        message = _("A referral carries at most %(n)d files. Remove one first.")
        raise ValidationError({"file": message % {"n": most}})
    return known


def _keep(
    referral: Referral, checked: uploads.CheckedFile, by: Any, institution_id: int
) -> Attachment:
    attachment = Attachment(
        referral=referral,
        name=checked.name,
        content_type=checked.content_type,
        size=checked.size,
        sha256=checked.sha256,
        uploaded_by=by,
        institution_id=institution_id,
    )
    # Stored under its own id: names of patients stay out of paths.
    attachment.file.save(
        f"{attachment.public_id}{checked.kind.suffix}", ContentFile(checked.content)
    )
    ledger.record(
        "referral.attached",
        by=by,
        subject=referral,
        institution_id=institution_id,
        sha256=checked.sha256,
    )
    return attachment


@one_transaction
def remove_attachment(*, attachment: Attachment, by: Any) -> Attachment:
    """Take a file out of sight; only the house that added it may, and the trace stays."""
    if attachment.institution_id != _party(by, attachment.referral):
        raise PermissionDenied(_("Only the institution that added a file removes it."))
    if attachment.referral.status in FINAL:
        message = _("This referral has ended; what was decided on its papers stays readable.")
        raise DomainError("already_ended", message)
    changed = Attachment.objects.filter(pk=attachment.pk, removed_at=None).update(
        removed_at=timezone.now(), removed_by=by
    )
    if not changed:
        raise DomainError("already_removed", _("This file was removed already."))
    ledger.record(
        "referral.attachment_removed",
        by=by,
        subject=attachment.referral,
        institution_id=attachment.institution_id,
        sha256=attachment.sha256,
    )
    attachment.refresh_from_db()
    return attachment
