"""Pages of the technique catalogue."""
