"""Applications for new devices, their three steps and delivery."""
