"""Pages, API and files of service, as people and systems use them."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone, translation
from openpyxl import load_workbook

from alliance.core.errors import DomainError
from alliance.core.exchange.spec import find
from alliance.core.models import PolicySetting
from equipment.hub import cards_for
from equipment.service import actions, figures
from equipment.service.models import AdverseEvent, MaintenancePlan, Recall, WorkOrder
from tests.access.cast import system_of
from tests.factories.alliance import LONG_AGO
from tests.factories.devices import DeviceFactory
from tests.factories.service import PlanFactory, harmed, ordered, recalled, step
from tests.integration.core.importing import bring_in, counts, speak_english, wrong
from tests.integration.core.test_import_round_trip import exported

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF"


@pytest.fixture
def sign_in(browser_of):
    def sign(user):
        Authenticator.objects.get_or_create(user=user, type="totp", defaults={"data": {}})
        return browser_of(user)

    return sign


@pytest.fixture
def device(world):
    return DeviceFactory(owner=world.county, location="手术室 2", maker="明川医疗")


def here(name, *args):
    return reverse(f"service:{name}", args=args)


def text(answer):
    return answer.content.decode()


def test_a_fault_is_reported_from_the_label_and_mended(sign_in, world, device):
    doctor = sign_in(world.doctor)
    label = text(doctor.get(reverse("devices:scan", args=[device.public_id])))
    assert here("report", device.public_id) in label
    assert "Announce an outage" not in label
    assert "手术室 2" in text(doctor.get(here("report", device.public_id)))
    sent = {"description": "镜头起雾", "is_usable": "no", "idempotency_key": "k"}
    for _twice in range(2):
        photo = SimpleUploadedFile("a.pdf", PDF)
        answer = doctor.post(here("report", device.public_id), sent | {"photo": photo})
        assert answer.status_code == 302
    order = WorkOrder.objects.get()
    assert answer.url == order.get_absolute_url()
    shown = text(doctor.get(answer.url))
    assert "Out of use until this is done" in shown
    (photo,) = order.files.all()
    got = doctor.get(here("file", photo.public_id))
    assert (b"".join(got.streaming_content), got["X-Content-Type-Options"]) == (PDF, "nosniff")

    manager = sign_in(world.manager)
    assert "Reported already" in text(manager.get(here("report", device.public_id)))
    label = manager.get(reverse("devices:scan", args=[device.public_id]))
    (first,) = [act for act in label.context["acts"] if act.is_primary]
    assert first.label == f"Go on with the repair {order.number}"
    refused = manager.post(here("move", order.public_id, "assign"), {"assign-version": 1})
    assert refused.status_code == 422
    assert "name the repair company" in text(refused)
    moves = [
        ("assign", {"vendor": "明川医疗", "expected_on": TODAY}),
        ("start", {}),
        ("test", {"work_done": "更换密封圈", "parts_cost": "800.00"}),
        ("return", {"condition": "limited", "condition_note": "光源偏暗"}),
    ]
    for version, (move, data) in enumerate(moves, start=1):
        values = {f"{move}-{name}": value for name, value in data.items()}
        address = here("move", order.public_id, move)
        page = text(manager.post(address, values | {f"{move}-version": version}, follow=True))
    assert "Back in use" in page
    assert "更换密封圈" in page
    # The next to report begins with how the device was left.
    began = doctor.get(here("report", device.public_id)).context["form"]
    assert (began["description"].value(), began["is_usable"].value()) == ("光源偏暗", "yes")
    panel = text(manager.get(reverse("devices:device", args=[device.public_id])))
    assert "Can be used" in panel
    assert order.number in text(manager.get(here("orders"), {"search": "镜头"}))
    assert order.number not in text(manager.get(here("orders"), {"open": "true"}))
    assert manager.get(here("orders"), {"status": "asleep"}).status_code == 422


def test_a_fault_needs_words_and_a_true_picture(sign_in, world, device):
    doctor = sign_in(world.doctor)
    sent = {"description": "", "is_usable": "yes"}
    assert doctor.post(here("report", device.public_id), sent).status_code == 422
    tapped = doctor.post(here("report", device.public_id), sent | {"symptom": "alarm"})
    assert WorkOrder.objects.get().description == "Alarm or error message"
    assert tapped.url == WorkOrder.objects.get().get_absolute_url()
    both = sent | {"symptom": "leak", "description": "地面有水"}
    doctor.post(here("report", device.public_id), both)
    assert WorkOrder.objects.latest("pk").description == "Leaks, smells or overheats；地面有水"
    sent = {"description": "异响", "is_usable": "yes", "photo": SimpleUploadedFile("a.exe", b"MZ")}
    answer = doctor.post(here("report", device.public_id), sent)
    assert "Only PDF, JPEG and PNG" in text(answer)
    assert WorkOrder.objects.count() == 2


def test_a_plan_is_made_followed_and_ended(sign_in, world, device):
    manager = sign_in(world.manager)
    begin = manager.get(here("plan_new"), {"device": device.public_id})
    assert str(device.public_id) in text(begin)
    assert manager.get(here("plan_new"), {"device": "nothing"}).status_code == 404
    sent = {
        "device": device.public_id,
        "kind": "statutory",
        "name": "压力检定",
        "months": 12,
        "first_due_on": TODAY,
        "stops_use": "on",
    }
    answer = manager.post(here("plan_new"), sent)
    plan = MaintenancePlan.objects.get()
    assert answer.url == plan.get_absolute_url()
    edited = sent | {"months": 6, "version": 1}
    assert manager.post(here("plan_edit", plan.public_id), edited).status_code == 302
    done = {"done_on": TODAY, "result": "passed", "certificate_number": "Z-1"}
    wrong_day = manager.post(
        here("record", plan.public_id), done | {"done_on": TODAY + timedelta(days=1)}
    )
    assert wrong_day.status_code == 422
    page = text(
        manager.post(
            here("record", plan.public_id),
            done | {"file": SimpleUploadedFile("证书.pdf", PDF)},
            follow=True,
        )
    )
    assert "Z-1" in page
    assert "证书.pdf" in page
    record = plan.records.get()
    unsaid = manager.post(here("void", record.public_id), {"reason": ""}, follow=True)
    assert "Say why the record" in text(unsaid)
    manager.post(here("void", record.public_id), {"reason": "录错"})
    plan.refresh_from_db()
    assert plan.due_on == TODAY
    for filters, shown in ({"standing": "soon"}, True), ({"standing": "overdue"}, False):
        assert ("压力检定" in text(manager.get(here("plans"), filters))) is shown
    assert manager.get(here("plans"), {"kind": "holy"}).status_code == 422
    end = here("plan_end", plan.public_id)
    assert manager.post(end, {"version": plan.version}).status_code == 422
    assert manager.post(end, {"version": plan.version, "reason": "停用"}).url == here("plans")
    assert "Ended" in text(manager.get(plan.get_absolute_url()))


def test_the_keepers_day_holds_what_waits(sign_in, world, device):
    manager = sign_in(world.manager)
    assert "Nothing waits today" in text(manager.get(here("board")))
    ordered(device, world.doctor)
    PlanFactory(device=device, first_due_on=TODAY - timedelta(days=1), name="逾期检定")
    PlanFactory(device=device, first_due_on=TODAY, name="到期保养")
    recalled(world)
    harmed(device, world.county, world.manager)
    page = text(manager.get(here("board")))
    for words in ("逾期检定", "到期保养", "Recalled devices", "Report owed", "Faults and repairs"):
        assert words in page
    (day, _repairs) = [card for card in cards_for(world.manager) if "service" in card.url]
    assert (day.note, day.tone) == ("2 to see to", "warn")
    assert sign_in(world.doctor).get(here("board")).url == here("orders")
    assert not [card for card in cards_for(world.auditor) if "service" in card.url]


def test_an_outage_is_announced_and_ended(sign_in, world, device):
    manager = sign_in(world.manager)
    start = timezone.localtime() - timedelta(minutes=1)
    sent = {"reason": "planned", "starts_at": f"{start:%Y-%m-%dT%H:%M}", "note": "年度保养"}
    assert manager.post(here("outage_new", device.public_id), {}).status_code == 422
    assert manager.post(here("outage_new", device.public_id), sent).status_code == 302
    page = text(manager.get(reverse("devices:device", args=[device.public_id])))
    assert "Planned maintenance: 年度保养" in page
    assert "Bring back" in text(manager.get(here("outages"), {"open": "true"}))
    outage = device.outages.get()
    manager.post(here("outage_end", outage.public_id))
    assert "年度保养" not in text(manager.get(here("outages"), {"open": "true"}))
    assert manager.get(here("outages"), {"reason": "mood"}).status_code == 422
    sent |= {"starts_at": f"{start + timedelta(days=9):%Y-%m-%dT%H:%M}"}
    manager.post(here("outage_new", device.public_id), sent)
    coming = device.outages.latest("pk")
    ending = here("outage_end", coming.public_id)
    page = text(manager.get(reverse("devices:device", args=[device.public_id])))
    assert "Call it off: outage from" in page
    assert ending in page
    assert "called off" in text(manager.post(ending, follow=True))


def test_a_recall_reaches_its_devices(sign_in, world, device):
    office = sign_in(world.office)
    sent = {"title": "电刀召回", "level": "1", "reference": "国械召 1", "published_on": TODAY}
    bare = office.post(here("recall_new"), sent)
    assert "at least one of these" in text(bare)
    named = sent | {"maker": "明川医疗", "stops_use": "on"}
    shown = office.post(here("recall_new"), named)
    assert device.asset_number in text(shown)
    assert not Recall.objects.exists()
    office.post(here("recall_new"), named | {"seen": shown.context["seen"]})
    recall = Recall.objects.get()
    assert device.name in text(office.get(recall.get_absolute_url()))
    row = recall.devices.get()
    manager = sign_in(world.manager)
    handle = here("handle", recall.public_id, row.pk)
    assert manager.post(handle, {f"{row.pk}-outcome": "mended"}).status_code == 422
    manager.post(handle, {f"{row.pk}-outcome": "mended", f"{row.pk}-note": "已升级"})
    office = sign_in(world.office)
    assert "None here" in text(office.get(recall.get_absolute_url()))
    assert "已升级" in text(office.get(recall.get_absolute_url(), {"handled": "1"}))
    closed = office.post(here("recall_close", recall.public_id), {"version": 1}, follow=True)
    assert "The recall is closed." in text(closed)
    keeper = sign_in(world.township_manager)
    nothing = keeper.post(here("recall_new"), sent | {"model": "探头"})
    assert "No device fits" in text(nothing)
    keeper.post(here("recall_new"), sent | {"model": "探头", "seen": nothing.context["seen"]})
    assert Recall.objects.filter(institution=world.township).count() == 1


def test_an_event_goes_from_entry_to_conclusion(sign_in, world, device):
    doctor = sign_in(world.county_doctor)
    now = timezone.localtime() - timedelta(minutes=2)
    sent = {"harm": "group", "happened_at": f"{now:%Y-%m-%dT%H:%M}", "keep_out": "on"}
    sent |= {"known_at": sent["happened_at"], "description": "两名患者灼伤"}
    address = here("event_new", device.public_id)
    asked = text(doctor.get(address))
    assert " checked" not in asked.split('name="happened_at"')[0]
    assert "report within 7 d" in asked
    assert "starting values" in asked
    assert doctor.post(address, sent | {"description": ""}).status_code == 422
    assert doctor.post(address, sent).status_code == 302
    event = AdverseEvent.objects.get()
    assert "两名患者灼伤" in text(doctor.get(event.get_absolute_url()))
    manager = sign_in(world.manager)
    owed = text(manager.get(event.get_absolute_url()))
    assert "Time left to report" in owed
    assert "12 h from when it was known" in owed
    setting = reverse("institutions:policy-detail", args=["service.event.group_hours"])
    assert "go by what your local authority asks for" in owed
    assert setting not in owed
    assert setting in text(sign_in(world.office).get(event.get_absolute_url()))
    manager = sign_in(world.manager)
    decided = {"key": "service.event.group_hours", "value": 6, "source": "医联体 3 号"}
    PolicySetting.objects.create(**decided, effective_from=LONG_AGO)
    owed = text(manager.get(event.get_absolute_url()))
    assert "6 h from when it was known; 医联体 3 号" in owed
    assert "local authority" not in owed
    act = here("event_act", event.public_id, "report")
    bad = manager.post(act, {"report-version": 1, "report-number": "B1"})
    assert bad.status_code == 422
    at = f"{timezone.localtime():%Y-%m-%dT%H:%M}"
    manager.post(act, {"report-version": 1, "report-number": "B1", "report-reported_at": at})
    close = here("event_act", event.public_id, "close")
    page = manager.post(close, {"close-version": 2, "close-conclusion": "电极老化"}, follow=True)
    assert "电极老化" in text(page)
    assert device.name in text(manager.get(here("events")))


def test_figures_add_up(sign_in, world, device, django_assert_max_num_queries):
    order = ordered(device, world.doctor)
    for move, data in [("start", {}), ("test", {"work_done": "修好", "cost": 500}), ("return", {})]:
        order = step(order, move, world.manager, **data)
    now = timezone.now()
    device.outages.update(starts_at=now - timedelta(hours=10), ends_at=now)
    plan = PlanFactory(device=device)
    actions.record_service(plan=plan, done_on=TODAY, cost=300, by=world.manager)
    gone = DeviceFactory(owner=world.county, retired_on=LONG_AGO, retirement="worn")
    later = DeviceFactory(owner=world.township, in_use_from=TODAY)
    since = now - timedelta(hours=100)
    devices = type(device).objects.all()
    with django_assert_max_num_queries(7):
        found = figures.of_devices(devices, since=since, until=now)
    by_device = {one.device.pk: one for one in found}
    assert set(by_device) == {device.pk, later.pk}
    one = by_device[device.pk]
    assert (one.hours_down, one.faults, one.cost) == (10, 1, 800)
    assert round(one.availability, 2) == 0.9
    houses = figures.of_houses(found)
    assert [house.institution for house in houses] == [world.county, world.township]
    assert gone.pk not in by_device
    assert figures.Figures(world.county).availability is None
    assert device.name in text(sign_in(world.manager).get(here("figures"), {"days": "30"}))
    office = sign_in(world.office)
    page = office.get(here("figures"))
    assert world.township.name in text(page)
    asked = {"institution": world.county.public_id, "days": "90"}
    assert device.name in text(office.get(here("figures"), asked))
    assert office.get(here("figures"), {"days": "1"}).status_code == 422


def test_other_systems_report_and_record(world, device):
    system = system_of(world.county).client
    post = {"content_type": "application/json"}
    orders = reverse("api:work-order-list")
    body = {"device": str(device.public_id), "description": "开机报警"}
    key = {"Idempotency-Key": "1"}
    first = system.post(orders, body, headers=key, **post)
    again = system.post(orders, body, headers=key, **post)
    assert (first.status_code, first.json()["id"]) == (201, again.json()["id"])
    assert first.json()["actions"] == ["cancel"]
    outages = system.get(reverse("api:outage-list"), {"open": "true"}).json()["results"]
    assert [one["work_order"] for one in outages] == [first.json()["id"]]
    order = WorkOrder.objects.get()
    address = reverse("api:work-order-move", args=[order.public_id])
    stale = {"If-Match": '"9"'}
    body = {"move": "cancel", "reason": "误报"}
    assert system.post(address, body, headers=stale, **post).status_code == 412
    done = system.post(address, body, headers={"If-Match": '"1"'}, **post)
    assert (done.json()["status"], done["ETag"]) == ("cancelled", '"2"')
    other = ordered(device, world.doctor)
    body = {"move": "assign", "assigned_to": str(world.doctor.public_id)}
    address = reverse("api:work-order-move", args=[other.public_id])
    refused = system.post(address, body, headers={"If-Match": '"1"'}, **post)
    assert refused.json()["errors"] == {"assigned_to": ["Unknown colleague."]}
    body = {"move": "assign", "assigned_to": str(world.manager.public_id)}
    assert system.post(address, body, headers={"If-Match": '"1"'}, **post).status_code == 403


ROW = ["asset_number", "kind", "name", "months", "first_due_on"]
DONE = ["asset_number", "plan", "done_on", "result", "cost"]


def test_plans_and_records_come_in_and_go_out(world, device):
    speak_english(world.manager)
    number = device.asset_number
    job = bring_in(
        world.manager,
        "maintenance-plans",
        ROW,
        [number, "statutory", "压力检定", "12", "2026-12-31"],
        [number, "preventive", "保养", "6", "2026-12-31"],
    )
    assert counts(job) == (2, 0, 0)
    rows = [number, "压力检定", TODAY.isoformat(), "passed", "300.5"]
    assert counts(bring_in(world.manager, "service-records", DONE, rows)) == (1, 0, 0)
    bad = bring_in(
        world.manager,
        "service-records",
        DONE,
        ["没有", "压力检定", TODAY.isoformat(), "passed", ""],
        [number, "没有", TODAY.isoformat(), "passed", ""],
        [number, "保养", (TODAY + timedelta(days=1)).isoformat(), "passed", ""],
        [number, "保养", TODAY.isoformat(), "passed", "1.234"],
    )
    assert set(wrong(bad)) == {(2, "asset_number"), (3, "plan"), (4, "done_on"), (5, "cost")}
    for table in ("maintenance-plans", "service-records"):
        with translation.override("zh-hans"):
            file = exported(world.manager, table)
        new, changed, same = counts(bring_in(world.manager, table, make=lambda f=file: f))
        assert (new, changed, same > 0) == (0, 0, True)
    ordered(device, world.doctor)
    harmed(device, world.county, world.county_doctor)
    recalled(world, maker="", type=device.type)
    recalled(world, title="探头召回", maker="无此厂家")
    for name, shown in {
        "outages": ["Fault", "Recall", "Adverse event"],
        "recalled-devices": ["高频电刀主机召回", device.owner.name, "探头召回"],
        "device-events": ["灼伤", device.asset_number],
    }.items():
        sheet = load_workbook(exported(world.manager, name)).active
        cells = {str(cell.value) for row in sheet for cell in row}
        assert cells.issuperset(shown), name
    found = find("recalled-devices").found(by=world.township_manager)
    rows = [(row.title, row.of_asset_number) for row in found]
    assert rows == [("探头召回", None), ("高频电刀主机召回", None)]
    orders = find("work-orders")
    assert orders.found(by=world.manager).count() == 1
    with pytest.raises(DomainError, match="one by one"):
        orders.plan([])
