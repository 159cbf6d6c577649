"""A posting gives the right to practise where it leads, for its time and no longer."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from alliance.people.models import PracticeSite

from .. import rules
from ..models import Posting


def open_sites(*, posting: Posting, by: Any) -> None:
    """Register the person where they go, for the days they are not registered there already."""
    there = PracticeSite.objects.filter(
        Q(valid_until=None) | Q(valid_until__gt=posting.valid_from),
        practitioner=posting.practitioner_id,
        institution=posting.to_institution_id,
        valid_from__lt=posting.valid_until,
    )
    taken = there.values_list("valid_from", "valid_until")
    for first, last in rules.gaps(posting.valid_from, posting.valid_until, taken):
        posting.sites.create(
            practitioner_id=posting.practitioner_id,
            institution_id=posting.to_institution_id,
            valid_from=first,
            valid_until=last,
            note=str(posting.public_id),
        )


def close_sites(*, posting: Posting, by: Any) -> None:
    """Who left earlier than planned is registered there no longer."""
    posting.sites.filter(valid_from__gte=posting.valid_until).delete()
    posting.sites.filter(valid_until__gt=posting.valid_until).update(
        valid_until=posting.valid_until
    )
