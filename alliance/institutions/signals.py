"""Facts that institutions announce, inside the transaction that makes them true."""

from django.dispatch import Signal

membership_changed = Signal()  # membership_id: int
