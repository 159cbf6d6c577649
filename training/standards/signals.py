"""What this room announces, inside the transaction."""

from django.dispatch import Signal

admission_changed = Signal()  # admission_id: int
