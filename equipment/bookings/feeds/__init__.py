"""Calendars of bookings that phones read at a secret address."""
