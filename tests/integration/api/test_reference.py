"""Institutions, departments, practitioners, diseases and techniques as other systems see them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from alliance.institutions.models import Relation
from tests.factories import alliance as make


def _rows(response):
    assert response.status_code == 200, response.content
    return response.json()["results"]


def _names(response):
    return [row["name"] for row in _rows(response)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"search": "人民"}, ["云溪县人民医院"]),
        ({"search": "yxxrmyy"}, ["云溪县人民医院"]),
        ({"tier": "tertiary"}, ["云溪市第一医院"]),
        ({"tier": "village"}, ["青山村卫生室"]),
        ({"division_code": "9"}, []),
        ({"search": "%"}, []),
        ({"may_receive_from": "00000000-0000-4000-8000-000000000000"}, []),
        ({"search": "  "}, None),
        ({"is_active": "false"}, []),
        ({"is_external": "TRUE"}, []),
    ],
)
def test_institutions_are_found(township, world, query, found):
    names = _names(township.get(reverse("api:institution-list"), query))
    assert len(names) == 7 if found is None else names == found


def test_institutions_of_an_alliance_or_open_to_one(township, world):
    path = reverse("api:institution-list")
    members = _names(township.get(path, {"alliance": str(world.alliance.public_id)}))
    assert len(members) == 6
    assert world.outside.name not in members
    Relation.objects.filter(sender=world.township, receiver=world.county2).update(is_allowed=False)
    receivers = _names(township.get(path, {"may_receive_from": str(world.township.public_id)}))
    assert world.county.name in receivers
    assert world.county2.name not in receivers


def test_an_institution_carries_ids_and_codes_never_keys(township, world):
    path = reverse("api:institution-detail", args=[world.village.public_id])
    row = township.get(path).json()
    assert row["id"] == str(world.village.public_id)
    assert row["parent"] == str(world.township.public_id)
    assert (row["tier"], row["type_code"]) == ("village", "D600")
    assert str(world.village.pk) not in map(str, (row["id"], row["parent"]))


def test_departments_are_found(township, world):
    path = reverse("api:department-list")
    county = str(world.county.public_id)
    rows = _rows(township.get(path, {"institution": county, "specialty": "04.01"}))
    assert [row["id"] for row in rows] == [str(world.county_surgery.public_id)]
    assert rows[0]["institution"] == county
    assert len(_rows(township.get(path, {"search": "gk"}))) == 0
    assert len(_rows(township.get(path, {"search": "ptw"}))) == 6
    one = reverse("api:department-detail", args=[world.county_surgery.public_id])
    assert township.get(one).json()["specialty_name"] == "普通外科专业"


def test_practitioners_are_found_without_their_telephone(township, world):
    practitioner = world.practitioner
    practitioner.phone = "13912345678"
    practitioner.save()
    practitioner.specialties.add(world.surgery)
    path = reverse("api:practitioner-list")
    for query in (
        {"search": "李文"},
        {"search": "lw"},
        {"search": practitioner.licence_number},
        {"institution": str(world.township.public_id)},
        {"specialty": "04.01"},
        {"title_code": "233"},
    ):
        response = township.get(path, query)
        assert [row["id"] for row in _rows(response)] == [str(practitioner.public_id)]
        assert "13912345678" not in response.content.decode()
    row = township.get(reverse("api:practitioner-detail", args=[practitioner.public_id])).json()
    assert (row["specialties"], row["department"]) == (["04.01"], None)
    assert row["title"] == "Attending physician"


def test_diseases_come_closest_first(township, world):
    for code, name in [
        ("K35.900", "阑尾炎"),
        ("K35.100x001", "阑尾炎性包块"),
        ("K36.x00", "慢性阑尾炎"),
    ]:
        make.DiseaseFactory(code=code, name=name, specialty=world.surgery, is_common=False)
    path = reverse("api:disease-list")
    expected = ["阑尾炎", "急性阑尾炎", "慢性阑尾炎", "阑尾炎性包块"]
    assert _names(township.get(path, {"search": "lwy"})) == expected
    assert _names(township.get(path, {"search": "阑尾炎"})) == expected
    assert _names(township.get(path, {"search": "k36"})) == ["慢性阑尾炎"]


def test_a_search_keeps_its_order_over_pages(township, world):
    for n in range(5):
        make.DiseaseFactory(code=f"K9{n}.000", name=f"测试病{n}", specialty=world.surgery)
    page = township.get(reverse("api:disease-list"), {"search": "测试病", "page_size": 2}).json()
    seen = [row["code"] for row in page["results"]]
    assert page["previous"] is None
    while page["next"]:
        page = township.get(page["next"]).json()
        seen += [row["code"] for row in page["results"]]
    assert seen == [f"K9{n}.000" for n in range(5)]
    back = township.get(page["previous"]).json()
    assert [row["code"] for row in back["results"]] == ["K92.000", "K93.000"]


def test_a_code_with_a_slash_has_an_address(township, world):
    make.DiseaseFactory(code="M80000/3", name="恶性肿瘤", specialty=world.surgery)
    path = reverse("api:disease-detail", args=["M80000/3"])
    assert township.get(path).json()["name"] == "恶性肿瘤"


def test_techniques_carry_grade_and_tiers_of_the_callers_alliance(township, world):
    rows = {row["code"]: row for row in _rows(township.get(reverse("api:technique-list")))}
    appendectomy = rows[world.appendectomy.code]
    assert (appendectomy["grade"], appendectomy["tiers"]) == ("advanced", ["county", "tertiary"])
    assert appendectomy["graded_since"] == make.LONG_AGO.isoformat()
    one = township.get(reverse("api:technique-detail", args=[world.debridement.code])).json()
    assert one["tiers"] == ["township", "county", "tertiary"]


def test_techniques_are_graded_as_of_the_day_asked(township, world):
    path = reverse("api:technique-detail", args=[world.appendectomy.code])
    before = township.get(path, {"on": (make.LONG_AGO - timedelta(days=1)).isoformat()}).json()
    assert (before["grade"], before["tiers"], before["graded_since"]) == (None, [], None)
    assert township.get(path, {"on": timezone.localdate().isoformat()}).json()["grade"]


def test_techniques_are_ungraded_for_those_outside_unless_they_ask(outsider, world):
    path = reverse("api:technique-detail", args=[world.appendectomy.code])
    assert outsider.get(path).json()["grade"] is None
    asked = outsider.get(path, {"alliance": str(world.alliance.public_id)}).json()
    assert asked["grade"] == "advanced"
    unknown = outsider.get(path, {"alliance": "00000000-0000-4000-8000-000000000000"})
    assert (unknown.status_code, list(unknown.json()["errors"])) == (400, ["alliance"])
    assert _rows(outsider.get(reverse("api:technique-list"), {"grade": "basic"})) == []


def test_the_alliances_office_asks_about_its_own(browser_of, world, settings):
    settings.DEMO_MODE = True
    path = reverse("api:technique-detail", args=[world.appendectomy.code])
    assert browser_of(world.office).get(path).json()["grade"] == "advanced"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"grade": "basic"}, ["清创缝合术"]),
        ({"tier": "village"}, ["清创缝合术"]),
        ({"tier": "county", "search": "fqj"}, ["腹腔镜下阑尾切除术"]),
        ({"grade": "basic", "on": "2019-12-31"}, []),
        ({"national_level": "2"}, []),
        ({"category": "surgery", "is_restricted": "false", "search": "清创"}, ["清创缝合术"]),
    ],
)
def test_techniques_are_found_by_grade_and_tier(township, query, found):
    assert _names(township.get(reverse("api:technique-list"), query)) == found


def _more_institutions(world, n):
    make.InstitutionFactory(tier="village", parent=world.township, name=f"村{n}")


def _more_departments(world, n):
    make.DepartmentFactory(institution=world.county, specialty=world.surgery)


def _more_practitioners(world, n):
    person = make.PractitionerFactory(institution=world.county, department=world.county_surgery)
    person.specialties.add(world.surgery)


def _more_diseases(world, n):
    make.DiseaseFactory(code=f"K8{n:02}.000", specialty=world.surgery)


def _more_techniques(world, n):
    make.TechniqueFactory(code=f"47.9{n:03}", specialty=world.surgery)


@pytest.mark.parametrize(
    ("route", "more"),
    [
        ("api:institution-list", _more_institutions),
        ("api:department-list", _more_departments),
        ("api:practitioner-list", _more_practitioners),
        ("api:disease-list", _more_diseases),
        ("api:technique-list", _more_techniques),
    ],
)
def test_a_list_costs_the_same_with_one_row_more_and_with_twenty(township, world, route, more):
    path = reverse(route)

    def cost():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            rows = _rows(township.get(path, {"page_size": 200}))
        return len(queries), len(rows)

    township.get(path)  # fills the remembered rate
    more(world, 0)
    few = cost()
    for n in range(1, 20):
        more(world, n)
    many = cost()
    assert many[1] == few[1] + 19
    assert many[0] == few[0] <= 8
