"""What this room records in the ledger, in words."""

from django.utils.translation import gettext_lazy as _

from alliance.core.acts import define

define(
    {
        "bank.saved": _("Saved a question bank"),
        "question.saved": _("Saved a question"),
        "questions.loaded": _("Loaded starter questions"),
        "exam.saved": _("Saved an exam"),
        "exam.started": _("Started an exam"),
        "exam.ended": _("Ended an exam"),
        "exam.result_recorded": _("Entered the result of an exam"),
        "exam.result_voided": _("Voided the result of an exam"),
        "exam.attempt_given": _("Gave a further attempt"),
        "station.saved": _("Saved a simulation station"),
        "stations.seeded": _("Set up the usual simulation stations"),
        "station.result_recorded": _("Entered a station result"),
        "station.result_voided": _("Voided a station result"),
        "retraining.done": _("Confirmed a retraining"),
    },
    names={
        "score": _("Score"),
        "passed": _("Passed"),
        "turn": _("Attempt"),
        "practitioner": _("Practitioner"),
        "added": _("Added"),
    },
)
