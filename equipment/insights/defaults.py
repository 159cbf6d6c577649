"""Policy definitions of insights: what counts how much where one more device would help."""

from django.utils.translation import gettext_lazy as _

from alliance.core.policy import PLATFORM, Definition, define

_GROUP = _("Use of devices")


def _points(name: str, default: int, label: object) -> Definition:
    return Definition(f"insights.{name}", "integer", default, label, _GROUP, PLATFORM, maximum=1000)


def _percent(name: str, default: int, label: object) -> Definition:
    key = f"insights.{name}"
    return Definition(key, "percent", default, label, _GROUP, PLATFORM, maximum=100)


define(
    [
        _points("points_refused", 5, _("Points for a day on which a booking was refused")),
        _points("points_waiting", 5, _("Points for a waiting-list entry that got nothing")),
        _points("points_waited", 1, _("Points for a day that such an entry waited")),
        _points("points_missing", 10, _("Points for a device short of the base configuration")),
        _points("points_load", 100, _("Points for full load of the devices there")),
        _points("points_borrowed", 3, _("Points for ten uses of other institutions' devices")),
        _points("points_away", 2, _("Points for a step to the nearest device")),
        _points("points_techniques", 3, _("Points for ten techniques that need the device")),
        _points("points_doctors", 5, _("Points for ten doctors who may perform such a technique")),
        _points("points_beds", 1, _("Points for a hundred beds of the institution")),
        _percent("even_percent", 20, _("Load of devices that counts nothing; less is taken off")),
        _percent("busy_percent", 80, _("Load from which on devices count as busy")),
    ]
)
