"""Who maintains the base configuration, and whose gaps one may look at."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from alliance.core.access import access_of, has_permission, require
from alliance.core.choices import Permission
from alliance.core.errors import DomainError
from alliance.institutions.models import Institution

from .choices import EditionStatus
from .models import Standard


def may_look(user: Any) -> bool:
    """Whether editions of the base configuration concern the user at all."""
    return Permission.EQUIPMENT_VIEW in access_of(user).everywhere()


def may_maintain(user: Any, alliance_id: int) -> bool:
    """Whether the user maintains the base configuration of an alliance."""
    return has_permission(user, Permission.EQUIPMENT_STANDARD, alliance_id=alliance_id)


def alliances_to_maintain(user: Any) -> list[int]:
    """Ids of the alliances whose base configuration the user maintains."""
    return access_of(user).alliances_with(Permission.EQUIPMENT_STANDARD)


def alliances_to_oversee(user: Any) -> list[int]:
    """Ids of the alliances all of whose gaps the user sees."""
    return access_of(user).alliances_with(Permission.EQUIPMENT_OVERSEE)


def houses_kept(user: Any) -> list[int]:
    """Ids of the institutions whose gaps are the user's own business."""
    return access_of(user).institutions_with(Permission.EQUIPMENT_VIEW)


def may_apply(user: Any, institution_id: int) -> bool:
    """Whether the user applies for what an institution lacks."""
    return has_permission(user, Permission.PURCHASE_APPLY, institution_id=institution_id)


def houses_seen(user: Any, on: date) -> Any:
    """The institutions whose gaps the user may look at: one's own, and members of one's alliances."""
    members = Institution.objects.members_of(alliances_to_oversee(user), on)
    return Institution.objects.filter(Q(pk__in=houses_kept(user)) | Q(pk__in=members.values("pk")))


def insist_on_draft(user: Any, standard: Standard) -> None:
    """PermissionDenied for who does not maintain it, DomainError when it is published."""
    require(user, Permission.EQUIPMENT_STANDARD, alliance_id=standard.alliance_id)
    if standard.status != EditionStatus.DRAFT:
        raise DomainError(
            "edition_published",
            _("A published edition is never changed. Draft a new edition instead."),
        )
