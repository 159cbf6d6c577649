"""Who gets which answer from the pages and endpoints of purchases."""

from decimal import Decimal

from equipment.purchases import actions
from equipment.purchases.choices import Move
from tests.access.cast import (
    ALLIANCE,
    KEEPERS,
    MANAGERS,
    OVERSEERS,
    PEOPLE,
    SYSTEMS,
)
from tests.access.tables import api, day, of, page
from tests.factories.devices import DeviceTypeFactory
from tests.factories.files import png
from tests.factories.purchases import approved, partly, submitted, written

LOOKERS = MANAGERS | KEEPERS | OVERSEERS
APPLICANTS = frozenset({"manager", "keeper"})
OFFICE = frozenset({"office"})
QC = frozenset({"qc"})
PARTIES = APPLICANTS | ALLIANCE


def lay(world):
    """An application that is written (with a file), one that waits, one to be delivered."""
    draft = written(world, type_=DeviceTypeFactory(code="P-1"))
    file = actions.attach(
        purchase=draft, file=png(name="offer.png"), name="offer.png", by=world.township_manager
    )
    return {
        "purchase_draft": draft,
        "purchase_file": file,
        "purchase": submitted(world, type_=DeviceTypeFactory(code="P-2")),
        "purchase_approved": approved(world, type_=DeviceTypeFactory(code="P-3")),
        "purchase_partly": partly(world, type_=DeviceTypeFactory(code="P-4")),
    }


def moves(which, answers, thing="purchase", **more):
    def sent(t):
        values = {"version": getattr(t, thing).version, **more}
        return {f"{which}-{field}": value for field, value in values.items()}

    return page(
        "purchases:move",
        "post",
        answers,
        404,
        getattr(of, thing),
        Move(which),
        sent=sent,
        note=which,
    )


def public_id(t):
    return str(t.purchase.public_id)


def filled(t):
    return {"version": t.purchase_draft.version, "quantity": 1, "unit_price": "1", "statement": "a"}


# fmt: off
PAGES_ROWS = [
    page("purchases:purchases", "get", {200: LOOKERS}, 403, shows=public_id, to=PARTIES),
    page("purchases:new", "get", {200: MANAGERS | KEEPERS}, 403),
    page("purchases:new", "post", {422: MANAGERS | KEEPERS}, 403),
    page("purchases:purchase", "get", {200: PARTIES}, 404, of.purchase),
    page("purchases:purchase", "get", {200: APPLICANTS}, 404, of.purchase_draft, note="draft"),
    page("purchases:save", "post", {302: APPLICANTS}, 404, of.purchase_draft, sent=filled),
    page("purchases:attach", "post", {422: APPLICANTS}, 404, of.purchase_draft),
    page("purchases:file", "get", {200: APPLICANTS}, 404, of.purchase_draft, of.purchase_file),
    page("purchases:file-remove", "post", {302: APPLICANTS}, 404, of.purchase_draft,
         of.purchase_file),
]
MOVES = [
    moves("submit", {302: APPLICANTS}, "purchase_draft"),
    moves("pass_on", {302: OFFICE, 403: APPLICANTS | QC}),
    moves("return", {302: OFFICE, 403: APPLICANTS | QC}, reason="补充报价"),
    moves("evaluate", {409: QC, 403: APPLICANTS | OFFICE}, recommended="yes", score=80,
          reason="需求充分"),
    moves("approve", {409: OFFICE, 403: APPLICANTS | QC}, quantity=1, unit_price="1", percent=50),
    moves("refuse", {302: OFFICE, 403: APPLICANTS | QC}, reason="无需求"),
    moves("deliver", {302: APPLICANTS, 403: ALLIANCE}, "purchase_approved", delivered_on=day(0),
          name="便携腹腔镜", devices="A-1\nA-2"),
    moves("write_off", {302: APPLICANTS, 403: ALLIANCE}, "purchase_partly", reason="厂家停产"),
    moves("take_back", {302: APPLICANTS, 403: ALLIANCE}),
    moves("give_up", {302: APPLICANTS, 403: ALLIANCE}, "purchase_approved", reason="改为租用"),
]
API = [
    api("api:purchase-list", "get", {200: PEOPLE | SYSTEMS}, 403, shows=public_id, to=PARTIES),
    api("api:purchase-detail", "get", {200: PARTIES}, 404, of.purchase),
]
# fmt: on
ROWS = PAGES_ROWS + MOVES + API
NOUNS = {"purchases": "purchase"}
PAGES = {"purchases:purchases": "office"}


def grow(world, serial):
    """One more application that waits for the alliance."""
    type_ = DeviceTypeFactory(code=f"G-{serial}", name=f"类型{serial}")
    submitted(world, type_=type_, unit_price=Decimal(1000))
