"""Facts that the room of exams announces, always inside the transaction."""

from django.dispatch import Signal

# practitioner_ids: collection of int. Sent when results of exams or stations begin to count.
results_entered = Signal()
