"""What devices there are, whose they are and where they stand."""
