"""What the rest of the platform may ask about equipment."""

from .service.selectors import device_in_service, pairs_in_service

__all__ = ["device_in_service", "pairs_in_service"]
