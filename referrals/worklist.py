"""The lists that home pages count and open: one condition for the number and for its rows.

`condition(name, …)` is what a leg must fulfil; `worklists` cuts and orders, `filters` lists them all.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .choices import Status
from .models import Referral
from .workflow import OPEN, WITH_RECEIVER

# A refusal stays on its sender's home page this long, or until the patient was sent elsewhere.
REFUSED_SHOWN = timedelta(days=7)


class Worklist(TextChoices):
    """A list that a home page leads to."""

    ON_THE_WAY = "on_the_way", _("My patients on the way")
    COMING_BACK = "coming_back", _("Coming back and follow-ups")
    IN_CARE = "in_care", _("In our care")
    DRAFTS = "my_drafts", _("My drafts")
    ARRIVING = "arriving_today", _("Arriving today")
    RECEIVED = "received_today", _("Received today")
    SENT = "sent_today", _("Sent today")
    SENT_BACK = "sent_back_today", _("Sent back down today")
    REACHED = "reached", _("Reached the receiver")


def condition(name: str, *, user: Any, institution_id: int | None, now: datetime) -> Q:
    """What a leg of this list fulfils, read for one institution by one person."""
    conditions: dict[str, Q] = {
        Worklist.ON_THE_WAY: Q(sender=institution_id) & _under_way(user, now),
        Worklist.COMING_BACK: _in_hand(institution_id)
        & Q(status__in=sorted(OPEN))
        & Q(is_back_leg=True),
        Worklist.IN_CARE: _in_hand(institution_id)
        & Q(status__in=sorted(WITH_RECEIVER), is_back_leg=False),
        Worklist.DRAFTS: Q(sender=institution_id, status=Status.DRAFT, created_by=user),
        Worklist.ARRIVING: _in_hand(institution_id) & _expected_today(now),
        Worklist.RECEIVED: Q(receiver=institution_id) & _sent_today(now),
        Worklist.SENT: Q(sender=institution_id, is_back_leg=False) & _sent_today(now),
        Worklist.SENT_BACK: Q(sender=institution_id, is_back_leg=True) & _sent_today(now),
        Worklist.REACHED: Q(sent_at__isnull=False),
    }
    return conditions[name]


def midnight(now: datetime) -> datetime:
    """When today began where the alliance is."""
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)


def _under_way(user: Any, now: datetime) -> Q:
    """What this doctor sent that is under way, or was refused and went nowhere else yet."""
    mine = Q(created_by=user)
    if user.practitioner_id:
        mine |= Q(sender_doctor=user.practitioner_id)
    followed = Referral.objects.filter(parent=OuterRef("pk"))
    refused = Q(status=Status.REJECTED, closed_at__gte=now - REFUSED_SHOWN) & ~Exists(followed)
    under_way = Q(status__in=sorted(OPEN - {Status.BACK_REFERRED})) | refused
    return mine & under_way & Q(is_back_leg=False)


def _in_hand(institution_id: int | None) -> Q:
    return Q(receiver=institution_id, sent_at__isnull=False)


def _expected_today(now: datetime) -> Q:
    today = (midnight(now), midnight(now) + timedelta(days=1))
    return Q(status=Status.RESERVED, reserved_at__range=today) | Q(
        status=Status.IN_TRANSIT, expected_at__range=today
    )


def _sent_today(now: datetime) -> Q:
    return Q(created_at__gte=midnight(now), sent_at__gte=midnight(now))
