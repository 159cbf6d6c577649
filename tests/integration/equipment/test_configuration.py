"""The base configuration as people see it: editions, gaps, the file, the API."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone

from alliance.core.errors import DomainError
from alliance.core.exchange.spec import find
from equipment.configuration import actions, presenters, selectors
from equipment.configuration.models import Standard
from equipment.hub import cards_for
from tests.access.cast import system_of
from tests.factories.configuration import asked
from tests.factories.devices import DeviceFactory, DeviceTypeFactory
from tests.factories.service import OutageFactory
from tests.integration.core.importing import bring_in, counts, speak_english, wrong
from tests.integration.core.test_import_round_trip import exported

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
NINE_YEARS_AGO = TODAY - timedelta(days=9 * 366)


@pytest.fixture
def sign_in(browser_of):
    def sign(user):
        Authenticator.objects.get_or_create(user=user, type="totp", defaults={"data": {}})
        return browser_of(user)

    return sign


def here(name, *args):
    return reverse(f"configuration:{name}", args=args)


def text(answer):
    return answer.content.decode()


def test_the_office_drafts_and_publishes_an_edition(sign_in, world):
    scope = DeviceTypeFactory()
    office = sign_in(world.office)
    made = office.post(here("new"), {"name": "2026 版", "idempotency_key": "k"})
    row = Standard.objects.get()
    assert made.url == row.get_absolute_url()
    line = {"tier": "township", "device_type": scope.code, "minimum": 1, "max_age_years": 8}
    assert office.post(made.url, line | {"minimum": 0}).status_code == 422
    assert office.post(made.url, line).status_code == 302
    assert "腹腔镜" in text(office.get(made.url))
    publish = here("publish", row.public_id)
    assert office.post(publish, {"publish-effective_from": ""}).status_code == 422
    assert office.post(publish, {"publish-effective_from": str(TODAY)}).status_code == 302
    assert "in force" in text(office.get(here("standards")))
    assert "Publish the edition" not in text(office.get(made.url))


def test_the_office_takes_lines_out_and_throws_a_draft_away(sign_in, world):
    asked(world, ("township", DeviceTypeFactory(), 1, 8))
    office = sign_in(world.office)
    url = office.post(here("new"), {"name": "草案"}).url
    draft = Standard.objects.get(status="draft")
    item = draft.items.get()
    assert office.post(here("remove", draft.public_id, item.pk)).url == url
    assert not draft.items.exists()
    assert office.post(here("discard", draft.public_id)).url == here("standards")


@pytest.fixture
def short(world):
    """A township whose laparoscope is too old; its neighbour has none."""
    scope = DeviceTypeFactory()
    DeviceFactory(owner=world.township, type=scope, in_use_from=NINE_YEARS_AGO)
    return asked(world, ("township", scope, 1, 8), ("county", scope, 1, None))


def test_an_institution_sees_what_it_lacks(sign_in, world, short):
    manager = sign_in(world.township_manager)
    page = manager.get(here("gaps"), follow=True)
    assert page.redirect_chain[0][0] == here("gap", world.township.public_id)
    assert "1 device has to be bought or replaced" in text(page)
    assert "100%" in text(page)
    before = manager.get(page.request["PATH_INFO"], {"on": "2000-01-01"})
    assert "Nothing is asked of this institution" in text(before)
    assert manager.get(page.request["PATH_INFO"], {"on": "x"}).status_code == 422


def test_an_institution_with_all_it_must(sign_in, world, short):
    device = DeviceFactory(owner=world.county, type__code="06-14-01")
    manager, address = sign_in(world.manager), here("gap", world.county.public_id)
    assert "This institution has all it must" in text(manager.get(address))
    OutageFactory(device=device, starts_at=timezone.now() - timedelta(hours=1))
    page = manager.get(address)
    assert "has what it must, but not all of it works today" in text(page)


def test_the_office_sees_who_lacks_what(sign_in, world, short):
    office = sign_in(world.office)
    page = text(office.get(here("gaps")))
    assert "0 of 2 have all they must" in page
    assert "1 has none · 1 has too few or old ones" in page
    assert world.township2.name in page
    assert "have been in use for 8 years or more" in page
    assert "No base configuration was in force" in text(
        office.get(here("gaps"), {"on": "2001-01-01"})
    )
    outside = text(sign_in(world.outsider).get(here("gap", world.outside.public_id)))
    assert "Nothing is asked of this institution" in outside


HEAD = ["tier", "type", "minimum", "max_age_years", "purpose"]


def test_lines_come_into_the_newest_draft_and_go_out_unchanged(rf, world):
    by, scope = world.office, DeviceTypeFactory()
    speak_english(by)
    rows = [["township", scope.code, "1", "8", "急诊"], ["county", scope.name, "2", "", ""]]
    assert wrong(bring_in(by, "configuration-lines", HEAD, *rows)) == [(2, "")]
    draft = actions.draft(alliance=world.alliance, name="草案", by=by)
    assert counts(bring_in(by, "configuration-lines", HEAD, *rows)) == (2, 0, 0)
    rows[0][2] = "2"
    assert counts(bring_in(by, "configuration-lines", HEAD, *rows)) == (0, 1, 1)
    short = [[*HEAD[:3]], ["township", scope.code, "1"]]
    assert counts(bring_in(by, "configuration-lines", *short)) == (0, 1, 0)
    asked_ = draft.items.order_by("-tier").values_list(
        "tier", "minimum", "max_age_years", "purpose"
    )
    assert list(asked_) == [("township", 1, 8, "急诊"), ("county", 2, None, "")]
    job = bring_in(
        by, "configuration-lines", HEAD,
        ["village", scope.code, "1", "", ""],
        ["township", "NONE", "1", "", ""],
        ["township", scope.code, "0", "", ""],
    )  # fmt: skip
    assert sorted(wrong(job)) == [(2, "tier"), (3, "type"), (4, "minimum")]
    table = find("configuration-lines")
    assert not table.found(by=by).exists()
    here_ = rf.get("/", {"edition": str(draft.public_id)})
    assert table.found(by=by, request=here_).count() == 2
    with pytest.raises(DomainError, match="no such edition"):
        table.found(by=by, request=rf.get("/", {"edition": "x"}))
    actions.publish(standard=draft, effective_from=TODAY, on=TODAY, by=by)
    actions.draft(alliance=world.alliance, name="下一版", by=by)
    file = exported(by, "configuration-lines")
    assert counts(bring_in(by, "configuration-lines", make=lambda: file)) == (0, 0, 2)


def test_a_device_counts_from_when_it_was_bought_wherever_it_stood(world):
    scope = DeviceTypeFactory()
    asked(world, ("township", scope, 1, 8))
    DeviceFactory(owner=world.township, type=scope, in_use_from=TODAY, purchased_on=NINE_YEARS_AGO)
    at = timezone.now()
    where = {"alliance_id": world.alliance.pk, "institution_id": world.township.pk}
    (gap,) = selectors.gaps(**where, at=at)
    assert (gap.have, gap.too_old, gap.short) == (1, 1, 1)


def test_doors_of_the_room(world):
    titles = {
        user: [str(card.title) for card in cards_for(user)]
        for user in (world.office, world.township_manager, world.doctor)
    }
    assert "Base configuration" in titles[world.office]
    assert "Gaps in the base configuration" in titles[world.township_manager]
    assert "Gaps in the base configuration" not in titles[world.doctor]


def test_gaps_go_out_as_a_file(rf, world, short):
    table = find("configuration-gaps")
    rows = list(table.found(by=world.office))
    assert len(rows) == 4
    out = {column.name: column.show(rows[-1]) for column in table.columns}
    assert (out["institution"], out["short"], out["too_old"]) == (world.township.name, 1, 1)
    request = rf.get("/", {"on": "1999-01-01"})
    assert not table.found(by=world.township_manager, request=request).exists()
    with pytest.raises(DomainError, match="date"):
        table.found(by=world.office, request=rf.get("/", {"on": "x"}))
    with pytest.raises(DomainError, match="computed"):
        table.plan([], by=world.office, place=None)


def test_systems_ask_what_is_missing(world, short):
    system = system_of(world.township).client
    (row,) = system.get("/api/v1/configuration-gaps/").json()["results"]
    assert (row["need"], row["have"], row["too_old"], row["short"]) == (1, 1, 1, 1)
    (edition,) = system.get("/api/v1/base-configurations/").json()["results"]
    assert {line["tier"] for line in edition["items"]} == {"township", "county"}
    outside = system_of(world.outside).client
    assert outside.get("/api/v1/configuration-gaps/").json()["results"] == []
    assert outside.get("/api/v1/configuration-gaps/", {"on": "x"}).status_code == 400


def test_a_day_is_asked_about_at_noon():
    assert presenters.moment_of(TODAY - timedelta(days=1)).hour == 12
