"""Who gets which answer from the pages and endpoints of the base configuration."""

from equipment.configuration import actions
from tests.access.cast import (
    ALLIANCE,
    BESIDE,
    CLINICAL,
    HERE,
    KEEPERS,
    OVERSEERS,
    PEOPLE,
    SYSTEM,
    SYSTEMS,
    THERE,
    TRAINERS,
)
from tests.access.tables import api, day, of, page
from tests.factories.configuration import asked
from tests.factories.devices import DeviceTypeFactory

LOOKERS = CLINICAL | OVERSEERS | TRAINERS | KEEPERS
MEMBERS = HERE | THERE | BESIDE | TRAINERS | KEEPERS
STAFF = HERE | TRAINERS | KEEPERS
MEMBER_SYSTEMS = SYSTEMS - {"outside_system"}
OFFICE = frozenset({"office"})
OFFICES = frozenset({"office", "other_office"})


def lay(world):
    """An edition in force that asks for a laparoscope, and a draft of the next."""
    scope = DeviceTypeFactory()
    standard = asked(world, ("township", scope, 1, 8))
    draft = actions.draft(alliance=world.alliance, name="基本配置草案", by=world.office)
    return {"standard": standard, "standard_draft": draft, "standard_line": draft.items.get()}


def sent_line(things):
    return {"tier": "county", "device_type": things.standard_line.type.code, "minimum": 1}


# fmt: off
ROWS = [
    page("configuration:gaps", "get", {200: OVERSEERS, 302: LOOKERS - OVERSEERS}, 403),
    page("configuration:gap", "get", {200: STAFF | ALLIANCE}, 404, of.township),
    page("configuration:standards", "get", {200: LOOKERS}, 403,
         shows=lambda t: str(t.standard_draft.public_id), to=OFFICE),
    page("configuration:new", "get", {200: OFFICES}, 403),
    page("configuration:new", "post", {422: OFFICES}, 403),
    page("configuration:standard", "get", {200: MEMBERS | ALLIANCE}, 404, of.standard),
    page("configuration:standard", "get", {200: OFFICE}, 404, of.standard_draft, note="draft"),
    page("configuration:standard", "post", {409: OFFICE, 403: MEMBERS | frozenset({"qc"})}, 404,
         of.standard, sent=sent_line),
    page("configuration:standard", "post", {302: OFFICE}, 404, of.standard_draft, sent=sent_line,
         note="draft"),
    page("configuration:publish", "post", {302: OFFICE}, 404, of.standard_draft,
         sent=lambda t: {"publish-effective_from": day(1)}),
    page("configuration:discard", "post", {302: OFFICE}, 404, of.standard_draft),
    page("configuration:remove", "post", {302: OFFICE}, 404, of.standard_draft,
         lambda t: t.standard_line.pk),
    api("api:base-configuration-list", "get", {200: PEOPLE | SYSTEMS}, 403,
        shows=lambda t: str(t.standard_draft.public_id), to=OFFICE),
    api("api:base-configuration-detail", "get", {200: MEMBERS | ALLIANCE | MEMBER_SYSTEMS}, 404,
        of.standard),
    api("api:configuration-gap-list", "get", {200: STAFF | ALLIANCE | SYSTEM}, 404,
        query=lambda t: {"institution": str(t.township.public_id)}),
]
# fmt: on
NOUNS = {"base-configurations": "standard"}
PAGES = {"configuration:standards": "office", "configuration:gaps": "office"}


def grow(world, serial):
    """One more edition, and one more type that is asked of every township."""
    draft = actions.draft(alliance=world.alliance, name=f"草案{serial}", by=world.office)
    actions.set_item(
        standard=draft,
        tier="township",
        device_type=DeviceTypeFactory(code=f"99-{serial}", name=f"类型{serial}"),
        minimum=1,
        by=world.office,
    )
