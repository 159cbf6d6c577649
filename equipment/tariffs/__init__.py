"""What sharing a device costs whom."""
