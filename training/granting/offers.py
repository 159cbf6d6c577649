"""What a doctor may apply for next: privileges to renew or restore, programmes nearly done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from alliance.core.policy import PolicySet, policies
from alliance.core.templatetags.times import day
from alliance.people.models import Practitioner
from training.privileges.models import Privilege
from training.programmes import selectors as programmes
from training.programmes.choices import EnrolmentStatus
from training.programmes.models import Enrolment

from . import rules, wishes
from .choices import Kind
from .models import Application

_MOST = 20


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing to apply for, why now, and where."""

    title: str
    place: str
    note: str
    tone: str
    url: str
    act: str


def offers_for(user: Any, person: Practitioner, *, on: date) -> list[Offer]:
    """What may be applied for and is not yet under way."""
    under_way = set(
        Application.objects.own(user).open().values_list("technique_id", "institution_id")
    )
    return [
        *_paths(user, person, under_way, on=on),
        *_privileges(user, person, under_way, on=on),
    ]


def _paths(
    user: Any, person: Practitioner, under_way: set[tuple[int, int]], *, on: date
) -> Iterator[Offer]:
    """Programmes that lead to a technique one may not yet do alone: how far, and what comes next."""
    mine: Any = Enrolment.objects.visible_to(user).filter(practitioner=person)
    followed = mine.exclude(status=EnrolmentStatus.LEFT).exclude(technique=None).for_list()
    rows = list(followed.order_by("-started_on", "-pk")[:_MOST])
    found = programmes.progress_many(rows, on=on)
    for row in rows:
        one = found.get(row.pk)
        if one is None or (row.technique_id, row.institution_id) in under_way:
            continue
        note = _("Every requirement met") if one.is_complete else f"{one.percent} %"
        act = pgettext("privilege", "Apply") if one.is_complete else _("See what is missing")
        query = urlencode(
            {
                "technique": row.technique.code,
                "institution": str(row.institution.public_id),
            }
        )
        yield Offer(
            str(row.technique),
            str(row.institution),
            note,
            "good" if one.is_complete else "info",
            f"{reverse('granting:apply')}?{query}",
            act,
        )


def _privileges(
    user: Any, person: Practitioner, under_way: set[tuple[int, int]], *, on: date
) -> Iterator[Offer]:
    """The latest privilege of each technique and place, where it is ending or was lost."""
    latest: dict[tuple[int, int], Any] = {}
    held: Any = wishes.own_privileges(user, person)
    for row in held.with_suspension(on).order_by("valid_from", "pk"):
        latest[row.technique_id, row.institution_id] = row
    # One reading for each alliance, however many privileges.
    values = {
        pk: policies(alliance_id=pk, on=on, prefix="granting.renewal")
        for pk in {row.alliance_id for row in latest.values()}
    }
    for key, row in latest.items():
        if key in under_way:
            continue
        if row.withdrawn_on is not None or row.is_suspended:
            note = _("withdrawn") if row.withdrawn_on else _("suspended")
            yield _again(row, Kind.RESTORATION, note, "bad", _("Ask for restoration"))
        elif _may_renew(row, values[row.alliance_id], on):
            note = _("ends %(day)s") if row.ends_on > on else _("ended %(day)s")
            yield _again(row, Kind.RENEWAL, note % {"day": day(row.last_day)}, "warn", _("Renew"))


def _may_renew(row: Privilege, values: PolicySet, on: date) -> bool:
    window = rules.renewal_window(
        valid_until=row.valid_until,
        days_before=values["granting.renewal_days_before"],
        days_after=values["granting.renewal_days_after"],
    )
    return row.replaced_on is None and window.holds(on)


def _again(row: Privilege, kind: Kind, note: str, tone: str, act: str) -> Offer:
    query = urlencode({"privilege": str(row.public_id), "kind": str(kind)})
    url = f"{reverse('granting:apply')}?{query}"
    return Offer(str(row.technique), str(row.institution), note, tone, url, act)
