"""Parts of addresses: an unknown side is a 404 before any code runs."""

from .choices import Party


class PartyConverter:
    """A side of a posting."""

    regex = "|".join(Party.values)
    to_python = staticmethod(Party)
    to_url = staticmethod(str)
