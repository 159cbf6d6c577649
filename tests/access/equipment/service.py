"""Who gets which answer from the pages and endpoints of service."""

from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from equipment.service import actions
from equipment.service.choices import Move
from equipment.service.models import Outage
from tests.access.cast import (
    ALLIANCE,
    BESIDE,
    CLINICAL,
    HERE,
    KEEPERS,
    MANAGERS,
    OFFICES,
    OVERSEERS,
    PEOPLE,
    SYSTEM,
    SYSTEMS,
    THEIR_SYSTEM,
    THERE,
    TRAINERS,
)
from tests.access.tables import api, day, of, page
from tests.factories.devices import DeviceFactory
from tests.factories.service import OutageFactory, PlanFactory, harmed, ordered, recalled

LOOKERS = CLINICAL | OVERSEERS | TRAINERS | KEEPERS
OWN = HERE | KEEPERS | TRAINERS
SEERS = OWN | ALLIANCE
FELLOWS = THERE | BESIDE
# Who looks after the township's devices, and who sees them without doing so.
KEEP = frozenset({"manager", "keeper"})
LOOK = SEERS - KEEP
AFTER = MANAGERS | KEEPERS | OVERSEERS
OFFICE = frozenset({"office"})
REPORTER = frozenset({"doctor"})
MATCH = '"1"'


def lay(world):
    """A broken device of the township with all that can be known of it."""
    device = DeviceFactory(owner=world.township, maker="明川医疗", name="移动彩超")
    photo = ContentFile(b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF", name="a.pdf")
    order = ordered(device, world.doctor, photo=photo)
    plan = PlanFactory(device=device, first_due_on=timezone.localdate())
    recall = recalled(world)
    return {
        "service_device": device,
        "service_order": order,
        "service_file": order.files.get(),
        "service_plan": plan,
        "service_record": actions.record_service(
            plan=PlanFactory(device=device, name="保养"),
            done_on=timezone.localdate(),
            by=world.township_manager,
        ),
        "service_outage": OutageFactory(
            device=device, starts_at=timezone.now(), reason="planned", note="搬迁"
        ),
        "service_fault": Outage.objects.get(order=order),
        "service_recall": recall,
        "service_recalled": recall.devices.get(),
        "service_event": harmed(device, world.township, world.doctor, keep_out=False),
    }


def sent(move, **more):
    """What the form of a move sends."""

    def body(t):
        values = {"version": t.service_order.version, **more}
        return {f"{move}-{name}": value for name, value in values.items()}

    return body


def moves(name, answers, **more):
    return page(
        "service:move", "post", answers, 404, of.service_order, Move(name), sent=sent(name, **more),
        note=name,
    )  # fmt: skip


def acts(name, answers, **more):
    """What is done with an adverse event, seen by its keepers, who entered it, and overseers."""

    def body(t):
        given = {"version": 1, **more}
        if name == "report":
            known = timezone.localtime(t.service_event.known_at) + timedelta(minutes=1)
            given["reported_at"] = f"{known:%Y-%m-%dT%H:%M}"
        return {f"{name}-{key}": value for key, value in given.items()}

    return page(
        "service:event_act", "post", answers, 404, of.service_event, name, sent=body, note=name
    )


def number(t):
    return t.service_order.number


def device_name(t):
    return t.service_device.name


def title(t):
    return t.service_recall.title


def public_id(name):
    return lambda t: str(getattr(t, name).public_id)


def fault(t):
    return {"device": str(t.service_device.public_id), "description": "开机报警"}


def check(t):
    return {"plan": str(t.service_plan.public_id), "done_on": day(0), "result": "passed"}


# fmt: off
PAGES_ROWS = [
    page("service:board", "get", {200: AFTER, 302: LOOKERS - AFTER}, 403,
         shows=device_name, to=KEEP | ALLIANCE),
    page("service:figures", "get", {200: AFTER}, 403),
    page("service:orders", "get", {200: LOOKERS}, 403, shows=number, to=SEERS),
    page("service:order", "get", {200: SEERS}, 404, of.service_order),
    page("service:report", "get", {200: SEERS | FELLOWS}, 404, of.service_device),
    page("service:report", "post", {302: SEERS | FELLOWS}, 404, of.service_device,
         sent=lambda t: {"description": "不能开机", "is_usable": "no"}),
    page("service:file", "get", {200: SEERS}, 404, of.service_file),
    page("service:plans", "get", {200: AFTER}, 403, shows=device_name, to=KEEP | ALLIANCE),
    page("service:plan_new", "get", {200: MANAGERS | KEEPERS}, 403),
    page("service:plan_new", "post", {422: MANAGERS | KEEPERS}, 403),
    page("service:plan", "get", {200: SEERS}, 404, of.service_plan),
    page("service:plan_edit", "get", {200: KEEP, 403: LOOK}, 404, of.service_plan),
    page("service:plan_edit", "post", {422: KEEP, 403: LOOK}, 404, of.service_plan),
    page("service:record", "post", {302: KEEP, 403: LOOK}, 404, of.service_plan,
         sent=lambda t: {"done_on": day(0), "result": "passed"}),
    page("service:plan_end", "post", {302: KEEP, 403: LOOK}, 404, of.service_plan,
         sent=lambda t: {"reason": "停用", "version": 1}),
    page("service:void", "post", {302: KEEP, 403: LOOK}, 404, of.service_record,
         sent=lambda t: {"reason": "录错"}),
    page("service:outages", "get", {200: AFTER}, 403, shows=device_name, to=KEEP | ALLIANCE),
    page("service:outage_new", "get", {200: KEEP, 403: (SEERS | FELLOWS) - KEEP}, 404,
         of.service_device),
    page("service:outage_new", "post", {302: KEEP, 403: (SEERS | FELLOWS) - KEEP}, 404,
         of.service_device,
         sent=lambda t: {"reason": "planned", "starts_at": f"{day(1)}T08:00", "note": "保养"}),
    page("service:outage_end", "post", {302: KEEP, 403: LOOK}, 404, of.service_outage),
    page("service:recalls", "get", {200: LOOKERS}, 403, shows=title, to=SEERS | FELLOWS),
    page("service:recall_new", "get", {200: MANAGERS | KEEPERS | OFFICES}, 403),
    page("service:recall_new", "post", {422: MANAGERS | KEEPERS | OFFICES}, 403),
    page("service:recall", "get", {200: SEERS | FELLOWS}, 404, of.service_recall),
    page("service:recall_close", "post", {409: OFFICE, 403: (SEERS | FELLOWS) - OFFICE}, 404,
         of.service_recall, sent=lambda t: {"version": 1}),
    page("service:handle", "post", {302: KEEP, 403: LOOK}, 404, of.service_recall,
         lambda t: t.service_recalled.pk,
         sent=lambda t: {f"{t.service_recalled.pk}-{name}": value
                         for name, value in (("outcome", "mended"), ("note", "已升级"))}),
    page("service:events", "get", {200: AFTER}, 403, shows=device_name, to=KEEP | ALLIANCE),
    page("service:event_new", "get", {200: OWN | FELLOWS, 403: ALLIANCE}, 404, of.service_device),
    page("service:event_new", "post", {422: OWN | FELLOWS, 403: ALLIANCE}, 404, of.service_device),
    page("service:event", "get", {200: KEEP | ALLIANCE | REPORTER}, 404, of.service_event),
]
MOVES = [
    moves("assign", {302: KEEP, 403: LOOK}, vendor="明川医疗"),
    moves("start", {302: KEEP, 403: LOOK}),
    moves("test", {409: KEEP, 403: LOOK}, work_done="更换探头"),
    moves("fail", {409: KEEP, 403: LOOK}, reason="仍报警"),
    moves("return", {409: KEEP, 403: LOOK}, condition="good"),
    moves("stop", {409: KEEP, 403: LOOK}, reason="漏电"),
    moves("note", {302: KEEP, 403: LOOK}, reason="已联系厂家"),
    moves("retire", {302: KEEP, 403: LOOK}, reason="无配件"),
    moves("cancel", {302: KEEP | REPORTER, 403: LOOK - REPORTER}, reason="误报"),
    moves("reopen", {409: KEEP, 403: LOOK}, reason="仍有雾"),
    acts("amend", {302: KEEP, 403: ALLIANCE | REPORTER}, harm="group", description="两人灼伤"),
    acts("report", {302: KEEP, 403: ALLIANCE | REPORTER}, number="B1"),
    acts("close", {409: KEEP, 403: ALLIANCE | REPORTER}, conclusion="老化"),
]
SEEING = SEERS | SYSTEM
API = [
    api("api:work-order-list", "get", {200: PEOPLE | SYSTEMS}, 403, shows=number, to=SEEING),
    api("api:work-order-list", "post",
        {201: SEEING | FELLOWS | THEIR_SYSTEM | frozenset({"other_system"})}, 400,
        sent=fault, as_json=True),
    api("api:work-order-detail", "get", {200: SEEING}, 404, of.service_order),
    api("api:work-order-move", "post", {200: KEEP, 403: SEEING - KEEP}, 404, of.service_order,
        sent=lambda t: {"move": "start"}, headers=lambda t: {"If-Match": MATCH}, as_json=True),
    api("api:outage-list", "get", {200: PEOPLE | SYSTEMS}, 403, shows=public_id("service_fault"),
        to=SEEING),
    api("api:outage-detail", "get", {200: SEEING}, 404, of.service_fault),
    api("api:maintenance-plan-list", "get", {200: PEOPLE | SYSTEMS}, 403,
        shows=public_id("service_plan"), to=SEEING),
    api("api:maintenance-plan-detail", "get", {200: SEEING}, 404, of.service_plan),
    api("api:service-record-list", "get", {200: PEOPLE | SYSTEMS}, 403,
        shows=public_id("service_record"), to=SEEING),
    api("api:service-record-list", "post", {201: KEEP, 403: SEEING - KEEP}, 400, sent=check,
        as_json=True),
    api("api:service-record-detail", "get", {200: SEEING}, 404, of.service_record),
]
# fmt: on
ROWS = PAGES_ROWS + MOVES + API
NOUNS = {
    "work-orders": "service_order",
    "outages": "service_fault",
    "maintenance-plans": "service_plan",
    "service-records": "service_record",
}
PAGES = {
    "service:board": "manager",
    "service:figures": "manager",
    "service:orders": "manager",
    "service:plans": "manager",
    "service:outages": "manager",
    "service:recalls": "manager",
    "service:events": "manager",
}


def grow(world, serial):
    """One more broken device of the county, with a plan, a record, a recall and an event."""
    device = DeviceFactory(owner=world.county, maker=f"厂家{serial}")
    ordered(device, world.county_doctor)
    plan = PlanFactory(device=device, first_due_on=timezone.localdate())
    actions.record_service(plan=plan, done_on=timezone.localdate(), by=world.manager)
    PlanFactory(device=device, name="保养", first_due_on=timezone.localdate())
    recalled(world, maker=f"厂家{serial}")
    harmed(device, world.county, world.manager)
