"""Loads the training of the demo alliance, inside the transaction that loads the rest."""

from alliance.catalogue.models import Technique
from alliance.people.models import Practitioner
from training.logbook import actions as logbook
from training.privileges.models import Privilege
from training.programmes import actions as programmes
from training.programmes.choices import ProgrammeKind
from training.programmes.models import Programme

from . import cases, deciding, learners, posted, standing, teaching
from .learners import Learner
from .scene import Scene

# What most learners learn: basic surgery for townships, laparoscopy and hysteroscopy for the county.
TAUGHT = ("86.2201", "86.0400x011", "47.0901", "47.0100", "51.2300", "68.2912", "68.1200x001")
_DRIFTING = "17.1300x001"
_NEXT = "47.0100"


def load(scene: Scene) -> None:
    """Admissions, privileges, a year of learning, cases, decisions and postings."""
    techniques = [scene.technique(code) for code in TAUGHT]
    logbook.load_scales()
    standing.admissions(scene)
    held = standing.privileges_of_old(scene, {one.pk for one in techniques})
    taught = teaching.prepare(scene, techniques)
    teaching.hours_of_the_year(scene, taught)
    mentors = _mentors(scene, techniques, held)
    year = learners.Year(scene, taught)
    resident = next(p for p in scene.staff[scene.counties[0].pk] if scene.is_known(p, "resident"))
    for learner in learners.plans(scene, techniques, mentors, but={resident.pk}):
        year.enrol(learner)
    year.enrol(_next_path(scene, resident, mentors))
    year.store()
    _gatekeepers(scene)
    cases.year(scene, held)
    _curves(scene, mentors, resident)
    logbook.open_reviews(alliance_id=scene.alliance.pk, on=scene.today)
    programmes.advance_all(on=scene.today)
    posted.postings(scene)
    posted.three_ones(scene)
    posted.emergencies(scene)
    standing.conditions(scene, held)
    deciding.applications(scene)


def _mentors(
    scene: Scene, techniques: list[Technique], held: list[Privilege]
) -> dict[int, list[Practitioner]]:
    """Senior doctors of the hospitals who hold a technique, by technique."""
    houses = {house.pk for house in scene.hospitals}
    return {
        technique.pk: [
            row.practitioner
            for row in held
            if row.technique_id == technique.pk
            and row.institution_id in houses
            and row.practitioner.title_code in ("231", "232")
            and row.valid_until > scene.today
        ]
        for technique in techniques
    }


def _next_path(
    scene: Scene, resident: Practitioner, mentors: dict[int, list[Practitioner]]
) -> Learner:
    """Who may take out gall bladders alone learns the next technique: part of the clinic is left."""
    county, technique = scene.counties[0], scene.technique(_NEXT)
    mentor = next(one for one in mentors[technique.pk] if one.institution_id == county.pk)
    return Learner(resident, technique, county, mentor, stages=2, share=0.7, began=200)


def _gatekeepers(scene: Scene) -> None:
    """The general practitioners of the townships take the gatekeeper course."""
    course = Programme.objects.get(alliance=scene.alliance, kind=ProgrammeKind.GATEKEEPER)
    for house in scene.townships:
        programmes.enrol(
            practitioner=scene.staff[house.pk][1],
            programme=course,
            by=scene.office,
            institution=house,
            started_on=scene.day(scene.dice.randrange(30, 200)),
        )


def _curves(scene: Scene, mentors: dict[int, list[Practitioner]], resident: Practitioner) -> None:
    """A resident who learns well, and a senior whose results slip."""
    county = scene.counties[0]
    learnt, slipped = scene.technique("51.2300"), scene.technique(_DRIFTING)
    seniors = [one for one in mentors[learnt.pk] if one.institution_id == county.pk]
    standing.stages_of(scene, resident, learnt, county, supervised=360, alone=110)
    standing.stages_of(scene, seniors[-1], slipped, county, supervised=None, alone=600)
    cases.telling_curves(
        scene, learner=resident, master=seniors[0], drifter=seniors[-1],
        learnt=learnt, slipped=slipped,
    )  # fmt: skip
