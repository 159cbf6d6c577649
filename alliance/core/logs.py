"""Logging: each line carries the id of the request or task it belongs to."""

import logging

from .context import request_id


class RequestIdFilter(logging.Filter):
    """Adds `request_id` to every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add the id; every record passes."""
        record.request_id = request_id.get()
        return True
