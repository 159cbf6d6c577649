"""What pages say about guidance sessions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from alliance.core.templatetags.times import when

from ..models import GuidanceSession


@dataclass(frozen=True, slots=True)
class Row:
    """A session as a list shows it."""

    session: GuidanceSession
    minutes: int
    people: str

    @property
    def url(self) -> str:
        """The session's page."""
        return self.session.get_absolute_url()


def minutes_of(session: GuidanceSession) -> int:
    """How long it took."""
    return int((session.ends_at - session.starts_at).total_seconds() // 60)


def row(session: GuidanceSession) -> Row:
    """One session."""
    people = ", ".join(person.name for person in session.participants.all())
    return Row(session, minutes_of(session), people)


def rows(sessions: Iterable[GuidanceSession]) -> list[Row]:
    """Sessions as a list shows them."""
    return [row(one) for one in sessions]


def hours(minutes: int) -> str:
    """Minutes as hours with one figure after the point."""
    return f"{minutes / 60:.1f}"


def facts(session: GuidanceSession) -> list[dict[str, Any]]:
    """What a session's page says first."""
    one = row(session)
    told: list[dict[str, Any]] = [
        {"label": _("Mentor"), "value": session.mentor.name},
        {"label": _("Mode"), "value": session.get_mode_display()},
        {"label": _("Guided institution"), "value": str(session.institution)},
        {"label": _("Who was guided"), "value": one.people},
        {"label": _("Began"), "value": when(session.starts_at)},
        {
            "label": _("Length"),
            "value": _("%(minutes)s minutes") % {"minutes": one.minutes},
        },
        {"label": _("Technique"), "value": session.technique.name if session.technique else ""},
        {"label": _("Entered by"), "value": session.recorded_by.name},
    ]
    if session.struck_at:
        words = _("%(when)s, by %(by)s: %(reason)s") % {
            "when": when(session.struck_at),
            "by": session.struck_by,
            "reason": session.struck_reason,
        }
        told.append({"label": _("Struck out"), "value": words, "wide": True})
    return told
