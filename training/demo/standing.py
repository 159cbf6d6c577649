"""What stood before the year began: admissions of institutions, and privileges taken over."""

from datetime import timedelta
from typing import Any

from alliance.catalogue.models import Technique
from alliance.catalogue.selectors import requirements
from alliance.institutions.models import Institution
from alliance.people.models import Practitioner
from training.privileges import actions as privileges
from training.privileges.choices import EventKind, Ground, Level
from training.privileges.models import Privilege, PrivilegeEvent
from training.standards.choices import Move, Status, StopCondition
from training.standards.models import (
    Admission,
    AdmissionAnswer,
    AdmissionEvent,
    AdmissionSuspension,
)

from .scene import Graded, Scene

_OLD = 700
_EVIDENCE = {"source": "医联体成立前院内授权文件，经医务科核对后录入"}
# Privileges end on different days, some soon; a few have ended and wait for their renewal.
_ENDS = (45, 120, 150, 200, 260, 300, 330, 400, 480, 560, 640, 700)


def admissions(scene: Scene) -> None:
    """Hospitals are admitted for what their tier may do; some apply, some are stopped for a time."""
    rows: list[Admission] = []
    for house in scene.hospitals:
        specialties = {
            person.department.specialty_id for person in scene.staff[house.pk] if person.department
        }
        for one in scene.graded:
            if one.grade == "basic" or house.tier not in one.tiers:
                continue
            if one.technique.specialty_id in specialties:
                rows.append(_admission(scene, house, one, place=len(rows)))
    Admission.objects.bulk_create(rows)
    AdmissionEvent.objects.bulk_create(
        AdmissionEvent(
            admission=row, move=Move.ADMIT, source=Status.SUBMITTED, target=Status.ADMITTED,
            reason="建联盟时统一审核", by=row.decided_by, at=scene.moment(_OLD),
        )
        for row in rows
        if row.status == Status.ADMITTED
    )  # fmt: skip
    _answers(scene, rows)
    _stops(scene, rows)


def _answers(scene: Scene, rows: list[Admission]) -> None:
    """The self-assessments: what the directory counts, and papers for what it cannot know."""
    asked = requirements(
        {row.technique_id for row in rows}, on=scene.today, alliance_id=scene.alliance.pk
    )
    AdmissionAnswer.objects.bulk_create(
        AdmissionAnswer(
            admission=row, place=place, kind=need.kind, topic=need.subject, minimum=need.minimum,
            unit=need.unit, source=need.source, is_verified=need.is_verified,
        )
        for row in rows
        for place, need in enumerate(asked[row.technique_id].institution)
    )  # fmt: skip
    answers = list(AdmissionAnswer.objects.counted().select_related("admission"))
    for answer in answers:
        is_draft = answer.admission.status == Status.DRAFT
        answer.known = None if is_draft else answer.counted
        if answer.counted is not None and answer.counted >= answer.minimum:
            answer.value = answer.counted
        elif not is_draft:
            answer.value, answer.proof = answer.minimum, "见附件清单与院务会纪要"
    AdmissionAnswer.objects.bulk_update(answers, ["value", "known", "proof"])


def _admission(scene: Scene, house: Institution, one: Graded, *, place: int) -> Admission:
    row = Admission(
        alliance=scene.alliance,
        institution=house,
        technique=one.technique,
        created_by=scene.manager(house),
        statement="人员、设备与工作量满足要求，详见自评表。",
    )
    if house != scene.tertiary and place % 29 == 7:
        row.status, row.submitted_at = Status.SUBMITTED, scene.moment(3)
        return row
    if house != scene.tertiary and place % 29 == 19:
        row.status = Status.DRAFT
        return row
    row.status = Status.ADMITTED
    row.submitted_at, row.decided_at = scene.moment(_OLD + 20), scene.moment(_OLD)
    row.decided_by, row.valid_from = scene.office, scene.day(_OLD)
    if one.technique.is_restricted:
        _first_use(scene, row)
    return row


def _first_use(scene: Scene, row: Admission) -> None:
    """Restricted techniques: first used, filed at the tertiary hospital except for one still owed."""
    row.first_used_on = scene.day(40)
    row.filing_due = scene.day(19)
    if row.technique.code.endswith("4200"):
        row.filed_on, row.filing_number = scene.day(25), "演备 2026-0012 号"


def _stops(scene: Scene, rows: list[Admission]) -> None:
    """Two admissions rest: one still does, one came back."""
    ours = [
        row
        for row in rows
        if row.status == Status.ADMITTED and row.institution_id == scene.counties[1].pk
    ]
    for row, until in zip(ours[-2:], (None, scene.day(30)), strict=True):
        AdmissionSuspension.objects.create(
            admission=row,
            valid_from=scene.day(75),
            valid_until=until,
            stop_condition=StopCondition.CONDITIONS,
            reason="主刀医师调离，人员条件不满足",
            by=scene.office,
            **({"restored_by": scene.office, "restore_reason": "新主刀到岗"} if until else {}),
        )


def privileges_of_old(scene: Scene, taught: set[int]) -> list[Privilege]:
    """Experienced doctors hold what their specialty and house allow, taken over from before."""
    rows: list[Privilege] = []
    admitted = set(
        Admission.objects.filter(status=Status.ADMITTED).values_list("institution_id", "technique_id")
    )  # fmt: skip
    for house in [*scene.hospitals, *scene.townships]:
        for person in scene.staff[house.pk]:
            if scene.years(person) < 5 or person.title_code not in ("231", "232", "233"):
                continue
            open_ = [
                one
                for one in scene.fitting(person, house)
                if one.grade == "basic" or (house.pk, one.technique.pk) in admitted
            ]
            others = [one for one in open_ if one.technique.pk not in taught]
            # Seniors of the hospitals teach these; everybody else has yet to learn them.
            senior = person.title_code in ("231", "232")
            chosen = [one for one in open_ if senior and one.technique.pk in taught]
            chosen += scene.dice.sample(others, min(len(others), 8))
            rows += [
                _privilege(scene, person, house, one, len(rows) + n) for n, one in enumerate(chosen)
            ]
    store(scene, rows)
    return rows


def store(scene: Scene, rows: list[Privilege]) -> None:
    """Write privileges with the first line of their history, on the day they began."""
    Privilege.objects.bulk_create(rows)
    PrivilegeEvent.objects.bulk_create(
        PrivilegeEvent(
            privilege=row, kind=EventKind.GRANTED, by=row.granted_by,
            at=scene.moment(max((scene.today - row.valid_from).days, 1)),
            data={"level": row.level, "ground": row.ground},
        )
        for row in rows
    )  # fmt: skip


def _privilege(
    scene: Scene, person: Practitioner, house: Institution, one: Graded, number: int
) -> Privilege:
    ended = number % 41 == 17
    left = -35 if ended else _ENDS[number % len(_ENDS)]
    until = scene.today + timedelta(days=left)
    years = 1 if one.technique.national_level == 4 or one.technique.is_restricted else 2
    return Privilege(
        alliance=scene.alliance,
        practitioner=person,
        technique=one.technique,
        institution=house,
        level=Level.INDEPENDENT,
        # As if each had been decided for a whole period; none before the day the alliance kept them.
        valid_from=min(until - timedelta(days=365 * years), scene.day(30)),
        valid_until=until,
        ground=Ground.IMPORT,
        granted_by=scene.office,
        evidence=_EVIDENCE,
    )


def stages_of(
    scene: Scene,
    person: Practitioner,
    technique: Technique,
    house: Institution,
    *,
    supervised: int | None,
    alone: int,
) -> None:
    """Somebody's way in one technique: under supervision since so many days, then independently."""
    here = {"practitioner": person, "technique": technique, "institution": house}
    if Privilege.objects.filter(**here).exists():
        return
    rows = [(Level.INDEPENDENT, alone, scene.day(alone) + timedelta(days=730), Ground.IMPORT)]
    if supervised is not None:
        rows.append((Level.SUPERVISED, supervised, scene.day(alone), Ground.PROGRAMME))
    begun = [
        Privilege(
            alliance=scene.alliance, **here, level=level, valid_from=scene.day(since),
            valid_until=until, ground=ground, granted_by=scene.office, evidence=_EVIDENCE,
        )
        for level, since, until, ground in rows
    ]  # fmt: skip
    store(scene, begun)


def conditions(scene: Scene, rows: list[Privilege]) -> None:
    """Privileges in every condition: suspended, restored, withdrawn, with certificates."""
    running = [row for row in rows if row.valid_until > scene.today]
    at_county = [row for row in running if row.institution_id == scene.counties[0].pk]
    told: list[tuple[str, dict[str, Any]]] = [
        ("suspend", {"reason": "连续两例严重并发症，待质控委员会评估"}),
        ("suspend", {"reason": "离岗进修，返岗后恢复"}),
        ("withdraw", {"reason": "本人申请不再开展该术式"}),
    ]
    for row, (move, how) in zip(at_county[-3:], told, strict=True):
        getattr(privileges, move)(privilege=row, by=scene.qc, version=row.version, **how)
    back = at_county[-2]
    back.refresh_from_db()
    privileges.restore(privilege=back, by=scene.qc, version=back.version, reason="已返岗并通过考核")
    for row in at_county[:6] + running[:6]:
        privileges.issue_certificate(privilege=row, by=scene.office)
