"""Cases performed, confirmed and amended, and the curves of outcomes."""
