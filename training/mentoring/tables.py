"""Postings as an Excel table, as filtered on their list."""

from collections.abc import Sequence
from typing import Any, NoReturn

from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.core.choices import Permission
from alliance.core.exchange.kinds import Choice, Day, Text, Whole
from alliance.core.exchange.spec import Column, Table, filtered, register

from .choices import Assessment, MentorshipStatus, Mode, PostingKind, PostingStatus
from .filters import GuidanceFilter, MentorshipFilter, PostingFilter
from .models import GuidanceSession, Mentorship, Posting

_NAME, _LONG = Text(100), Text(2000)


def _column(name: str, label: Any, kind: Any = _NAME, source: Any = "") -> Column:
    return Column(name, label, kind, source=source, shown_only=True)


def _began(session: GuidanceSession) -> str:
    """Local time to the minute: Excel knows no time zones."""
    return f"{timezone.localtime(session.starts_at):%Y-%m-%d %H:%M}"


def _people(session: GuidanceSession) -> str:
    return ", ".join(person.name for person in session.participants.all())


class GoingOut(Table):
    """A table that people take out and bring nothing in by."""

    keepers = {}
    readers = frozenset({Permission.TRAINING_VIEW})

    def plan(self, *args: Any, **options: Any) -> NoReturn:
        """Nothing comes in this way."""
        raise PermissionDenied(_("This list is kept here, never imported."))

    def save(self, *args: Any, **options: Any) -> NoReturn:
        """Nothing comes in this way."""
        raise PermissionDenied(_("This list is kept here, never imported."))


class Postings(GoingOut):
    """Dispatch and rotation with days present and assessment."""

    name = "postings"
    label = gettext_lazy("Dispatch and rotation")
    titled = ("practitioner",)
    columns: Sequence[Column] = (
        _column("kind", gettext_lazy("Kind"), Choice(PostingKind)),
        _column("practitioner", gettext_lazy("Practitioner"), source="practitioner.name"),
        _column("licence", gettext_lazy("Licence number"), source="practitioner.licence_number"),
        _column(
            "title",
            gettext_lazy("Title"),
            source=lambda row: row.practitioner.get_title_code_display(),
        ),
        _column("sender", gettext_lazy("Sending institution"), source="from_institution.name"),
        _column("receiver", gettext_lazy("Receiving institution"), source="to_institution.name"),
        _column("department", gettext_lazy("Department"), source="department.name"),
        _column("valid_from", gettext_lazy("From"), Day()),
        _column("valid_until", gettext_lazy("Until"), Day()),
        _column("status", gettext_lazy("Status"), Choice(PostingStatus)),
        _column("present", gettext_lazy("Days present"), Whole(minimum=0, maximum=9999)),
        _column("assessment", gettext_lazy("Assessment"), Choice(Assessment)),
        _column("plan", gettext_lazy("Plan"), _LONG),
        _column("reason", gettext_lazy("Reason"), _LONG),
    )

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """The rows of the list with the same query string, the latest first."""
        rows = Posting.objects.visible_to(by).for_list()
        found = filtered(PostingFilter, rows.with_days_present(), request)
        return found.order_by("-valid_from", "-pk")


class Mentorships(GoingOut):
    """Who teaches whom."""

    name = "mentorships"
    label = gettext_lazy("Mentorships")
    titled = ("mentor", "mentee")
    columns: Sequence[Column] = (
        _column("mentor", gettext_lazy("Mentor"), source="mentor.name"),
        _column(
            "mentor_house", gettext_lazy("Mentor's institution"), source="mentor_institution.name"
        ),
        _column("mentee", gettext_lazy("Mentee"), source="mentee.name"),
        _column(
            "mentee_house", gettext_lazy("Mentee's institution"), source="mentee_institution.name"
        ),
        _column("technique", gettext_lazy("Technique"), source="technique.name"),
        _column("valid_from", gettext_lazy("From"), Day()),
        _column("valid_until", gettext_lazy("Until"), Day()),
        _column("status", gettext_lazy("Status"), Choice(MentorshipStatus)),
        _column("goals", gettext_lazy("Goals"), _LONG),
        _column("reason", gettext_lazy("Reason"), _LONG),
    )

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """The rows of the list with the same query string, the latest first."""
        rows = Mentorship.objects.visible_to(by).for_list()
        return filtered(MentorshipFilter, rows, request).order_by("-valid_from", "-pk")


class GuidanceSessions(GoingOut):
    """Guidance on site and remote; minutes name no patients."""

    name = "guidance-sessions"
    label = gettext_lazy("Guidance")
    titled = ("mentor",)
    columns: Sequence[Column] = (
        _column("began", gettext_lazy("Began"), source=_began),
        _column("length", gettext_lazy("Length in minutes"), Whole(minimum=0, maximum=9999)),
        _column("mode", gettext_lazy("Mode"), Choice(Mode)),
        _column("mentor", gettext_lazy("Mentor"), source="mentor.name"),
        _column("institution", gettext_lazy("Guided institution"), source="institution.name"),
        _column("people", gettext_lazy("Who was guided"), _LONG, source=_people),
        _column("technique", gettext_lazy("Technique"), source="technique.name"),
        _column("case_count", gettext_lazy("Cases"), Whole(minimum=0, maximum=9999)),
        _column("minutes", gettext_lazy("Minutes of the session"), Text(4000)),
        _column("reason", gettext_lazy("Struck out"), _LONG, source="struck_reason"),
    )

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """The rows of the list with the same query string, the latest first."""
        rows = GuidanceSession.objects.visible_to(by).for_list().with_length()
        found = filtered(GuidanceFilter, rows, request).order_by("-starts_at", "-pk")
        return found.annotate(case_count=Count("cases"))


register(GuidanceSessions())
register(Mentorships())
register(Postings())
