"""Policy definitions of privileges."""

from django.utils.translation import gettext_lazy as _

from alliance.core.policy import PLATFORM, Definition, define

_GROUP = _("Privileges")
_CONVENTION = _("Common convention: re-authorised with the physicians' assessment every two years")
_LEVEL_FOUR = _(
    "医疗机构手术分级管理办法 (2022, no. 18): level 4 evaluated at least once a year in principle"
)

define(
    [
        Definition(
            "privilege.months",
            "integer",
            24,
            _("A privilege counts for (months)"),
            _GROUP,
            _CONVENTION,
            minimum=1,
            maximum=120,
        ),
        Definition(
            "privilege.months_level_four",
            "integer",
            12,
            _("A privilege of national level 4 or for a restricted technique counts for (months)"),
            _GROUP,
            _LEVEL_FOUR,
            minimum=1,
            maximum=120,
        ),
        Definition(
            "privilege.months_supervised",
            "integer",
            24,
            _("A privilege to operate under supervision counts for (months)"),
            _GROUP,
            PLATFORM,
            minimum=1,
            maximum=120,
        ),
        Definition(
            "privilege.override_report_hours",
            "hours",
            24,
            _("Report owed after an emergency beyond a privilege, within"),
            _GROUP,
            PLATFORM,
            minimum=1,
            maximum=24 * 30,
        ),
        Definition(
            "security.verifications_per_minute",
            "integer",
            30,
            _("Certificates that one address may verify a minute"),
            _GROUP,
            PLATFORM,
            minimum=1,
        ),
    ]
)
