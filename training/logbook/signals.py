"""Facts that the logbook announces, always inside the transaction."""

from django.dispatch import Signal

# case_ids: list[int], operator_ids: collection of int. Sent when cases begin or cease to count, or
# what they say has changed.
cases_changed = Signal()
