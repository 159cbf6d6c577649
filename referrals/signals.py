"""Facts that referrals announce."""

from django.dispatch import Signal

referral_moved = Signal()  # event_id: int, sent inside the transaction
