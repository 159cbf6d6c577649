"""What this room records in the ledger, in words."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.core.acts import define

from .choices import Unit

define(
    {
        "price.set": _("Set a price of sharing"),
        "price.ended": _("Ended a price of sharing"),
    },
    names={
        "tier": _("Tier"),
        "unit": pgettext_lazy("price", "Paid"),
        "amount": _("Amount"),
        "valid_from": _("In force from"),
        "valid_until": _("Until"),
    },
    words={"unit": dict(Unit.choices)},
)
