"""Pages, API and file of admissions, as people and systems use them."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone

from alliance.core.errors import DomainError
from alliance.core.exchange.spec import find
from alliance.institutions.office import tiles_for
from tests.access.cast import system_of
from tests.factories.standards import admitted, applied, step, suspended
from training.hub import cards_for
from training.standards.models import Admission

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def sign_in(browser_of):
    def sign(user):
        Authenticator.objects.get_or_create(user=user, type="totp", defaults={"data": {}})
        return browser_of(user)

    return sign


def here(name, *args):
    return reverse(f"standards:{name}", args=args)


def text(answer):
    return answer.content.decode()


def test_an_institution_applies_and_the_office_admits(sign_in, world):
    manager = sign_in(world.manager)
    looked = text(manager.get(here("apply"), {"technique": "47.0100"}))
    assert "≥ 20 张" in looked
    assert "Not admitted" in looked
    for _twice in range(2):
        answer = manager.post(here("apply"), {"technique": "47.0100", "idempotency_key": "k"})
    row = Admission.objects.get()
    assert answer.url == row.get_absolute_url()
    assert "Save and submit" in text(manager.get(answer.url))
    pk = row.answers.get().pk
    said = {f"value_{pk}": 18, f"proof_{pk}": "床位证", "statement": "拟开展", "version": 1}
    assert manager.post(here("answers", row.public_id), said | {"version": 1}).status_code == 302
    sent = manager.post(
        here("answers", row.public_id), said | {"version": 2, "submit": "1"}, follow=True
    )
    assert "with the office" in text(sent)
    assert "1 requirement is not met" in text(sent)

    office = sign_in(world.office)
    assert world.county.name in text(office.get(here("inbox")))
    decide = here("move", row.public_id, "admit")
    row.refresh_from_db()
    sent = {"admit-version": row.version, "admit-valid_from": TODAY}
    refused = office.post(decide, sent)
    assert refused.status_code == 422
    assert "under which conditions" in text(refused)
    done = office.post(decide, sent | {"admit-conditions": "半年内补齐床位"}, follow=True)
    assert "半年内补齐床位" in text(done)
    assert "In force" in text(done)
    assert "Nothing waits" in text(office.get(here("inbox")))


def test_an_empty_answer_comes_back_with_what_was_typed(sign_in, world):
    manager = sign_in(world.manager)
    manager.post(here("apply"), {"technique": "47.0100"})
    row = Admission.objects.get()
    sent = {"statement": "拟开展", "version": 1, "submit": "1"}
    answer = manager.post(here("answers", row.public_id), sent)
    assert answer.status_code == 422
    assert "Answer every requirement" in text(answer)
    assert "拟开展" in text(answer)
    row.refresh_from_db()
    assert row.status == "draft"


@pytest.mark.parametrize(
    ("technique", "words"),
    [
        ("43.7x03", "above the tier"),
        ("99.9999", "none of that name"),
        ("86.2200x011", "no admission"),
    ],
)
def test_apply_says_why_not(sign_in, world, technique, words):
    manager = sign_in(world.manager)
    manager.get(here("apply"), {"technique": technique})
    answer = manager.post(here("apply"), {"technique": technique})
    assert answer.status_code == 422
    assert words in text(answer)
    form = answer.context["form"]
    assert (list(form.errors), form["technique"].value()) == (["technique"], technique)


def test_a_suspension_is_seen_and_ended_on_the_page(sign_in, world):
    row = admitted(world)
    manager = sign_in(world.manager)
    sent = {
        "suspend-version": 1,
        "suspend-stop_condition": "hazard",
        "suspend-valid_from": TODAY,
        "suspend-reason": "设备待检",
    }
    page = text(manager.post(here("move", row.public_id, "suspend"), sent, follow=True))
    assert "Suspended" in page
    assert "设备待检" in page
    stale = sign_in(world.office).post(
        here("move", row.public_id, "restore"), {"restore-version": 1, "restore-reason": "已检"}
    )
    assert stale.status_code == 412
    assert "Restore" in text(sign_in(world.office).get(row.get_absolute_url()))


def test_the_list_says_how_each_stands_and_filters(sign_in, world):
    admitted(world, valid_until=TODAY)
    admitted(world, valid_from=TODAY + timedelta(days=3))
    late = admitted(world, institution=world.county2)
    Admission.objects.filter(pk=late.pk).update(
        first_used_on=TODAY - timedelta(days=40), filing_due=TODAY - timedelta(days=9)
    )
    office = sign_in(world.office)
    page = text(office.get(here("admissions")))
    for words in ("Expired", "Not yet in force", "In force", "file by"):
        assert words in page
    assert text(office.get(here("admissions"), {"in_force": "true"})).count("data-row") == 1
    assert text(office.get(here("admissions"), {"in_force": "false"})).count("data-row") == 2
    assert text(office.get(here("admissions"), {"search": "lwq"})).count("data-row") == 3
    assert office.get(here("admissions"), {"status": "lost"}).status_code == 422
    assert "No admission here" in text(office.get(here("admissions"), {"search": "没有"}))


def test_staff_see_what_was_granted_to_their_house_only(sign_in, world):
    waiting = applied(world)
    assert sign_in(world.county_doctor).get(waiting.get_absolute_url()).status_code == 404
    granted = step(waiting, "admit", world.office, valid_from=TODAY)
    page = sign_in(world.county_doctor).get(granted.get_absolute_url())
    assert page.status_code == 200
    assert "What may be done" not in text(page)
    assert sign_in(world.doctor).get(granted.get_absolute_url()).status_code == 404


def test_systems_read_admissions_and_how_they_stand(world):
    row = admitted(world)
    client = system_of(world.county).client
    (shown,) = client.get("/api/v1/admissions/", {"technique": "47.0100"}).json()["results"]
    assert (shown["standing"], shown["counts"], shown["status"]) == ("in_force", True, "admitted")
    suspended(row, world, valid_from=TODAY)
    one = client.get(f"/api/v1/admissions/{row.public_id}/").json()
    assert (one["standing"], one["counts"]) == ("suspended", False)
    assert one["institution"] == str(world.county.public_id)


def test_admissions_go_out_as_a_file_and_come_in_by_none(world):
    admitted(world)
    table = find("admissions")
    (row,) = table.found(by=world.office)
    cells = {column.name: column.show(row) for column in table.columns}
    assert cells["code"] == "47.0100"
    assert cells["institution"] == world.county.name
    assert not table.may_import(world.office)
    with pytest.raises(DomainError):
        table.plan(rows=[], by=world.office, place=None)


def test_doors_tell_what_waits(world):
    def tile():
        found = tiles_for(world.office, world.alliance)
        return next(one for one in found if one.url == here("inbox"))

    def card(user):
        return [one for one in cards_for(user) if one.url == here("admissions")]

    assert str(tile().note) == "nothing waits"
    row = applied(world)
    assert str(tile().note) == "1 waits"
    assert not [one for one in tiles_for(world.manager, world.alliance) if one.url == here("inbox")]
    step(row, "return", world.office, reason="补材料")
    assert [one.note for one in card(world.manager)] == ["1 to complete"]
    assert [one.note for one in card(world.doctor)] == [""]
    assert card(world.auditor) == []
