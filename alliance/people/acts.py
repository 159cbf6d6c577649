"""What this room records in the ledger, in words."""

from django.utils.translation import gettext_lazy as _

from alliance.core.acts import define
from alliance.core.choices import Role

from .choices import SignInOutcome
from .scopes import ClientScopes

define(
    {
        "login": _("Signed in"),
        "login.failed": _("Failed to sign in"),
        "session.ended": _("Ended a session"),
        "user.created": _("Opened an account"),
        "user.changed": _("Changed an account"),
        "user.disabled": _("Disabled an account"),
        "user.enabled": _("Enabled an account"),
        "user.password_changed": _("Changed the password"),
        "user.password_reset": _("Reset a password"),
        "user.second_factor_added": _("Set up a second factor"),
        "user.second_factor_dropped": _("Gave up a second factor"),
        "user.second_factor_removed": _("Removed a lost second factor"),
        "role.granted": _("Granted a role"),
        "role.withdrawn": _("Withdrew a role"),
        "profile.changed": _("Changed one's own particulars"),
        "invitation.sent": _("Invited a colleague"),
        "invitation.renewed": _("Sent an invitation again"),
        "invitation.withdrawn": _("Took an invitation back"),
        "invitation.accepted": _("Accepted an invitation"),
        "practitioner.created": _("Entered a practitioner"),
        "practitioner.changed": _("Changed a practitioner"),
        "practitioner.moved": _("Took a practitioner over"),
        "practitioner.activated": _("Took a practitioner back"),
        "practitioner.deactivated": _("Let a practitioner go"),
        "site.added": _("Registered a practitioner at another institution"),
        "site.ended": _("Ended a practice site"),
        "absence.added": _("Noted an absence"),
        "absence.ended": _("Ended an absence"),
        "client.created": _("Made an API client"),
        "client.rotated": _("Replaced an API client's secret"),
        "client.disabled": _("Shut an API client out"),
        "client.enabled": _("Let an API client in again"),
    },
    names={
        "role": _("Role"),
        "scopes": _("Scopes"),
        "outcome": _("Outcome"),
        "from": _("From"),
    },
    words={
        "role": dict(Role.choices),
        "outcome": dict(SignInOutcome.choices),
        "scopes": ClientScopes().get_all_scopes(),
        "reason": {"left": _("Left the institution")},
    },
)
