"""What the committee decided, and what still lies before it."""

from datetime import time

from training.granting import actions as granting
from training.granting import evidence
from training.granting.choices import Ballot, Kind, Position
from training.granting.evidence import Asked
from training.granting.models import Application, Committee
from training.programmes.choices import EnrolmentStatus
from training.programmes.models import Enrolment

from .scene import Scene

_REASONS = ("病例数与评分达标，同意。", "带教评价好，同意授权。", "并发症率低于平均，同意。")


def committee(scene: Scene) -> Committee:
    """The committee of the alliance: a chair and five members of several houses."""
    found = granting.found_committee(
        alliance=scene.alliance, name="手术授权委员会", valid_from=scene.day(400), by=scene.office
    )
    for place, user in enumerate(scene.committee()):
        house = user.practitioner.institution if user.practitioner else None
        granting.appoint_member(
            committee=found, user=user, institution=house, valid_from=scene.day(400),
            position=Position.MEMBER if place else Position.CHAIR, by=scene.office,
        )  # fmt: skip
    return found


def applications(scene: Scene) -> None:
    """Whoever is ready and has an account applies; each case lies at another point."""
    found = committee(scene)
    opened = _opened(scene)
    meeting = granting.plan_meeting(
        committee=found, held_on=scene.today, starts_at=time(14, 30), place="云溪县人民医院 3 号会议室",
        by=scene.office,
    )  # fmt: skip
    for number, application in enumerate(opened):
        if number % 4 == 0:
            continue  # only handed in
        granting.take_up(
            application=application, meeting=meeting, by=scene.office, version=application.version
        )
        application.refresh_from_db()
        _vote(scene, application, votes=2 if number % 4 == 1 else 9)
        if number % 4 in (2, 3):
            application.refresh_from_db()
            granting.decide(
                application=application, reason="经委员会表决通过。", by=scene.office,
                version=application.version,
            )  # fmt: skip


def _opened(scene: Scene) -> list[Application]:
    ready = Enrolment.objects.filter(status=EnrolmentStatus.DONE).exclude(technique=None)
    rows = []
    for enrolment in ready.select_related("practitioner", "technique", "institution").order_by(
        "pk"
    ):
        account = scene.accounts.get(enrolment.practitioner_id)
        asked = Asked(
            Kind.FIRST, enrolment.practitioner, enrolment.technique, enrolment.institution
        )
        if account is None or not evidence.assemble(asked, on=scene.today).may_open:
            continue
        rows.append(granting.open_application(asked=asked, statement="申请独立开展。", by=account))
    return rows


def _vote(scene: Scene, application: Application, *, votes: int) -> None:
    excused = set(application.excusals.values_list("member__user_id", flat=True))
    free = [user for user in scene.committee() if user.pk not in excused]
    for number, user in enumerate(free[:votes]):
        granting.cast_vote(
            application=application, ballot=Ballot.FOR, reason=_REASONS[number % 3], by=user
        )
