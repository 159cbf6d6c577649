"""The relation matrix: made by rule in one go, then edited cell by cell."""

from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger
from alliance.core.access import require
from alliance.core.choices import Permission
from alliance.core.errors import DomainError

from .. import rules, selectors
from ..models import Alliance, Institution, Relation

_BATCH = 2000


@dataclass(frozen=True)
class Generated:
    """How many cells the rule made, corrected, removed and left alone."""

    created: int
    corrected: int
    removed: int
    kept_by_hand: int
    unchanged: int


@transaction.atomic
def generate_relations(*, alliance: Alliance, by: Any) -> Generated:
    """Make every cell that the rule asks for among present and coming members."""
    _lock(alliance, by)
    cells = {
        (cell.sender_id, cell.receiver_id): cell
        for cell in Relation.objects.filter(alliance=alliance)
    }
    known = {
        pair: rules.Cell(cell.direction, cell.is_allowed, cell.by_rule)
        for pair, cell in cells.items()
    }
    plan = rules.plan_matrix(_members(alliance), known)
    _carry_out(plan, alliance, cells)
    result = Generated(
        created=len(plan.create),
        corrected=len(plan.correct),
        removed=len(plan.remove),
        kept_by_hand=plan.kept_by_hand,
        unchanged=plan.unchanged,
    )
    ledger.record("relations.generated", by=by, subject=alliance, **asdict(result))
    return result


def _carry_out(
    plan: rules.MatrixPlan, alliance: Alliance, cells: dict[tuple[int, int], Relation]
) -> None:
    made = [
        Relation(alliance=alliance, sender_id=sender, receiver_id=receiver, direction=direction)
        for (sender, receiver), direction in plan.create.items()
    ]
    Relation.objects.bulk_create(made, batch_size=_BATCH)
    for pair, direction in plan.correct.items():
        cells[pair].direction, cells[pair].is_allowed = direction, True
    Relation.objects.bulk_update(
        [cells[pair] for pair in plan.correct], ["direction", "is_allowed"], batch_size=_BATCH
    )
    Relation.objects.filter(pk__in=[cells[pair].pk for pair in plan.remove]).delete()


@transaction.atomic
def set_relation(
    *,
    alliance: Alliance,
    sender: Institution,
    receiver: Institution,
    is_allowed: bool,
    by: Any,
    note: str = "",
) -> Relation:
    """Open or close one cell by hand; the rule leaves it alone from then on."""
    _lock(alliance, by)
    _refuse_strangers(alliance, sender, receiver)
    cell, created = Relation.objects.update_or_create(
        alliance=alliance,
        sender=sender,
        receiver=receiver,
        defaults={
            "direction": rules.direction_between(sender.tier, receiver.tier),
            "is_allowed": is_allowed,
            "by_rule": False,
            "note": note.strip()[:200],
            "changed_by": by,
        },
    )
    _record("relation.opened" if is_allowed else "relation.closed", cell, by, new=created)
    return cell


@transaction.atomic
def follow_rule(
    *, alliance: Alliance, sender: Institution, receiver: Institution, by: Any
) -> Relation | None:
    """Give one cell back to the rule; None when the rule has no cell for this pair."""
    _lock(alliance, by)
    cell: Relation | None = Relation.objects.filter(
        alliance=alliance, sender=sender, receiver=receiver
    ).first()
    pair = [rules.Member(i.pk, i.tier, i.parent_id) for i in (sender, receiver)]
    wanted = {(one, other): way for one, other, way in rules.default_relations(pair)}
    direction = wanted.get((sender.pk, receiver.pk))
    if cell is None or cell.by_rule:
        return cell
    _record("relation.by_rule", cell, by)
    if direction is None:
        cell.delete()
        return None
    cell.direction, cell.is_allowed, cell.by_rule = direction, True, True
    cell.note, cell.changed_by = "", by
    cell.save()
    return cell


def _lock(alliance: Alliance, by: Any) -> None:
    """One change of an alliance's matrix at a time, by its office."""
    require(by, Permission.MATRIX_MANAGE, alliance_id=alliance.pk)
    Alliance.objects.select_for_update().get(pk=alliance.pk)


def _members(alliance: Alliance) -> list[rules.Member]:
    """Institutions that are or will be members."""
    rows = (
        selectors.present_and_coming(alliance.pk, on=timezone.localdate())
        .values_list("institution_id", "institution__tier", "institution__parent_id")
        .distinct()
    )
    return [rules.Member(pk, tier, parent_id) for pk, tier, parent_id in rows]


def _refuse_strangers(alliance: Alliance, sender: Institution, receiver: Institution) -> None:
    if sender.pk == receiver.pk:
        raise DomainError("same_institution", _("An institution cannot refer to itself."))
    ids = {sender.pk, receiver.pk}
    current = selectors.present_and_coming(alliance.pk, on=timezone.localdate())
    members = set(current.filter(institution__in=ids).values_list("institution_id", flat=True))
    if members != ids:
        raise DomainError("not_a_member", _("Both institutions must be members of the alliance."))


def _record(action: str, cell: Relation, by: Any, **data: Any) -> None:
    ledger.record(
        action,
        by=by,
        subject=cell,
        institution_id=cell.sender_id,
        receiver_id=cell.receiver_id,
        note=cell.note,
        **data,
    )
