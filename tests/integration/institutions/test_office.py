"""The alliance office: hub, members, matrix, policy."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from alliance.core.models import PolicySetting
from alliance.institutions.models import Membership, Relation
from alliance.institutions.pages import matrix
from tests.factories import alliance as make


def here(route, *args):
    return reverse(f"institutions:{route}", args=args)


def today():
    return timezone.localdate()


def cell(world):
    return Relation.objects.get(sender=world.township, receiver=world.county)


def pressed(sender, receiver, wanted):
    return {"cell": f"{sender.public_id}:{receiver.public_id}:{wanted}"}


def tiles(answer):
    return {str(tile.title): tile for tile in answer.context["tiles"]}


def test_hub_shows_the_office_its_doors(sign_in, world):
    make.MembershipFactory(alliance=world.alliance, institution=world.outside)
    found = tiles(sign_in(world.office).get(here("office")))
    assert set(found) == {
        "Members",
        "Relation matrix",
        "Technique catalogue",
        "Admission of techniques",
        "Policy settings",
        "Import and export",
    }
    assert (found["Members"].note, found["Members"].tone) == ("1 without relations", "warn")


def test_hub_tells_what_waits(sign_in, world):
    make.EditionFactory(alliance=world.alliance)
    Relation.objects.filter(sender=world.township).update(by_rule=False)
    PolicySetting.objects.create(
        alliance=world.alliance,
        key="calendar.weekend_hours",
        value="",
        source="理事会",
        effective_from=today() + timedelta(days=1),
    )
    found = tiles(sign_in(world.office).get(here("office")))
    assert found["Technique catalogue"].note == "1 draft waits"
    assert found["Relation matrix"].note == "5 cells set by hand"
    assert found["Policy settings"].note == "1 change to come"


def test_hub_of_an_alliance_without_catalogue_says_so(sign_in, world):
    other = make.AllianceFactory()
    found = tiles(sign_in(make.staff("alliance_office", alliance=other)).get(here("office")))
    assert found["Technique catalogue"].note == "no edition in force"
    assert found["Members"].note == "0 institutions"


def test_hub_of_the_security_administrator_is_policy_and_accounts(sign_in, world):
    found = tiles(sign_in(world.security_admin).get(here("office")))
    assert set(found) == {"Policy settings", "Accounts"}


@pytest.mark.parametrize(("show", "count"), [("", 6), ("later", 1), ("former", 1), ("nonsense", 6)])
def test_members_now_to_come_and_former(sign_in, world, show, count):
    make.MembershipFactory(
        alliance=world.alliance, institution=world.outside, valid_from=today() + timedelta(days=9)
    )
    make.MembershipFactory(
        alliance=world.alliance, institution=world.outside, valid_until=make.LONG_AGO + timedelta(9)
    )
    answer = sign_in(world.office).get(here("members"), {"show": show})
    assert len(answer.context["listing"].rows) == count


def test_members_cost_the_same_with_many_rows(
    sign_in, world, django_assert_num_queries, django_assert_max_num_queries
):
    browser = sign_in(world.office)
    browser.get(here("members"))  # what is read once, such as the session, is read here
    with django_assert_max_num_queries(15) as few:
        browser.get(here("members"))
    for _each in range(20):
        make.MembershipFactory(alliance=world.alliance)
    with django_assert_num_queries(len(few)):
        browser.get(here("members"))


def test_join_takes_in_and_says_what_is_next(sign_in, world):
    data = {"institution": "外县医院", "role": "member", "help_form": "none", "valid_from": today()}
    answer = sign_in(world.office).post(here("member-join"), data, follow=True)
    assert answer.redirect_chain == [(here("members"), 302)]
    assert "Now generate its relations" in answer.content.decode()
    assert Membership.objects.filter(institution=world.outside).exists()


def test_join_second_lead_is_409_with_the_reason(sign_in, world):
    data = {"institution": "外县医院", "role": "lead", "help_form": "none", "valid_from": today()}
    answer = sign_in(world.office).post(here("member-join"), data)
    assert answer.status_code == 409
    assert "Change its role first" in answer.content.decode()


def test_join_wrong_period_comes_back_at_the_field(sign_in, world):
    data = {
        "institution": "外县医院",
        "role": "member",
        "help_form": "none",
        "valid_from": today(),
        "valid_until": today(),
    }
    answer = sign_in(world.office).post(here("member-join"), data)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["valid_until"]
    chosen = answer.context["form"].fields["institution"].widget.attrs["data-combobox-label"]
    assert chosen == "外县医院"


def test_change_gives_another_help(sign_in, world):
    old = Membership.objects.get(institution=world.county2)
    browser = sign_in(world.office)
    assert browser.get(here("member-change", old.pk)).context["form"]["role"].value() == "member"
    data = {"role": "member", "help_form": "managed", "effective_from": today()}
    assert browser.post(here("member-change", old.pk), data).status_code == 302
    now = Membership.objects.in_force(today()).get(institution=world.county2)
    assert now.help_form == "managed"


def test_leave_asks_why(sign_in, world):
    old = Membership.objects.get(institution=world.county2)
    browser = sign_in(world.office)
    assert browser.post(here("member-leave", old.pk), {"on": today()}).status_code == 422
    data = {"on": today(), "reason": "区划调整"}
    assert browser.post(here("member-leave", old.pk), data).status_code == 302
    assert not Membership.objects.in_force(today()).filter(institution=world.county2).exists()


def test_matrix_shows_senders_down_and_receivers_across(sign_in, world):
    answer = sign_in(world.office).get(here("matrix"))
    assert [str(house) for house in answer.context["columns"]][:2] == [
        "云溪市第一医院",
        "云溪县人民医院",
    ]
    assert len(answer.context["row_groups"]) == 4
    page = answer.content.decode()
    assert "青山镇卫生院 → 云溪县人民医院: allowed" in page
    assert "青山村卫生室 → 云溪县人民医院: not allowed" in page


def test_matrix_is_narrowed_by_name_and_tier(sign_in, world):
    answer = sign_in(world.office).get(
        here("matrix"), {"search": "qsz", "sender_tier": "township", "receiver_tier": "county"}
    )
    (group,) = answer.context["row_groups"]
    assert [str(row["sender"]) for row in group["rows"]] == ["青山镇卫生院"]
    assert len(answer.context["columns"]) == 2


def test_matrix_says_what_it_leaves_out(sign_in, world, monkeypatch):
    monkeypatch.setattr(matrix, "MOST_ROWS", 2)
    monkeypatch.setattr(matrix, "MOST_COLUMNS", 3)
    answer = sign_in(world.office).get(here("matrix"))
    assert (answer.context["hidden_rows"], answer.context["hidden_columns"]) == (4, 3)
    assert "are left out" in answer.content.decode()


def test_matrix_of_an_empty_alliance_leads_on(sign_in, world):
    other = make.AllianceFactory()
    browser = sign_in(make.staff("alliance_office", alliance=other))
    assert "has no members yet" in browser.get(here("matrix")).content.decode()
    make.MembershipFactory(alliance=other)
    assert "Nobody may refer to anybody yet" in browser.get(here("matrix")).content.decode()


def test_matrix_costs_the_same_with_many_rows(
    sign_in, world, django_assert_num_queries, django_assert_max_num_queries
):
    browser = sign_in(world.office)
    browser.get(here("matrix"))  # what is read once, such as the session, is read here
    with django_assert_max_num_queries(15) as few:
        browser.get(here("matrix"))
    for _each in range(20):
        make.MembershipFactory(alliance=world.alliance)
    with django_assert_num_queries(len(few)):
        browser.get(here("matrix"))


def test_generate_says_what_it_did(sign_in, world):
    browser = sign_in(world.office)
    again = browser.post(here("matrix-generate"), follow=True)
    assert "Nothing to do" in again.content.decode()
    Relation.objects.all().delete()
    answer = browser.post(here("matrix-generate"), follow=True)
    assert "22 cells made" in answer.content.decode()


def test_toggle_closes_a_cell_and_keeps_the_filter(sign_in, world):
    url = here("matrix-toggle") + "?search=qsz"
    answer = sign_in(world.office).post(url, pressed(world.township, world.county, "close"))
    assert answer.url == here("matrix") + "?search=qsz"
    assert (cell(world).is_allowed, cell(world).by_rule) == (False, False)


def test_toggle_by_htmx_gives_the_cell(sign_in, world):
    answer = sign_in(world.office).post(
        here("matrix-toggle"),
        pressed(world.village, world.county, "open"),
        headers={"HX-Request": "true"},
    )
    page = answer.content.decode()
    assert page.count('class="cell') == 1
    assert "Press the cell again to undo." in page
    assert 'aria-pressed="true"' in page
    assert "set by hand" in page


@pytest.mark.parametrize("sent", ["", "x:y:open", "a:b"])
def test_toggle_of_nonsense_is_404(sign_in, world, sent):
    assert sign_in(world.office).post(here("matrix-toggle"), {"cell": sent}).status_code == 404


def test_toggle_of_a_stranger_is_409(sign_in, world):
    answer = sign_in(world.office).post(
        here("matrix-toggle"), pressed(world.outside, world.county, "open")
    )
    assert answer.status_code == 409


def test_cell_is_set_with_a_note_and_given_back(sign_in, world):
    browser = sign_in(world.office)
    pair = [world.township.public_id, world.county.public_id]
    answer = browser.post(here("matrix-cell", *pair), {"is_allowed": "no", "note": "停诊一周"})
    assert answer.url == here("matrix-row", world.township.public_id)
    page = browser.get(answer.url).content.decode()
    assert "停诊一周" in page
    assert world.office.name in page
    browser.post(here("matrix-follow", *pair))
    assert (cell(world).is_allowed, cell(world).by_rule) == (True, True)


def test_cell_note_too_long_comes_back(sign_in, world):
    pair = [world.township.public_id, world.county.public_id]
    answer = sign_in(world.office).post(
        here("matrix-cell", *pair), {"is_allowed": "no", "note": "长" * 201}
    )
    assert answer.status_code == 422
    assert "长" * 201 in answer.content.decode()
    assert cell(world).is_allowed


def test_policy_shows_value_source_and_what_is_not_verified(sign_in, world):
    page = sign_in(world.office).get(here("policy")).content.decode()
    for words in (
        "Hours on working days",
        "08:00-12:00 14:00-17:30",
        "not verified",
        "Starting value of the platform",
    ):
        assert words in page


def test_policy_is_searched_by_name_and_key(sign_in, world):
    answer = sign_in(world.office).get(here("policy"), {"search": "weekend"})
    (group,) = answer.context["groups"]
    assert [one["definition"].key for one in group["settings"]] == ["calendar.weekend_hours"]
    nothing = sign_in(world.office).get(here("policy"), {"search": "没有"})
    assert "No setting is called that" in nothing.content.decode()


def new_value(**values):
    return {
        "value": "09:00-11:30",
        "effective_from": today(),
        "source": "理事会纪要",
        "reason": "周末门诊",
        "idempotency_key": "k1",
        **values,
    }


def test_policy_change_is_recorded_once_and_shown(sign_in, world):
    url = here("policy-detail", "calendar.weekend_hours")
    browser = sign_in(world.office)
    for _again in range(2):
        assert browser.post(url, new_value()).status_code == 302
    assert PolicySetting.objects.count() == 1
    page = browser.get(url).content.decode()
    for words in ("09:00-11:30", "理事会纪要", "周末门诊", world.office.name):
        assert words in page


def test_policy_change_to_come_is_shown_beside_the_present_value(sign_in, world):
    url = here("policy-detail", "calendar.observes_holidays")
    browser = sign_in(world.office)
    day = today() + timedelta(days=30)
    assert browser.post(url, new_value(value="false", effective_from=day)).status_code == 302
    setting = browser.get(url).context["setting"]
    assert (setting["value"], setting["next_value"], setting["next_on"]) == ("Yes", "No", day)
    assert "to come" in browser.get(url).content.decode()
    assert "No from" in browser.get(here("policy")).content.decode()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"value": "soon"}, "value"),
        ({"effective_from": "2020-01-01"}, "effective_from"),
        ({"source": ""}, "source"),
    ],
)
def test_policy_wrong_values_come_back_at_their_field(sign_in, world, values, field):
    url = here("policy-detail", "calendar.weekend_hours")
    answer = sign_in(world.office).post(url, new_value(**values))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]


def test_policy_number_outside_its_bounds_is_refused(sign_in, world):
    url = here("policy-detail", "security.idle_minutes")
    answer = sign_in(world.security_admin).post(url, new_value(value="1"))
    assert list(answer.context["form"].errors) == ["value"]


def test_policy_of_the_platform_is_read_only_for_an_office(sign_in, world):
    url = here("policy-detail", "security.idle_minutes")
    browser = sign_in(world.office)
    assert "for the whole platform" in browser.get(url).content.decode()
    assert browser.post(url, new_value(value="20")).status_code == 403


def test_policy_of_the_platform_is_the_security_administrators(sign_in, world):
    browser = sign_in(world.security_admin)
    groups = browser.get(here("policy")).context["groups"]
    keys = {one["definition"].key for group in groups for one in group["settings"]}
    assert all(key.startswith(("security.", "api.", "import.")) for key in keys)
    url = here("policy-detail", "security.idle_minutes")
    assert browser.post(url, new_value(value="120")).status_code == 302
    assert "120 minutes (2 hours)" in browser.get(url).content.decode()
