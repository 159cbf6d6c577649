"""Attachments: type by content, size by policy, never served as anything but themselves."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from alliance.core.access import has_permission
from alliance.core.choices import Permission

from ..models import Referral


def _party(user: Any, referral: Referral) -> int:
    """The institution on whose behalf the user may change the papers."""
    for pk in (referral.sender_id, referral.receiver_id):
        if pk and has_permission(user, Permission.REFERRAL_CARE, institution_id=pk):
            return pk
    raise PermissionDenied(_("Only the two institutions of a referral add papers."))
