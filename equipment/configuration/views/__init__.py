"""Pages of the base configuration."""
