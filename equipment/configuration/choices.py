"""Words of the base configuration."""

from alliance.catalogue.choices import EditionStatus as EditionStatus
from alliance.institutions.choices import Tier

# What a tier must have; village clinics hang under a township and are asked for nothing.
CONFIGURED_TIERS = (Tier.TOWNSHIP, Tier.COUNTY, Tier.TERTIARY)
CONFIGURED_TIER_CHOICES = [(tier.value, tier.label) for tier in CONFIGURED_TIERS]
