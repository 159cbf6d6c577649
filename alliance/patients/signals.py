"""Facts that the patient index announces, always inside the transaction."""

from django.dispatch import Signal

# kept_id: int, merged_id: int. Listeners move what they hold to the kept entry, or refuse by raising.
patients_merged = Signal()
# consent_id: int. Listeners may refuse by raising or mark what rested on the consent.
consent_withdrawn = Signal()
