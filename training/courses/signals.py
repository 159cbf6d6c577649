"""Facts that the room of courses announces, always inside the transaction."""

from django.dispatch import Signal

# practitioner_ids: collection of int. Sent when hours, and courses completed with them, begin to count.
hours_counted = Signal()
