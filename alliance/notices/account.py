"""What people are told about their own account."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.core.choices import Role
from alliance.people.choices import AccountChange

from . import actions, texts
from .choices import NoticeKind

_IF_NOT_YOU = _("If you did not expect this, tell your administrator.")
_TEXTS = {
    AccountChange.ROLE_GRANTED: (_("You were given a role: %(role)s"), ""),
    AccountChange.ROLE_WITHDRAWN: (_("A role of yours has ended: %(role)s"), ""),
    AccountChange.PASSWORD_CHANGED: (_("Your password was replaced"), _IF_NOT_YOU),
    AccountChange.SECOND_FACTOR_REMOVED: (_("Your second factor was removed"), _IF_NOT_YOU),
    AccountChange.ENABLED: (_("Your account was enabled again"), ""),
}


def define_texts() -> None:
    """Make the texts known; called once, when the app is ready."""
    texts.define({f"account.{change}": pair for change, pair in _TEXTS.items()})
    texts.words("role", dict(Role.choices))


def tell(*, user_id: int, change: str, role: str = "") -> int:
    """Tell somebody what was done to their account."""
    return actions.notify(
        user_ids=[user_id],
        kind=NoticeKind.ACCOUNT,
        text_key=f"account.{AccountChange(change)}",
        values={"role": role} if role else {},
        url=reverse("people:profile"),
        dedupe=f"account:{change}:{timezone.now().isoformat()}",
    )
