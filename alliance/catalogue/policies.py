"""May this person change that edition, and is it still one that changes."""

from typing import Any

from django.utils.translation import gettext as _

from alliance.core.access import has_permission, require
from alliance.core.choices import Permission
from alliance.core.errors import DomainError

from .choices import EditionStatus
from .models import CatalogueEdition


def may_maintain(user: Any, alliance_id: int) -> bool:
    """Whether the user maintains the catalogue of an alliance."""
    return has_permission(user, Permission.CATALOGUE_MANAGE, alliance_id=alliance_id)


def insist_on_draft(user: Any, edition: CatalogueEdition) -> None:
    """PermissionDenied for who does not maintain it, DomainError when it is published."""
    require(user, Permission.CATALOGUE_MANAGE, alliance_id=edition.alliance_id)
    if edition.status != EditionStatus.DRAFT:
        raise DomainError(
            "edition_published",
            _("A published edition is never changed. Draft a new edition instead."),
        )
