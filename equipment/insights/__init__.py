"""How devices are used across the alliance."""
