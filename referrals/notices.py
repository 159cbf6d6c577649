"""Who is told what when a leg moves or a clock runs out."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.core.choices import Role
from alliance.notices import texts
from alliance.notices.actions import notify
from alliance.notices.choices import NoticeKind
from alliance.people.selectors import office_of, staff_with_roles, systems_of

from .choices import AlertLevel, Move, Status
from .filed import filed
from .models import ClockAlert, Referral, ReferralEvent

# For each move: who hears of it, and whether they have to act.
_DESK, _FILER = "desk", "filer"
AUDIENCE: dict[str, tuple[tuple[str, NoticeKind], ...]] = {
    Move.SUBMIT: ((_DESK, NoticeKind.REFERRAL_TODO),),
    Move.ENDORSE: ((_DESK, NoticeKind.REFERRAL_TODO), (_FILER, NoticeKind.REFERRAL_NEWS)),
    Move.RESUBMIT: ((_DESK, NoticeKind.REFERRAL_TODO),),
    Move.ANSWER: ((_DESK, NoticeKind.REFERRAL_TODO),),
    Move.ASK: ((_FILER, NoticeKind.REFERRAL_TODO),),
    Move.RETURN: ((_FILER, NoticeKind.REFERRAL_TODO),),
    Move.ACCEPT: ((_FILER, NoticeKind.REFERRAL_NEWS),),
    Move.REJECT: ((_FILER, NoticeKind.REFERRAL_TODO),),
    Move.REDIRECT: ((_FILER, NoticeKind.REFERRAL_NEWS),),
    Move.RESERVE: ((_FILER, NoticeKind.REFERRAL_NEWS),),
    Move.REBOOK: ((_FILER, NoticeKind.REFERRAL_NEWS), (_DESK, NoticeKind.REFERRAL_NEWS)),
    Move.DEPART: ((_DESK, NoticeKind.REFERRAL_TODO),),
    Move.ARRIVE: ((_FILER, NoticeKind.REFERRAL_NEWS),),
    Move.NO_SHOW: ((_FILER, NoticeKind.REFERRAL_TODO),),
    Move.FINISH_CARE: ((_FILER, NoticeKind.REFERRAL_NEWS),),
    Move.CLOSE: ((_FILER, NoticeKind.REFERRAL_NEWS),),
    Move.CANCEL: ((_DESK, NoticeKind.REFERRAL_NEWS),),
    Move.LAPSE: ((_DESK, NoticeKind.REFERRAL_NEWS), (_FILER, NoticeKind.REFERRAL_NEWS)),
    Move.MARK_DECEASED: ((_DESK, NoticeKind.REFERRAL_NEWS), (_FILER, NoticeKind.REFERRAL_NEWS)),
    Move.MARK_ERROR: ((_DESK, NoticeKind.REFERRAL_NEWS),),
}

_ROUTE = _("%(sender)s → %(receiver)s")
_TITLES = {
    Move.SUBMIT: _("New referral %(number)s waits for your decision"),
    Move.ENDORSE: _("%(number)s was endorsed and waits for a decision"),
    Move.RESUBMIT: _("%(number)s was corrected and waits for your decision"),
    Move.ANSWER: _("Your question on %(number)s was answered"),
    Move.ASK: _("The receiver of %(number)s asks for information"),
    Move.RETURN: _("%(number)s was returned for changes"),
    Move.ACCEPT: _("%(number)s was accepted"),
    Move.REJECT: _("%(number)s was rejected; see the other places offered"),
    Move.REDIRECT: _("%(number)s was redirected to another institution"),
    Move.RESERVE: _("%(number)s has an appointment"),
    Move.REBOOK: _("%(number)s has a new appointment"),
    Move.DEPART: _("The patient of %(number)s is on the way"),
    Move.ARRIVE: _("The patient of %(number)s has arrived"),
    Move.NO_SHOW: _("The patient of %(number)s did not arrive"),
    Move.FINISH_CARE: _("Care of %(number)s is done"),
    Move.CLOSE: _("%(number)s is closed"),
    Move.CANCEL: _("%(number)s was cancelled"),
    Move.LAPSE: _("%(number)s has lapsed"),
    Move.MARK_DECEASED: _("The patient of %(number)s has died"),
    Move.MARK_ERROR: _("%(number)s was entered in error"),
}
_CLOCK_TITLES = {
    AlertLevel.WARNING: _("The clock of %(number)s is about to run out"),
    AlertLevel.DUE: _("The clock of %(number)s has run out"),
    AlertLevel.MANAGER: _("%(number)s is overdue: your desk has not acted"),
    AlertLevel.OFFICE: _("%(number)s is overdue and was not acted upon"),
}

texts.define({f"referral.{move}": (title, _ROUTE) for move, title in _TITLES.items()})
texts.define(
    {"referral.consent_withdrawn": (_("The patient of %(number)s has withdrawn consent"), _ROUTE)}
)
texts.define({f"clock.{level}": (title, _ROUTE) for level, title in _CLOCK_TITLES.items()})


def moved(*, event_id: int) -> None:
    """Outbox handler: tell the people concerned by one step."""
    event = ReferralEvent.objects.select_related("referral__sender", "referral__receiver").get(
        pk=event_id
    )
    for audience, kind in AUDIENCE.get(event.move, ()):
        people = _people(event, audience)
        notify(
            user_ids=[pk for pk in people if pk != event.by_id],
            kind=kind,
            text_key=f"referral.{event.move}",
            values=_values(event.referral),
            url=reverse("referrals:detail", args=[event.referral.public_id]),
            dedupe=f"event-{event.pk}",
        )


def _people(event: ReferralEvent, audience: str) -> list[int]:
    today = timezone.localdate()
    referral = event.referral
    if audience == _DESK:
        if referral.sent_at is None:  # still in the house: its own office is the desk
            return staff_with_roles(
                institution_ids=[referral.sender_id], roles=[Role.LIAISON, Role.MANAGER], on=today
            )
        return _desk(filed(referral.receiver_id))
    return list({referral.created_by_id, *_desk(referral.sender_id)})


def _desk(*houses: int) -> list[int]:
    """Who answers for these institutions: their liaison officers, and their own systems."""
    ids, today = list(houses), timezone.localdate()
    people = staff_with_roles(institution_ids=ids, roles=[Role.LIAISON], on=today)
    return [*people, *systems_of(ids, scope="notices")]


def _values(referral: Any) -> dict[str, str]:
    return {
        "number": referral.number,
        "sender": str(referral.sender),
        "receiver": str(referral.receiver or ""),
    }


def consent_withdrawn(*, referral_id: int, consent_id: int) -> None:
    """Outbox handler: both houses hear that an open leg has lost the consent it rests on."""
    referral = Referral.objects.select_related("sender", "receiver").get(pk=referral_id)
    houses = [pk for pk in (referral.sender_id, referral.receiver_id) if pk]
    notify(
        user_ids=sorted({referral.created_by_id, *_desk(*houses)}),
        kind=NoticeKind.REFERRAL_TODO,
        text_key="referral.consent_withdrawn",
        values=_values(referral),
        url=reverse("referrals:detail", args=[referral.public_id]),
        dedupe=f"consent-{consent_id}",
    )


def clock(*, alert_id: int) -> None:
    """Outbox handler: tell whoever a clock alert is for."""
    alert = ClockAlert.objects.select_related("referral__sender", "referral__receiver").get(
        pk=alert_id
    )
    referral = alert.referral
    broken = alert.level != AlertLevel.WARNING
    notify(
        user_ids=_alert_people(alert),
        kind=NoticeKind.CLOCK_BROKEN if broken else NoticeKind.CLOCK_WARNING,
        text_key=f"clock.{alert.level}",
        values=_values(referral) | {"due": timezone.localtime(alert.due_at).isoformat()},
        url=reverse("referrals:detail", args=[referral.public_id]),
        dedupe=f"alert-{alert.pk}",
    )


def _alert_people(alert: ClockAlert) -> list[int]:
    """Liaison (and, for a draft, its writer) → manager → alliance office."""
    referral, today = alert.referral, timezone.localdate()
    if alert.level == AlertLevel.OFFICE:
        return office_of(referral.alliance_id, on=today)
    if referral.status == Status.DRAFT:
        return [referral.created_by_id]
    holder = referral.holder_id or referral.sender_id
    if alert.level == AlertLevel.MANAGER:
        return staff_with_roles(institution_ids=[holder], roles=[Role.MANAGER], on=today)
    people = _desk(holder)
    if holder == referral.sender_id:
        people.append(referral.created_by_id)
    return sorted(set(people))
