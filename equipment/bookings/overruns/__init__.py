"""Devices that are not given back in time, and the bookings that they hold up."""
