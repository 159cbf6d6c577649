"""One referral in full: form, route, clock, history, whose minutes, the legs around it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from alliance.core.masking import mask_phone
from alliance.core.templatetags.times import day, duration, when

from .. import rules
from ..actions.papers import still_owed
from ..choices import Clock, InfectionFlag, Move, Outcome, Status
from ..models import Referral, ReferralEvent
from ..workflow import FINAL
from .rows import Reader, row_of

Fact = dict[str, Any]
# What people wrote on the way in, of each form: 转出单, then 回转单.
_OUT = (
    "preliminary_impression",
    "present_illness",
    "past_history",
    "treatment_given",
    "indication",
)
_BACK = (
    "diagnosis_result",
    "main_results",
    "summary",
    "stability",
    "rehabilitation_advice",
)
_HARMLESS = frozenset({InfectionFlag.NONE, InfectionFlag.UNKNOWN, ""})
# How people write that there is nothing to warn of.
_NOTHING = frozenset({"", "无", "无。", "否认", "没有", "none", "no", "nil", "-"})
_GOOD = frozenset({Move.ACCEPT, Move.CLOSE, Move.REFER_BACK, Move.FINISH_CARE})
_BAD = frozenset({Move.REJECT, Move.MARK_DECEASED, Move.MARK_ERROR, Move.CANCEL, Move.LAPSE})
_WARN = frozenset({Move.RETURN, Move.ASK, Move.NO_SHOW, Move.REDIRECT})
# The words that a move brought, in reading order.
_QUOTED = ("question", "answer", "summary", "stability", "plan", "note")

_TYPED = ("reason", "main_results", "treatment", "diagnosis_result", *_QUOTED)


_CHANGED = {
    "diagnoses": _lazy("Diagnoses"),
    "consent": _lazy("Consent"),
    "receiver_department": _lazy("Department"),
}


def _name_of(name: str) -> str:
    return str(_CHANGED.get(name) or _label(Referral, name))


def _label(leg: Any, name: str) -> str:
    return str(leg._meta.get_field(name).verbose_name).capitalize()


def route_facts(leg: Any, *, party: bool) -> list[Fact]:
    """From where to where, for what; overseers have no call to make."""
    facts = [
        _fact(
            _("Sending side"),
            _joined(leg.sender, leg.sender_department_name, leg.sender_doctor_name),
        ),
        _fact(
            _("Receiving side"),
            _joined(leg.receiver, leg.receiver_department, leg.receiver_doctor_name),
        ),
        _fact(_("Purpose of the referral"), leg.get_purpose_display()),
        _fact(
            _("Referring doctor's telephone"),
            leg.contact_phone if party else mask_phone(leg.contact_phone),
        ),
    ]
    moments = [
        (_("Filed"), leg.submitted_at),
        (_("Expected arrival"), leg.expected_at),
        (_("Ended"), leg.closed_at),
    ]
    facts += [_fact(label, when(moment)) for label, moment in moments if moment]
    if leg.reserved_at:
        place = " · ".join(part for part in (when(leg.reserved_at), leg.reserved_place) if part)
        facts.append(_fact(_("Appointment"), place))
    if leg.next_follow_up_on:
        facts.append(_fact(_("Next follow-up"), day(leg.next_follow_up_on)))
    return [fact for fact in facts if fact["value"]]


def _joined(*parts: Any) -> str:
    return " · ".join(str(part) for part in parts if part)


def _fact(label: str, value: Any, *, wide: bool = False) -> Fact:
    return {"label": label, "value": value, "wide": wide}


def text_facts(leg: Referral) -> list[Fact]:
    """The texts of the national form that are filled, in its order."""
    names = [*_BACK, *_OUT] if leg.is_back_leg else [*_OUT, *_BACK]
    facts = [_fact(_label(leg, name), getattr(leg, name), wide=True) for name in names]
    facts += [
        _fact(_label(leg, "inpatient_number"), leg.inpatient_number),
        _fact(_("Outcome"), Outcome(leg.outcome).label if leg.outcome else ""),
    ]
    return [fact for fact in facts if fact["value"]]


def warnings(leg: Referral) -> list[Fact]:
    """What staff must know before they touch the patient: infection, allergies, medicines."""
    infection = ""
    if leg.infection_flag not in _HARMLESS:
        infection = _joined(InfectionFlag(leg.infection_flag).label, leg.infection_note)
    found = [
        _fact(_("Infection"), infection),
        _fact(_("Allergies"), leg.allergies),
        _fact(_("Current medicines"), leg.current_medicines),
    ]
    return [fact for fact in found if fact["value"].strip().lower() not in _NOTHING]


def harmless(leg: Referral) -> list[Fact]:
    """The same where it was asked and nothing was found: "no allergies" is worth a line too."""
    flag = InfectionFlag(leg.infection_flag)
    found = [
        _fact(_("Infection"), flag.label if flag in _HARMLESS else ""),
        _fact(_("Allergies"), leg.allergies if leg.allergies.strip().lower() in _NOTHING else ""),
    ]
    return [fact for fact in found if fact["value"]]


def consent_words(leg: Referral) -> str:
    """How and when the patient agreed to passing the record on."""
    if leg.consent is None and leg.is_back_leg:
        return _("Not asked for: the patient goes back to the institution that sent them.")
    if leg.consent is None:
        return ""
    words = _joined(
        leg.consent.get_method_display(),
        leg.consent.get_given_by_display(),
        when(leg.consent.given_at),
    )
    return words if leg.consent.withdrawn_at is None else _joined(words, _("withdrawn"))


def owed_words(leg: Referral) -> str:
    """What an emergency still owes, in words; empty where nothing is."""
    if leg.paperwork_due_at is None:
        return ""
    return "、".join(_name_of(name) for name in still_owed(leg))


def can_receive(facts: rules.Receiving, leg: Referral) -> dict[str, Any]:
    """Why this institution can or cannot take the patient, in one line."""
    codes = rules.reasons_not_to_receive(facts)
    if codes:
        reasons = [rules.reason_text(code) for code in codes]
        return {"verdict": "no", "title": _("Something speaks against it"), "facts": reasons}
    reasons = [_("the alliance lets them refer here")]
    if leg.receiver_department is not None:
        reasons.append(_("%(department)s is here") % {"department": leg.receiver_department})
    if facts.tier_permits:
        grade = leg.get_grade_display() if leg.grade else ""
        reasons.append(
            _("%(technique)s (%(grade)s) is permitted at this tier")
            % {"technique": leg.technique.name if leg.technique else "", "grade": grade}
        )
    if leg.receiver_department is not None and leg.receiver_department.beds:
        reasons.append(_("%(n)d beds") % {"n": leg.receiver_department.beds})
    return {"verdict": "yes", "title": _("This hospital can receive"), "facts": reasons}


# --- History -----------------------------------------------------------------------------------


def timeline(
    events: Iterable[Any],
    *,
    with_words: bool,
) -> list[Fact]:
    """Every step, oldest first. Overseers see no words."""
    return [_step(event, with_words=with_words) for event in events]


def running_clock(leg: Referral, *, now: datetime) -> list[Fact]:
    """The end of the running clock, as the last line of the timeline."""
    if leg.due_at is None or not leg.clock:
        return []
    late = leg.due_at <= now
    text = _("clock ran out: %(clock)s") if late else _("due: %(clock)s")
    return [
        {
            "at": leg.due_at,
            "who": str(leg.holder or ""),
            "what": text % {"clock": Clock(leg.clock).label},
            "tone": "bad" if late else "",
            "future": not late,
        }
    ]


def _step(event: Any, *, with_words: bool) -> Fact:
    step: Fact = {
        "at": event.at,
        "who": _joined(event.institution, event.by) or _("The platform"),
        "what": Move(event.move).label if event.move else Status(event.target).label,
        "tone": _tone(event.move),
        "note": _clock_note(event),
    }
    if with_words:
        words = [
            event.reason_words,
            event.reason,
            *_moments(event),
            *_said(event),
            _changed(event),
        ]
        step["quote"] = "\n".join(word for word in words if word)
    return step


def _tone(move: str) -> str:
    tones = {"good": _GOOD, "bad": _BAD, "warn": _WARN}
    return next((tone for tone, moves in tones.items() if move in moves), "")


def _clock_note(event: ReferralEvent) -> str:
    """Whose clock runs from here, until when."""
    if event.target in FINAL or event.holder is None:
        return str(Status(event.target).label)
    if event.due_at is None or not event.clock:
        return _("now with %(holder)s") % {"holder": event.holder}
    return _("clock: %(holder)s, %(clock)s by %(when)s") % {
        "holder": event.holder,
        "clock": Clock(event.clock).label,
        "when": when(event.due_at),
    }


def _said(event: ReferralEvent) -> list[str]:
    return [str(event.data[name]) for name in _QUOTED if event.data.get(name)]


def _changed(event: ReferralEvent) -> str:
    """Which fields of the form the step filled in or put right."""
    names = event.data.get("changed") or {}
    labels = [_name_of(name) for name in names]
    return _("Changed: %(fields)s") % {"fields": "、".join(labels)} if labels else ""


def _moments(event: ReferralEvent) -> list[str]:
    """Appointments and arrivals that the step set."""
    words = []
    for name in ("at", "expected_at"):
        moment = parse_datetime(str(event.data.get(name) or ""))
        if moment:
            words.append(_joined(when(moment), event.data.get("place"), event.data.get("escort")))
    return words


# --- Whose minutes -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Minutes:
    """The share of one institution in the time of a leg; `start` and `width` in percent."""

    name: str
    words: str
    start: float
    width: float
    place: int


def minutes_of(leg: Referral, events: Sequence[ReferralEvent], *, now: datetime) -> list[Minutes]:
    """Everybody's minutes, recomputed from the events, the longest first."""
    until = leg.closed_at or now
    steps = [rules.Held(event.at, event.holder_id) for event in events]
    names = {event.holder_id: str(event.holder) for event in events if event.holder_id}
    spent = rules.seconds_by_holder(steps, until)
    total = max(1, sum(spent.values()))
    rows, start = [], 0.0
    for place, (pk, seconds) in enumerate(sorted(spent.items(), key=lambda row: -row[1])):
        width = round(100 * seconds / total, 2)
        words = duration(timedelta(seconds=seconds))
        rows.append(Minutes(names[pk], words, round(start, 2), width, place % 4))
        start += width
    return rows


# --- Around it ---------------------------------------------------------------------------------


def chain(
    leg: Referral, others: Iterable[Referral], reader: Reader, *, now: datetime
) -> list[Fact]:
    """The legs this one came from and led to, as far as the reader sees them."""
    found = []
    for other in sorted(others, key=lambda row: row.pk):
        relation = _relation(leg, other)
        found.append({"relation": relation, "row": row_of(other, reader, now=now)})
    return found


def _relation(leg: Referral, other: Referral) -> str:
    if other.pk == leg.parent_id:
        return _("Came from")
    if other.is_back_leg:
        return _("Way back")
    if leg.status == Status.REDIRECTED:
        return _("Redirected to")
    return _("Followed by")


def way_back(leg: Referral, chain: Iterable[Fact]) -> str:
    """Where the patient's way goes on when this leg only waits for the way back; else empty."""
    if leg.status != Status.BACK_REFERRED:
        return ""
    return next((link["row"].url for link in chain if link["row"].leg.is_back_leg), "")


def refusal(leg: Referral, events: Sequence[Any]) -> str:
    """Why the leg was refused or returned, in one line; empty when it was not."""
    last = events[-1] if events else None
    if last is None or leg.status not in (Status.REJECTED, Status.RETURNED):
        return ""
    return ": ".join(part for part in (last.reason_words, last.reason) if part)


def redirects(leg: Referral, offers: Iterable[Any], *, next_url: str) -> list[Fact]:
    """Other places to hand the patient on to: the form of the redirect, filled."""
    address = reverse("referrals:move", args=[leg.public_id, Move.REDIRECT])
    rows = []
    for offer in offers:
        query = {"receiver": offer.institution.public_id} | ({"next": next_url} if next_url else {})
        rows.append(
            {
                "title": offer.institution.name,
                "reason": offer.why,
                "url": f"{address}?{urlencode(query)}",
                "label": _("Redirect there"),
            }
        )
    return rows


def typed(values: Mapping[str, Any]) -> list[str]:
    """What somebody typed into a form that cannot be sent any more, so that it can be copied."""
    return [str(values[name]) for name in _TYPED if str(values.get(name) or "").strip()]


def ways_out(leg: Referral, offers: Iterable[Any]) -> list[Fact]:
    """Other places with one tap: the form opens filled from this leg, addressed to them."""
    return [
        {
            "title": offer.institution.name,
            "reason": offer.why,
            "url": reverse("referrals:new")
            + f"?from={leg.public_id}&receiver={offer.institution.public_id}",
            "label": _("Refer there"),
        }
        for offer in offers
    ]
