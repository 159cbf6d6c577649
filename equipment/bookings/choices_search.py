"""Words of the search for a free time."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class Reach(TextChoices):
    """How far away a device may stand."""

    OWN = "own", pgettext_lazy("reach", "At my institution")
    COUNTY = "county", pgettext_lazy("reach", "Within the county")
    ALLIANCE = "alliance", pgettext_lazy("reach", "In the whole alliance")


class Span(TextChoices):
    """When: the words people use before they know the day."""

    TODAY = "today", pgettext_lazy("span", "Today")
    TOMORROW = "tomorrow", pgettext_lazy("span", "Tomorrow")
    THIS_WEEK = "this_week", pgettext_lazy("span", "This week")
    NEXT_WEEK = "next_week", pgettext_lazy("span", "Next week")
    FORTNIGHT = "fortnight", pgettext_lazy("span", "The next 14 days")


MINUTES = (30, 45, 60, 90, 120, 180, 240, 360, 480)
