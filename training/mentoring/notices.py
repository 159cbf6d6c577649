"""Who hears of postings, and what they are told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.core.choices import Role
from alliance.notices import texts
from alliance.notices.actions import notify
from alliance.notices.choices import NoticeKind
from alliance.people.models import User
from alliance.people.selectors import staff_with_roles

from .choices import PostingKind
from .models import GuidanceSession, MentorshipEvent, Posting, PostingEvent

_ROUTE = _("%(sender)s → %(receiver)s, %(from_on)s to %(last_on)s.")

texts.define(
    {
        "posting.plan": (_("%(posting_kind)s planned: %(person)s"), _ROUTE),
        "posting.start": (_("%(posting_kind)s has begun: %(person)s"), _ROUTE),
        "posting.finish": (
            _("%(posting_kind)s has ended: %(person)s"),
            _("%(sender)s → %(receiver)s. Evaluate it now; the sender assesses it."),
        ),
        "posting.cancel": (_("%(posting_kind)s cancelled: %(person)s"), _ROUTE),
    }
)
texts.define(
    {
        "mentorship.propose": (
            _("Mentorship proposed: %(mentor)s teaches %(mentee)s"),
            _("%(subject)s, %(from_on)s to %(last_on)s. Read the goals and agree, or say why not."),
        ),
        "mentorship.agree": (
            _("Mentorship agreed: %(mentor)s teaches %(mentee)s"),
            _("%(subject)s, %(from_on)s to %(last_on)s."),
        ),
        "mentorship.decline": (
            _("No agreement: %(mentor)s will not teach %(mentee)s"),
            _("See the reason, and propose it to another mentor."),
        ),
        "mentorship.end": (
            _("Mentorship ended early: %(mentor)s and %(mentee)s"),
            _("See the reason, and propose it to another mentor."),
        ),
    }
)
texts.define(
    {
        "guidance.recorded": (
            _("Guidance by %(mentor)s is on record"),
            _("%(began_at)s, %(place)s. Read the minutes and what to do next."),
        )
    }
)
texts.words("posting_kind", dict(PostingKind.choices))


def tell_mentorship(*, event_id: int) -> None:
    """Tell mentor and mentee, and who arranges training at both houses, but not who did it."""
    event = MentorshipEvent.objects.select_related(
        "mentorship__mentor", "mentorship__mentee", "mentorship__technique"
    ).get(pk=event_id)
    row = event.mentorship
    staff = staff_with_roles(
        institution_ids=[row.mentor_institution_id, row.mentee_institution_id],
        roles=[Role.MANAGER, Role.TRAINER],
        on=timezone.localdate(),
    )
    own = User.objects.filter(practitioner__in=(row.mentor_id, row.mentee_id), is_active=True)
    notify(
        user_ids={*staff, *own.values_list("pk", flat=True)} - {event.by_id},
        kind=NoticeKind.TRAINING,
        text_key=f"mentorship.{event.move}",
        values={
            "mentor": row.mentor.name,
            "mentee": row.mentee.name,
            "subject": row.technique.name if row.technique else "—",
            "from_on": row.valid_from.isoformat(),
            "last_on": (row.valid_until - timedelta(days=1)).isoformat(),
        },
        url=row.get_absolute_url(),
        dedupe=f"mentoring.mentorship:{event.pk}",
    )


def tell_session(*, session_id: int) -> None:
    """Tell the mentor and those who were guided, but not who entered it."""
    session = GuidanceSession.objects.select_related("mentor", "institution").get(pk=session_id)
    people = [session.mentor_id, *session.participants.values_list("pk", flat=True)]
    own = User.objects.filter(practitioner__in=people, is_active=True)
    notify(
        user_ids={*own.values_list("pk", flat=True)} - {session.recorded_by_id},
        kind=NoticeKind.TRAINING,
        text_key="guidance.recorded",
        values={
            "mentor": session.mentor.name,
            "place": str(session.institution),
            "began_at": session.starts_at.isoformat(),
        },
        url=session.get_absolute_url(),
        dedupe=f"mentoring.session:{session.pk}",
    )


def tell_posting(*, event_id: int) -> None:
    """Tell the person posted and those who look after them at both houses, but not who did it."""
    event = PostingEvent.objects.select_related(
        "posting__practitioner", "posting__from_institution", "posting__to_institution"
    ).get(pk=event_id)
    posting = event.posting
    notify(
        user_ids=concerned(posting) - {event.by_id},
        kind=NoticeKind.TRAINING,
        text_key=f"posting.{event.move}",
        values=posting_values(posting),
        url=posting.get_absolute_url(),
        dedupe=f"mentoring.posting:{event.pk}",
    )


def concerned(posting: Posting) -> set[int]:
    """The posted person's account, and the managers and trainers of both houses."""
    houses = [posting.from_institution_id, posting.to_institution_id]
    staff = staff_with_roles(
        institution_ids=houses, roles=[Role.MANAGER, Role.TRAINER], on=timezone.localdate()
    )
    own = User.objects.filter(practitioner=posting.practitioner_id, is_active=True)
    return {*staff, *own.values_list("pk", flat=True)}


def posting_values(posting: Posting) -> dict[str, Any]:
    """What a notice says of a posting."""
    return {
        "posting_kind": posting.kind,
        "person": posting.practitioner.name,
        "sender": str(posting.from_institution),
        "receiver": str(posting.to_institution),
        "from_on": posting.valid_from.isoformat(),
        "last_on": (posting.valid_until - timedelta(days=1)).isoformat(),
    }
