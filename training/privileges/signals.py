"""What the room of privileges announces."""

from django.dispatch import Signal

# Sent inside the transaction: privilege_id (int). Granted, suspended, restored, withdrawn.
privilege_changed = Signal()
