"""Bookings of devices."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BookingsConfig(AppConfig):
    """The room of bookings."""

    name = "equipment.bookings"
    label = "bookings"
    verbose_name = _("Bookings of devices")

    def ready(self) -> None:
        """Answer the outbox, follow devices and merged patients, open doors and show panels."""
        from . import cards, cases, marks, panels, receivers, tables, todos  # noqa: F401
        from .charges import receivers as settling  # noqa: F401
        from .charges import tables as charged  # noqa: F401
        from .overruns import receivers as overruns  # noqa: F401
        from .waiting import receivers as offering  # noqa: F401
