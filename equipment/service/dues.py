"""Why a check is due when it is, in words."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from . import selectors
from .choices import FirstDue
from .models import MaintenancePlan, ServiceRecord


def why_due(plan: MaintenancePlan) -> str:
    """From what the due day of a plan follows; empty where its keeper chose it."""
    last = selectors.last_passed(plan)
    if last is not None:
        return _after(plan, last)
    if plan.last_on is not None:
        words = _("%(months)s months after %(day)s: done last then, as told on registration.")
        return words % {"months": plan.months, "day": date_format(plan.last_on, "DATE_FORMAT")}
    if plan.first_due_why == FirstDue.FIRST_DAY:
        day = date_format(plan.device.in_use_from, "DATE_FORMAT")
        words = _("%(months)s months after its first day of use, %(day)s.")
        return words % {"months": plan.months, "day": day}
    return _unknown(plan) if plan.first_due_why == FirstDue.UNKNOWN else ""


def _after(plan: MaintenancePlan, last: ServiceRecord) -> str:
    day = date_format(last.done_on, "DATE_FORMAT")
    if last.valid_until is not None:
        return _("Until then the certificate of %(day)s counts.") % {"day": day}
    words = _("%(months)s months after the check of %(day)s.")
    return words % {"months": plan.months, "day": day}


def _unknown(plan: MaintenancePlan) -> str:
    """By the policy of its registration: the number of days is what it was then."""
    on = timezone.localdate(plan.created_at)
    days = (plan.first_due_on - on).days
    words = _("An old device of which nobody told when it was done last: due at once.")
    if days:
        words = _(
            "An old device of which nobody told when it was done last: due within %(days)s days of"
            " its registration."
        ) % {"days": days}
    set_ = selectors.unknown_days(plan.device.owner_id, on=on)
    source = (
        set_.source if set_.is_verified else _("%(source)s, not verified") % {"source": set_.source}
    )
    return _("%(what)s Source: %(source)s.") % {"what": words, "source": source}
