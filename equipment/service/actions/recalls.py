"""Recalls: issued, matched with devices, dealt with device by device, closed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger, outbox, versions
from alliance.core.errors import DomainError
from alliance.core.saving import assign, store, validated
from alliance.core.transactions import one_transaction
from alliance.institutions.models import Alliance, Institution
from alliance.institutions.policies import insist
from equipment.devices import actions as devices
from equipment.devices.choices import Retirement
from equipment.devices.models import Device

from .. import policies, selectors
from ..choices import OutageReason, RecallOutcome
from ..models import Outage, Recall, RecalledDevice
from . import outages

FIELDS = (
    "title", "level", "reference", "published_on", "type", "maker", "model", "udi", "serials",
    "instruction", "stops_use",
)  # fmt: skip


@one_transaction
def issue_recall(
    *,
    alliance: Alliance,
    values: Mapping[str, Any],
    by: Any,
    institution: Institution | None = None,
) -> Recall:
    """Pass a maker's recall on to every member of the alliance, or keep it for one house."""
    recall, errors = _drafted(alliance, values, by, institution)
    store(recall, errors)
    house = recall.institution_id
    ledger.record("recall.issued", by=by, subject=recall, institution_id=house, title=recall.title)
    match_recall(recall=recall, by=by)
    return recall


def recall_would_find(
    *,
    alliance: Alliance,
    values: Mapping[str, Any],
    by: Any,
    institution: Institution | None = None,
) -> QuerySet[Device]:
    """The devices that issuing such a recall would concern; what is wrong with it is refused."""
    recall, errors = _drafted(alliance, values, by, institution)
    validated(recall, errors)
    return selectors.devices_meant(recall, on=timezone.localdate())


def _drafted(
    alliance: Alliance, values: Mapping[str, Any], by: Any, institution: Institution | None
) -> tuple[Recall, dict[str, Any]]:
    house = institution.pk if institution else None
    insist(policies.may_recall(by, alliance_id=alliance.pk, institution_id=house))
    recall = Recall(alliance=alliance, institution=institution, issued_by=by)
    assign(recall, {name: values[name] for name in FIELDS if name in values})
    errors = {}
    if recall.published_on > timezone.localdate():
        errors["published_on"] = _("This is still to come.")
    return recall, errors


@one_transaction
def match_recall(*, recall: Recall, by: Any) -> int:
    """Find the devices it concerns that are not on its list yet; return how many were new.

    Run when it is issued, and every night for devices that were registered since.
    """
    row: Recall = Recall.objects.select_for_update(of=("self",)).get(pk=recall.pk)
    if row.closed_at is not None:
        return 0
    found = selectors.devices_meant(row, on=timezone.localdate())
    new = list(found.exclude(recalls__recall=row).values_list("pk", "owner_id"))
    RecalledDevice.objects.bulk_create(RecalledDevice(recall=row, device_id=pk) for pk, _o in new)
    if row.stops_use:
        outages.open_outages(
            [pk for pk, _owner in new],
            reason=OutageReason.RECALL,
            at=timezone.now(),
            note=row.title,
            by=by,
            recall=row,
        )
    for house in sorted({owner for _pk, owner in new}):
        outbox.put("service.recalled", recall_id=row.pk, institution_id=house)
    return len(new)


def match_recalls() -> int:
    """Every open recall, once a night, each by itself; return how many devices were new.

    Together they would hold devices in the order of recalls, and wait for ever for whoever books
    several at once.
    """
    rows = Recall.objects.open().select_related("issued_by").order_by("pk")
    return sum(match_recall(recall=row, by=row.issued_by) for row in rows)


@one_transaction
def handle_recalled(
    *, recalled: RecalledDevice, outcome: str, note: str, by: Any
) -> RecalledDevice:
    """Say what became of a recalled device; unless it is given back, it may be used again."""
    rows = RecalledDevice.objects.select_for_update(of=("self",)).select_related("device", "recall")
    row: RecalledDevice = rows.get(pk=recalled.pk)
    insist(policies.may_keep(by, row.device.owner_id))
    if row.handled_at is not None:
        raise DomainError("handled_already", _("This device has been dealt with already."))
    now = timezone.now()
    row.outcome, row.note = outcome, note.strip()
    row.handled_at, row.handled_by = now, by
    errors = {} if row.note else {"note": _("Say what was done.")}
    store(row, errors)
    if outcome == RecallOutcome.REMOVED:
        if row.device.retired_on is None:
            devices.retire(
                device=row.device,
                retirement=Retirement.RECALLED,
                on=timezone.localdate(now),
                note=row.recall.title,
                by=by,
            )
    else:
        stopped = Outage.objects.filter(recall=row.recall, device=row.device)
        outages.close(stopped, at=now, by=by)
    ledger.record(
        "recall.handled",
        by=by,
        subject=row.recall,
        institution_id=row.device.owner_id,
        device=str(row.device.public_id),
        outcome=outcome,
    )
    return row


@one_transaction
def close_recall(*, recall: Recall, version: int, by: Any) -> Recall:
    """End a recall once every device it concerns has been dealt with."""
    row: Recall = Recall.objects.select_for_update(of=("self",)).get(pk=recall.pk)
    insist(policies.may_close_recall(by, row))
    versions.check(row, version)
    if row.closed_at is not None:
        raise DomainError("recall_closed", _("This recall is closed already."))
    waiting = row.devices.waiting().count()
    if waiting:
        message = _("%(count)s devices have not been dealt with yet.") % {"count": waiting}
        raise DomainError("devices_waiting", message)
    row.closed_at, row.closed_by = timezone.now(), by
    row.version += 1
    store(row)
    ledger.record("recall.closed", by=by, subject=row, institution_id=row.institution_id)
    return row
