"""Pages of institutions and of the alliance office."""
