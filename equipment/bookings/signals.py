"""What bookings announce."""

from django.dispatch import Signal

# Sent inside the transaction: booking_ids (list of int), act (see `choices.Act`), referral_numbers
# (list of str, of those bookings that serve a referral). Times were taken, freed or put in doubt.
bookings_changed = Signal()
