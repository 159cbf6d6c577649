"""Pages of privileges."""
