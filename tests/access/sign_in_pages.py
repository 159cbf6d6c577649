"""Who gets which answer from the pages of signing in and of one's own second factor.

They ask for nothing but being signed in, so a stranger and a doctor speak for all. The doctor has
a second factor and has signed in long enough ago to be asked for the password again.
"""

from tests.access.tables import LOGIN, Row

STRANGER, DOCTOR = frozenset({"anonymous"}), frozenset({"doctor"})
# A link of a mail that nobody was sent.
LINK = ("abc", "def")


def both(route, stranger, doctor, *args, method="get"):
    answers = {stranger: STRANGER | DOCTOR} if stranger == doctor else {
        stranger: STRANGER, doctor: DOCTOR,
    }  # fmt: skip
    return Row(route, method, answers, None, args, STRANGER | DOCTOR)


def also_posted(*row):
    return [both(*row), both(*row, method="post")]


# fmt: off
ENTRANCE = [
    *also_posted("account_login", 200, 302),
    both("account_logout", 302, 200),
    both("account_logout", 302, 302, method="post"),
    both("account_inactive", 200, 200),
    # Nobody opens an account alone: the page says whom to ask.
    *also_posted("account_signup", 200, 302),
    both("account_email_verification_sent", 200, 200),
    both("account_email_verification_sent", 405, 405, method="post"),
    both("account_confirm_email", 200, 200, "abc"),
    both("account_confirm_email", 404, 404, "abc", method="post"),
    *also_posted("account_reset_password", 200, 200),
    both("account_reset_password_done", 200, 200),
    *also_posted("account_reset_password_from_key", 200, 200, *LINK),
    both("account_reset_password_from_key_done", 200, 200),
    *also_posted("account_confirm_login_code", LOGIN, 302),
]
ONES_OWN = [
    *also_posted("account_reauthenticate", LOGIN, 200),
    both("account_email", LOGIN, 200),
    both("account_email", LOGIN, 302, method="post"),
    *also_posted("account_change_password", LOGIN, 200),
    *also_posted("account_set_password", LOGIN, 302),
    both("mfa_index", LOGIN, 200),
    *also_posted("mfa_authenticate", LOGIN, 302),
    *also_posted("mfa_reauthenticate", LOGIN, 200),
    *also_posted("mfa_activate_totp", LOGIN, 302),
    *also_posted("mfa_deactivate_totp", LOGIN, 302),
    both("mfa_view_recovery_codes", LOGIN, 404),
    *also_posted("mfa_generate_recovery_codes", LOGIN, 302),
    both("mfa_download_recovery_codes", LOGIN, 404),
]
ROWS = ENTRANCE + ONES_OWN
