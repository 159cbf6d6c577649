"""What this room records in the ledger, in words."""

from django.utils.translation import gettext_lazy as _

from alliance.core.acts import define

from .choices import Way

define(
    {
        "programme.created": _("Made a programme"),
        "programme.updated": _("Changed a programme"),
        "programme.standard_made": _("Made the standard programmes"),
        "programme.version_begun": _("Began a version of a programme"),
        "programme.version_edited": _("Edited a version of a programme"),
        "programme.version_published": _("Published a version of a programme"),
        "programme.closed": _("Closed a programme"),
        "programme.reopened": _("Offered a programme again"),
        "enrolment.begun": _("Enrolled a doctor"),
        "enrolment.mentor_named": _("Named a mentor"),
        "enrolment.advanced": _("Noted how far a doctor is"),
        "enrolment.signed_off": _("Signed off a requirement"),
        "enrolment.left": _("Ended an enrolment"),
        "enrolment.resumed": _("Resumed an enrolment"),
        "prior.recorded": _("Recorded what was learnt before"),
        "prior.attached": _("Attached evidence to a record of the past"),
        "prior.read": _("Read the evidence of a record of the past"),
        "prior.confirmed": _("Confirmed a record of the past"),
        "prior.refused": _("Did not accept a record of the past"),
    },
    names={
        "programme": _("Programme"),
        "stage": _("Stage"),
        "stages": _("Stages"),
        "requirement": _("Requirement"),
        "mentor": _("Mentor"),
        "number": _("Version"),
        "edited": _("Changed"),
        "way": _("Moved"),
    },
    words={
        "way": dict(Way.choices),
        "edited": {
            "name": _("name of the stage"),
            "stage": _("stage"),
            "kind": _("asks for"),
            "label": _("in words"),
            "minimum": _("at least"),
            "course": _("course"),
            "exam": _("exam"),
            "variety": _("any of"),
            "station_code": _("station"),
            "technique": _("technique"),
            "part": _("role"),
        },
    },
)
