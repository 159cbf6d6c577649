"""Words of prices."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.institutions.choices import Tier


class Unit(TextChoices):
    """What a price is paid for."""

    HOUR = "hour", pgettext_lazy("price", "Per hour")
    USE = "use", pgettext_lazy("price", "Per use")


class FreeReason(TextChoices):
    """Why a use costs nothing."""

    OWN = "own", _("The institution's own device")
    ADVANCED = "advanced", _("Free for a township doing an advanced procedure")
    TOWNSHIP = "township", _("Free for townships")
    UNPRICED = "unpriced", _("No price is set, nothing is charged")


# Whose price differs; a village clinic pays as its township.
PRICED_TIERS = (Tier.TOWNSHIP, Tier.COUNTY, Tier.TERTIARY)
PRICED_TIER_CHOICES = [(tier.value, tier.label) for tier in PRICED_TIERS]
