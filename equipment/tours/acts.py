"""What this room records in the ledger, in words."""

from django.utils.translation import gettext_lazy as _

from alliance.core.acts import define

define(
    {
        "tour.plan": _("Planned a tour"),
        "tour.change": _("Changed a tour"),
        "tour.announce": _("Announced a tour"),
        "tour.finish": _("Finished a tour"),
        "tour.cancel": _("Called a tour off"),
        "tour.stop_add": _("Added a stop to a tour"),
        "tour.stop_change": _("Changed a stop of a tour"),
        "tour.stop_cancel": _("Called a stop of a tour off"),
        "tour.place_book": _("Booked a place at a stop"),
        "tour.place_cancel": _("Gave up a place at a stop"),
    }
)
