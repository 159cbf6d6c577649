"""Pages and endpoints of quality control, as people and systems meet them."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from alliance.core import outbox
from alliance.core.choices import Role
from alliance.notices.models import Notice
from alliance.people.models import Practitioner
from equipment.hub import cards_for
from qc import actions
from qc.models import CheckRun, Finding
from tests.factories import alliance as make
from tests.factories.devices import DeviceFactory

pytestmark = pytest.mark.django_db
CODE = "people.licence_ending"


@pytest.fixture
def findings(world):
    """The licences of some people at the township and the county end today."""

    def find(count=1):
        for house in (world.township, world.county):
            make.PractitionerFactory.create_batch(
                count, institution=house, licence_valid_until=timezone.localdate()
            )
        return run(world)

    return find


def run(world, day=None, code=CODE):
    day = day or timezone.localdate()
    for key in actions.run_now(alliance=world.alliance, day=day, by=world.qc, code=code):
        actions.carry_out(run_id=key)
    return Finding.objects.order_by("institution__tier", "-pk")


def test_a_house_sees_its_own_and_the_committee_all(world, findings, sign_in):
    theirs, mine = findings()
    page = sign_in(world.township_manager).get(reverse("qc:findings"))
    assert [row.finding for row in page.context["rows"]] == [mine]
    page = sign_in(world.qc).get(reverse("qc:findings"))
    assert {row.finding for row in page.context["rows"]} == {mine, theirs}


def test_a_keeper_sees_what_was_found_about_the_devices_of_the_house(world, findings, sign_in):
    findings()
    for house in (world.township, world.county):
        DeviceFactory(owner=house, life_ends_on=timezone.localdate())
    run(world, code="service.past_life")
    keeper = make.staff(Role.EQUIPMENT_KEEPER, institution=world.township)
    mine = Finding.objects.get(institution=world.township, check_code="service.past_life")
    browser = sign_in(keeper)
    page = browser.get(reverse("qc:findings"))
    assert [row.finding for row in page.context["rows"]] == [mine]
    assert browser.get(mine.get_absolute_url()).status_code == 200
    (card,) = [one for one in cards_for(keeper) if one.url.startswith(reverse("qc:findings"))]
    assert card.note.startswith("1 ")
    page = sign_in(world.township_manager).get(card.url)
    assert [row.finding for row in page.context["rows"]] == [mine]
    rest = Finding.objects.filter(institution=world.township).exclude(pk=mine.pk)
    page = sign_in(world.township_manager).get(reverse("qc:findings"), {"equipment": "false"})
    assert {row.finding for row in page.context["rows"]} == set(rest)
    assert not [one for one in cards_for(world.doctor) if one.url == card.url]


def test_the_sentence_names_what_was_seen(world, findings, sign_in):
    _theirs, mine = findings()
    html = sign_in(world.township_manager).get(mine.get_absolute_url()).content.decode()
    assert f"The licence of {mine.evidence['name']} is valid until" in html
    assert reverse("people:practitioner", args=[mine.subject]) in html


def test_only_open_ones_are_listed_unless_asked(world, findings, sign_in):
    _theirs, mine = findings()
    Practitioner.objects.update(licence_valid_until=None)
    run(world)
    browser = sign_in(world.township_manager)
    assert browser.get(reverse("qc:findings")).context["rows"] == []
    page = browser.get(reverse("qc:findings"), {"standing": "cleared"})
    assert [row.finding for row in page.context["rows"]] == [mine]


def test_findings_are_searched_by_what_was_seen(world, findings, sign_in):
    theirs, mine = findings()
    name = {"search": mine.evidence["name"]}
    page = sign_in(world.qc).get(reverse("qc:findings"), name)
    assert mine in [row.finding for row in page.context["rows"]]
    assert theirs.evidence["name"] == mine.evidence["name"] or len(page.context["rows"]) == 1


def test_an_unknown_filter_value_is_told(world, findings, sign_in):
    page = sign_in(world.qc).get(reverse("qc:findings"), {"severity": "huge"})
    assert page.status_code == 422
    assert "severity" in page.context["filter"].form.errors


def test_a_manager_gives_a_finding_an_owner_of_the_house(world, findings, sign_in):
    _theirs, mine = findings()
    browser = sign_in(world.township_manager)
    url = reverse("qc:finding_assign", args=[mine.public_id])
    page = browser.post(url, {"owner": world.liaison.pk, "version": mine.version})
    assert page.status_code == 422
    page = browser.post(url, {"owner": world.doctor.pk, "version": mine.version})
    assert page.status_code == 302
    mine.refresh_from_db()
    assert mine.owner == world.doctor


def test_a_stale_page_changes_nothing(world, findings, sign_in):
    _theirs, mine = findings()
    url = reverse("qc:finding_assign", args=[mine.public_id])
    page = sign_in(world.township_manager).post(url, {"owner": world.doctor.pk, "version": 7})
    assert page.status_code == 412
    mine.refresh_from_db()
    assert mine.owner is None


def test_a_waiver_is_shown_with_its_reason_and_can_be_ended(world, findings, sign_in):
    theirs, mine = findings()
    browser = sign_in(world.qc)
    url = reverse("qc:finding_waive", args=[mine.public_id])
    until = timezone.localdate() + timedelta(days=30)
    page = browser.post(url, {"reason": "", "until": until, "version": mine.version})
    assert page.status_code == 422
    assert "reason" in page.context["waiver_form"].errors
    browser.post(url, {"reason": "续期办理中", "until": until, "version": mine.version})
    page = browser.get(reverse("qc:findings"))
    assert [row.finding for row in page.context["rows"]] == [theirs]
    mine.refresh_from_db()
    page = browser.get(mine.get_absolute_url())
    assert "续期办理中" in page.content.decode()
    browser.post(reverse("qc:finding_end_waiver", args=[mine.public_id]), {"version": mine.version})
    mine.refresh_from_db()
    assert mine.waived_until is None


@pytest.mark.parametrize(("version", "status"), [("", 428), ("abc", 412), ("7", 412)])
def test_ending_a_waiver_names_the_version_seen(world, findings, sign_in, version, status):
    _theirs, mine = findings()
    url = reverse("qc:finding_end_waiver", args=[mine.public_id])
    assert sign_in(world.qc).post(url, {"version": version}).status_code == status


def test_the_board_counts_by_house_and_weight(world, findings, sign_in):
    findings(3)
    found = sign_in(world.office).get(reverse("qc:board")).context["board"]
    assert [(house.institution, house.total) for house in found.houses] == [
        (world.county, 3),
        (world.township, 3),
    ]
    assert found.checks == [(CODE, "Licence ending", 6)]
    assert {code: count for code, _name, count in found.by_severity}["major"] == 6


def test_the_history_tells_counts_and_who_asked(world, findings, sign_in):
    findings()
    html = sign_in(world.office).get(reverse("qc:runs")).content.decode()
    assert "2 wrong, 2 newly, 0 right again" in html
    assert world.qc.name in html


def test_running_now_from_the_page(world, sign_in):
    browser = sign_in(world.office)
    day = timezone.localdate()
    for wrong in (day + timedelta(days=1), "0001-01-01"):
        assert browser.post(reverse("qc:run"), {"day": wrong}).status_code == 422
    page = browser.post(reverse("qc:run"), {"day": day, "code": CODE})
    assert page.status_code == 302
    run = CheckRun.objects.get()
    assert (run.check_code, run.day, run.asked_by) == (CODE, day, world.office)


def test_the_checks_are_listed_as_they_are_set(world, sign_in):
    html = sign_in(world.office).get(reverse("qc:checks")).content.decode()
    assert "Licence ending" in html
    assert "Days before the end" in html


def test_the_administrators_of_a_house_are_told_once(world, findings):
    findings()
    outbox.relay()
    outbox.relay()
    notices = Notice.objects.filter(text_key="qc.found", user=world.township_manager)
    assert notices.count() == 1


@pytest.mark.parametrize("path", ["qc:findings", "qc:board", "qc:runs"])
def test_the_number_of_queries_does_not_grow_with_rows(
    world, findings, sign_in, path, django_assert_max_num_queries
):
    counts = []
    browser = sign_in(world.qc)
    for count in (1, 20):
        findings(count)
        cache.clear()
        with django_assert_max_num_queries(30) as asked:
            assert browser.get(reverse(path)).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_api_says_the_same(world, findings, sign_in):
    _theirs, mine = findings()
    answer = sign_in(world.township_manager).get("/api/v1/findings/", {"standing": "open"})
    assert answer.status_code == 200
    (row,) = answer.json()["results"]
    assert row["id"] == str(mine.public_id)
    assert (row["check"], row["severity"], row["standing"]) == (CODE, "major", "open")
    assert row["evidence"]["name"] == mine.evidence["name"]
    assert row["url"] == reverse("people:practitioner", args=[mine.subject])
