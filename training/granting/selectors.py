"""What pages, the API and other rooms ask about applications, committees and votes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from alliance.core.choices import ROLE_PERMISSIONS, Permission
from alliance.core.policy import policies
from alliance.people.models import PracticeSite, RoleGrant, User
from training.mentoring import selectors as mentoring

from . import rules
from .choices import Ground
from .models import Application, Committee, Excusal, Meeting, Member, Vote


@dataclass(frozen=True, slots=True)
class Seat:
    """A member before one application: free to vote or excused, and how they voted."""

    member: Member
    ground: Ground | None
    note: str
    vote: Vote | None

    @property
    def may_vote(self) -> bool:
        """Whether nothing stands against it."""
        return self.ground is None


def committee_of(alliance_id: int, *, on: date) -> Committee | None:
    """The committee in office on a day."""
    return Committee.objects.in_force(on).filter(alliance=alliance_id).first()


def members_of(committee: Committee, *, on: date) -> list[Member]:
    """Who sits in a committee on a day, the chair first; nobody once its term is over."""
    in_office = Committee.objects.in_force(on).filter(pk=committee.pk)
    rows = Member.objects.in_force(on).filter(committee__in=in_office)
    rows = rows.select_related("user__practitioner", "institution")
    return list(rows.order_by("position", "pk"))


def meetings_of(committee: Committee) -> QuerySet[Meeting]:
    """The meetings of a committee, the latest first."""
    return Meeting.objects.filter(committee=committee).order_by("-held_on", "-starts_at", "-pk")


def voting_rules(alliance_id: int, *, on: date) -> rules.VotingRules:
    """How the alliance's committee votes."""
    values = policies(alliance_id=alliance_id, on=on, prefix="granting.")
    return rules.VotingRules(
        quorum_percent=values["granting.quorum_percent"],
        votes_least=values["granting.votes_least"],
        majority_percent=values["granting.majority_percent"],
    )


def seats(application: Application, *, on: date) -> list[Seat]:
    """The committee before an application: who votes, who is excused and why, who has voted.

    What was recorded when the application was put before the committee holds; what has come about
    since (a new mentorship, a new post) excuses as well.
    """
    committee = application.committee or committee_of(application.alliance_id, on=on)
    if committee is None:
        return []
    members = members_of(committee, on=on)
    applicant = applicant_of(application, on=on)
    ties = _ties(members, on=on)
    excusals = {one.member_id: one for one in Excusal.objects.filter(application=application)}
    votes = {one.member_id: one for one in Vote.objects.filter(application=application)}
    found = []
    for member in members:
        told = excusals.get(member.pk)
        ground = Ground(told.ground) if told else rules.ground_to_excuse(ties[member.pk], applicant)
        found.append(Seat(member, ground, told.note if told else "", votes.get(member.pk)))
    return found


def applicant_of(application: Application, *, on: date) -> rules.Applicant:
    """Who applies, where, and who mentors them: at the submission and on the day."""
    mentors = {int(pk) for pk in application.evidence.get("mentors", [])}
    mentors |= mentor_ids(application.practitioner_id, on=on)
    return rules.Applicant(
        practitioner_id=application.practitioner_id,
        institution_ids=frozenset(
            {application.institution_id, application.practitioner.institution_id}
        ),
        mentor_ids=frozenset(mentors),
    )


def mentor_ids(practitioner_id: int, *, on: date) -> set[int]:
    """The practitioners who mentor somebody on a day, in whatever technique."""
    running = mentoring.mentors_of([practitioner_id], on=on).get(practitioner_id, [])
    return {one.mentor_id for one in running}


def _ties(members: list[Member], *, on: date) -> dict[int | None, rules.Ties]:
    """What binds each member, by three queries for any number of them."""
    houses: dict[int, set[int]] = defaultdict(set)
    users = {member.user_id for member in members}
    people = {member.user.practitioner_id for member in members} - {None}
    posts = RoleGrant.objects.in_force(on).filter(user__in=users, institution__isnull=False)
    for user_id, house in posts.values_list("user_id", "institution_id"):
        houses[user_id].add(house)
    sites: dict[int, set[int]] = defaultdict(set)
    rows = PracticeSite.objects.in_force(on).filter(practitioner__in=people)
    for practitioner_id, house in rows.values_list("practitioner_id", "institution_id"):
        sites[practitioner_id].add(house)
    found: dict[int | None, rules.Ties] = {}
    for member in members:
        person = member.user.practitioner
        at = set(houses[member.user_id])
        if member.institution_id:
            at.add(member.institution_id)
        if person is not None:
            at |= {person.institution_id} | sites[person.pk]
        found[member.pk] = rules.Ties(person.pk if person else None, frozenset(at))
    return found


def ground_of(user: Any, application: Application, *, on: date) -> Ground | None:
    """What binds a person to the applicant, whether they sit in the committee or not."""
    seat = seat_of(user, seats(application, on=on))
    if seat is not None:
        return seat.ground
    ties = _ties([Member(user=user)], on=on)[None]
    return rules.ground_to_excuse(ties, applicant_of(application, on=on))


def tally(application: Application, found: list[Seat], *, on: date) -> rules.Tally:
    """How the vote stands; votes of members who were excused since do not count."""
    free = [seat for seat in found if seat.may_vote]
    return rules.tally(
        [seat.vote.ballot for seat in free if seat.vote],
        entitled=len(free),
        excused=len(found) - len(free),
        rules=voting_rules(application.alliance_id, on=on),
    )


def seat_of(user: Any, found: list[Seat]) -> Seat | None:
    """The user's own seat among them."""
    return next((seat for seat in found if seat.member.user_id == user.pk), None)


def open_application(
    *, practitioner_id: int, technique_id: int, institution_id: int
) -> Application | None:
    """The application that already waits for the same privilege."""
    rows = Application.objects.open().filter(
        practitioner=practitioner_id, technique=technique_id, institution=institution_id
    )
    found: Application | None = rows.first()
    return found


def holders(alliance_id: int, permission: Permission, *, on: date) -> QuerySet[User]:
    """People whose role in the alliance gives them a permission."""
    roles = [role for role, held in ROLE_PERMISSIONS.items() if permission in held]
    held = RoleGrant.objects.in_force(on).filter(alliance=alliance_id, role__in=roles)
    people = User.objects.filter(pk__in=held.values("user"), is_active=True, is_service=False)
    return people.select_related("practitioner__institution").order_by("name", "pk")


def voters(alliance_id: int, *, on: date) -> QuerySet[User]:
    """Who may be given a seat: people of the alliance whose role lets them vote."""
    return holders(alliance_id, Permission.PRIVILEGE_DECIDE, on=on)
