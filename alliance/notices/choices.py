"""Kinds of notices that people may switch on and off."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class NoticeKind(TextChoices):
    """What a notice is about."""

    REFERRAL_TODO = "referral_todo", _("A referral waits for me")
    REFERRAL_NEWS = "referral_news", _("News of a referral I filed or received")
    CLOCK_WARNING = "clock_warning", _("A clock is about to run out")
    CLOCK_BROKEN = "clock_broken", _("A clock has run out")
    FINDING = "finding", _("Scheduled checks found something at my institution")
    TRAINING = "training", _("My training, and that of my institution")
    EQUIPMENT_TODO = "equipment_todo", _("Equipment: what waits for me or cannot wait")
    EQUIPMENT = "equipment", _("Equipment: other news of devices I booked, or keep")
    ACCOUNT = "account", _("My account")
    SYSTEM = "system", _("Imports and other work")


# What goes out by e-mail as long as a person has chosen nothing: what asks for an act.
EMAIL_BY_DEFAULT = frozenset(
    {
        NoticeKind.REFERRAL_TODO,
        NoticeKind.CLOCK_BROKEN,
        NoticeKind.EQUIPMENT_TODO,
        NoticeKind.ACCOUNT,
    }
)
