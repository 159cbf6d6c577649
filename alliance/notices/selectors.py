"""What others may ask about notices."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import OuterRef, Subquery

from .choices import EMAIL_BY_DEFAULT, NoticeKind
from .models import Notice, Preference

# The bell counts this far and then says "99+": nobody reads a larger number.
MOST = 99


@dataclass(frozen=True)
class Reader:
    """Somebody to be told, and whether by e-mail too."""

    pk: int
    wants_email: bool


def readers(*, user_ids: Iterable[int], kind: str) -> list[Reader]:
    """The active ones among `user_ids`, in one query; systems read, and get no letters."""
    chosen = Preference.objects.filter(user=OuterRef("pk"), kind=kind).values("by_email")
    rows = (
        get_user_model()
        .objects.filter(pk__in=set(user_ids), is_active=True)
        .annotate(chosen=Subquery(chosen))
        .values_list("pk", "email", "is_service", "chosen")
    )
    default = kind in EMAIL_BY_DEFAULT
    return [
        Reader(pk, bool(email) and not is_service and (default if wants is None else wants))
        for pk, email, is_service, wants in rows
    ]


def wanted_kinds(user: Any) -> set[str]:
    """The kinds that this person gets by e-mail."""
    chosen = dict(Preference.objects.filter(user=user).values_list("kind", "by_email"))
    return {kind for kind in NoticeKind.values if chosen.get(kind, kind in EMAIL_BY_DEFAULT)}


def unread_count(user: Any) -> int:
    """How many notices wait, counted up to MOST + 1 and no further."""
    waiting = Notice.objects.visible_to(user).unread()
    return int(min(waiting[: MOST + 1].count(), MOST + 1))
