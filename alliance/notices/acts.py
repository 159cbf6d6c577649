"""What this room records in the ledger, in words."""

from django.utils.translation import gettext_lazy as _

from alliance.core.acts import define

from .choices import NoticeKind

define(
    {"preferences.changed": _("Chose which notices come by e-mail")},
    names={"by_email": _("By e-mail")},
    words={"by_email": dict(NoticeKind.choices)},
)
