"""Which institution is admitted for which technique."""
