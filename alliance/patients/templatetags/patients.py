"""How pages say a patient's age."""

from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import ngettext

from alliance.patients import rules

register = template.Library()


@register.filter
def age(patient: Any) -> str:
    """46 岁, in the first two years 7 个月; of the dead the age they reached."""
    on = patient.deceased_on or timezone.localdate()
    years = rules.age_on(patient.birth_date, on)
    if years >= rules.AGED_IN_YEARS_FROM:
        return ngettext("%(count)d year", "%(count)d years", years) % {"count": years}
    months = rules.age_in_months(patient.birth_date, on)
    return ngettext("%(count)d month", "%(count)d months", months) % {"count": months}
