"""Pages, API and files of devices, as people and systems use them."""

import io
from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone, translation

from equipment.devices.models import Device, DeviceFile, DeviceType, Stocktake
from equipment.devices.panels import Act, Panel, panel
from equipment.devices.panels import _makers as hung
from equipment.hub import cards_for
from equipment.service.models import MaintenancePlan
from tests.access.cast import system_of
from tests.factories.alliance import LONG_AGO
from tests.factories.devices import DeviceFactory, DeviceTypeFactory, needed
from tests.factories.files import png
from tests.factories.service import OutageFactory
from tests.integration.core.importing import bring_in, checked, counts, speak_english, wrong
from tests.integration.core.test_import_round_trip import exported

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def sign_in(browser_of):
    def sign(user):
        Authenticator.objects.get_or_create(user=user, type="totp", defaults={"data": {}})
        return browser_of(user)

    return sign


@pytest.fixture
def keeper(world, sign_in):
    return sign_in(world.manager)


@pytest.fixture
def device(world):
    return DeviceFactory(
        owner=world.county, udi="0106", serial_number="A1", price=1234, location="A 座 3 楼"
    )


def here(name, *args):
    return reverse(f"devices:{name}", args=args)


def text(answer):
    return answer.content.decode()


def test_a_keeper_registers_a_device_and_prints_its_label(world, keeper):
    type_ = DeviceTypeFactory()
    blank = keeper.get(here("new"))
    assert str(world.county.public_id) in text(blank)
    sent = {
        "owner": world.county.public_id, "type": type_.public_id, "name": "高清腹腔镜 H-2",
        "asset_number": "GZ-1", "in_use_from": "2024-05-06", "condition": "good", "is_shared": "on",
        "idempotency_key": "k",
    }  # fmt: skip
    urls = {keeper.post(here("new"), sent).url for _twice in range(2)}
    row = Device.objects.get()
    assert urls == {row.get_absolute_url()}
    assert "Print its label" in text(keeper.get(row.get_absolute_url()))
    assert row.life_ends_on.year == 2032
    label = text(keeper.get(here("label", row.public_id)))
    assert "GZ-1" in label
    assert "<svg" in label
    sheet = text(keeper.get(here("labels"), {"search": "nothing"}))
    assert "No device here" in sheet
    assert "GZ-1" in text(keeper.get(here("labels")))
    assert keeper.get(here("labels"), {"condition": "new"}).status_code == 422


def test_the_register_is_found_filtered_and_ordered(world, keeper, device):
    old = DeviceFactory(
        owner=world.county, name="旧镜", in_use_from=LONG_AGO - timedelta(days=9999)
    )
    future = DeviceFactory(owner=world.county, name="新镜", in_use_from=TODAY + timedelta(days=9))
    gone = DeviceFactory(owner=world.county, name="废镜", retired_on=TODAY, retirement="worn")
    Device.objects.filter(pk=old.pk).update(life_ends_on=TODAY)

    def names(**asked):
        return [row.device.name for row in keeper.get(here("list"), asked).context["rows"]]

    assert len(names()) == 4
    assert names(search="A1") == [device.name]
    assert names(search="旧") == names(standing="past_life") == names(older_than=20) == ["旧镜"]
    assert names(standing="retired") == [gone.name]
    assert set(names(standing="standing")) == {device.name, "旧镜"}
    assert names(ordering="in_use_from")[0] == "旧镜"
    assert names(ordering="-in_use_from")[0] == future.name
    assert names(type=device.type.public_id, kind="room") == []
    page = text(keeper.get(here("list")))
    for words in ("Not yet in use", "Retired", "past its life"):
        assert words in page
    assert keeper.get(here("list"), {"standing": "lost"}).status_code == 422


def test_fellow_members_see_what_booking_takes(world, sign_in, device):
    fellow = text(sign_in(world.doctor).get(device.get_absolute_url()))
    assert "A 座 3 楼" in fellow
    for secret in ("A1", "1,234", device.asset_number):
        assert secret not in fellow
    own = text(sign_in(world.county_doctor).get(device.get_absolute_url()))
    assert "1,234" in own
    assert "Retire" not in own


def test_a_device_is_corrected_moved_and_retired_on_its_pages(world, keeper, device):
    edit = here("edit", device.public_id)
    form = keeper.get(edit).context["form"]
    sent = {name: "" if value is None else value for name, value in form.initial.items()}
    sent |= {"name": "改名", "is_shared": "on"}
    sent.pop("needs_approval")
    assert keeper.post(edit, sent).status_code == 302
    stale = keeper.post(edit, sent | {"name": "再改"})
    assert stale.status_code == 412
    moved = keeper.post(
        here("move", device.public_id), {"move-location": "B 座", "move-version": 2}, follow=True
    )
    assert "B 座" in text(moved)
    bad = keeper.post(
        here("retire", device.public_id),
        {"retire-retirement": "worn", "retire-on": TODAY + timedelta(days=2), "retire-version": 3},
    )
    assert bad.status_code == 422
    assert "still to come" in text(bad)
    gone = keeper.post(
        here("retire", device.public_id),
        {"retire-retirement": "broken", "retire-on": TODAY, "retire-version": 3,
         "retire-note": "送回厂家"},
        follow=True,
    )  # fmt: skip
    assert "送回厂家" in text(gone)
    assert keeper.post(edit, sent | {"version": 4}).status_code == 409
    assert "Undo the retirement" in text(gone)
    back = here("put-back", device.public_id)
    assert keeper.post(back, {"back-reason": "", "back-version": 4}).status_code == 422
    there = text(keeper.post(back, {"back-reason": "误操作", "back-version": 4}, follow=True))
    assert "stands on the register again" in there
    assert "误操作" in there
    assert "Undo the retirement" not in there


def test_a_given_device_is_followed_by_who_may_see_it(world, keeper, sign_in, device):
    sent = {"give-to": world.township.name, "give-asset_number": "T1", "give-on": TODAY,
            "give-version": 1}  # fmt: skip
    answer = keeper.post(here("give", device.public_id), sent)
    assert answer.url == device.get_absolute_url()
    there = Device.objects.get(came_from=device)
    office = sign_in(world.office)
    assert there.get_absolute_url() in text(office.get(here("scan", device.public_id)))
    assert device.asset_number in text(office.get(there.get_absolute_url()))
    assert "Left the register" in text(keeper.get(device.get_absolute_url()))


def test_files_come_and_go_on_the_page(world, keeper, device):
    attach = here("attach", device.public_id)
    assert keeper.post(attach, {"file": png(name="铭牌.png")}).status_code == 302
    kept = DeviceFile.objects.get()
    answer = keeper.get(here("file", device.public_id, kept.public_id))
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content).startswith(b"\x89PNG")
    assert "铭牌" in text(keeper.get(device.get_absolute_url()))
    bad = keeper.post(attach, {"file": io.BytesIO(b"MZ")})
    assert bad.status_code == 422
    assert keeper.post(here("file-remove", device.public_id, kept.public_id)).status_code == 302
    assert "铭牌" not in text(keeper.get(device.get_absolute_url()))


def test_the_label_opens_big_buttons(world, keeper, device, monkeypatch):
    monkeypatch.setattr("equipment.devices.panels._makers", list(hung))

    @panel(order=15)
    def fault(user, device, at):
        acts = [Act("Report a fault", "/fault/", icon="alert", is_danger=True)]
        rows = [{"title": "row", "place": "here"}]
        return Panel("State", text="works", label="In service", tone="good", rows=rows, acts=acts)

    @panel(order=60)
    def quiet(user, device, at):
        return Panel("History", facts=[{"label": "a", "value": "b"}], is_quiet=True)

    page = text(keeper.get(here("scan", device.public_id)))
    assert page.index("Report a fault") < page.index("In service")
    assert "History" not in page
    assert "History" in text(keeper.get(device.get_absolute_url()))


def test_a_stocktake_goes_by_phone(world, keeper, sign_in, device):
    DeviceFactory(owner=world.county, name="另一台", asset_number="X-2")
    assert "year" not in text(keeper.get(here("stocktakes")))
    name = keeper.get(here("stocktake-new")).context["form"]["name"].value()
    sent = {"institution": world.county.public_id, "name": name, "idempotency_key": "s"}
    url = keeper.post(here("stocktake-new"), sent).url
    row = Stocktake.objects.get()
    assert url == row.get_absolute_url()
    assert any(card.note for card in cards_for(world.manager) if card.url == here("stocktakes"))
    opened = text(keeper.get(here("scan", device.public_id)))
    assert "note it in the stock-take" in opened
    scan = here("stocktake-scan", row.public_id)
    told = [
        text(keeper.post(scan, {"number": number}, follow=True))
        for number in (str(device.public_id), "A1", DeviceFactory(owner=world.township).asset_number,
                       DeviceFactory(owner=world.county).asset_number)
    ]  # fmt: skip
    for page, words in zip(
        told, ("Found: ", "Found already", "belongs to", "was not expected"), strict=True
    ):
        assert words in page
    bad = keeper.post(scan, {"number": "nothing"})
    assert bad.status_code == 422
    assert "No device has this number" in text(bad)
    closed = keeper.post(here("stocktake-close", row.public_id), {"version": 1}, follow=True)
    assert "另一台" in text(closed)
    assert "1 missing" in text(keeper.get(here("stocktakes")))
    assert keeper.post(scan, {"number": "X-2"}).status_code == 409
    assert "Last found" in text(keeper.get(device.get_absolute_url()))
    with translation.override("en"):
        rows = exported(world.manager, "stocktake-lines").read()
    assert rows[:2] == b"PK"


def test_the_office_says_which_technique_needs_a_type(world, sign_in):
    office = sign_in(world.office)
    sent = {"code": "LAP", "name": "腹腔镜", "kind": "device", "life_years": 8,
            "setup_minutes": 15, "cleaning_minutes": 30, "is_active": "on"}  # fmt: skip
    url = office.post(here("type-new"), sent).url
    row = DeviceType.objects.get()
    need = here("type-need", row.public_id)
    assert office.post(need, {"need-technique": "47.0100", "need-need": "required"}).url == url
    assert world.appendectomy.name in text(office.get(url))
    assert office.post(need, {"need-technique": "none", "need-need": "required"}).status_code == 422
    edit = here("type-edit", row.public_id)
    assert office.get(edit).context["form"]["life_years"].value() == 8
    assert office.post(edit, sent | {"life_years": 6, "version": 1}).status_code == 302
    DeviceFactory(owner=world.county, type=row)
    page = office.get(here("types"), {"technique": "47.0100"})
    assert [one["count"] for one in page.context["rows"]] == [1]
    assert office.post(here("type-drop", row.public_id, "86.2200x011")).status_code == 404
    assert office.post(here("type-drop", row.public_id, "47.0100")).status_code == 302
    assert "No technique needs it" in text(office.get(url))
    assert office.get(here("types"), {"kind": "ship"}).status_code == 422


def test_the_api_tells_systems_what_they_may_know(world, device):
    past = DeviceFactory(owner=world.township, life_ends_on=TODAY)
    client = system_of(world.township).client
    rows = client.get("/api/v1/devices/", {"search": "腹腔镜"}).json()["results"]
    found = {row["id"]: row for row in rows}
    assert found[str(device.public_id)]["serial_number"] is None
    assert found[str(device.public_id)]["location"] == device.location
    assert found[str(past.public_id)]["serial_number"] == ""
    assert found[str(past.public_id)]["is_past_life"] is True
    needed(device.type, world.appendectomy)
    (type_,) = client.get("/api/v1/device-types/", {"technique": "47.0100"}).json()["results"]
    assert type_["techniques"] == [
        {"technique": "47.0100", "technique_name": world.appendectomy.name, "need": "required"}
    ]


def test_cards_say_what_waits(world, device):
    Device.objects.update(life_ends_on=TODAY)
    (register,) = [card for card in cards_for(world.manager) if "list" in card.url or card.note]
    assert "1 past" in register.note
    assert {card.title for card in cards_for(world.office)} >= {"Device types", "Stock-takes"}
    assert cards_for(world.auditor) == []


# --- Excel ---------------------------------------------------------------------------------------

HEAD = ["asset_number", "name", "type", "in_use_from", "department", "udi", "serial_number"]


def test_devices_come_in_and_change_by_their_number(world):
    by = world.manager
    speak_english(by)
    DeviceTypeFactory(code="LAP", name="腹腔镜", life_years=6)
    rows = [["1", "镜一", "LAP", "2020-02-29", world.county_surgery.name, "0106", "A"],
            ["2", "镜二", "腹腔镜", "2024-01-01", "", "0106", "B"]]  # fmt: skip
    assert counts(bring_in(by, "devices", HEAD, *rows)) == (2, 0, 0)
    one, two = Device.objects.order_by("asset_number")
    assert (str(one.life_ends_on), one.department, one.created_by) == (
        "2026-03-01", world.county_surgery, by,
    )  # fmt: skip
    rows[1][1] = "镜二改"
    assert counts(bring_in(by, "devices", HEAD, *rows)) == (0, 1, 1)
    two.refresh_from_db()
    assert (two.name, two.version) == ("镜二改", 2)
    short = [["asset_number", "name", "type", "in_use_from"], ["2", "镜二", "LAP", "2024-01-01"]]
    assert counts(bring_in(by, "devices", *short)) == (0, 1, 0)
    # A type that asks for calibration: its new devices are planned it, a retyped one is remarked.
    DeviceTypeFactory(code="US", name="超声", statutory_months=12)
    head = [*short[0], "statutory_on"]
    more = [["2", "镜二", "US", "2024-01-01", "2026-03-31"],
            ["3", "超声一", "US", "2024-01-01", "2026-03-31"],
            ["4", "超声二", "US", "2024-01-01", ""]]  # fmt: skip
    looked = checked(by, head, *more, table="devices").summary
    assert [(one["row"], one["column"]) for one in looked["remarks"]] == [
        (2, "type"), (2, "statutory_on"),
    ]  # fmt: skip
    assert counts(bring_in(by, "devices", head, *more)) == (2, 1, 0)
    plans = MaintenancePlan.objects.order_by("device__asset_number")
    assert list(plans.values_list("device__asset_number", "kind", "due_on", "first_due_why")) == [
        ("3", "statutory", date(2027, 3, 31), "last"),
        ("4", "statutory", TODAY + timedelta(days=30), "unknown"),
    ]
    assert counts(bring_in(by, "devices", make=lambda: exported(by, "devices"))) == (0, 0, 4)


def test_rows_that_cannot_be_are_told_by_cell(world, device):
    by = world.manager
    speak_english(by)
    DeviceTypeFactory(code="LAP")
    DeviceFactory(owner=world.county, asset_number="gone", retired_on=TODAY, retirement="worn")
    DeviceTypeFactory(code="US", name="超声", statutory_months=12)
    head = [*HEAD, "institution", "purchased_on", "price", "statutory_on", "preventive_on"]
    day = "2024-01-01"
    job = bring_in(
        by, "devices", head,
        ["1", "a", "LAP", day, "无此科", "", "", "", "", ""],
        ["2", "a", "LAP", day, "", "0106", "A1", "", "", ""],
        ["3", "a", "LAP", day, "", "0107", "B", "", "", ""],
        ["4", "a", "LAP", day, "", "0107", "B", "", "", ""],
        ["5", "a", "LAP", day, "", "", "", world.township.name, "", ""],
        ["gone", "a", "LAP", day, "", "", "", "", "", ""],
        ["7", "a", "LAP", day, "", "", "", "", "2025-01-01", ""],
        ["8", "a", "NONE", day, "无此科", "", "", "", "", ""],
        ["9", "a", "NONE", "2026-13-01", "", "", "", "", "", ""],
        ["10", "a", "US", day, "", "", "", "", "", "", str(TODAY + timedelta(days=1)), ""],
        ["11", "a", "US", day, "", "", "", "", "", "", str(TODAY), day],
    )  # fmt: skip
    assert wrong(job) == [
        (2, "department"), (3, "udi"), (5, "udi"), (6, "institution"), (7, "asset_number"),
        (8, "in_use_from"), (9, "type"), (9, "department"), (10, "in_use_from"), (10, "type"),
        (11, "statutory_on"), (12, "preventive_on"),
    ]  # fmt: skip


def test_types_come_in_with_their_techniques(world):
    by = world.office
    speak_english(by)
    head = ["code", "name", "required", "helpful"]
    row = ["LAP", "腹腔镜", "47.0100", "86.2200x011"]
    assert counts(bring_in(by, "device-types", head, row)) == (1, 0, 0)
    assert counts(bring_in(by, "device-types", head, row)) == (0, 0, 1)
    row[2:] = ["47.0100;43.7x03", "47.0100"]
    assert counts(bring_in(by, "device-types", head, row)) == (0, 1, 0)
    links = DeviceType.objects.get().needed_by.order_by("technique__code")
    assert list(links.values_list("technique__code", "need")) == [
        ("43.7x03", "required"), ("47.0100", "required"),
    ]  # fmt: skip
    assert counts(bring_in(by, "device-types", head[:2], ["LAP", "腹腔镜二"])) == (0, 1, 0)
    assert links.count() == 2


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_what_goes_out_comes_in_unchanged(world, device, language):
    needed(device.type, world.appendectomy)
    Device.objects.update(department=world.county_surgery, condition_note="划痕")
    DeviceFactory(owner=world.township)
    # One that left the register goes out with the others, and is no fault on the way back.
    DeviceFactory(owner=world.county, type=device.type, retired_on=TODAY, retirement="worn")
    for by, table, same in ((world.manager, "devices", 2), (world.office, "device-types", 1)):
        speak_english(by)
        with translation.override(language):
            file = exported(by, table)
        assert counts(bring_in(by, table, make=lambda file=file: file)) == (0, 0, same), table


def test_the_command_loads_the_starter_types(db):
    out = io.StringIO()
    call_command("load_device_types", stdout=out)
    assert DeviceType.objects.count() == int(out.getvalue().split()[1])


def test_the_register_begins_with_the_house_that_one_keeps(sign_in, world):
    mine = DeviceFactory(owner=world.county, name="本院腔镜")
    theirs = DeviceFactory(owner=world.township, name="卫生院腔镜")
    OutageFactory(device=mine, starts_at=timezone.now() - timedelta(hours=1))
    manager = sign_in(world.manager)
    page = text(manager.get(here("list")))
    assert mine.name in page
    assert theirs.name not in page
    assert "Out of use" in page
    assert theirs.name in text(manager.get(here("list"), {"owner": ""}))
