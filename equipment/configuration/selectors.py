"""What others may ask: what an institution must have, has and lacks at a moment."""

from datetime import date, datetime
from typing import Any

from django.db.models import Count
from django.db.models.functions import Coalesce
from django.utils import timezone

from alliance.core.policy import policy
from equipment.devices.models import Device
from equipment.devices.selectors import devices_of_members
from equipment.service.selectors import in_service

from . import rules
from .choices import EditionStatus
from .models import Standard, StandardItem
from .querysets import Ids, fresh, number_of, own_devices
from .rules import Gap as Gap


def standard_in_force(*, alliance_id: int, on: date) -> Standard | None:
    """The edition of the base configuration that counts for an alliance on a date."""
    found: Standard | None = Standard.objects.in_force(alliance_ids=[alliance_id], on=on).first()
    return found


def newest_published(*, alliance_id: int) -> Standard | None:
    """The published edition that takes effect last, now or later."""
    rows = Standard.objects.published().filter(alliance=alliance_id)
    newest: Standard | None = rows.order_by("-effective_from").first()
    return newest


def newest_draft(*, alliance_id: int | None) -> Standard | None:
    """An alliance's newest draft: the one that files come into."""
    rows = Standard.objects.filter(alliance=alliance_id, status=EditionStatus.DRAFT)
    newest: Standard | None = rows.order_by("-created_at", "-pk").first()
    return newest


def gap_rows(*, alliance_ids: Ids, at: datetime) -> Any:
    """What the editions in force ask of each member at a moment, as a query: counted, by house."""
    on = timezone.localdate(at)
    standards = Standard.objects.in_force(alliance_ids=alliance_ids, on=on)
    working = in_service(own_devices().filter(fresh(on)), since=at, until=at)
    rows = StandardItem.objects.filter(standard__in=standards.values("pk"))
    return (
        rows.asked_of_members(on)
        .counted(on)
        .annotate(usable=number_of(working))
        .for_list()
        .order_by("house_name", "house_id", "type__name", "pk")
    )


def gaps(
    *,
    alliance_id: int,
    at: datetime,
    institution_id: int | None = None,
    type_id: int | None = None,
) -> list[Gap]:
    """What is asked of the members of an alliance (or of one) and what they have; one query."""
    rows = gap_rows(alliance_ids=[alliance_id], at=at)
    if institution_id is not None:
        rows = rows.filter(house_id=institution_id)
    if type_id is not None:
        rows = rows.filter(type=type_id)
    return [gap_of(row) for row in rows]


def gap_of(row: Any) -> Gap:
    """A row of `gap_rows` as the rules take it."""
    return rules.Gap(
        alliance_id=row.alliance_id,
        institution_id=row.house_id,
        institution=row.house_name,
        tier=row.tier,
        type_id=row.type_id,
        type_code=row.type.code,
        type_name=str(row.type),
        need=row.minimum,
        max_age_years=row.max_age_years,
        have=row.have,
        too_old=row.too_old,
        usable=row.usable,
    )


Ages = list[tuple[str, date, int]]


def ages(*, alliance_id: int, on: date, institution_id: int | None = None) -> Ages:
    """The devices of members (or of one) by tier and the day their age counts from, and how many.

    That is when they were bought, wherever they stood before; else when they came into use.
    """
    rows = devices_of_members(alliance_id, on) if institution_id is None else None
    if rows is None:
        rows = Device.objects.standing_on(on).filter(owner=institution_id)
    since = Coalesce("purchased_on", "in_use_from")
    grouped = rows.order_by().values("owner__tier", since=since).annotate(number=Count("pk"))
    return list(grouped.values_list("owner__tier", "since", "number"))


def old_years(*, alliance_id: int, on: date) -> int:
    """From how many years of use on an alliance calls a device old."""
    years: int = policy("configuration.old_years", on=on, alliance_id=alliance_id)
    return years
