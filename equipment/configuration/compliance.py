"""Scheduled checks on the base configuration."""

from typing import Any

from django.db.models import CharField, DateField, F, QuerySet, Value
from django.db.models.functions import Cast, JSONObject
from django.utils.translation import gettext_lazy as _

from alliance.core.choices import Severity
from alliance.core.compliance import COLUMNS, Question, check

from .models import Standard, StandardItem


@check(
    "configuration.short",
    title=_("Base configuration short"),
    says=_(
        "%(device_type)s: at least %(need)s are asked; %(have)s stand on the register, of which"
        " %(too_old)s are too old"
    ),
    severity=Severity.MINOR,
    source=_("Base configuration of the alliance"),
    route="configuration:gap",
)
def short(question: Question) -> QuerySet[Any, dict[str, Any]]:
    """Members that have less of a type than the edition in force asks of their tier."""
    on = question.on
    standards = Standard.objects.in_force(alliance_ids=question.alliance_ids, on=on)
    rows = StandardItem.objects.filter(standard__in=standards.values("pk"))
    return (
        rows.asked_of_members(on)
        .counted(on)
        .filter(minimum__gt=F("have") - F("too_old"))
        .annotate(
            subject=Cast("house_public_id", CharField()),
            facet=F("type__code"),
            due_on=Value(None, DateField()),
            evidence=JSONObject(
                device_type="type__name", need="minimum", have="have", too_old="too_old"
            ),
        )
        .values(*COLUMNS)
    )
