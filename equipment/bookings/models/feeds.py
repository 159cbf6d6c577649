"""Calendars that other programs read at a secret address (日历订阅)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliance.core.models import Public
from equipment.devices.models import Device

from ..feeds.querysets import FeedQuerySet


class CalendarFeed(Public):
    """One person's calendar of their own bookings, or of one device they may see.

    The address is derived from the secret key and stored only as a digest. Revoked, it answers
    nobody any more; a new one has another address.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    device = models.ForeignKey(
        Device,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("device"),
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    read_at = models.DateTimeField(_("last read"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)

    objects = FeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "device"],
                condition=Q(revoked_at=None),
                nulls_distinct=False,
                name="bookings_feed_one_running",
            ),
        ]

    def __str__(self) -> str:
        return str(self.device or self.user)
