"""Facts that the catalogue announces, inside the transaction that makes them true."""

from django.dispatch import Signal

edition_published = Signal()  # edition_id: int
