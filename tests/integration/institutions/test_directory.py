"""The directory, an institution's page, its departments and calendar."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from alliance.core.identifiers import uscc_with_check
from alliance.institutions.models import CalendarDay, Department, Institution
from tests.factories import alliance as make

NEW = {
    "name": "云溪县黄田镇卫生院",
    "short_name": "黄田镇卫生院",
    "tier": "township",
    "type_code": "C220",
    "uscc": uscc_with_check("12330100900000010"),
    "division_code": "330100",
    "beds": "30",
    "idempotency_key": "k1",
}


def here(route, *things):
    return reverse(f"institutions:{route}", args=[thing.public_id for thing in things])


def titles(answer):
    return [row.name for row in answer.context["listing"].rows]


def test_list_finds_by_pinyin_and_tier(sign_in, world):
    browser = sign_in(world.doctor)
    assert titles(browser.get(here("list"), {"search": "qsz"})) == ["青山镇卫生院"]
    assert set(titles(browser.get(here("list"), {"tier": "county"}))) == {
        "云溪县人民医院",
        "云溪县中医院",
        "外县医院",
    }


def test_list_of_one_alliance_leaves_the_rest_out(sign_in, world):
    answer = sign_in(world.doctor).get(here("list"), {"alliance": world.alliance.public_id})
    assert "外县医院" not in titles(answer)
    assert [chip["label"] for chip in answer.context["chips"]] == ["Alliance"]
    assert world.alliance.name in answer.context["chips"][0]["value"]


def test_list_nothing_found_says_what_to_do(sign_in, world):
    answer = sign_in(world.doctor).get(here("list"), {"search": "没有"})
    assert "No institution is called that" in answer.content.decode()


def test_list_pages_by_cursor_and_keeps_the_filter(sign_in, world):
    for _each in range(60):
        make.InstitutionFactory()
    browser = sign_in(world.doctor)
    first = browser.get(here("list"), {"tier": "township"})
    assert len(first.context["listing"].rows) == 50
    second = browser.get(here("list") + first.context["listing"].next_url)
    assert "tier=township" in first.context["listing"].next_url
    assert not set(titles(first)) & set(titles(second))
    assert len(titles(second)) == 12


@pytest.mark.parametrize("route", ["list", "detail"])
def test_pages_cost_the_same_with_many_rows(
    sign_in, world, route, django_assert_num_queries, django_assert_max_num_queries
):
    browser = sign_in(world.manager)
    args = [world.county] if route == "detail" else []
    make.PractitionerFactory(institution=world.county)
    browser.get(here(route, *args))  # what is read once, such as the session, is read here
    with django_assert_max_num_queries(25) as few:
        browser.get(here(route, *args))
    for number in range(20):
        house = make.InstitutionFactory()
        make.MembershipFactory(alliance=world.alliance, institution=house)
        make.RelationFactory(
            alliance=world.alliance, sender=house, receiver=world.county, direction="up"
        )
        make.DepartmentFactory(institution=world.county, code=f"N{number}")
        staff = make.PractitionerFactory(institution=world.county)
        staff.specialties.add(world.surgery)
    with django_assert_num_queries(len(few)):
        browser.get(here(route, *args))


def test_detail_shows_departments_people_and_relations(sign_in, world):
    make.PractitionerFactory(institution=world.county, name="周建国")
    page = sign_in(world.doctor).get(here("detail", world.county)).content.decode()
    for words in ("普通外科", "周建国", "青山镇卫生院", "云溪市第一医院", world.alliance.name):
        assert words in page
    assert here("edit", world.county) not in page
    assert here("department-edit", world.county_surgery) not in page


def test_detail_offers_its_manager_to_edit(sign_in, world):
    page = sign_in(world.manager).get(here("detail", world.county)).content.decode()
    assert here("edit", world.county) in page
    assert here("department-edit", world.county_surgery) in page


def test_new_makes_one_however_often_it_is_sent(sign_in, world):
    browser = sign_in(world.office)
    for _again in range(2):
        answer = browser.post(here("new"), NEW)
        assert answer.status_code == 302
    made = Institution.objects.get(name=NEW["name"])
    assert answer.url == made.get_absolute_url()


def test_new_same_key_other_values_asks_again(sign_in, world):
    browser = sign_in(world.office)
    browser.post(here("new"), NEW)
    other = {**NEW, "name": "另一家", "uscc": uscc_with_check("12330100900000020")}
    answer = browser.post(here("new"), other)
    assert answer.status_code == 422
    assert "saved before" in answer.content.decode()
    fresh = answer.context["form"]["idempotency_key"].value()
    assert fresh != NEW["idempotency_key"]
    assert browser.post(here("new"), {**other, "idempotency_key": fresh}).status_code == 302


def test_new_wrong_values_come_back_at_their_fields(sign_in, world):
    answer = sign_in(world.office).post(here("new"), {**NEW, "uscc": "123", "name": "试一试"})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["uscc"]
    assert 'value="试一试"' in answer.content.decode()


@pytest.mark.parametrize("named", ["青山镇卫生院", "uscc", "public_id"])
def test_new_village_names_its_township(sign_in, world, named):
    parent = getattr(world.township, named, named)
    village = {**NEW, "tier": "village", "type_code": "D600", "parent": parent}
    assert sign_in(world.office).post(here("new"), village).status_code == 302
    assert Institution.objects.get(name=NEW["name"]).parent == world.township


@pytest.mark.parametrize(
    ("parent", "words"),
    [
        ("没有这家", "none of that name"),
        ("同名卫生院", "Several are called that"),
        ("", "Name the township"),
    ],
)
def test_new_village_parent_that_cannot_be_told(sign_in, world, parent, words):
    make.InstitutionFactory(name="同名卫生院")
    make.InstitutionFactory(name="同名卫生院")
    village = {**NEW, "tier": "village", "parent": parent}
    answer = sign_in(world.office).post(here("new"), village)
    assert answer.status_code == 422
    assert words in answer.context["form"].errors["parent"][0]


def test_edit_own_manager_sees_contacts_only(sign_in, world):
    browser = sign_in(world.manager)
    form = browser.get(here("edit", world.county)).context["form"]
    assert "beds" in form.fields
    assert "tier" not in form.fields
    answer = browser.post(
        here("edit", world.county), {"short_name": "县人民医院", "beds": "410", "tier": "tertiary"}
    )
    assert answer.status_code == 302
    world.county.refresh_from_db()
    assert (world.county.beds, world.county.tier) == (410, "county")


def test_edit_office_changes_everything_and_keeps_an_unlisted_kind(sign_in, world):
    Institution.objects.filter(pk=world.village.pk).update(type_code="D229")
    browser = sign_in(world.office)
    form = browser.get(here("edit", world.village)).context["form"]
    assert form["parent"].value() == world.township.public_id
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    data |= {"short_name": "青山村卫生室", "beds": "2"}
    answer = browser.post(here("edit", world.village), data)
    assert answer.status_code == 302
    world.village.refresh_from_db()
    assert (world.village.beds, world.village.type_code) == (2, "D229")


def test_edit_wrong_values_stay_in_the_form(sign_in, world):
    answer = sign_in(world.manager).post(here("edit", world.county), {"beds": "-1"})
    assert answer.status_code == 422
    assert "beds" in answer.context["form"].errors


def test_department_new_and_edit(sign_in, world):
    browser = sign_in(world.manager)
    data = {"code": "0402", "name": "微创外科", "specialty": world.surgery.pk, "beds": "8"}
    answer = browser.post(here("department-new", world.county), data)
    assert (answer.status_code, answer.url) == (302, world.county.get_absolute_url())
    made = Department.objects.get(code="0402")
    answer = browser.post(here("department-edit", made), {**data, "name": "胸外科"})
    made.refresh_from_db()
    assert (answer.status_code, made.name, made.pinyin) == (302, "胸外科", "xwk")


def test_department_code_twice_is_told_in_the_form(sign_in, world):
    data = {
        "code": world.county_surgery.code,
        "name": "又一科",
        "specialty": world.surgery.pk,
        "beds": "0",
    }
    answer = sign_in(world.manager).post(here("department-new", world.county), data)
    assert answer.status_code == 422
    assert "already has a department" in answer.context["form"].errors["code"][0]


def test_department_is_taken_out_of_use_and_used_again(sign_in, world):
    browser = sign_in(world.manager)
    for asked, state in (("0", False), ("1", True)):
        browser.post(here("department-active", world.county_surgery), {"is_active": asked})
        world.county_surgery.refresh_from_db()
        assert world.county_surgery.is_active is state


def test_calendar_adds_and_shows_an_exception(sign_in, world):
    browser = sign_in(world.manager)
    day = timezone.localdate() + timedelta(days=1)
    answer = browser.post(
        here("calendar", world.county), {"first": day, "is_open": "no", "reason": "门诊楼检修"}
    )
    assert answer.status_code == 302
    page = browser.get(here("calendar", world.county)).content.decode()
    assert "门诊楼检修" in page
    assert "门诊楼检修" in browser.get(here("detail", world.county)).content.decode()


def test_calendar_opens_with_hours(sign_in, world):
    day = timezone.localdate() + timedelta(days=1)
    sign_in(world.manager).post(
        here("calendar", world.county),
        {
            "first": day,
            "is_open": "yes",
            "opens_at": "09:00",
            "closes_at": "12:00",
            "reason": "义诊",
        },
    )
    assert CalendarDay.objects.get().closes_at.hour == 12


def test_calendar_past_days_come_back_at_the_field(sign_in, world):
    data = {"first": "2020-01-01", "is_open": "no", "reason": "检修"}
    answer = sign_in(world.manager).post(here("calendar", world.county), data)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["first"]


def test_calendar_remove_of_a_past_day_is_409(sign_in, world):
    day = CalendarDay.objects.create(
        institution=world.county, day=timezone.localdate() - timedelta(days=1), reason="检修"
    )
    url = reverse("institutions:calendar-remove", args=[world.county.public_id, day.pk])
    assert sign_in(world.manager).post(url).status_code == 409


def test_calendar_warns_where_holidays_are_not_announced(sign_in, world, monkeypatch):
    from alliance.institutions.pages import directory

    monkeypatch.setattr(directory, "holidays_known", lambda year: False)
    page = sign_in(world.manager).get(here("calendar", world.county)).content.decode()
    assert "are not announced yet" in page
