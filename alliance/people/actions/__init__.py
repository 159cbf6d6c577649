"""The only writers of accounts, roles, practitioners, invitations and clients."""

from .absences import add_absence, end_absence
from .accounts import (
    create_user,
    disable_user,
    enable_user,
    leave_institution,
    remove_second_factor,
    reset_password,
    update_user,
)
from .appointments import appoint
from .clients import (
    create_api_client,
    disable_api_client,
    enable_api_client,
    rotate_client_secret,
)
from .grants import grant_role, withdraw_role
from .import_accounts import import_invitations, import_users, plan_invitations, plan_users
from .import_practitioners import import_practitioners, plan_practitioners
from .invitations import (
    accept_invitation,
    accept_invitation_as,
    invite,
    renew_invitation,
    send_invitation,
    withdraw_invitation,
)
from .practitioners import create_practitioner, set_practitioner_active, update_practitioner
from .profile import update_profile
from .second_factors import rotate_second_factors
from .sign_ins import (
    attempt_failed,
    attempt_succeeded,
    begin_attempt,
    end_other_sessions,
    end_session,
    forget_sign_ins,
    note_new_key,
    note_password_change,
    note_second_factor,
    note_sign_in,
    note_sign_out,
)
from .sites import add_site, end_site

__all__ = [
    "accept_invitation",
    "accept_invitation_as",
    "add_absence",
    "add_site",
    "appoint",
    "attempt_failed",
    "attempt_succeeded",
    "begin_attempt",
    "create_api_client",
    "create_practitioner",
    "create_user",
    "disable_api_client",
    "disable_user",
    "enable_api_client",
    "enable_user",
    "end_absence",
    "end_other_sessions",
    "end_session",
    "end_site",
    "forget_sign_ins",
    "grant_role",
    "import_invitations",
    "import_practitioners",
    "import_users",
    "invite",
    "leave_institution",
    "note_new_key",
    "note_password_change",
    "note_second_factor",
    "note_sign_in",
    "note_sign_out",
    "plan_invitations",
    "plan_practitioners",
    "plan_users",
    "remove_second_factor",
    "renew_invitation",
    "reset_password",
    "rotate_client_secret",
    "rotate_second_factors",
    "send_invitation",
    "set_practitioner_active",
    "update_practitioner",
    "update_profile",
    "update_user",
    "withdraw_invitation",
    "withdraw_role",
]
