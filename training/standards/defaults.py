"""Policy definitions of admission; which grades need one is told in the catalogue's."""

from django.utils.translation import gettext_lazy as _

from alliance.core.policy import PLATFORM, Definition, define

_GROUP = _("Admission of techniques")

define(
    [
        Definition(
            "admission.months",
            "integer",
            36,
            _("Months that an admission counts unless told otherwise"),
            _GROUP,
            PLATFORM,
            minimum=1,
            maximum=240,
        ),
        Definition(
            "admission.renewal_days",
            "days",
            90,
            _("Days before its end from which an admission may be applied for again"),
            _GROUP,
            PLATFORM,
            minimum=1,
            maximum=1000,
        ),
        Definition(
            "admission.filing_days",
            "days",
            15,
            _("Working days after the first use within which a restricted technique is filed"),
            _GROUP,
            _("医疗技术临床应用管理办法 (2018, no. 1)"),
            minimum=1,
            maximum=365,
        ),
    ]
)
