"""Whether a device is in service: calibration, maintenance, repair, recalls, adverse events."""
