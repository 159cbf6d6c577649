"""Notices to people, and what they want to be told how."""

from __future__ import annotations

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliance.core.models import Public

from .choices import NoticeKind
from .querysets import NoticeQuerySet


class Notice(Public):
    """One message to one person. Texts are keys with values, worded in the reader's language."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    kind = models.CharField(_("kind"), max_length=20, choices=NoticeKind)
    text_key = models.CharField(max_length=60)
    values = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    url = models.CharField(max_length=300, blank=True)
    dedupe = models.CharField(max_length=120)
    read_at = models.DateTimeField(null=True)
    emailed_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.UniqueConstraint(fields=["user", "dedupe"], name="notices_notice_once"),
            models.CheckConstraint(
                condition=Q(kind__in=NoticeKind.values), name="notices_notice_kind"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-created_at", "-id"]),
            models.Index(
                fields=["user", "-created_at", "-id"],
                condition=Q(read_at=None),
                name="notices_unread",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.text_key} → {self.user_id}"

    @property
    def is_unread(self) -> bool:
        """Whether it still waits for its reader."""
        return self.read_at is None


class Preference(models.Model):
    """Whether a person wants this kind of notice by e-mail. In the app all are shown."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="preferences")
    kind = models.CharField(max_length=20, choices=NoticeKind)
    by_email = models.BooleanField(_("by e-mail"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="notices_preference_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}"
