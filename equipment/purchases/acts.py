"""What this room records in the ledger, in words."""

from django.utils.translation import gettext_lazy as _

from alliance.core.acts import define

define(
    {
        "purchase.started": _("Began an application for devices"),
        "purchase.saved": _("Changed an application for devices"),
        "purchase.attached": _("Attached a file to an application for devices"),
        "purchase.removed": _("Removed a file of an application for devices"),
        "purchase.submit": _("Submitted an application for devices"),
        "purchase.pass_on": _("Passed an application for devices on to the third party"),
        "purchase.return": _("Returned an application for devices"),
        "purchase.evaluate": _("Evaluated an application for devices"),
        "purchase.approve": _("Approved an application for devices"),
        "purchase.refuse": _("Did not approve an application for devices"),
        "purchase.deliver": _("Recorded the delivery of devices"),
        "purchase.deliver_part": _("Recorded a part of the delivery of devices"),
        "purchase.write_off": _("Wrote off what was not delivered"),
        "purchase.take_back": _("Took back an application for devices"),
        "purchase.give_up": _("Gave a purchase of devices up"),
    },
    names={
        "recommended": _("Recommended"),
        "score": _("Score"),
        "quantity": _("How many"),
        "unit_price": _("Price of one in yuan"),
        "percent": _("Subsidy in per cent"),
        "subsidy": _("Subsidy in yuan"),
        "delivered_on": _("Delivered on"),
        "devices": _("Devices"),
        "written_off": _("Written off"),
    },
)
