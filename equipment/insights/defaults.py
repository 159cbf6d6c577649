"""Policy definitions of insights: what counts how much where one more device would help."""

from django.utils.translation import gettext_lazy as _

from alliance.core.policy import PLATFORM, Definition, define

_GROUP = _("Use of devices")


def _points(name: str, default: int, label: object) -> Definition:
    return Definition(f"insights.{name}", "integer", default, label, _GROUP, PLATFORM, maximum=1000)


define(
    [
        _points("points_refused", 1, _("Points for a day on which a booking was refused")),
        _points("points_waiting", 1, _("Points for a waiting-list entry that got nothing")),
        _points("points_missing", 10, _("Points for a device missing by the base configuration")),
    ]
)
