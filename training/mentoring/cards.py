"""The doors of this room on the page of training."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from training import hub

from . import policies, selectors


@hub.cards(60)
def doors(user: Any) -> Iterable[hub.Card]:
    """Mentors, with what waits for one's word; postings, with a mark where one's own runs."""
    if not policies.may_look(user):
        return
    waiting = selectors.waiting_for(user).count()
    note = ngettext("%(count)s waits for you", "%(count)s wait for you", waiting)
    yield hub.Card(
        title=_("Mentors and mentees"),
        text=_("Who teaches whom, in what and to what end; guidance on site and remote."),
        url=reverse("mentoring:mentorships"),
        icon="users",
        note=note % {"count": waiting} if waiting else "",
        tone="warn",
    )
    mine = selectors.own_postings(user, on=timezone.localdate()).first()
    yield hub.Card(
        title=_("Dispatch and rotation"),
        text=_("Who is posted where: plan, days present, evaluations, assessment."),
        url=mine.get_absolute_url() if mine else reverse("mentoring:postings"),
        icon="calendar",
        note=str(mine.to_institution) if mine else "",
        tone="active",
    )
