"""The members page: now, to come, former."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from ..models import Membership, Relation
from ..querysets import tier_order

STATES = {"now": _("Members now"), "later": _("To come"), "former": _("Former")}


def state_of(asked: str | None) -> str:
    """Which of the three lists is asked for; members now unless told."""
    return asked if asked in STATES else "now"


def memberships(rows: QuerySet[Membership], state: str, *, on: date) -> QuerySet[Membership]:
    """The memberships of one list, with whether the matrix knows the institution."""
    if state == "now":
        rows = rows.in_force(on)  # type: ignore[attr-defined]
    elif state == "later":
        rows = rows.filter(valid_from__gt=on)
    else:
        rows = rows.filter(valid_until__lte=on)
    cells = Relation.objects.filter(alliance=OuterRef("alliance"), sender=OuterRef("institution"))
    return rows.select_related("institution", "institution__parent").annotate(
        rank=tier_order("institution__tier"), has_relations=Exists(cells)
    )


def tabs(state: str) -> list[dict[str, Any]]:
    """The three lists as tabs."""
    return [
        {"label": label, "url": f"?show={key}", "active": key == state}
        for key, label in STATES.items()
    ]
