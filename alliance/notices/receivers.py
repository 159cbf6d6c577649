"""What this room does for the outbox, and when an account changes."""

from typing import Any

from django.dispatch import receiver

from alliance.core import outbox
from alliance.people.signals import account_changed

from . import account, actions


@outbox.handler("notices.email")
def email_notice(*, notice_id: int) -> None:
    """Send one notice by e-mail."""
    actions.send_email(notice_id=notice_id)


@receiver(account_changed, dispatch_uid="notices.tell_owner")
def tell_owner(sender: Any, *, user_id: int, change: str, role: str = "", **kwargs: Any) -> None:
    """The owner of an account hears what somebody else did to it."""
    account.tell(user_id=user_id, change=change, role=role)
