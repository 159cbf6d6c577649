"""Standing in line for a device that is taken, and being offered what is freed."""
