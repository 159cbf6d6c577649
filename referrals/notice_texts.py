"""What notices about referrals say: what happened, and what to do next. They name no patient."""

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.notices import texts

from .choices import AlertLevel, Clock, Outcome

ROUTE = _("%(sender)s → %(receiver)s")
_DECIDE = _("%(sender)s → %(receiver)s. Decide by %(due_at)s.")

MOVED: Final = {
    "submit": (_("New referral %(number)s waits for your decision"), _DECIDE),
    "submit_emergency": (_("Emergency %(number)s (green channel): decide at once"), _DECIDE),
    "submit_back": (
        _("%(number)s: a patient comes home to you"),
        _("%(sender)s → %(receiver)s. Take the patient over by %(due_at)s, then follow up."),
    ),
    "review": (
        _("%(number)s waits for your in-house review"),
        _("For %(receiver)s. Endorse it or return it by %(due_at)s."),
    ),
    "endorsed": (_("%(number)s was endorsed and sent to %(receiver)s"), ROUTE),
    "resubmit": (_("%(number)s was corrected and waits for your decision"), _DECIDE),
    "answer": (_("Your question on %(number)s was answered"), _DECIDE),
    "paperwork": (
        _("Paperwork of emergency %(number)s was handed in"),
        _("%(sender)s → %(receiver)s. See in its history what came and what is still owed."),
    ),
    "ask": (
        _("The receiver of %(number)s asks for information"),
        _("Answer by %(due_at)s; until then the clock of %(receiver)s stands still."),
    ),
    "return": (
        _("%(number)s was returned for changes"),
        _("See the reason, correct the form and send it again by %(due_at)s."),
    ),
    "back_failed": (
        _("The way back of %(number)s failed: the patient is yours again"),
        _("Choose another place for the way back, or close the referral, by %(due_at)s."),
    ),
    "accept": (
        _("%(number)s was accepted"),
        _("%(receiver)s books next. You may send the patient off at once and record it."),
    ),
    "accept_back": (_("The patient of %(number)s was taken over"), _("%(receiver)s follows up.")),
    "reject": (
        _("%(number)s was rejected; see the other places offered"),
        _("See the reason of %(receiver)s and send the patient elsewhere with one tap."),
    ),
    "redirect": (
        _("%(number)s was redirected to %(place)s"),
        _("It goes on as %(next_number)s. Tell the patient; %(place)s decides next."),
    ),
    "reserve": (
        _("%(number)s has an appointment"),
        _("%(appointment_at)s, %(place)s. Tell the patient, and record the departure."),
    ),
    "rebook": (
        _("%(number)s has a new appointment"),
        _("%(appointment_at)s, %(place)s."),
    ),
    "depart": (
        _("The patient of %(number)s is on the way"),
        _("Expected %(expected_at)s. Record the arrival, or that nobody came."),
    ),
    "arrive": (_("The patient of %(number)s has arrived"), ROUTE),
    "no_show": (
        _("The patient of %(number)s did not arrive"),
        _("Reach the patient by %(due_at)s, then rebook or cancel."),
    ),
    "finish_care": (
        _("Care of %(number)s is done"),
        _("%(receiver)s sends the patient back next, or closes the referral."),
    ),
    "refer_back": (
        _("The patient of %(number)s is coming back"),
        _("To %(place)s as %(next_number)s, with the reply letter."),
    ),
    "follow_up": (
        _("A follow-up of %(number)s was recorded"),
        _("%(receiver)s: %(outcome)s."),
    ),
    "close": (_("%(number)s is closed"), _("%(sender)s → %(receiver)s. Nothing more to do.")),
    "cancel": (
        _("%(number)s was cancelled"),
        _("%(sender)s → %(receiver)s. The patient is not expected any more."),
    ),
    "lapse": (
        _("%(number)s has lapsed"),
        _("Nobody acted in time. If the patient still needs it, refer again."),
    ),
    "mark_deceased": (_("The patient of %(number)s has died"), ROUTE),
    "mark_error": (
        _("%(number)s was entered in error"),
        _("%(sender)s → %(receiver)s. Nothing in it counts."),
    ),
    "consent_withdrawn": (
        _("The patient of %(number)s has withdrawn consent"),
        _("%(sender)s → %(receiver)s. Talk to the patient: renew the consent, or cancel."),
    ),
    "booking_lost": (
        _("%(number)s: the device booked for it is lost: %(device)s, %(from_at)s"),
        (_("Next free: %(next_at)s."), _(" Other devices free at that time: %(others)s.")),
    ),
    "patient_died": (
        _("The patient of %(number)s has died"),
        _("Recorded on %(other)s. End this referral too: record the death here."),
    ),
}

PAPERWORK: Final = "paperwork"
_CLOCK_NAMES = {**dict(Clock.choices), PAPERWORK: _("Paperwork of an emergency")}
_TO_DO = {
    Clock.DRAFT: _("Send it or discard it."),
    Clock.ORIGIN_REVIEW: _("Endorse it or return it."),
    Clock.DECISION: _("Accept it, ask, redirect or reject."),
    Clock.ANSWER: _("Answer, or correct the form and send it again."),
    Clock.RESERVE: _("Book an appointment."),
    Clock.VALIDITY: _(
        "The appointment passes: has the patient come? Record it, or that nobody came."
    ),
    Clock.ARRIVAL: _("Ask where the patient is. Record the arrival, or that nobody came."),
    Clock.CONTACT: _("Reach the patient, then rebook or cancel."),
    Clock.FIRST_TREATMENT: _("Start care and record it."),
    Clock.FIRST_FOLLOW_UP: _("Visit the patient and record the follow-up."),
    Clock.TAKE_OVER: _("Take the patient over and record the first follow-up."),
    Clock.REPLY_LETTER: _("Send the patient back with the reply letter, or close it."),
    PAPERWORK: _("Hand in what the emergency left without."),
}
CLOCKS: Final = {
    AlertLevel.WARNING: pgettext_lazy("notice", "%(number)s: %(clock)s ends soon"),
    AlertLevel.DUE: pgettext_lazy("notice", "%(number)s: %(clock)s has run out"),
    AlertLevel.MANAGER: _("%(number)s is overdue: your desk has not acted (%(clock)s)"),
    AlertLevel.OFFICE: _("%(number)s is overdue: %(holder)s has not acted (%(clock)s)"),
}
_CLOCK_BODY = _("Due %(due_at)s, %(holder)s. %(to_do)s")
_LAPSES = (
    _("%(number)s lapses on %(lapse_at)s unless somebody acts"),
    _("%(sender)s → %(receiver)s. %(holder)s has to act: %(to_do)s"),
)

texts.define({f"referral.{key}": pair for key, pair in MOVED.items()})
texts.define({f"clock.{level}": (title, _CLOCK_BODY) for level, title in CLOCKS.items()})
texts.define({f"clock.{AlertLevel.LAPSE}": _LAPSES})
texts.words("clock", _CLOCK_NAMES)
texts.words("to_do", _TO_DO)
texts.words("outcome", dict(Outcome.choices))
