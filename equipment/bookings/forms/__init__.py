"""Forms of bookings."""
