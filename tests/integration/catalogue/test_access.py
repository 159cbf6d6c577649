"""Who gets what at every door of the catalogue."""

import pytest
from django.urls import reverse

from alliance.catalogue import actions
from alliance.catalogue.urls import urlpatterns

ROLES = ["outsider", "doctor", "manager", "office"]
# route, what it is about, method, then one status for each of ROLES
DOORS = [
    ("editions", None, "get", 200, 200, 200, 200),
    ("techniques", None, "get", 200, 200, 200, 200),
    ("edition-new", None, "get", 403, 403, 403, 200),
    ("edition", "published", "get", 200, 200, 200, 200),
    ("edition", "draft", "get", 404, 404, 404, 200),
    ("edition-compare", "published", "get", 200, 200, 200, 200),
    ("edition-compare", "draft", "get", 404, 404, 404, 200),
    ("edition-rename", "published", "get", 403, 403, 403, 409),
    ("edition-rename", "draft", "get", 404, 404, 404, 200),
    ("edition-discard", "published", "post", 403, 403, 403, 409),
    ("edition-discard", "draft", "post", 404, 404, 404, 302),
    ("edition-publish", "published", "get", 403, 403, 403, 409),
    ("edition-publish", "draft", "get", 404, 404, 404, 200),
    ("requirements", "published", "get", 200, 200, 200, 200),
    ("requirements", "published", "post", 403, 403, 403, 409),
    ("requirements", "draft", "get", 404, 404, 404, 200),
    ("requirements", "draft", "post", 404, 404, 404, 422),
    ("requirement-remove", "published-need", "post", 403, 403, 403, 409),
    ("requirement-remove", "draft-need", "post", 404, 404, 404, 302),
    ("entry", "published-entry", "get", 403, 403, 403, 409),
    ("entry", "draft-entry", "get", 404, 404, 404, 200),
    ("entry-remove", "published-entry", "post", 403, 403, 403, 409),
    ("entry-remove", "draft-entry", "post", 404, 404, 404, 302),
]
NAMES = [f"{route}-{at}-{method}" for route, at, method, *_rest in DOORS]


def address(world, route, at):
    """The address of a route for an edition, or an entry of it."""
    if at is None:
        return reverse(route)
    state, _dash, part = at.partition("-")
    edition = world.edition
    if state == "draft":
        edition = actions.draft_edition(alliance=world.alliance, name="第二版", by=world.office)
    parts = {
        "": [],
        "entry": [world.appendectomy.code],
        "need": [edition.requirements.values_list("pk", flat=True)[0]],
    }
    args = [edition.public_id, *parts[part]]
    return reverse(route, args=args)


@pytest.mark.parametrize("door", DOORS, ids=NAMES)
def test_door_sends_strangers_to_the_sign_in(client, world, door):
    route, at, method, *_statuses = door
    answer = getattr(client, method)(address(world, f"catalogue:{route}", at))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


@pytest.mark.parametrize("door", DOORS, ids=NAMES)
@pytest.mark.parametrize("who", ROLES)
def test_door_answers_each_role(sign_in, world, door, who):
    route, at, method, *statuses = door
    url = address(world, f"catalogue:{route}", at)
    answer = getattr(sign_in(getattr(world, who)), method)(url)
    assert answer.status_code == statuses[ROLES.index(who)]


def test_every_route_has_a_door():
    assert {pattern.name for pattern in urlpatterns} == {route for route, *_rest in DOORS}


@pytest.mark.parametrize(
    ("route", "more"), [("edition", []), ("edition-publish", []), ("entry", ["47.0100"])]
)
def test_what_is_not_there_is_404(sign_in, world, route, more):
    args = ["00000000-0000-4000-8000-000000000000", *more]
    assert sign_in(world.office).get(reverse(f"catalogue:{route}", args=args)).status_code == 404


def test_an_unknown_technique_is_404(sign_in, world):
    draft = actions.draft_edition(alliance=world.alliance, name="第二版", by=world.office)
    url = reverse("catalogue:entry", args=[draft.public_id, "99.9999"])
    assert sign_in(world.office).get(url).status_code == 404
