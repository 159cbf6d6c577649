"""What this room tells the rooms above. Sent inside the transaction that made it true."""

from django.dispatch import Signal

# user_id: int, change: AccountChange; what the person should hear of.
account_changed = Signal()
