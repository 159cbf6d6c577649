"""Policy definitions of exams and stations: what a new exam or station begins with."""

from django.utils.translation import gettext_lazy as _

from alliance.core.policy import PLATFORM, Definition, define

_EXAMS = _("Exams")
_STATIONS = _("Simulation stations")
_PROGRAMME = _("Programme of graded promotion: 20 animal cases and an exam before the clinic")
_SKILLS = _("Programme of graded promotion: a skills exam each quarter, failing means retraining")
_FLS = _("FLS proficiency times, Ritter and Scott, Surg Innov 2007;14:107")

define(
    [
        Definition(
            "exam.pass_mark",
            "percent",
            80,
            _("Pass mark of a new exam"),
            _EXAMS,
            PLATFORM,
            minimum=1,
            maximum=100,
        ),
        Definition(
            "exam.attempts_allowed",
            "integer",
            3,
            _("Attempts at a new exam"),
            _EXAMS,
            PLATFORM,
            minimum=1,
            maximum=100,
        ),
        Definition(
            "exam.wait_days",
            "days",
            1,
            _("Days between attempts at a new exam"),
            _EXAMS,
            PLATFORM,
            maximum=365,
        ),
        Definition(
            "exam.minutes",
            "minutes",
            30,
            _("Duration of a new exam"),
            _EXAMS,
            PLATFORM,
            minimum=1,
            maximum=600,
        ),
        Definition(
            "exam.draw_count",
            "integer",
            20,
            _("Questions drawn for a new exam"),
            _EXAMS,
            PLATFORM,
            minimum=1,
            maximum=500,
        ),
        Definition(
            "exam.grace_seconds",
            "integer",
            30,
            _("Seconds after the end in which answers still arrive"),
            _EXAMS,
            PLATFORM,
            maximum=600,
        ),
        Definition(
            "exam.retraining_days",
            "days",
            30,
            _("Days until a retraining is done"),
            _EXAMS,
            _SKILLS,
            minimum=1,
            maximum=365,
        ),
        Definition(
            "exam.remind_days_before",
            "days",
            21,
            _("Days before the quarter or a retraining ends in which who owes it is reminded"),
            _EXAMS,
            PLATFORM,
            minimum=1,
            maximum=60,
        ),
        Definition(
            "exam.evidence_bytes_most",
            "integer",
            10 * 1024 * 1024,
            _("Largest file of evidence, in bytes"),
            _EXAMS,
            PLATFORM,
            minimum=1024,
            maximum=100 * 1024 * 1024,
        ),
        Definition(
            "station.animal_cases",
            "integer",
            20,
            _("Animal cases before the clinic"),
            _STATIONS,
            _PROGRAMME,
            verified=True,
            minimum=1,
            maximum=1000,
        ),
    ]
)
define(
    Definition(key, "integer", seconds, label, _STATIONS, _FLS, minimum=1, maximum=3600)
    for key, seconds, label in (
        ("station.fls_peg_transfer", 48, _("Peg transfer, seconds at most")),
        ("station.fls_pattern_cut", 98, _("Pattern cutting, seconds at most")),
        ("station.fls_loop", 53, _("Ligating loop, seconds at most")),
        ("station.fls_extracorporeal", 136, _("Extracorporeal suture, seconds at most")),
        ("station.fls_intracorporeal", 112, _("Intracorporeal suture, seconds at most")),
    )
)
