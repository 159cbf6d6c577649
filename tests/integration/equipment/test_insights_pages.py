"""Pages, files and API of how devices are used."""

from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from alliance.core.models import AuditEntry
from alliance.people.models import RoleGrant
from equipment.hub import cards_for
from equipment.insights import actions, policies, presenters, selectors
from equipment.insights.api import DemandSerializer, DeviceWaitSerializer
from equipment.insights.scope import Scope
from tests.access.cast import system_of
from tests.factories.bookings_waiting import charge, offer, waiting
from tests.factories.devices import DeviceFactory
from tests.factories.insights import ago, refusal, used

pytestmark = pytest.mark.django_db


@pytest.fixture
def device(world):
    """The county shares a laparoscope; its hours of sharing are seven to ten."""
    return DeviceFactory(owner=world.county, price=Decimal(36500), location="手术室")


@pytest.fixture
def sign_in(browser_of):
    def sign(user):
        Authenticator.objects.get_or_create(user=user, type="totp", defaults={"data": {}})
        return browser_of(user)

    return sign


def of(world, user=None, days=30, **more):
    """What the county's administrator (or somebody else) asks about."""
    at = timezone.now()
    place = policies.places(user or world.manager, on=timezone.localdate(at))[0]
    return replace(Scope(place, days, at), **more)


def get(client, name, **query):
    answer = client.get(reverse(f"insights:{name}"), query_params=query)
    return answer, answer.content.decode() if not answer.streaming else ""


def test_the_pages_say_how_each_number_comes_about(sign_in, world, device):
    used(world, device, 4)
    row = refusal(world, device)
    office = sign_in(world.office)
    page = get(office, "use")[1]
    assert "Hours used ÷ hours bookable" in page
    assert "How this is counted" in page
    assert device.get_absolute_url() in page
    page = get(office, "demand")[1]
    assert "Most points first" in page
    assert "Refused days \N{MULTIPLICATION SIGN} 5 + In vain" in page
    assert "(Load there \N{MINUS SIGN} 20%) \N{MULTIPLICATION SIGN} 100" in page
    link = f"type={device.type.code}&amp;house={world.township.public_id}&amp;wanting=1"
    assert link in page
    for name, words in [("idle", "8 weeks"), ("sharing", "check-out"), ("costs", ") ÷ uses")]:
        assert words in get(office, name)[1]
    for query in (
        {"code": "taken"},
        {"wanting": "1", "house": world.township.public_id, "type": device.type.code},
    ):
        assert row.technique is None
        assert device.get_absolute_url() in get(office, "refusals", **query)[1]
    assert "No booking was refused" in get(office, "refusals", code="out")[1]
    for wrong in ({"house": "x"}, {"place": "x"}, {"days": "9"}, {"type": "none"}):
        assert get(office, "refusals", **wrong)[0].status_code == 404


def test_a_long_table_has_pages_an_order_and_the_same_in_the_workbook(sign_in, world, monkeypatch):
    """Used devices apart from the others, each table with a page and a column of its own."""
    monkeypatch.setattr("equipment.insights.paging.SIZE", 2)
    busy, rare, rarest, *unused = [DeviceFactory(owner=world.county) for _number in range(6)]
    for day, (device, hours) in enumerate([(rarest, 1), (busy, 3), (rare, 2)], start=4):
        used(world, device, day, hours=hours)
    manager = sign_in(world.manager)

    def shown(**asked):
        page = get(manager, "use", days=30, **asked)[0].context["sections"]
        return [[row[0]["text"].split()[-1] for row in one.page.rows] for one in page], page

    def numbers(*devices):
        return [one.asset_number for one in devices]

    (rows, others), (use, _apart) = shown()
    assert (rows, others) == (numbers(busy, rare), numbers(*unused[:2]))
    assert use.page.next_url == "?days=30&use_from=2#use"
    assert [row[1]["text"] for row in use.bars[1]] == [row[6]["text"] for row in use.page.rows]
    (rows, others), (use, _apart) = shown(use_by="4", unused_from=2)
    assert (rows, others) == (numbers(rarest, rare), numbers(unused[2]))
    assert use.headers[4]["order"] == "ascending"
    assert use.headers[4]["url"] == "?days=30&unused_from=2&use_by=-4#use"
    assert use.bars[0] == ["Device", "Hours used"]
    answer, page = get(manager, "use", days=30, use_by="4")
    assert "days=30&amp;use_by=4&amp;table=use" in page
    answer, _text = get(manager, "export", days=30, use_by="4")
    book = load_workbook(BytesIO(answer.getvalue()))
    assert book.sheetnames[:2] == ["Use by hour and weekday", "Use of shared devices"]
    sheet = book["Use of shared devices"]
    assert [sheet.cell(at, 5).value for at in (2, 3, 4)] == [1, 2, 3]
    assert sheet.max_row == 4 + 5
    assert book["Use by hour and weekday"]["A2"].value == "07:00"
    # A share reads as on the page, with its sign, and Excel counts with it.
    assert sheet["G4"].number_format == "0.0%"
    assert 0 < sheet["G2"].value < sheet["G4"].value < 1
    line = AuditEntry.objects.get(action="export.done")
    assert line.data["table"] == "insights"


def test_one_table_goes_out_alone(sign_in, world, device):
    manager = sign_in(world.manager)
    for name, title in [("heat", "Use by hour and weekday"), ("waits", "How long people wait")]:
        answer, _text = get(manager, "export", table=name)
        assert load_workbook(BytesIO(answer.getvalue())).sheetnames == [title]
    assert get(manager, "export", table="all")[0].status_code == 404
    refusal(world, device)
    for code, number in [("taken", 1), ("out", 0)]:
        page = get(manager, "refusals", code=code)[1]
        assert f'name="code" value="{code}"' in page
        assert ("table=refused" in page) == bool(number)
        answer, _text = get(manager, "export", table="refused", code=code)
        rows = list(load_workbook(BytesIO(answer.getvalue())).active.values)[1:]
        assert [row[2] for row in rows] == [str(device)] * number
    assert AuditEntry.objects.filter(data__sheet="waits").count() == 1


@pytest.mark.parametrize(
    "share", [(0.0, "0%"), (0.0001, "<0.1%"), (0.003, "0.3%"), (0.0999, "10%"), (0.5, "50%")]
)
def test_little_use_does_not_look_like_none(share):
    assert presenters.tables.percent(share[0])["text"] == share[1]


def test_the_numbers_of_the_pages_are_read_by_the_api(sign_in, world, device):
    """Of the place, the days and the type they ask about; all rows at once."""
    charge(used(world, device, 3, hours=2), amount=120)
    refusal(world, device)
    queue = waiting(world, device=device)
    offer(queue)
    client = sign_in(world.manager)

    def ask(name="list", **query):
        answer = client.get(reverse(f"api:device-use-{name}"), query)
        return answer.json()["results"] if answer.status_code == 200 else answer.status_code

    (row,) = ask(days=10)
    assert (row["device"], row["uses"], row["hours_used"]) == (str(device.public_id), 1, 2.0)
    assert [one["hours_used"] for one in ask("heat-map", days=10) if one["hours_used"]] == [
        1.0,
        1.0,
    ]
    assert [one["refused"] for one in ask("refusal-reasons")] == [1]
    assert [(one["uses"], one["yuan"]) for one in ask("sharing")] == [(1, "120.00")]
    assert [one["uses"] for one in ask("costs", type=device.type.code)] == [1]
    assert (ask("idle"), ask("demand"), ask("waits")) == ([], [], [])
    office = {"place": str(world.alliance.public_id)}
    assert ask("sharing", **office) == 404
    (row,) = DemandSerializer(selectors.best_places(of(world, world.office)), many=True).data
    assert (row["refused_days"], row["percent_used"], row["steps_away"]) == (1, None, 2)
    for wrong in ({"days": 0}, {"days": 367}, {"type": "none"}, {"place": "x"}, {"colour": "red"}):
        assert ask(**wrong) == 400
    waits = selectors.waits(of(world, world.office))
    shown = DeviceWaitSerializer(waits, many=True).data
    assert [(one["bookings"], one["offered"]) for one in shown] == [(0, 1)]
    assert shown[0]["seconds_until_offer"] is not None
    assert shown[0]["seconds_ahead"] is None


def test_refusals_are_read_by_reason_place_and_day(world, device):
    row = refusal(world, device, codes=("taken", "quota"))
    refusal(world, device, days=9, codes=("out",))
    client = system_of(world.township).client

    def ask(**query):
        answer = client.get(reverse("api:booking-refusal-list"), query)
        return [one["codes"] for one in answer.json()["results"]]

    assert ask() == [["taken", "quota"], ["out"]]
    assert ask(code="quota") == [row.codes]
    assert ask(since=str(ago(3).date())) == [row.codes]
    assert ask(until=str(ago(4).date())) == [["out"]]
    assert ask(type=device.type.code, institution=str(world.township.public_id)) == ask()
    assert ask(type="none") == []


def test_who_left_every_alliance_finds_nothing_to_ask_about(sign_in, world):
    """An office whose alliance has ended has a right without a place."""
    world.alliance.is_active = False
    world.alliance.save()
    assert get(sign_in(world.office), "use")[0].status_code == 404
    assert RoleGrant.objects.filter(user=world.office).exists()


def test_the_card_is_for_who_keeps_or_oversees(world):
    def shown(user):
        return any(card.url == reverse("insights:use") for card in cards_for(user))

    assert shown(world.manager)
    assert shown(world.office)
    assert not shown(world.doctor)


def test_only_who_may_export_takes_the_workbook_away(world, device):
    with pytest.raises(PermissionDenied):
        actions.export(scope=of(world), by=world.doctor)
