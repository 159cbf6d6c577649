"""Policy definitions of mentoring and postings."""

from django.utils.translation import gettext_lazy as _

from alliance.core.policy import PLATFORM, Definition, define

from .choices import MENTOR_TITLES

_GROUP = _("Mentoring and postings")
_PLAN = _("Source document A: rotation of at least 6 months every 3 years")
_INDICATOR = _("National monitoring indicator 2.1: posted for at least 6 months in the year")

define(
    [
        Definition(
            "mentoring.mentees_most",
            "integer",
            5,
            _("Mentees a mentor may have at a time"),
            _GROUP,
            PLATFORM,
            minimum=1,
            maximum=50,
        ),
        Definition(
            "mentoring.mentor_title",
            "choice",
            "232",
            _("Least senior title of a mentor"),
            _GROUP,
            PLATFORM,
            choices=MENTOR_TITLES,
        ),
        Definition(
            "mentoring.period_days_most",
            "days",
            1095,
            _("Longest period of a mentorship or posting"),
            _GROUP,
            PLATFORM,
            minimum=1,
            maximum=3650,
        ),
        Definition(
            "mentoring.presence_days_back",
            "days",
            7,
            _("Days after which one's own presence can no longer be entered"),
            _GROUP,
            PLATFORM,
            maximum=366,
        ),
        Definition(
            "mentoring.guidance_days_back",
            "days",
            30,
            _("Days after which a guidance session can no longer be entered"),
            _GROUP,
            PLATFORM,
            minimum=1,
            maximum=366,
        ),
        Definition(
            "mentoring.dispatch_days",
            "days",
            180,
            _("Days of dispatch in a year that count for the national indicator"),
            _GROUP,
            _INDICATOR,
            verified=True,
            minimum=1,
            maximum=366,
        ),
        Definition(
            "mentoring.rotation_days",
            "days",
            180,
            _("Days of rotation that a grassroots doctor owes"),
            _GROUP,
            _PLAN,
            minimum=1,
            maximum=1096,
        ),
        Definition(
            "mentoring.rotation_years",
            "integer",
            3,
            _("Years within which the rotation is owed"),
            _GROUP,
            _PLAN,
            minimum=1,
            maximum=10,
        ),
    ]
)
