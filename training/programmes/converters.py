"""Parts of addresses: an unknown way is a 404 before any code runs."""

from .choices import Way


class WayConverter:
    """Where something is moved."""

    regex = "|".join(Way.values)
    to_python = staticmethod(Way)
    to_url = staticmethod(str)
