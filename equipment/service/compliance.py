"""Scheduled checks on devices in use."""

from datetime import timedelta
from typing import Any

from django.db.models import (
    CharField,
    DateField,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce, JSONObject
from django.utils.translation import gettext_lazy as _

from alliance.core.choices import Severity
from alliance.core.compliance import COLUMNS, Parameter, Question, check
from alliance.core.policy import PLATFORM
from alliance.institutions.querysets import joined
from equipment.devices.models import Device

from .choices import PlanKind
from .models import Outage, RecalledDevice, ServiceRecord

_PLAN = "service:plan"
_DEVICE = "devices:device"
_CALIBRATION = (PlanKind.STATUTORY, PlanKind.ROUTINE)
_METROLOGY = _("计量法 (2018), article 9: uncalibrated instruments may not be used")


def _checks(question: Question, kinds: Any) -> QuerySet[Any]:
    """Plans that went on at the end of a day, each with the day by which its check was due then.

    They are asked of their devices, so that `due_on` may be what it was on the day: a check that
    was recorded since, or a plan that has ended since, does not change what was true.
    """
    on, until = question.on, question.until
    going_on = Q(plans__ended_at=None) | Q(plans__ended_at__gte=until)
    plan = FilteredRelation(
        "plans", condition=going_on & Q(plans__kind__in=kinds, plans__created_at__lt=until)
    )
    later = ServiceRecord.objects.passed().filter(plan=OuterRef("plan__pk"), done_on__gt=on)
    then = later.order_by("done_on", "pk").values("due_on")[:1]
    devices = joined(Device.objects.standing_on(on), "owner__memberships", on)
    return (
        devices.filter(alliance_id__in=question.alliance_ids)
        .alias(plan=plan)
        .filter(plan__isnull=False)
        .annotate(
            due_on=Coalesce(Subquery(then), F("plan__due_on")),
            subject=Cast("plan__public_id", CharField()),
            facet=Value(""),
            house_id=F("owner_id"),
        )
        .annotate(
            evidence=JSONObject(
                device="name", number="asset_number", plan="plan__name", due_on="due_on"
            )
        )
    )


@check(
    "service.calibration_overdue",
    title=_("Calibration overdue"),
    says=_("%(device)s %(number)s: %(plan)s was due by %(due_on)s"),
    severity=Severity.CRITICAL,
    source=_METROLOGY,
    route=_PLAN,
)
def calibration_overdue(question: Question) -> QuerySet[Any, dict[str, Any]]:
    """Calibrations whose due day had passed."""
    return _overdue(question, _CALIBRATION)


@check(
    "service.maintenance_overdue",
    title=_("Preventive maintenance overdue"),
    says=_("%(device)s %(number)s: %(plan)s was due by %(due_on)s"),
    severity=Severity.MAJOR,
    source=PLATFORM,
    route=_PLAN,
)
def maintenance_overdue(question: Question) -> QuerySet[Any, dict[str, Any]]:
    """Maintenance whose due day had passed."""
    return _overdue(question, (PlanKind.PREVENTIVE,))


def _overdue(question: Question, kinds: Any) -> QuerySet[Any, dict[str, Any]]:
    return _checks(question, kinds).filter(due_on__lt=question.on).values(*COLUMNS)


@check(
    "service.check_due",
    title=_("Calibration or maintenance falls due"),
    says=_("%(device)s %(number)s: %(plan)s is due by %(due_on)s"),
    severity=Severity.NOTICE,
    source=PLATFORM,
    route=_PLAN,
    parameters=(Parameter("days", "days", 30, _("Days before it is due"), minimum=1, maximum=365),),
)
def check_due(question: Question) -> QuerySet[Any, dict[str, Any]]:
    """Checks of every kind that fall due within some days."""
    last = question.on + timedelta(days=question.settings["days"])
    found = _checks(question, PlanKind.values)
    return found.filter(due_on__gte=question.on, due_on__lte=last).values(*COLUMNS)


@check(
    "service.past_life",
    title=_("Device in use past its expected life"),
    says=_("%(device)s %(number)s should have been replaced by %(life_ends_on)s"),
    severity=Severity.MINOR,
    source=PLATFORM,
    route=_DEVICE,
    parameters=(Parameter("days", "days", 0, _("Days after the end of its life")),),
)
def past_life(question: Question) -> QuerySet[Any, dict[str, Any]]:
    """Devices on the register whose expected life has ended."""
    limit = question.on - timedelta(days=question.settings["days"])
    devices = Device.objects.standing_on(question.on).filter(life_ends_on__lte=limit)
    return (
        joined(devices, "owner__memberships", question.on)
        .filter(alliance_id__in=question.alliance_ids)
        .annotate(
            subject=Cast("public_id", CharField()),
            facet=Value(""),
            house_id=F("owner_id"),
            due_on=Value(None, DateField()),
            evidence=JSONObject(device="name", number="asset_number", life_ends_on="life_ends_on"),
        )
        .values(*COLUMNS)
    )


@check(
    "service.recalled_in_use",
    title=_("Recalled device in use"),
    says=_("%(device)s %(number)s is recalled (%(recall)s) and not out of use"),
    severity=Severity.CRITICAL,
    source=_("医疗器械召回管理办法 (2017, no. 29): stop using what is recalled"),
    route=_DEVICE,
    parameters=(
        Parameter("days", "days", 3, _("Days after the notice from which it counts"), maximum=365),
    ),
)
def recalled_in_use(question: Question) -> QuerySet[Any, dict[str, Any]]:
    """Devices under a recall that nobody had dealt with and that could be used all the same."""
    limit = question.on - timedelta(days=question.settings["days"])
    handled = Q(handled_at__isnull=False, handled_at__lt=question.until)
    closed = Q(recall__closed_at__isnull=False, recall__closed_at__lt=question.until)
    down = Outage.objects.filter(
        Q(ends_at=None) | Q(ends_at__gte=question.until),
        device=OuterRef("device"),
        starts_at__lt=question.until,
    )
    gone = Q(device__retired_on__isnull=False, device__retired_on__lte=question.on)
    rows = RecalledDevice.objects.filter(
        ~handled, ~closed, ~gone, ~Exists(down),
        recall__published_on__lte=limit, created_at__lt=question.until,
    )  # fmt: skip
    return (
        joined(rows, "device__owner__memberships", question.on)
        .filter(alliance_id__in=question.alliance_ids)
        .annotate(
            subject=Cast("device__public_id", CharField()),
            facet=Cast("recall_id", CharField()),
            house_id=F("device__owner_id"),
            due_on=Value(None, DateField()),
            evidence=JSONObject(
                device="device__name", number="device__asset_number", recall="recall__title"
            ),
        )
        .values(*COLUMNS)
    )
