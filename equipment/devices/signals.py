"""What the rooms of equipment announce about devices."""

from django.dispatch import Signal

# Sent inside the transaction by whoever changed it: device_ids (list of int). A fault, a repair, a
# calibration, a recall, a retirement: ask `service.selectors` what is true now.
device_availability_changed = Signal()

# Sent inside the transaction when a device was given to another institution: device (its row that
# left), there (its row at the next owner), by. What is kept of a device goes along with it.
device_given = Signal()

# Sent inside the transaction when devices came onto the register for the first time: device_ids
# (list of int), by, last_done (by device and kind of check: when it was done last before, where that
# was told). What their types ask for again and again is planned for them.
devices_registered = Signal()
