"""What templates of exams ask."""

from typing import Any

from django import template

from .. import presenters

register = template.Library()


@register.filter
def amount(result: Any) -> str:
    """What was reached at a station, in words."""
    return presenters.amount(result.station.metric, result.value)
