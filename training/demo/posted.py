"""Who works elsewhere for a time, the three ones, a contest, and an emergency."""

from datetime import timedelta
from decimal import Decimal

from alliance.institutions.models import Institution
from alliance.people.models import PracticeSite, Practitioner
from training.courses.honours import Contest, ContestResult, KeyDoctor, SimulationCentre
from training.mentoring.choices import Assessment, Party, PostingKind, PostingStatus
from training.mentoring.models import Posting, PostingDay, PostingEvaluation
from training.privileges import actions as privileges

from .scene import Scene

_PLANS = {
    PostingKind.ROTATION: "跟班手术、管床与急诊轮转，结束时考核。",
    PostingKind.DISPATCH: "坐诊、教学查房、手术带教，每周不少于 2 天。",
}


def postings(scene: Scene) -> None:
    """Rotations to the hospitals and dispatches to the townships: over, under way and planned."""
    for number, house in enumerate(scene.townships):
        for person in scene.staff[house.pk][: 2 if number % 3 else 1]:
            since = 60 + scene.dice.randrange(0, 900)
            _post(scene, PostingKind.ROTATION, person, house, scene.counties[0], since, days=185)
    seniors = [one for one in scene.staff[scene.counties[0].pk] if one.title_code == "233"]
    for number, (person, house) in enumerate(zip(seniors, scene.townships, strict=False)):
        since = (330, 200, 90, -14)[number % 4]
        _post(scene, PostingKind.DISPATCH, person, scene.counties[0], house, since, days=190)


def _post(
    scene: Scene, kind: str, person: Practitioner, home: Institution, there: Institution,
    since: int, *, days: int,
) -> None:  # fmt: skip
    first = scene.day(since)
    over, begun = since > days, since >= 0
    row = Posting(
        alliance=scene.alliance, kind=kind, practitioner=person, from_institution=home,
        to_institution=there, plan=_PLANS[PostingKind(kind)], valid_from=first,
        valid_until=first + timedelta(days=days), planned_by=scene.manager(home),
        status=PostingStatus.DONE if over else PostingStatus.RUNNING if begun else PostingStatus.PLANNED,
    )  # fmt: skip
    if over:
        row.assessment, row.assessment_text = Assessment.GOOD, "完成计划，考核合格。"
        row.assessed_at, row.assessed_by = scene.moment(since - days), scene.manager(home)
    row.save()
    if begun:
        _present(scene, row, since, days)
    site = PracticeSite.objects.create(
        practitioner=person, institution=there, valid_from=row.valid_from,
        valid_until=row.valid_until, note=row.get_kind_display(),
    )  # fmt: skip
    row.sites.add(site)
    if over:
        _evaluate(scene, row)


def _present(scene: Scene, row: Posting, since: int, days: int) -> None:
    """There on working days, until the end or until today."""
    by = scene.manager(row.to_institution)
    all_days = (row.valid_from + timedelta(days=n) for n in range(min(since, days)))
    PostingDay.objects.bulk_create(
        PostingDay(posting=row, day=day, recorded_by=by) for day in all_days if day.weekday() < 5
    )


def _evaluate(scene: Scene, row: Posting) -> None:
    for party, house in ((Party.HOST, row.to_institution), (Party.PERSON, row.from_institution)):
        PostingEvaluation.objects.create(
            posting=row, party=party, rating=scene.dice.choice((4, 4, 5)),
            text="带教认真，进步明显。", by=scene.manager(house),
        )  # fmt: skip


def three_ones(scene: Scene) -> None:
    """A contest a year, a key doctor a township, a simulation centre a county hospital."""
    contest = Contest.objects.create(
        alliance=scene.alliance, name=f"{scene.today.year} 年微创技能竞赛", held_on=scene.day(60),
        institution=scene.counties[0], hours=Decimal(4),
    )  # fmt: skip
    people = [scene.staff[house.pk][0] for house in scene.townships]
    ContestResult.objects.bulk_create(
        ContestResult(
            contest=contest, practitioner=person, rank=rank, score=Decimal(98 - 2 * rank),
            award=("一等奖", "二等奖", "三等奖")[min(rank - 1, 2)] if rank <= 3 else "",
        )
        for rank, person in enumerate(people[:8], start=1)
    )  # fmt: skip
    # One township has yet to name its own.
    KeyDoctor.objects.bulk_create(
        KeyDoctor(institution=person.institution, practitioner=person, valid_from=scene.day(500))
        for person in people[:-1]
    )
    SimulationCentre.objects.create(
        institution=scene.counties[0], name="腹腔镜模拟训练中心",
        equipment="训练箱 6 台、VR 模拟器 1 台", valid_from=scene.day(600),
    )  # fmt: skip


def emergencies(scene: Scene) -> None:
    """Two lives saved beyond a privilege: one reported on, one report still owed."""
    county = scene.counties[1]
    # Beyond what the county may do: graded for the tertiary hospital alone.
    technique = next(one.technique for one in scene.graded if "county" not in one.tiers)
    doctors = [one for one in scene.staff[county.pk] if scene.accounts.get(one.pk)]
    for back, report in ((20, "术中出血已控制，患者术后第 6 天出院，主任到场指导。"), (9, "")):
        row = privileges.record_override(
            practitioner=doctors[0], technique=technique, institution=county,
            at=scene.moment(back, hour=2), reason="夜间急诊，授权医师在外会诊，延误危及生命",
            by=scene.accounts[doctors[0].pk],
        )  # fmt: skip
        if report:
            privileges.report_override(
                override=row, report=report, by=scene.accounts[doctors[0].pk], version=row.version
            )
