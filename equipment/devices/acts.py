"""What this room records in the ledger, in words."""

from django.utils.translation import gettext_lazy as _

from alliance.core.acts import define

from .choices import Need, Retirement

define(
    {
        "device.registered": _("Registered a device"),
        "device.changed": _("Changed a device"),
        "device.condition": _("Noted the condition of a device"),
        "device.retired": _("Retired a device"),
        "device.put_back": _("Undid the retirement of a device"),
        "device.given": _("Gave a device to another institution"),
        "device.received": _("Received a device from another institution"),
        "device.attached": _("Attached a file to a device"),
        "device.file_removed": _("Removed a file of a device"),
        "device_type.added": _("Added a device type"),
        "device_type.changed": _("Changed a device type"),
        "device_type.needed": _("Said that a technique needs a device type"),
        "device_type.not_needed": _("Said that a technique does without a device type"),
        "device_types.loaded": _("Loaded the starter device types"),
        "stocktake.begun": _("Began a stock-take"),
        "stocktake.closed": _("Closed a stock-take"),
    },
    names={
        "asset_number": _("Asset number"),
        "retirement": _("Why it was retired"),
        "to": _("To"),
        "need": _("Need"),
        "missing": _("Missing devices"),
    },
    words={"retirement": dict(Retirement.choices), "need": dict(Need.choices)},
)
