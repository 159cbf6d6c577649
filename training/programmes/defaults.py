"""Policy of programmes."""

from django.utils.translation import gettext_lazy as _

from alliance.core.policy import PLATFORM, Definition, define

_PROGRAMMES = _("Programmes")
_PROMOTION = _("Promotion")
_PLAN = _("Plan of the alliance for promoting minimally invasive surgery")

define(
    [
        Definition(
            "programme.self_enrol",
            "boolean",
            True,
            _("Doctors may enrol themselves"),
            _PROGRAMMES,
            PLATFORM,
        ),
        Definition(
            "programme.grants_supervised",
            "boolean",
            True,
            _("Reaching the clinical stage grants a supervised privilege"),
            _PROGRAMMES,
            PLATFORM,
        ),
        Definition(
            "programme.evidence_bytes_most",
            "integer",
            10_485_760,
            _("Largest evidence of a record of the past, in bytes"),
            _PROGRAMMES,
            PLATFORM,
            minimum=100_000,
            maximum=104_857_600,
        ),
        Definition(
            "programme.animal_cases",
            "integer",
            20,
            _("Animal cases before the clinic"),
            _PROGRAMMES,
            _PLAN,
            minimum=1,
            maximum=500,
        ),
        Definition(
            "programme.supervised_cases",
            "integer",
            10,
            _("Supervised cases before the assessment"),
            _PROGRAMMES,
            _PLAN,
            minimum=1,
            maximum=500,
        ),
        Definition(
            "programme.assisted_cases",
            "integer",
            5,
            _("Assisted cases before operating under supervision"),
            _PROGRAMMES,
            _("Common convention of hospitals"),
            minimum=1,
            maximum=500,
        ),
        Definition(
            "programme.fellowship_months",
            "integer",
            12,
            _("Months of a specialist fellowship"),
            _PROGRAMMES,
            _PLAN,
            minimum=1,
            maximum=60,
        ),
        Definition(
            "programme.gatekeeper_hours",
            "integer",
            12,
            _("Hours of the gatekeeper course"),
            _PROGRAMMES,
            PLATFORM,
            minimum=1,
            maximum=500,
        ),
        Definition(
            "promotion.basic_independent",
            "integer",
            50,
            _("Independent basic cases for the intermediate title"),
            _PROMOTION,
            _PLAN,
            minimum=1,
            maximum=1000,
        ),
        Definition(
            "promotion.advanced_part",
            "integer",
            20,
            _("Advanced cases taken part in for the senior title"),
            _PROMOTION,
            _PLAN,
            minimum=1,
            maximum=1000,
        ),
    ]
)
