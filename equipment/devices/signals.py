"""What the rooms of equipment announce about devices."""

from django.dispatch import Signal

# Sent inside the transaction by whoever changed it: device_ids (list of int). A fault, a repair, a
# calibration, a recall, a retirement: ask `service.selectors` what is true now.
device_availability_changed = Signal()
