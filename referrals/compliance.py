"""Scheduled checks on referrals, asked of their events, so that any day can be looked at."""

from datetime import timedelta
from typing import Any

from django.db.models import CharField, DateField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, JSONObject
from django.utils.translation import gettext_lazy as _

from alliance.core.choices import Severity
from alliance.core.compliance import COLUMNS, Parameter, Question, check

from .choices import Move, Status
from .models import ReferralEvent

_LEG = "referrals:detail"
# What should have happened already has no further day by which to mend it.
NEVER = Value(None, DateField())


def _last_events(question: Question) -> QuerySet[ReferralEvent]:
    """The event that said how each leg stood at the end of the day."""
    later = ReferralEvent.objects.filter(
        referral=OuterRef("referral"), version__gt=OuterRef("version"), at__lt=question.until
    )
    return ReferralEvent.objects.filter(
        ~Exists(later),
        Q(referral__closed_at=None) | Q(referral__closed_at__gte=question.until),
        referral__alliance__in=question.alliance_ids,
        at__lt=question.until,
    )


def _rows(
    events: QuerySet[ReferralEvent], *, facet: Any, house: str, due: Any, **evidence: Any
) -> QuerySet[Any, dict[str, Any]]:
    seen = {"clock": "clock", "since_at": "at", "due_at": "due_at"}
    return events.annotate(
        alliance_id=F("referral__alliance_id"),
        subject=Cast("referral__public_id", CharField()),
        facet=facet,
        house_id=F(house),
        due_on=due,
        evidence=JSONObject(number="referral__number", status="target", **(evidence or seen)),
    ).values(*COLUMNS)


@check(
    "referrals.clock_broken",
    title=_("Clock of a referral broken"),
    says=_("%(number)s: %(clock)s should have been done by %(due_at)s"),
    severity=Severity.MAJOR,
    source=_("Policy of the alliance: clocks of referrals"),
    route=_LEG,
    parameters=(Parameter("hours", "hours", 24, _("Hours past due before it counts")),),
)
def clock_broken(question: Question) -> QuerySet[Any, dict[str, Any]]:
    """Legs whose running clock ran out and still ran at the end of the day."""
    late = question.until - timedelta(hours=question.settings["hours"])
    events = _last_events(question).filter(due_at__lt=late, holder__isnull=False)
    return _rows(events, facet=F("clock"), house="holder_id", due=NEVER)


@check(
    "referrals.way_back_missing",
    title=_("Way back missing"),
    says=_("%(number)s: care was done on %(since_at)s and the patient was not sent back"),
    severity=Severity.MAJOR,
    source=_("Two-way referral: patients in recovery go back to the grassroots"),
    route=_LEG,
    parameters=(Parameter("days", "days", 3, _("Days after the end of care")),),
)
def way_back_missing(question: Question) -> QuerySet[Any, dict[str, Any]]:
    """Legs whose care has been done for days, neither referred back nor closed."""
    since = question.until - timedelta(days=question.settings["days"])
    events = _last_events(question).filter(target=Status.CARE_DONE, at__lt=since)
    return _rows(events, facet=Value(""), house="referral__receiver_id", due=NEVER)


@check(
    "referrals.follow_up_missed",
    title=_("Follow-up missed"),
    says=_("%(number)s: a visit was promised for %(next_on)s"),
    severity=Severity.MAJOR,
    source=_("国家基本公共卫生服务规范 (2017): follow-up"),
    route=_LEG,
    parameters=(Parameter("days", "days", 7, _("Days past the promised visit")),),
)
def follow_up_missed(question: Question) -> QuerySet[Any, dict[str, Any]]:
    """Back legs whose next promised visit has passed without another."""
    late = question.on - timedelta(days=question.settings["days"])
    promised = Cast(KT("data__next_on"), DateField())
    events = (
        _last_events(question)
        .filter(move=Move.FOLLOW_UP, data__next_on__isnull=False)
        .exclude(data__next_on=None)
        .annotate(promised=promised)
        .filter(promised__lt=late)
    )
    return _rows(
        events,
        facet=Value(""),
        house="referral__receiver_id",
        due=NEVER,
        next_on=KT("data__next_on"),
    )
