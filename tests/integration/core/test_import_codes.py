"""Diseases and techniques come in by the shapes of the national tables."""

import pytest
from django.core.exceptions import PermissionDenied

from alliance.catalogue import actions as catalogue
from alliance.catalogue.models import Technique
from tests.integration.core.importing import bring_in, counts, speak_english, wrong


@pytest.fixture(autouse=True)
def speaking_english(world):
    speak_english(world.office, world.manager, world.system_admin, world.township_manager)


@pytest.mark.parametrize(
    "code",
    ["A00", "A00.0", "A00.000", "A00.000x001", "I10.x00", "A17.000+G01*", "G01*", "A18.001+N37.0*",
     "M80000/3", "M8000/0", "M800", "M801-M804", "U07.100x003"],
)  # fmt: skip
def test_every_shape_of_disease_code(world, code):
    assert counts(bring_in(world.office, "diseases", ["code", "name"], [code, "x"])) == (1, 0, 0)


@pytest.mark.parametrize("code", ["47", "a00", "A0", "A00.0000", "M80000/33", "K35.8 or so"])
def test_what_is_no_disease_code(world, code):
    assert wrong(bring_in(world.office, "diseases", ["code", "name"], [code, "x"])) == [(2, "code")]


@pytest.mark.parametrize(
    "code", ["00.0", "47.01", "47.0101", "47.0100x001", "44.6x02", "43.9x05", "99.9999x0012"]
)
def test_every_shape_of_technique_code(world, code):
    assert counts(bring_in(world.office, "techniques", ["code", "name"], [code, "x"])) == (1, 0, 0)


@pytest.mark.parametrize("code", ["47", "4.71", "K35.8", "47.01-02"])
def test_what_is_no_technique_code(world, code):
    assert wrong(bring_in(world.office, "techniques", ["code", "name"], [code, "x"])) == [
        (2, "code")
    ]


def test_techniques_with_everything(world):
    job = bring_in(
        world.system_admin,
        "techniques",
        [
            "code",
            "name",
            "specialty",
            "category",
            "national_level",
            "is_minimally_invasive",
            "is_restricted",
            "source",
        ],
        ["51.2300", "腹腔镜下胆囊切除术", "04.01", "Surgery", "3", "是", "否", "国临版 3.0"],
        ["00.0", "治疗性超声", "", "", "", "", "", ""],
    )
    assert counts(job) == (2, 0, 0)
    technique = Technique.objects.get(code="51.2300")
    assert (technique.national_level, technique.is_minimally_invasive, technique.specialty) == (
        3,
        True,
        world.surgery,
    )
    assert Technique.objects.get(code="00.0").category == "surgery"


@pytest.mark.parametrize("plan", [catalogue.plan_diseases, catalogue.plan_techniques])
def test_code_tables_belong_to_no_single_hospital(world, plan):
    with pytest.raises(PermissionDenied):
        plan(rows=[], by=world.manager)
