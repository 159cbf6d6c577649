"""What this room records in the ledger, in words."""

from django.utils.translation import gettext_lazy as _

from alliance.core.acts import define
from alliance.institutions.choices import Tier

define(
    {
        "configuration.drafted": _("Drafted a base configuration"),
        "configuration.discarded": _("Threw a draft of a base configuration away"),
        "configuration.published": _("Published a base configuration"),
        "configuration.item_set": _("Asked for devices in a base configuration"),
        "configuration.item_removed": _("Took devices out of a base configuration"),
    },
    words={"tier": dict(Tier.choices)},
)
