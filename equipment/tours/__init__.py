"""Vehicles with devices that travel between institutions."""
