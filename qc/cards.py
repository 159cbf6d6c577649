"""The door of this room on the page of equipment."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from equipment.devices.policies import houses_kept
from equipment.hub import Card, cards

from .choices import Standing
from .models import Finding

_MOST = 99


@cards(order=25)
def findings(user: Any) -> Iterator[Card]:
    """What the nightly checks found about the devices that one keeps."""
    kept = houses_kept(user)
    if not kept:
        return
    rows = Finding.objects.visible_to(user).about_equipment().filter(institution__in=kept)
    count = rows.standing(Standing.OPEN, timezone.localdate())[: _MOST + 1].count()
    words = ngettext("%(count)s to see to", "%(count)s to see to", count)
    yield Card(
        title=_("Findings about devices"),
        text=_(
            "Calibration due, past its life, idle, recalled and still in use: found every night."
        ),
        url=f"{reverse('qc:findings')}?equipment=true",
        icon="check-circle",
        note=words % {"count": count} if count else "",
        tone="warn" if count else "",
    )
