"""The relation matrix as a table, and one sender's row as a list."""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from .. import selectors
from ..actions import Generated
from ..choices import TIER_RANK, Tier
from ..forms import MatrixFilterForm, RelationForm
from ..models import Alliance, Institution, Relation

# What a browser and a reader can still take in; more is narrowed by the filter.
MOST_ROWS = 40
MOST_COLUMNS = 60

_ARROWS = {"up": "↑", "down": "↓", "lateral": "↔"}
Pairs = Mapping[tuple[int, int], Relation]


def matrix(alliance: Alliance, form: MatrixFilterForm, *, on: date) -> dict[str, Any]:
    """The part of the matrix that the filter asks for."""
    form.is_valid()
    asked = form.cleaned_data
    members = _members(alliance, on)
    senders = _narrow(members, asked.get("sender_tier", ""), asked.get("search", ""))
    receivers = _narrow(members, asked.get("receiver_tier", ""), "")
    rows, columns = senders[:MOST_ROWS], receivers[:MOST_COLUMNS]
    cells = _cells(alliance, rows, columns)
    return {
        "alliance": alliance,
        "form": form,
        "column_groups": _by_tier(columns),
        "columns": columns,
        "row_groups": [
            {
                "tier": group["tier"],
                "rows": [_row(sender, columns, cells) for sender in group["houses"]],
            }
            for group in _by_tier(rows)
        ],
        "hidden_rows": len(senders) - len(rows),
        "hidden_columns": len(receivers) - len(columns),
        "senders": _by_tier(rows),
        "is_empty": not members,
        "has_cells": bool(cells),
    }


def matrix_row(
    alliance: Alliance,
    sender: Institution,
    *,
    on: date,
    refused: Mapping[int, RelationForm] | None = None,
) -> dict[str, Any]:
    """Every other member as a receiver of one sender, grouped by tier, with notes.

    `refused` holds the form that could not be saved, by receiver.
    """
    receivers = [house for house in _members(alliance, on) if house.pk != sender.pk]
    cells = _cells(alliance, [sender], receivers, with_editor=True)
    return {
        "alliance": alliance,
        "sender": sender,
        "groups": [
            {
                "tier": group["tier"],
                "cells": [
                    cell(sender, receiver, cells.get((sender.pk, receiver.pk)))
                    | {"refused": (refused or {}).get(receiver.pk)}
                    for receiver in group["houses"]
                ],
            }
            for group in _by_tier(receivers)
        ],
    }


def cell(sender: Institution, receiver: Institution, relation: Relation | None) -> dict[str, Any]:
    """One cell: what it says, and what pressing it would do."""
    is_open = relation is not None and relation.is_allowed
    words = _("allowed") if is_open else _("not allowed")
    how = "" if relation is None or relation.by_rule else _(", set by hand")
    return {
        "id": f"cell-{sender.pk}-{receiver.pk}",
        "sender": sender,
        "receiver": receiver,
        "relation": relation,
        "is_open": is_open,
        "by_hand": relation is not None and not relation.by_rule,
        "sign": _ARROWS[relation.direction] if relation is not None and is_open else "·",
        "value": f"{sender.public_id}:{receiver.public_id}:{'close' if is_open else 'open'}",
        "label": f"{sender} → {receiver}: {words}{how}",
    }


def generated(result: Generated) -> str:
    """What generating the matrix did, in one sentence."""
    if not (result.created or result.corrected or result.removed):
        message = _("Nothing to do: %(unchanged)s cells by rule, %(kept)s kept as set by hand.")
    else:
        message = _(
            "%(created)s cells made, %(corrected)s corrected, %(removed)s removed,"
            " %(kept)s kept as set by hand."
        )
    return message % {
        "created": result.created,
        "corrected": result.corrected,
        "removed": result.removed,
        "unchanged": result.unchanged,
        "kept": result.kept_by_hand,
    }


def _members(alliance: Alliance, on: date) -> list[Institution]:
    """Members now and to come, the highest tier first."""
    rows = selectors.present_and_coming(alliance.pk, on=on)
    houses = {row.institution_id: row.institution for row in rows}
    return sorted(houses.values(), key=lambda house: (-TIER_RANK[house.tier], house.pinyin))


def _narrow(members: Iterable[Institution], tier: str, text: str) -> list[Institution]:
    text = text.strip().lower()
    return [
        house
        for house in members
        if (not tier or house.tier == tier)
        and (not text or text in house.pinyin or text in house.name or text in house.short_name)
    ]


def _cells(
    alliance: Alliance,
    senders: list[Institution],
    receivers: list[Institution],
    *,
    with_editor: bool = False,
) -> dict[tuple[int, int], Relation]:
    found = Relation.objects.filter(alliance=alliance, sender__in=senders, receiver__in=receivers)
    if with_editor:
        found = found.select_related("changed_by")
    return {(one.sender_id, one.receiver_id): one for one in found}


def _row(sender: Institution, columns: list[Institution], cells: Pairs) -> dict[str, Any]:
    return {
        "sender": sender,
        "cells": [
            None
            if sender.pk == receiver.pk
            else cell(sender, receiver, cells.get((sender.pk, receiver.pk)))
            for receiver in columns
        ],
    }


def _by_tier(houses: list[Institution]) -> list[dict[str, Any]]:
    return [
        {"tier": Tier(tier).label, "houses": list(group)}
        for tier, group in groupby(houses, key=lambda house: house.tier)
    ]
