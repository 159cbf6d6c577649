"""This room's doors on the page of training."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from training.hub import Card, cards

from . import policies
from .choices import Status
from .models import Admission


@cards(order=70)
def admissions(user: Any) -> Iterator[Card]:
    """Which techniques one's institution is admitted for, and what waits."""
    if not policies.may_look(user):
        return
    returned = Admission.objects.visible_to(user).filter(
        institution__in=policies.houses_to_apply_for(user), status=Status.RETURNED
    )
    count = returned.count()
    note = ""
    if count:
        note = ngettext("%(count)s to complete", "%(count)s to complete", count) % {"count": count}
    yield Card(
        title=_("Admission of techniques"),
        text=_("Which institution is admitted for which technique; apply, review, suspend, file."),
        url=reverse("standards:admissions"),
        icon="shield",
        note=note,
        tone="warn" if note else "",
    )
