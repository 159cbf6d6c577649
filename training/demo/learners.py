"""Doctors on their way, each at another place of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from alliance.catalogue.models import Technique
from alliance.institutions.models import Institution
from alliance.people.models import Practitioner
from training.courses.models import HoursEntry
from training.exams.models import ExamResult, StationResult
from training.logbook.choices import CaseRole
from training.mentoring.choices import MentorshipStatus
from training.mentoring.models import Mentorship
from training.privileges.choices import Ground, Level
from training.privileges.models import Privilege
from training.programmes import actions as programmes
from training.programmes.choices import Need, Part, StageKind
from training.programmes.models import Enrolment, Programme, SignOff, StageRequirement

from . import cases, standing, teaching
from .cases import Done
from .scene import Scene
from .teaching import Teaching

_ROLES = {
    Part.ASSISTANT: CaseRole.ASSISTANT,
    Part.SUPERVISED: CaseRole.SUPERVISED,
    Part.INDEPENDENT: CaseRole.INDEPENDENT,
}
# Who began so long ago is stuck: too slow at the box trainer, and operating before it was passed.
_LONG_AGO = 400
_SLOW = Decimal(150)
# One of them, at a hospital, has come as far as operating: the nightly checks find it.
_HASTY = 43


@dataclass(frozen=True)
class Learner:
    """Who learns what, with whom, and how far: stages passed, and the share of the next one."""

    person: Practitioner
    technique: Technique
    house: Institution
    mentor: Practitioner
    stages: int
    share: float
    began: int

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to learn."""
        return self.stages > 9


class Year:
    """Writes what learners did, requirement by requirement."""

    def __init__(self, scene: Scene, taught: Teaching) -> None:
        self.scene, self.taught = scene, taught
        self.writer = cases.Writer(scene)
        self.hours: list[HoursEntry] = []
        self.results: list[ExamResult] = []
        self.stations: list[StationResult] = []
        self.privileges: list[Privilege] = []
        self.signed: list[SignOff] = []
        self.done: list[Done] = []

    def enrol(self, learner: Learner) -> Enrolment:
        """Enrol a learner and let the time pass until today."""
        began = self.scene.day(learner.began)
        programme = Programme.objects.get(alliance=self.scene.alliance, technique=learner.technique)
        enrolment = programmes.enrol(
            practitioner=learner.person,
            programme=programme,
            by=self.scene.office,
            institution=learner.house,
            mentor=learner.mentor,
            started_on=began,
        )
        self._mentorship(learner, began)
        needs = list(
            StageRequirement.objects.filter(stage__version=enrolment.programme_version)
            .select_related("stage")
            .order_by("stage__order", "order", "pk")
        )
        self._pass_time(learner, enrolment, needs, began)
        return enrolment

    def _mentorship(self, learner: Learner, began: date) -> None:
        Mentorship.objects.create(
            alliance=self.scene.alliance,
            mentor=learner.mentor,
            mentee=learner.person,
            mentor_institution=learner.mentor.institution,
            mentee_institution=learner.person.institution,
            technique=learner.technique,
            goals=f"一年内能独立完成{learner.technique.name}，并发症率不高于医联体平均水平。",
            valid_from=began,
            valid_until=began + timedelta(days=730),
            status=MentorshipStatus.AGREED,
            proposed_by=self.scene.office,
            mentor_agreed_at=self.scene.moment(learner.began),
            mentor_agreed_by=self.scene.accounts.get(learner.mentor.pk, self.scene.office),
            mentee_agreed_at=self.scene.moment(learner.began),
            mentee_agreed_by=self.scene.accounts.get(learner.person.pk, self.scene.office),
        )

    def _pass_time(
        self, learner: Learner, enrolment: Enrolment, needs: list[StageRequirement], began: date
    ) -> None:
        """Stages one after the other, spread over the days since the beginning."""
        orders = sorted({need.stage.order for need in needs})
        # Open surgery has no simulation: its clinic is one stage nearer.
        gone = learner.stages if len(orders) > 3 or learner.is_done else max(learner.stages - 1, 0)
        days = max(learner.began - 3, 1)
        span = days // (len(orders) + 1)
        for place, order in enumerate(orders):
            share = 1.0 if place < gone else learner.share
            if place > gone:
                return
            opens = began + timedelta(days=1 + place * span)
            here = [need for need in needs if need.stage.order == order]
            if here[0].stage.kind == StageKind.CLINICAL:
                self._supervised(learner, opens)
            for need in here:
                self._fulfil(learner, enrolment, need, opens, span, share)

    def _supervised(self, learner: Learner, on: date) -> None:
        self.privileges.append(
            Privilege(
                alliance=self.scene.alliance, practitioner=learner.person,
                technique=learner.technique, institution=learner.house, level=Level.SUPERVISED,
                valid_from=on, valid_until=on + timedelta(days=730), ground=Ground.PROGRAMME,
                evidence={"source": "培训方案进入临床阶段"}, conditions="须在带教医师在场时操作",
            )
        )  # fmt: skip

    def _fulfil(
        self, learner: Learner, enrolment: Enrolment, need: StageRequirement, opens: date,
        span: int, share: float,
    ) -> None:  # fmt: skip
        """What one requirement asks for, as far as `share` of it."""
        last = opens + timedelta(days=max(span - 2, 1))
        if need.kind == Need.CASES:
            self._cases(learner, need, opens, last, share)
        elif need.kind == Need.ANIMAL_CASES:
            self._station(learner, need, opens, Decimal(round(float(need.minimum) * share)))
        elif share < 1 and (need.order > 1 or not share):
            return
        elif need.kind == Need.COURSE:
            course = self.taught.courses[learner.technique.pk]
            self.hours.append(teaching.attended(learner.person, course, opens))
        elif need.kind == Need.EXAM:
            of = self.taught.theory if need.variety == "theory" else self.taught.animal
            score = self.scene.dice.randrange(82, 99)
            exam = of[learner.technique.pk]
            self.results.append(
                teaching.passed(self.scene, learner.person, exam, last, score=score)
            )
        elif need.kind == Need.STATION:
            slow = learner.began >= _LONG_AGO
            self._station(learner, need, opens, _SLOW if slow else self._reached(need))
        elif need.kind == Need.SIGN_OFF:
            note = "带教评价良好，建议提交委员会"
            self.signed.append(
                SignOff(
                    enrolment=enrolment, requirement=need, on=last, by=self.scene.office, note=note
                )
            )

    def _reached(self, need: StageRequirement) -> Decimal:
        """A little better than what the station asks for, in seconds."""
        return self.taught.stations[need.station_code].threshold * Decimal("0.9")

    def _station(self, learner: Learner, need: StageRequirement, on: date, value: Decimal) -> None:
        station = self.taught.stations[need.station_code]
        if value <= 0:
            return
        passed = (
            value >= station.threshold if station.metric == "count" else value <= station.threshold
        )
        self.stations.append(
            StationResult(
                alliance=self.scene.alliance, practitioner=learner.person,
                institution=self.scene.counties[0], held_on=on, passed=passed, station=station,
                value=value, assessor=self.scene.office,
            )
        )  # fmt: skip

    def _cases(
        self, learner: Learner, need: StageRequirement, opens: date, last: date, share: float
    ) -> None:
        wanted = round(float(need.minimum) * share)
        days = max((last - opens).days, 1)
        for number in range(wanted):
            on = opens + timedelta(days=round(number * days / max(wanted, 1)))
            self.done.append(
                Done(
                    learner.person, learner.technique.pk, learner.house, min(on, last),
                    role=_ROLES[Part(need.part)], supervisor=learner.mentor, skill=0.85,
                )
            )  # fmt: skip

    def store(self) -> None:
        """Write everything in bulk."""
        HoursEntry.objects.bulk_create(self.hours)
        ExamResult.objects.bulk_create(self.results)
        StationResult.objects.bulk_create(self.stations)
        standing.store(self.scene, self.privileges)
        SignOff.objects.bulk_create(self.signed)
        cases.store(self.writer.case(done) for done in self.done)


# Whoever has an account stands first in a township: from just begun to ready for the committee.
_PLACES = ((2, 0.7), (0, 1.0), (10, 1.0), (1, 0.3), (0, 0.0), (10, 1.0), (2, 0.9), (1, 1.0))


def plans(
    scene: Scene,
    techniques: list[Technique],
    mentors: dict[int, list[Practitioner]],
    *,
    but: set[int],
) -> Iterator[Learner]:
    """Forty-five learners: every stage, several shares of it, some stuck for long, some ready."""
    people = [
        (person, house)
        for house in [*scene.townships, *scene.counties, scene.tertiary]
        for person in scene.staff[house.pk]
        if (house in scene.townships or person.title_code == "234") and person.pk not in but
    ]
    number = 0
    for person, house in people:
        open_ = {one.technique.pk for one in scene.fitting(person, house)}
        fitting = [technique for technique in techniques if technique.pk in open_]
        if not fitting or number >= 45:
            continue
        technique = fitting[number % len(fitting)]
        mentor = mentors[technique.pk][number % len(mentors[technique.pk])]
        stages, share = _PLACES[(number // 2 + 3 * (number % 2)) % len(_PLACES)]
        began = (
            _LONG_AGO if number % 11 == 5 or number == _HASTY else scene.dice.randrange(150, 330)
        )
        number += 1
        yield Learner(person, technique, house, mentor, stages, share, began)
