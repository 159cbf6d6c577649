"""Acts in addresses: an unknown one is a 404 before any code runs."""

_ACTS = (
    "approve",
    "refuse",
    "cancel",
    "check_in",
    "excuse",
    "mentor_yes",
    "mentor_all",
    "mentor_no",
)


class ActConverter:
    """An act of a booking's page."""

    regex = "|".join(_ACTS)
    to_python = staticmethod(str)
    to_url = staticmethod(str)
