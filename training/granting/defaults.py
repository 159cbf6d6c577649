"""Policy definitions of granting: how the committee votes, what a renewal and a restoration need."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from alliance.core.policy import PLATFORM, Definition, define


def _number(key: str, default: int, label: Any, *, kind: str = "integer", **bounds: Any) -> Any:
    return Definition(f"granting.{key}", kind, default, label, _("Granting"), PLATFORM, **bounds)


define(
    [
        _number(
            "quorum_percent",
            67,
            _("Share of the members without an interest who must vote"),
            kind="percent",
            minimum=1,
            maximum=100,
        ),
        _number("votes_least", 3, _("Votes that are needed at least"), minimum=1, maximum=50),
        _number(
            "majority_percent",
            50,
            _("Votes in favour must be more than this share of all votes"),
            kind="percent",
            minimum=1,
            maximum=99,
        ),
        _number(
            "renewal_days_before",
            90,
            _("Renewal opens before the end of a privilege"),
            kind="days",
            minimum=1,
            maximum=730,
        ),
        _number(
            "renewal_days_after",
            180,
            _("Renewal stays open after the end of a privilege"),
            kind="days",
            maximum=730,
        ),
        _number(
            "recent_days",
            365,
            _("Recent cases: how far back they count"),
            kind="days",
            minimum=30,
            maximum=1825,
        ),
        _number("renewal_cases", 10, _("Recent cases that a renewal needs"), maximum=1000),
        _number(
            "complication_percent_most",
            10,
            _("Recent cases with a complication, at most"),
            kind="percent",
            maximum=100,
        ),
        _number(
            "restoration_cases",
            3,
            _("Supervised cases since a suspension that a restoration needs"),
            maximum=1000,
        ),
    ]
)
