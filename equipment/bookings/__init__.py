"""Who has which device when, for what."""
