"""Grades are asked as of a date."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from alliance.catalogue import actions, selectors
from alliance.catalogue.models import Disease, Technique
from tests.factories import alliance as make


def today():
    return timezone.localdate()


@pytest.mark.parametrize(
    ("technique", "tier", "may"),
    [
        ("appendectomy", "county", True),
        ("appendectomy", "tertiary", True),
        ("appendectomy", "township", False),
        ("debridement", "township", True),
        ("debridement", "village", True),
        ("appendectomy", "village", False),
        ("gastrectomy", "county", False),
    ],
)
def test_tier_may(world, technique, tier, may):
    pk = getattr(world, technique).pk
    assert selectors.tier_may(pk, tier, on=today(), alliance_id=world.alliance.pk) is may


def test_tier_may_ungraded_technique_nobody(world):
    technique = make.TechniqueFactory()
    ask = {"on": today(), "alliance_id": world.alliance.pk}
    assert selectors.technique_grade(technique.pk, **ask) is None
    assert not selectors.tier_may(technique.pk, "tertiary", **ask)


def test_technique_grade_before_the_first_edition_and_elsewhere_is_none(world):
    pk = world.appendectomy.pk
    before = make.LONG_AGO - timedelta(days=1)
    assert selectors.technique_grade(pk, on=before, alliance_id=world.alliance.pk) is None
    other = make.AllianceFactory()
    assert selectors.technique_grade(pk, on=today(), alliance_id=other.pk) is None


def test_technique_grade_says_edition_and_date(world):
    answer = selectors.technique_grade(
        world.gastrectomy.pk, on=today(), alliance_id=world.alliance.pk
    )
    assert (answer.grade, answer.tiers) == ("complex", frozenset({"tertiary"}))
    assert (answer.edition_id, answer.effective_from) == (world.edition.pk, make.LONG_AGO)


def test_grades_for_many_is_one_query(world, django_assert_num_queries):
    ids = [world.appendectomy.pk, world.debridement.pk, make.TechniqueFactory().pk]
    with django_assert_num_queries(1):
        found = selectors.grades_for(ids, on=today(), alliance_id=world.alliance.pk)
    assert set(found) == set(ids[:2])


def test_compare_names_every_difference(world):
    draft = actions.draft_edition(alliance=world.alliance, name="第二版", by=world.office)
    added = make.TechniqueFactory(code="45.2300")
    actions.set_entry(
        edition=draft, technique=added, grade="complex", tiers=["tertiary"], by=world.office
    )
    actions.set_entry(
        edition=draft,
        technique=world.appendectomy,
        grade="basic",
        tiers=["township", "county", "tertiary"],
        by=world.office,
    )
    actions.remove_entry(edition=draft, technique=world.debridement, by=world.office)
    rows = selectors.compare(draft, selectors.predecessor(draft))
    assert [(row.technique.code, row.kind) for row in rows] == [
        ("45.2300", "added"),
        ("47.0100", "changed"),
        ("86.2200x011", "removed"),
    ]
    assert rows[1].before.grade == "advanced"
    assert rows[1].after.grade == "basic"


def test_compare_first_edition_adds_everything(world):
    assert selectors.predecessor(world.edition) is None
    rows = selectors.compare(world.edition, None)
    assert {row.kind for row in rows} == {"added"}


def test_predecessor_of_a_published_edition_is_the_one_before_its_date(world):
    draft = actions.draft_edition(alliance=world.alliance, name="第二版", by=world.office)
    assert selectors.predecessor(draft) == world.edition
    published = actions.publish(edition=draft, effective_from=today(), by=world.office)
    assert selectors.predecessor(published) == world.edition
    assert selectors.newest_published(alliance_id=world.alliance.pk) == published


@pytest.mark.parametrize(
    ("text", "first"),
    [("lwy", "K35.800x001"), ("阑尾炎", "K35.800x001"), ("k35", "K35.800x001"), ("wy", "K29.500")],
)
def test_search_diseases_nearest_first(world, text, first):
    assert Disease.objects.search(text)[0].code == first


def test_search_diseases_nothing_asked_is_everything(world):
    assert Disease.objects.search(" ").count() == 2


def test_may_be_main_refuses_manifestations():
    assert not Disease(code="G05.0*").may_be_main
    assert Disease(code="A17.0+G05.0*").may_be_main
    assert Disease(code="K35.8").may_be_main


def test_search_orders_what_is_common_then_short_then_code(world):
    make.DiseaseFactory(code="K36.x00", name="阑尾炎，其他的", is_common=True)
    make.DiseaseFactory(code="K35.300", name="急性阑尾炎伴局限性腹膜炎", is_common=True)
    make.DiseaseFactory(code="K35.900", name="阑尾炎病", is_common=False)
    Disease.objects.filter(code="K35.800x001").update(is_common=True)
    codes = [disease.code for disease in Disease.objects.search("lwy")]
    assert codes == ["K35.800x001", "K36.x00", "K35.300", "K35.900"]
    exact = make.DiseaseFactory(code="K37.x00", name="阑尾炎", is_common=False)
    assert Disease.objects.search("lwy")[0] == exact
    assert [row.code for row in Disease.objects.search("k3")][:2] == ["K35.300", "K35.800x001"]


def test_search_reads_indexes(world):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    for rows in (Disease.objects, Technique.objects):
        plan = rows.search("lwy")[:12].explain()
        assert plan.count("Bitmap Index Scan") == 3, plan
    plan = Technique.objects.search("腹腔镜阑尾切除").explain()
    assert "Index Scan on catalogue_technique_chars" in plan, plan


def test_search_techniques_says_less_than_the_name(world):
    """The very code, what begins with it, what holds it, what is only similar."""
    names = {
        "99.01": "腹腔镜下阑尾切除术",
        "99.02": "阑尾切除术",
        "99.03": "急诊阑尾切除术",
        "99.04": "白内障超声乳化摘除术",
        "99.05": "切除阑尾的腹腔探查术",
        "99.06": "腹腔镜[3D]下阑尾探查术",
    }
    for code, name in names.items():
        make.TechniqueFactory(code=code, name=name)
    mine = Technique.objects.filter(code__in=names)
    for text, codes in {
        "腹腔镜阑尾切除": ["99.01"],
        "阑尾 腹腔镜": ["99.01", "99.06"],
        "阑尾切除": ["99.02", "99.03", "99.01", "99.05"],
        "阑尾切除术": ["99.02", "99.03", "99.01", "99.05"],
        "腹腔镜[3d": ["99.06"],
        "白内障手术": ["99.04"],
        "尾阑": [],
        "99.0": list(names),
        "lwqcs": ["99.02", "99.03", "99.01"],
        "99.03": ["99.03"],
    }.items():
        assert [row.code for row in mine.search(text)] == codes, text


def test_requirements_for_many_are_three_queries(world, django_assert_num_queries):
    ids = [world.appendectomy.pk, world.debridement.pk, world.gastrectomy.pk]
    ungraded = make.TechniqueFactory().pk
    with django_assert_num_queries(3):
        found = selectors.requirements([*ids, ungraded], on=today(), alliance_id=world.alliance.pk)
    assert set(found) == set(ids)
    appendectomy, debridement, gastrectomy = (found[pk] for pk in ids)
    assert [(one.kind, one.minimum) for one in appendectomy.institution] == [("beds", 20)]
    assert (appendectomy.operator, appendectomy.min_years) == ([], 0)
    assert debridement.min_years == 5
    assert not debridement.institution
    assert [one.needs_admission for one in found.values()] == [True, False, True]
    assert [one.needs_mdt for one in found.values()] == [False] * 3
    assert debridement.allows("village")
    assert not appendectomy.allows("township")
    assert gastrectomy.grade == "complex"


def test_requirements_of_a_technique_and_of_the_law(world):
    draft = make.EditionFactory(alliance=world.alliance)
    technique = make.TechniqueFactory(code="17.4200", national_level=4, is_restricted=True)
    make.EntryFactory(edition=draft, technique=technique, grade="basic", tiers=["tertiary"])
    make.RequirementFactory(edition=draft)
    make.RequirementFactory(edition=draft, grade="", technique=technique, minimum=8)
    actions.publish(edition=draft, effective_from=today(), by=world.office)
    ask = {"on": today(), "alliance_id": world.alliance.pk}
    found = selectors.requirements([technique.pk], **ask)[technique.pk]
    assert (found.min_years, found.needs_mdt, found.needs_admission) == (8, True, True)
    assert [one.of_technique for one in found.operator] == [True]
    before = make.LONG_AGO - timedelta(days=1)
    asked = selectors.requirements([technique.pk], on=before, alliance_id=world.alliance.pk)
    assert asked == {}


def test_grading_follows_the_alliances_policy(world):
    made = selectors.grading_of(alliance_id=world.alliance.pk, on=today())
    assert (made.basic, made.advanced, made.spectrum) == (24, 36, 25)
    assert made.weights["operation"] == 40
    facts = selectors.grading_facts(world.appendectomy, {"risk": 2}, ["county", "county"])
    assert facts.disease_tiers == frozenset({"county"})
