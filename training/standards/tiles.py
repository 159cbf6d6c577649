"""The office's tile: applications that wait."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance.institutions.models import Alliance
from alliance.institutions.office import Tile, tiles

from . import policies
from .choices import Status
from .models import Admission


@tiles(order=35)
def to_review(user: Any, alliance: Alliance | None) -> Iterator[Tile]:
    """How many institutions wait for an answer."""
    if alliance is None or alliance.pk not in policies.alliances_to_review(user):
        return
    rows = Admission.objects.visible_to(user).filter(alliance=alliance, status=Status.SUBMITTED)
    count = rows.count()
    note = _("nothing waits")
    if count:
        note = ngettext("%(count)s waits", "%(count)s wait", count) % {"count": count}
    yield Tile(
        title=_("Admission of techniques"),
        text=_("Institutions apply with a self-assessment; the alliance reviews and decides."),
        url=reverse("standards:inbox"),
        icon="shield",
        note=note,
        tone="info" if count else "neutral",
    )
