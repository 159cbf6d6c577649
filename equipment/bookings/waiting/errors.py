"""Why somebody does not stand in line."""

from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core.errors import DomainError

from .. import presenters
from ..errors import Asked
from ..ways import named


class FreeNow(DomainError):
    """What is asked for is free already: `asked` is the booking that would be granted."""

    def __init__(self, asked: Asked) -> None:
        since, until = asked.period
        self.words = " · ".join((named(asked.devices[0]), presenters.period(since, until)))
        super().__init__(
            "free_now",
            _("This need not be waited for, it is free: %(what)s. Book it.") % {"what": self.words},
            alternatives=[
                {
                    "devices": [str(device.public_id) for device in asked.devices],
                    "starts_at": timezone.localtime(since).isoformat(),
                    "ends_at": timezone.localtime(until).isoformat(),
                }
            ],
        )
        self.asked = asked
