"""Who gets which answer from the pages of institutions, the alliance office and the catalogue."""

from tests.access.cast import OFFICES, PEOPLE
from tests.access.tables import day, of, page, pk

OFFICE, OTHER = frozenset({"office"}), frozenset({"other_office"})
SECURITY = frozenset({"security_admin"})
# Who adds institutions, and who maintains the township: its own administrator, its office, …
ADDERS = OFFICES | {"system_admin"}
KEEPERS = frozenset({"manager", "office", "system_admin"})
POLICY = {"effective_from": day(1), "source": "院长办公会", "reason": "试行"}


def department(t):
    return {"code": "X1", "name": "新科室", "specialty": t.world.surgery.pk, "beds": 1}


def joining(t):
    house = t.world.outside.public_id
    return {"institution": house, "role": "member", "help_form": "none", "valid_from": day(0)}


def cell(t):
    return {"cell": f"{t.township.public_id}:{t.county.public_id}:open"}


def technique(t):
    return t.world.appendectomy.code


def member(t):
    """A member for which nobody of the cast acts: names of one's own house are in every frame."""
    return t.world.county2.name


# fmt: off
INSTITUTIONS = [
    page("institutions:list", "get", {200: PEOPLE}, 403),
    page("institutions:detail", "get", {200: PEOPLE}, 403, of.township),
    page("institutions:new", "get", {200: ADDERS}, 403),
    page("institutions:new", "post", {422: ADDERS}, 403),
    page("institutions:edit", "get", {200: KEEPERS}, 403, of.township),
    page("institutions:edit", "post", {422: KEEPERS}, 403, of.township),
    page("institutions:department-new", "get", {200: KEEPERS}, 403, of.township),
    page("institutions:department-new", "post", {302: KEEPERS}, 403, of.township, sent=department),
    page("institutions:department-edit", "get", {200: KEEPERS}, 403, of.department),
    page("institutions:department-edit", "post", {302: KEEPERS}, 403, of.department,
         sent=department),
    page("institutions:department-active", "post", {302: KEEPERS}, 403, of.department,
         sent=lambda t: {"is_active": "0"}),
    page("institutions:calendar", "get", {200: PEOPLE}, 403, of.township),
    page("institutions:calendar", "post", {302: KEEPERS}, 403, of.township,
         sent=lambda t: {"first": day(9), "is_open": "no", "reason": "停电"}),
    page("institutions:calendar-hours", "post", {302: KEEPERS}, 403, of.township,
         sent=lambda t: {"weekday": "08:00-12:00", "weekend": "", "effective_from": day(0),
                         "reason": "只开上午"}),
    page("institutions:calendar-hours-end", "post", {302: KEEPERS}, 403, of.township,
         sent=lambda t: {"reason": "恢复全天"}),
    page("institutions:calendar-remove", "post", {302: KEEPERS}, 403, of.township, pk.day),
]
OFFICE_PAGES = [
    page("institutions:office", "get", {200: OFFICES | SECURITY}, 403),
    page("institutions:members", "get", {200: OFFICES}, 403, shows=member, to=OFFICE),
    page("institutions:member-join", "get", {200: OFFICES}, 403),
    page("institutions:member-join", "post", {302: OFFICE, 409: OTHER}, 403, sent=joining),
    page("institutions:member-change", "get", {200: OFFICE, 404: OTHER}, 403, pk.membership),
    page("institutions:member-change", "post", {422: OFFICE, 404: OTHER}, 403, pk.membership),
    page("institutions:member-leave", "get", {200: OFFICE, 404: OTHER}, 403, pk.membership),
    page("institutions:member-leave", "post", {302: OFFICE, 404: OTHER}, 403, pk.membership,
         sent=lambda t: {"on": day(0), "reason": "协议到期"}),
    page("institutions:matrix", "get", {200: OFFICES}, 403, shows=member, to=OFFICE),
    page("institutions:matrix-generate", "post", {302: OFFICES}, 403),
    page("institutions:matrix-toggle", "post", {302: OFFICE, 409: OTHER}, 403, sent=cell),
    page("institutions:matrix-row", "get", {200: OFFICES}, 403, of.township),
    page("institutions:matrix-cell", "post", {302: OFFICE, 409: OTHER}, 403, of.township, of.county,
         sent=lambda t: {"is_allowed": "no", "note": "停用"}),
    # Another alliance's office has no such cell: nothing is changed.
    page("institutions:matrix-follow", "post", {302: OFFICES}, 403,
         of.township, of.county),
    page("institutions:policy", "get", {200: OFFICES | SECURITY}, 403),
    page("institutions:policy-detail", "get", {200: OFFICES | SECURITY}, 403,
         "clock.decision.urgent"),
    page("institutions:policy-detail", "post", {302: OFFICES}, 403, "clock.decision.urgent",
         sent=lambda t: {"value": "240", **POLICY}, note="of the alliance"),
    page("institutions:policy-detail", "post", {302: SECURITY}, 403, "security.idle_minutes",
         sent=lambda t: {"value": "20", **POLICY}, note="of the platform"),
]
CATALOGUE = [
    page("catalogue:editions", "get", {200: PEOPLE}, 403, shows=lambda t: "草案", to=OFFICE),
    page("catalogue:techniques", "get", {200: PEOPLE}, 403),
    page("catalogue:edition-new", "get", {200: OFFICES}, 403),
    page("catalogue:edition-new", "post", {302: OFFICES}, 403, sent=lambda t: {"name": "下一版"}),
    page("catalogue:edition", "get", {200: PEOPLE}, 403, of.edition),
    page("catalogue:edition", "get", {200: OFFICE}, 404, of.edition_draft, note="draft"),
    page("catalogue:edition-rename", "get", {200: OFFICE}, 404, of.edition_draft),
    page("catalogue:edition-rename", "post", {302: OFFICE}, 404, of.edition_draft,
         sent=lambda t: {"name": "第三稿"}),
    page("catalogue:edition-rename", "post", {409: OFFICE}, 403, of.edition,
         sent=lambda t: {"name": "第三稿"}, note="published"),
    page("catalogue:edition-discard", "post", {302: OFFICE}, 404, of.edition_draft),
    page("catalogue:edition-discard", "post", {409: OFFICE}, 403, of.edition, note="published"),
    page("catalogue:edition-compare", "get", {200: PEOPLE}, 403, of.edition),
    page("catalogue:edition-publish", "get", {200: OFFICE}, 404, of.edition_draft),
    page("catalogue:edition-publish", "post", {302: OFFICE}, 404, of.edition_draft,
         sent=lambda t: {"effective_from": day(1)}),
    page("catalogue:requirements", "get", {200: PEOPLE}, 403, of.edition),
    page("catalogue:requirements", "post", {302: OFFICE}, 404, of.edition_draft,
         sent=lambda t: {"grade": "basic", "side": "operator", "kind": "mdt", "minimum": 1,
                         "source": "联盟规定"}),
    page("catalogue:requirement-remove", "post", {302: OFFICE}, 404, of.edition_draft,
         lambda t: t.edition_draft.requirements.first().pk),
    page("catalogue:entry", "get", {200: OFFICE}, 404, of.edition_draft, technique),
    page("catalogue:entry", "post", {302: OFFICE}, 404, of.edition_draft, technique,
         sent=lambda t: {"grade": "basic", "usual": "on"}),
    page("catalogue:entry-remove", "post", {302: OFFICE}, 404, of.edition_draft, technique),
]
ROWS = INSTITUTIONS + OFFICE_PAGES + CATALOGUE
