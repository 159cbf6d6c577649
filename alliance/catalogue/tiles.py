"""The catalogue's tile in the alliance office."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance.institutions.models import Alliance
from alliance.institutions.office import Tile, tiles

from . import policies, selectors
from .choices import EditionStatus
from .models import CatalogueEdition


@tiles(order=30)
def editions(user: Any, alliance: Alliance | None) -> Iterator[Tile]:
    """The edition in force, and how many drafts wait."""
    if alliance is None or not policies.may_maintain(user, alliance.pk):
        return
    editions = CatalogueEdition.objects.visible_to(user).filter(alliance=alliance)
    drafts = editions.filter(status=EditionStatus.DRAFT).count()
    note, tone = _in_force(alliance), "neutral"
    if drafts:
        note = ngettext("%(count)s draft waits", "%(count)s drafts wait", drafts)
        note, tone = note % {"count": drafts}, "info"
    yield Tile(
        title=_("Technique catalogue"),
        text=_("Which technique may be done at which tier: drafted, compared, published."),
        url=reverse("catalogue:editions"),
        icon="book",
        note=note,
        tone=tone,
    )


def _in_force(alliance: Alliance) -> str:
    edition = selectors.edition_in_force(alliance_id=alliance.pk, on=timezone.localdate())
    if edition is None or edition.effective_from is None:
        return _("no edition in force")
    day = date_format(edition.effective_from, "DATE_FORMAT")
    return _("%(name)s, since %(day)s") % {"name": edition.name, "day": day}
