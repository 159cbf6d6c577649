"""Starter data: every file reads, holds together, and carries what the alliance's grading names."""

from datetime import date

import pytest

from alliance.catalogue import rules, starter
from alliance.catalogue.choices import SCORES, TechniqueGrade
from alliance.institutions.choices import Tier

SPECIALTIES = {row.code for row in starter.specialties()}
TECHNIQUES = {row.code: row for row in starter.techniques()}
DISEASES = {row.code: row for row in starter.diseases()}


def test_every_file_reads():
    assert len(DISEASES) >= 100
    assert len(TECHNIQUES) >= 77
    assert len(starter.type_codes()) > 50
    assert len(starter.title_codes()) == 20
    assert starter.reason_codes()


def test_specialties_have_their_parents():
    assert {code.partition(".")[0] for code in SPECIALTIES} <= SPECIALTIES


@pytest.mark.parametrize("rows", [DISEASES, TECHNIQUES], ids=["diseases", "techniques"])
def test_specialties_named_are_listed(rows):
    assert {row.specialty for row in rows.values()} <= SPECIALTIES


@pytest.mark.parametrize(
    ("word", "grade"),
    [
        ("浅表肿物切除术", TechniqueGrade.BASIC),
        ("关节腔灌洗术", TechniqueGrade.BASIC),
        ("清创缝合术", TechniqueGrade.BASIC),
        ("腹腔镜下阑尾切除术", TechniqueGrade.ADVANCED),
        ("腹腔镜下胆囊切除术", TechniqueGrade.ADVANCED),
        ("宫腔镜检查", TechniqueGrade.ADVANCED),
        ("刮宫", TechniqueGrade.ADVANCED),
        ("经尿道输尿管/肾盂激光碎石取石术", TechniqueGrade.ADVANCED),
        ("腹腔镜辅助全胃切除", TechniqueGrade.COMPLEX),
        ("腹腔镜右半结肠切除术", TechniqueGrade.COMPLEX),
        ("腹腔镜下直肠前切除术", TechniqueGrade.COMPLEX),
        ("PCNL", TechniqueGrade.COMPLEX),
    ],
)
def test_techniques_that_the_grading_names(word, grade):
    named = [row for row in TECHNIQUES.values() if word in row.name]
    assert named
    assert {row.grade for row in named} == {grade}


@pytest.mark.parametrize(
    ("word", "tier"),
    [
        ("急性阑尾炎", Tier.TOWNSHIP),
        ("皮肤和皮下组织的局部感染", Tier.TOWNSHIP),
        ("开放性手部损伤", Tier.TOWNSHIP),
        ("开放性足损伤", Tier.TOWNSHIP),
        ("胆囊结石", Tier.COUNTY),
        ("子宫平滑肌瘤", Tier.COUNTY),
        ("泌尿系结石", Tier.COUNTY),
        ("单侧腹股沟疝", Tier.COUNTY),
        ("胃恶性肿瘤", Tier.TERTIARY),
        ("结肠恶性肿瘤", Tier.TERTIARY),
        ("前列腺恶性肿瘤", Tier.TERTIARY),
        ("脑卒中", Tier.COUNTY),
        ("胸痛", Tier.COUNTY),
    ],
)
def test_diseases_that_the_grading_names(word, tier):
    assert [row.best_tier for row in DISEASES.values() if row.name == word] == [tier]


def test_first_visit_list_has_fifty_diseases_of_the_grassroots():
    listed = [row for row in DISEASES.values() if row.first_visit]
    assert len(listed) == 50
    assert {row.best_tier for row in listed} == {Tier.TOWNSHIP}


def test_restricted_techniques_are_level_four():
    restricted = {row.code for row in TECHNIQUES.values() if row.is_restricted}
    assert restricted == {"17.4200", "17.4500"}


def test_primary_care_is_the_set_of_the_county_indicator():
    primary = {row.code for row in starter.type_codes() if row.is_primary_care}
    assert {"B100", "B200", "C100", "C210", "C220", "D600"} <= primary
    assert not any(code.startswith(("A", "E", "G")) for code in primary)


@pytest.mark.parametrize(
    "move",
    ["reject", "return", "redirect", "cancel", "no_show", "close", "lapse", "mark_error"],
)
def test_every_move_with_a_reason_has_reasons(move):
    reasons = [row for row in starter.reason_codes() if row.move == move]
    assert reasons
    assert {row.valid_from for row in reasons} == {date(2025, 1, 1)}


def test_another_reason_always_needs_words():
    assert all(row.needs_text for row in starter.reason_codes() if row.code == "other")


@pytest.mark.parametrize(
    ("code", "shape"),
    [
        ("I10.x00", starter.DISEASE_CODE),
        ("K80.200x003", starter.DISEASE_CODE),
        ("B02.000x002+G05.1*", starter.DISEASE_CODE),
        ("H67.0*", starter.DISEASE_CODE),
        ("A00", starter.DISEASE_CODE),
        ("M80000/3", starter.MORPHOLOGY_CODE),
        ("M801-M804", starter.MORPHOLOGY_CODE),
        ("47.0100", starter.PROCEDURE_CODE),
        ("17.1300x001", starter.PROCEDURE_CODE),
        ("43.7x03", starter.PROCEDURE_CODE),
        ("17.98211", starter.PROCEDURE_CODE),
    ],
)
def test_code_shapes(code, shape):
    assert shape.fullmatch(code)
    assert not shape.fullmatch(f"{code} ")


TECHNIQUE_HEADER = (
    "code,name,specialty,category,national_level,is_minimally_invasive,is_restricted,"
    "grade,tiers,note,source,verified"
)
GOOD = "47.0100,腹腔镜下阑尾切除术,04.01,surgery,2,1,0,advanced,county;tertiary,,医保版2.0,1"


def test_a_note_allows_unusual_tiers():
    line = GOOD.replace("county;tertiary,,", "township;county;tertiary,省目录,")
    (row,) = starter.parse(starter.TechniqueRow, [TECHNIQUE_HEADER, line], "t.csv")
    assert row.tiers == (Tier.TOWNSHIP, Tier.COUNTY, Tier.TERTIARY)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["code,name"], "header"),
        ([TECHNIQUE_HEADER, GOOD, GOOD], "line 3: 47.0100 occurs twice"),
        ([TECHNIQUE_HEADER, GOOD + ",more"], "line 2: not as many cells"),
        ([TECHNIQUE_HEADER, "47.0100"], "line 2: not as many cells"),
        ([TECHNIQUE_HEADER, GOOD.replace("47.0100", "K35.8")], "shape"),
        ([TECHNIQUE_HEADER, GOOD.replace("腹腔镜下阑尾切除术", "")], "name is empty"),
        ([TECHNIQUE_HEADER, GOOD.replace("surgery,2", "surgery,5")], "outside 1 to 4"),
        ([TECHNIQUE_HEADER, GOOD.replace(",1,0,", ",yes,0,")], "neither 0 nor 1"),
        ([TECHNIQUE_HEADER, GOOD.replace("advanced", "middling")], "middling"),
        ([TECHNIQUE_HEADER, GOOD.replace("county;tertiary", "tertiary")], "no note says why"),
        ([TECHNIQUE_HEADER, GOOD.replace(",1,0,", ",1,1,")], "restricted"),
    ],
)
def test_a_wrong_file_is_named_with_line_and_reason(lines, message):
    with pytest.raises(starter.StarterDataError, match=message) as error:
        starter.parse(starter.TechniqueRow, lines, "t.csv")
    assert str(error.value).startswith("t.csv")


def test_every_technique_is_scored_and_its_grade_proposed_or_explained():
    grading = rules.Grading(
        dict.fromkeys(SCORES, 30) | {"operation": 40, "risk": 40, "equipment": 20}
        | {"grassroots": 40},
        basic=24,
        advanced=36,
        spectrum=25,
    )  # fmt: skip
    treated = {}
    for row in starter.spectrum():
        assert row.disease in DISEASES
        treated.setdefault(row.code, set()).add(row.tier)
    scored = {row.code: row for row in starter.scores()}
    assert scored.keys() == TECHNIQUES.keys() >= treated.keys()
    for code, row in TECHNIQUES.items():
        facts = rules.GradingFacts(
            scored[code].scores,
            row.national_level,
            row.is_restricted,
            frozenset(treated.get(code, ())),
        )
        proposal = rules.propose(facts, grading)
        reason = scored[code].reason
        assert not rules.reason_needed(grade=row.grade, proposal=proposal, reason=reason), code


def test_requirements_name_techniques_and_specialties_that_there_are():
    rows = starter.requirements()
    assert {row.code for row in rows if not row.grade} <= TECHNIQUES.keys()
    assert {row.grade for row in rows} == {"", "basic", "advanced", "complex"}
    codes = {row.subject for row in rows if row.kind == "department"}
    assert codes
    assert codes <= SPECIALTIES
    (years,) = (row for row in rows if (row.code, row.kind) == ("basic", "years"))
    assert (years.minimum, years.verified) == (5, True)


def test_a_requirement_of_the_wrong_side_is_no_row():
    header = "code,side,kind,subject,minimum,unit,source,verified"
    with pytest.raises(starter.StarterDataError, match="not asked"):
        starter.parse(starter.RequirementRow, [header, "basic,operator,beds,,5,,x,0"], "x.csv")
