"""Attachments as a list that can be opened and, by whoever added them, shortened."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from alliance.core.access import access_of
from alliance.core.choices import Permission
from alliance.core.policy import PolicySet

from ..models import Attachment, Referral

_MEGABYTE = 1024 * 1024


def files(user: Any, leg: Referral) -> list[dict[str, Any]]:
    """The papers of a leg that this person may open, oldest first."""
    mine = access_of(user).institutions_with(Permission.REFERRAL_CARE)
    found = Attachment.objects.visible_to(user).filter(referral=leg).order_by("pk")
    return [
        {
            "name": paper.name,
            "url": _address("referrals:attachment", leg, paper),
            "size": paper.size,
            "kind": "image" if paper.content_type.startswith("image/") else "file",
            "at": paper.created_at,
            "remove_url": _address("referrals:remove-attachment", leg, paper)
            if paper.institution_id in mine and leg.closed_at is None
            else "",
        }
        for paper in found
    ]


def _address(route: str, leg: Referral, paper: Attachment) -> str:
    return reverse(route, args=[leg.public_id, paper.public_id])


def limit_words(limits: PolicySet) -> str:
    """What may be attached."""
    return _("PDF, JPEG or PNG, at most %(megabytes)s MB each, %(count)d files") % {
        "megabytes": f"{limits['attachment.max_bytes'] / _MEGABYTE:g}",
        "count": limits["attachment.max_count"],
    }
