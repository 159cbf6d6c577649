"""What this room does for the outbox."""

from alliance.core import outbox

from . import actions


@outbox.handler("notices.email")
def email_notice(*, notice_id: int) -> None:
    """Send one notice by e-mail."""
    actions.send_email(notice_id=notice_id)
