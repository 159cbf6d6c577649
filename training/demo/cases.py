"""A year of cases: what privileged doctors did, and two curves that tell something."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.utils import timezone

from alliance.institutions.models import Institution
from alliance.people.models import Practitioner
from training.logbook.choices import CaseRole, CaseStatus, ClavienDindo, Outcome, Source
from training.logbook.models import Case, RatingScale
from training.privileges.models import Privilege

from .scene import Scene

YEAR = 365
# How many cases a holder of a privilege does in a year, by the tier of the house.
_VOLUME = {"tertiary": (6, 22), "county": (6, 24), "township": (8, 30)}
_GRADES = (ClavienDindo.I, ClavienDindo.II, ClavienDindo.II, ClavienDindo.IIIA, ClavienDindo.IIIB)
_numbers = count(260001)


@dataclass(frozen=True)
class Done:
    """One operation about to be written down."""

    operator: Practitioner
    technique_id: int
    house: Institution
    on: date
    role: str = CaseRole.INDEPENDENT
    supervisor: Practitioner | None = None
    failed: bool = False
    # From 0 for a beginner to 1 for a master: decides what the mentor's rating is.
    skill: float = 0.8


class Writer:
    """Turns operations into confirmed entries of the logbook."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.scale = RatingScale.objects.get(code="GAS", alliance=None)
        self.managers = {house.pk: scene.manager(house) for house in self._houses()}

    def _houses(self) -> list[Institution]:
        return [*self.scene.hospitals, *self.scene.townships]

    def case(self, done: Done) -> Case:
        """The entry; who supervised, else the house, has confirmed it on the day after."""
        dice, serial = self.scene.dice, next(_numbers)
        by = self.managers[done.house.pk]
        confirmer = self.scene.accounts.get(done.supervisor.pk, by) if done.supervisor else by
        at = timezone.make_aware(datetime.combine(done.on, time(17))) + timedelta(hours=18)
        row = Case(
            alliance=self.scene.alliance,
            technique_id=done.technique_id,
            institution=done.house,
            performed_on=done.on,
            external_case_number=f"ZY{serial}",
            operator=done.operator,
            role=done.role,
            supervisor=done.supervisor,
            duration_minutes=dice.randrange(35, 160),
            source=Source.IMPORT,
            recorded_by=self.scene.accounts.get(done.operator.pk, by),
            status=CaseStatus.CONFIRMED,
            confirmed_at=min(at, timezone.now()),
            confirmed_by=confirmer,
            is_emergency=dice.random() < 0.12,
            mdt_recorded=True,
        )
        self._outcome(row, failed=done.failed)
        if done.supervisor is not None:
            self._rate(row, done.skill)
        return row

    def _outcome(self, row: Case, *, failed: bool) -> None:
        if not failed:
            return
        row.outcome = Outcome.COMPLICATION
        # What counts as a failure is grave enough: IIIa and above, or a conversion.
        row.clavien_dindo = self.scene.dice.choice(_GRADES[3:])
        row.converted = self.scene.dice.random() < 0.4
        row.notes = "术后并发症，已按流程处理并上报。"

    def _rate(self, row: Case, skill: float) -> None:
        low, high = self.scale.lowest, self.scale.highest
        mean = low + skill * (high - low)
        marks = {
            item["code"]: max(low, min(high, round(self.scene.dice.gauss(mean, 0.5))))
            for item in self.scale.items
        }
        row.scale, row.ratings = self.scale, marks
        row.rating = round(Decimal(sum(marks.values())) / len(marks), 2)


def store(rows: Iterable[Case]) -> int:
    """Write entries in bulk; returns how many."""
    return len(Case.objects.bulk_create(rows, batch_size=1000))


def year(scene: Scene, privileges: list[Privilege]) -> int:
    """What holders of privileges did in the year while they held them."""
    writer = Writer(scene)
    rows = [
        writer.case(done)
        for privilege in privileges
        for done in _of(scene, privilege)
        if scene.day(YEAR) <= done.on < scene.today
    ]
    return store(rows)


def _of(scene: Scene, privilege: Privilege) -> Iterator[Done]:
    person, house = privilege.practitioner, privilege.institution
    least, most = _VOLUME[house.tier]
    first = max(privilege.valid_from, scene.day(YEAR))
    last = min(privilege.valid_until, scene.today)
    days = (last - first).days
    if days <= 0:
        return
    # A few do hardly anything of what they may: low volume is something to be seen.
    wanted = 1 if scene.dice.random() < 0.04 else scene.dice.randrange(least, most)
    for back in sorted(scene.dice.sample(range(days), min(days, wanted))):
        failed = scene.dice.random() < 0.05
        yield Done(
            person, privilege.technique_id, house, first + timedelta(days=back), failed=failed
        )


def telling_curves(
    scene: Scene,
    *,
    learner: Practitioner,
    master: Practitioner,
    drifter: Practitioner,
    **places: Any,
) -> int:
    """Two curves: one learns well, another's results slip."""
    writer, house = Writer(scene), scene.counties[0]
    learnt, slipped = places["learnt"], places["slipped"]
    rows = []
    for number in range(70):
        back = 350 - number * 5
        early = number < 14
        supervised = number < 48
        rows.append(
            Done(
                learner, learnt.pk, house, scene.day(back),
                role=CaseRole.SUPERVISED if supervised else CaseRole.INDEPENDENT,
                supervisor=master if supervised else None,
                failed=number in (2, 5, 6, 11) if early else number == 37,
                skill=min(0.95, 0.25 + number / 60),
            )
        )  # fmt: skip
    for number in range(120):
        late = number >= 84
        failed = number % 3 == 0 if late else number in (23, 61)
        rows.append(Done(drifter, slipped.pk, house, scene.day(362 - number * 3), failed=failed))
    return store(writer.case(row) for row in rows)
