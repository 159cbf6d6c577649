"""Who is told what when a leg moves or a clock runs out."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from alliance.core.choices import Role
from alliance.core.policy import policies
from alliance.notices.actions import notify
from alliance.notices.choices import NoticeKind
from alliance.people.selectors import office_of, staff_with_roles, systems_of
from equipment.bookings.selectors_lost import loss_of
from equipment.bookings.ways import named

from . import selectors
from .choices import AlertLevel, Clock, Move, Status, Urgency
from .filed import filed
from .models import ClockAlert, Referral, ReferralEvent
from .notice_texts import PAPERWORK

_TODO, _NEWS = NoticeKind.REFERRAL_TODO, NoticeKind.REFERRAL_NEWS
# Who hears of a step: the receiving desk, the sender's own office, who filed it (with the desk).
_DESK, _OFFICE, _FILER = "desk", "office", "filer"
Told = tuple[tuple[str, NoticeKind, str], ...]

# For each move: who hears of it, whether they have to act, and in which words.
AUDIENCE: dict[str, Told] = {
    Move.SUBMIT: ((_DESK, _TODO, "submit"),),
    Move.ENDORSE: ((_DESK, _TODO, "submit"), (_FILER, _NEWS, "endorsed")),
    Move.RESUBMIT: ((_DESK, _TODO, "resubmit"),),
    Move.ANSWER: ((_DESK, _TODO, "answer"),),
    Move.ASK: ((_FILER, _TODO, "ask"),),
    Move.RETURN: ((_FILER, _TODO, "return"),),
    Move.ACCEPT: ((_FILER, _NEWS, "accept"),),
    Move.REJECT: ((_FILER, _TODO, "reject"),),
    Move.REDIRECT: ((_FILER, _NEWS, "redirect"),),
    Move.RESERVE: ((_FILER, _NEWS, "reserve"),),
    Move.REBOOK: ((_FILER, _NEWS, "rebook"), (_DESK, _NEWS, "rebook")),
    Move.DEPART: ((_DESK, _TODO, "depart"),),
    Move.ARRIVE: ((_FILER, _NEWS, "arrive"),),
    Move.NO_SHOW: ((_FILER, _TODO, "no_show"),),
    Move.FINISH_CARE: ((_FILER, _NEWS, "finish_care"),),
    Move.REFER_BACK: ((_FILER, _NEWS, "refer_back"),),
    Move.FOLLOW_UP: ((_FILER, _NEWS, "follow_up"),),
    Move.CLOSE: ((_FILER, _NEWS, "close"), (_DESK, _NEWS, "close")),
    Move.CANCEL: ((_DESK, _NEWS, "cancel"),),
    Move.LAPSE: ((_DESK, _NEWS, "lapse"), (_FILER, _NEWS, "lapse")),
    Move.MARK_DECEASED: ((_DESK, _NEWS, "mark_deceased"), (_FILER, _NEWS, "mark_deceased")),
    Move.MARK_ERROR: ((_DESK, _NEWS, "mark_error"), (_FILER, _NEWS, "mark_error")),
}
_REVIEW: Told = ((_OFFICE, _TODO, "review"),)
_PAPERS: Told = ((_DESK, _NEWS, "paperwork"),)
_FAILED_BACK: Told = ((_DESK, _TODO, "back_failed"),)


def moved(*, event_id: int) -> None:
    """Outbox handler: tell the people concerned by one step."""
    event = ReferralEvent.objects.select_related("referral__sender", "referral__receiver").get(
        pk=event_id
    )
    leg = event.referral
    values = _values(leg) | _more(event)
    for audience, kind, words in _told(event):
        people = _people(leg, audience)
        notify(
            user_ids=[pk for pk in people if pk != event.by_id],
            kind=kind,
            text_key=f"referral.{_worded(leg, words)}",
            values=values,
            url=reverse("referrals:detail", args=[leg.public_id]),
            dedupe=f"event-{event.pk}",
        )
    if event.move == Move.MARK_DECEASED:
        _tell_other_houses(event)


def _told(event: ReferralEvent) -> Told:
    """Most moves have one audience; a few depend on where they led from or to."""
    if event.move == Move.CANCEL and event.source == Status.DRAFT:
        return ()  # nobody had heard of it
    if event.target == Status.ORIGIN_REVIEW:
        return _REVIEW
    if event.move == Move.ANSWER and event.source != Status.INFO_REQUESTED:
        return _PAPERS
    if event.source == Status.BACK_REFERRED and event.move == Move.RETURN:
        return _FAILED_BACK
    return AUDIENCE.get(event.move, ())


def _worded(leg: Referral, words: str) -> str:
    if leg.is_back_leg and words in ("submit", "accept"):
        return f"{words}_back"
    if words == "submit" and leg.urgency == Urgency.EMERGENCY:
        return "submit_emergency"
    return words


def _people(leg: Referral, audience: str) -> list[int]:
    if audience == _FILER:
        return sorted({leg.created_by_id, *_staff(leg.sender_id, Role.LIAISON)})
    if audience == _OFFICE or leg.sent_at is None:  # still in the house: its own office is the desk
        return staff_with_roles(
            institution_ids=[leg.sender_id],
            roles=[Role.LIAISON, Role.MANAGER],
            on=timezone.localdate(),
        )
    desk = _staff(filed(leg.receiver_id), Role.LIAISON)
    # Whoever sent the patient up is who takes the patient back.
    first = leg.parent if leg.is_back_leg else None
    home = first is not None and first.sender_id == leg.receiver_id
    return sorted({*desk, first.created_by_id}) if home and first else desk


def _staff(institution_id: int, role: Role) -> list[int]:
    """The people of a role, with the house's systems at its desk.

    In a house without that role, whoever treats or runs it.
    """
    today, at = timezone.localdate(), [institution_id]
    found = staff_with_roles(institution_ids=at, roles=[role], on=today)
    if not found:
        others: list[str] = [Role.MANAGER, Role.DOCTOR]
        found = staff_with_roles(institution_ids=at, roles=others, on=today)
    return [*found, *systems_of(at, scope="notices")] if role == Role.LIAISON else found


def _values(leg: Any) -> dict[str, str]:
    return {
        "number": leg.number,
        "sender": str(leg.sender),
        "receiver": str(leg.receiver or ""),
    }


def _more(event: ReferralEvent) -> dict[str, str]:
    """What the words of this step ask for besides the route."""
    leg = event.referral
    said = {"due_at": event.due_at, "expected_at": event.data.get("expected_at")}
    if event.move in (Move.RESERVE, Move.REBOOK):
        said |= {"appointment_at": event.data.get("at"), "place": leg.reserved_place}
    if event.move in (Move.REDIRECT, Move.REFER_BACK):
        onward = leg.children.select_related("receiver").order_by("-pk").first()
        if onward is not None:
            said |= {"place": onward.receiver, "next_number": onward.number}
    if event.move == Move.FOLLOW_UP:
        said["outcome"] = event.data.get("outcome")
    return {name: str(value) for name, value in said.items() if value}


def _tell_other_houses(event: ReferralEvent) -> None:
    """The patient died on one leg; other open legs of theirs have to be ended by their holders."""
    died = event.referral
    others = selectors.open_legs(filed(died.patient_id)).exclude(pk=died.pk)
    for leg in others.select_related("sender", "receiver"):
        _tell(leg, "patient_died", {"other": died.number}, f"died-{event.pk}-{leg.pk}")


def consent_withdrawn(*, referral_id: int, consent_id: int) -> None:
    """Outbox handler: both houses hear that an open leg has lost the consent it rests on."""
    leg = Referral.objects.select_related("sender", "receiver").get(pk=referral_id)
    _tell(leg, "consent_withdrawn", {}, f"consent-{consent_id}-{leg.pk}")


def booking_lost(*, referral_id: int, booking_id: int, act: str) -> None:
    """Outbox handler: both houses hear that a device booked for an open leg is lost, and what now.

    Nothing where it holds again by then, or where those who had booked it gave it back.
    """
    leg = Referral.objects.select_related("sender", "receiver").get(pk=referral_id)
    lost = loss_of(booking_id, at=timezone.now())
    if lost is None or leg.closed_at is not None:
        return
    times, devices = lost.instead.times, lost.instead.devices
    more = {
        "device": "、".join(named(one) for one in lost.devices),
        "from_at": lost.booking.starts_at.isoformat(),
        "next_at": times[0].starts_at.isoformat() if times else "—",
        "others": "、".join(named(one) for one in devices) or "—",
    }
    # A device may fail, come back and fail again: each time is told once.
    since = lost.booking.affected_at or act
    _tell(leg, "booking_lost", more, f"booking-{booking_id}-{since}-{leg.pk}")


def _tell(leg: Referral, words: str, more: dict[str, str], dedupe: str) -> None:
    """Both houses have something to do."""
    houses = [leg.sender_id, leg.receiver_id] if leg.sent_at else [leg.sender_id]
    people = {pk for house in houses if house for pk in _staff(house, Role.LIAISON)}
    notify(
        user_ids=sorted({leg.created_by_id, *people}),
        kind=NoticeKind.REFERRAL_TODO,
        text_key=f"referral.{words}",
        values=_values(leg) | more,
        url=reverse("referrals:detail", args=[leg.public_id]),
        dedupe=dedupe,
    )


# --- Clocks ------------------------------------------------------------------------------------

# Whose clock it is, and who can tell whether the patient has come, are two houses here.
_BOTH_KNOW = (Clock.VALIDITY, Clock.ARRIVAL)


def clock(*, alert_id: int) -> None:
    """Outbox handler: tell whoever a clock alert is for; nothing once somebody has acted."""
    alert = ClockAlert.objects.select_related(
        "referral__sender", "referral__receiver", "referral__holder"
    ).get(pk=alert_id)
    leg = alert.referral
    if alert.due_at not in (leg.due_at, leg.paperwork_due_at):
        return
    owed = alert.due_at != leg.due_at
    house = leg.sender if owed else leg.holder or leg.sender
    running = PAPERWORK if owed else leg.clock
    broken = alert.level not in (AlertLevel.WARNING, AlertLevel.LAPSE)
    notify(
        user_ids=_alert_people(alert, house.pk, running),
        kind=NoticeKind.CLOCK_BROKEN if broken else NoticeKind.CLOCK_WARNING,
        text_key=f"clock.{alert.level}",
        values=_values(leg)
        | {"clock": running, "to_do": running, "holder": str(house)}
        | {"due_at": alert.due_at.isoformat(), "lapse_at": _lapses_at(alert)},
        url=reverse("referrals:detail", args=[leg.public_id]),
        dedupe=f"alert-{alert.pk}",
    )


def _alert_people(alert: ClockAlert, house: int, running: str) -> list[int]:
    """Liaison (and who filed it) → manager → alliance office; a draft is its writer's alone."""
    leg = alert.referral
    if leg.status == Status.DRAFT:
        return [leg.created_by_id]
    if alert.level == AlertLevel.OFFICE:
        return office_of(leg.alliance_id, on=timezone.localdate())
    if alert.level == AlertLevel.MANAGER:
        return _staff(house, Role.MANAGER)
    houses = {house}
    if alert.level == AlertLevel.LAPSE or running in _BOTH_KNOW:
        houses |= {leg.sender_id, filed(leg.receiver_id)}
    people = {pk for one in houses for pk in _staff(one, Role.LIAISON)}
    return sorted({*people, leg.created_by_id} if leg.sender_id in houses else people)


def _lapses_at(alert: ClockAlert) -> str:
    """When a leg lapses that nobody moves: after its time, and never unannounced."""
    if alert.level != AlertLevel.LAPSE:
        return ""
    leg, today = alert.referral, timezone.localdate(alert.at)
    values = policies(alliance_id=leg.alliance_id, on=today, prefix="lapse.")
    overdue = alert.due_at + timedelta(hours=values["lapse.hours"])
    return max(overdue, alert.at + timedelta(hours=values["lapse.warn_hours"])).isoformat()
