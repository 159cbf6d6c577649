"""Pages, API and tables of privileges: what they say and how they refuse."""

import json
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from rest_framework.renderers import JSONRenderer

from alliance.core import outbox
from alliance.core.exchange.plan import Row
from alliance.core.exchange.spec import Place, find
from alliance.core.models import PolicySetting
from alliance.notices.models import Notice
from tests.access.cast import give_second_factor, signed_in, system_of
from tests.factories import alliance as base
from tests.factories import privileges as make
from tests.factories import standards as admissions
from training.privileges import actions, presenters, selectors
from training.privileges.api import MayPerformSerializer
from training.privileges.models import Override, Privilege, PrivilegeEvent, Suspension

pytestmark = pytest.mark.django_db


def today(days=0):
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def privilege(world):
    admissions.admitted(world)
    return make.privilege(world, valid_from=today(-30), conditions="daytime only")


def who(browser, **question):
    return browser.get(reverse("privileges:who"), query_params=question)


def test_the_page_answers_three_questions(world, browser_of, privilege):
    browser = browser_of(world.doctor)
    surgeon = privilege.practitioner
    html = who(browser, technique="47.0100", practitioner=surgeon.licence_number).content.decode()
    assert "May do it" in html and "daytime only" in html
    html = who(browser, technique="47.0100").content.decode()
    assert "Who may do it in the alliance" in html and surgeon.name in html
    html = who(browser, practitioner=surgeon.licence_number).content.decode()
    assert f"What {surgeon.name} may do" in html and world.appendectomy.name in html


def test_a_no_says_why_what_next_and_who_instead(world, browser_of, privilege):
    browser = browser_of(world.doctor)
    asked = {"technique": "47.0100", "practitioner": world.practitioner.licence_number}
    html = who(browser, **asked).content.decode()
    assert "May not do it" in html
    assert "institutions of this tier may not do it" in html
    assert "Refer the patient to an institution where it may be done." in html
    html = who(browser, **asked, institution=str(world.county.public_id)).content.decode()
    assert "Not registered to practise at this institution." in html
    assert "Who may do it here" in html and privilege.practitioner.name in html


def test_the_page_refuses_kindly(world, browser_of):
    browser = browser_of(world.doctor)
    assert who(browser, on=str(today())).status_code == 422
    html = who(
        browser, technique="47.0100", institution=str(world.outside.public_id)
    ).content.decode()
    assert "does not belong to your alliance" in html
    html = who(browser_of(world.outsider), technique="47.0100")
    assert html.status_code in (200, 302)
    nobody = who(browser_of(world.doctor), technique=world.debridement.code).content.decode()
    assert "Nobody may do this there on that day" in nobody


def test_mine_tells_an_account_without_a_licence(world, browser_of, privilege):
    browser = browser_of(world.county_doctor)
    assert world.appendectomy.name in browser.get(reverse("privileges:mine")).content.decode()
    html = browser_of(world.liaison).get(reverse("privileges:mine")).content.decode()
    assert "Your account belongs to no practitioner" in html


def test_suspending_on_the_page_and_its_errors(world, browser_of, privilege):
    give_second_factor(world.manager)
    browser = browser_of(world.manager)
    address = reverse("privileges:suspend", args=[privilege.public_id])
    wrong = browser.post(address, {"version": 1, "reason": "x", "valid_until": str(today())})
    assert wrong.status_code == 422
    assert "Choose a day after today." in wrong.content.decode()
    assert browser.post(address, {"version": 1, "reason": "review"}).status_code == 302
    assert browser.post(address, {"version": 1, "reason": "late"}).status_code == 412
    html = browser.get(privilege.get_absolute_url()).content.decode()
    assert "Restore…" in html and "review" in html


def test_the_public_page_tells_today_and_nothing_else(world, client, privilege):
    certificate = actions.issue_certificate(privilege=privilege, by=world.office)
    address = reverse("verify:certificate", args=[certificate.token])
    html = client.get(address).content.decode()
    assert "This privilege counts today" in html
    actions.suspend(privilege=privilege, reason="暴露原因", by=world.qc)
    answer = client.get(address)
    html = answer.content.decode()
    assert "This privilege is suspended today" in html
    person = privilege.practitioner
    for secret in (
        person.name, person.licence_number, "暴露原因", "daytime only", str(person.public_id),
        str(privilege.public_id), person.phone or "no-phone",
    ):  # fmt: skip
        assert secret not in html
    assert "no-store" in answer["Cache-Control"]
    assert client.get(reverse("verify:certificate", args=["x" * 24])).status_code == 404


def test_evidence_that_is_no_requirement_leaves_the_page_whole(world, browser_of):
    admissions.admitted(world)
    lines = ["院发 12 号", None, ["a", "b"], {"value": "3"}, {"label": "Cases done", "value": 24}]
    row = make.privilege(world, evidence={"requirements": lines, "note": "kept"})
    told = presenters.evidence(row)
    assert [one["value"] for one in told] == ["24", "kept"]
    answer = browser_of(world.county_doctor).get(row.get_absolute_url())
    assert answer.status_code == 200 and "Cases done" in answer.content.decode()


def test_nobody_guesses_codes_quickly(world, client):
    PolicySetting.objects.create(
        key="security.verifications_per_minute", value=2, effective_from=base.LONG_AGO, source="t"
    )
    address = reverse("verify:certificate", args=["x" * 24])
    statuses = [client.get(address).status_code for _ in range(5)]
    assert statuses.count(429) >= 2


def test_an_emergency_from_form_to_review(world, browser_of):
    browser = browser_of(world.doctor)
    address = reverse("privileges:override_new")
    body = {
        "institution": world.township.pk,
        "practitioner": world.practitioner.licence_number,
        "technique": world.appendectomy.code,
        "at": "2099-01-01T03:00",
        "reason": "bleeding",
        "idempotency_key": "once",
    }
    wrong = browser.post(address, body)
    assert "This lies in the future." in wrong.content.decode()
    body["at"] = "2026-05-01T03:00"
    first, second = browser.post(address, body), browser.post(address, body)
    assert (first.status_code, first.url) == (302, second.url)
    override = Override.objects.get()
    report = reverse("privileges:override_report", args=[override.public_id])
    assert browser.post(report, {"version": 1, "report": ""}).status_code == 422
    assert browser.post(report, {"version": 1, "report": "done"}).status_code == 302
    manager = world.township_manager
    give_second_factor(manager)
    review = reverse("privileges:override_review", args=[override.public_id])
    assert browser_of(manager).post(review, {"version": 2, "review": "right"}).status_code == 302


def test_the_page_of_training_says_what_ends_and_what_is_owed(world, browser_of, privilege):
    make.privilege(
        world, practitioner=world.practitioner, institution=world.township, valid_from=today(-9),
        valid_until=today(9), technique=world.debridement,
    )  # fmt: skip
    make.override(world)
    html = browser_of(world.doctor).get(reverse("training:home")).content.decode()
    assert "1 end soon" in html
    assert "1 reports owed" in html


def test_what_was_promised_is_told(world, privilege):
    override = make.override(world)
    actions.report_override(override=override, report="done", by=world.doctor)
    outbox.relay()
    told = set(Notice.objects.values_list("text_key", "user"))
    assert told >= {
        ("privilege.granted", world.county_doctor.pk),
        ("override.recorded", world.office.pk),
        ("override.reported", world.township_manager.pk),
    }


def test_suspensions_and_events_are_seen_with_their_privilege(world, privilege):
    suspension = actions.suspend(privilege=privilege, reason="review", by=world.qc)
    for user, sees in [(world.manager, True), (world.qc, True), (world.doctor, False)]:
        assert (suspension in Suspension.objects.visible_to(user)) is sees
        assert PrivilegeEvent.objects.visible_to(user).exists() is sees
    assert Privilege.objects.independent().get() == privilege


# --- API -----------------------------------------------------------------------------------------


def may_perform(client, **asked):
    return client.get(reverse("api:privilege-may-perform"), query_params=asked)


def test_a_theatre_system_asks_by_licence_and_code(world, privilege):
    client = system_of(world.township).client
    asked = {
        "practitioner": privilege.practitioner.licence_number,
        "technique": "47.0100",
        "institution": str(world.county.public_id),
    }
    told = may_perform(client, **asked).json()
    assert (told["verdict"], told["reasons"], told["on"]) == ("yes", [], str(today()))
    past = may_perform(client, **asked, on="2020-01-01", mdt_recorded="false").json()
    assert [reason["code"] for reason in past["reasons"]] == ["not_yet"]
    by_id = asked | {"practitioner": str(privilege.practitioner.public_id)}
    assert may_perform(client, **by_id).json() == told


def test_the_answer_is_what_is_promised_in_two_statements(
    world, privilege, django_assert_num_queries
):
    client = system_of(world.township).client
    asked = {
        "practitioner": privilege.practitioner.licence_number,
        "technique": "47.0100",
        "institution": str(world.county.public_id),
        "mdt_recorded": "false",
        "on": str(today(10_000)),
    }
    may_perform(client, **asked)
    with django_assert_num_queries(2):  # who asks, and the answer; the rate limit is in the cache
        told = may_perform(client, **asked)
    answer = selectors.may_perform(
        practitioner_id=privilege.practitioner_id,
        technique_id=privilege.technique_id,
        institution_id=privilege.institution_id,
        on=today(10_000),
        mdt_recorded=False,
    )
    facts = {name: getattr(answer, name, today(10_000)) for name in MayPerformSerializer().fields}
    shown = MayPerformSerializer(facts).data
    assert told.json() == json.loads(JSONRenderer().render(shown))
    assert [reason["code"] for reason in shown["reasons"]] == ["expired"]
    assert list(told.json()) == list(shown)


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"practitioner": ""}, 400, "practitioner"),
        ({"on": "soon"}, 400, "on"),
        ({"on": "2026-02-31"}, 400, "on"),
        ({"mdt_recorded": "maybe"}, 400, "mdt_recorded"),
        ({"colour": "red"}, 400, "colour"),
        ({"technique": "0"}, 404, None),
        ({"technique": "\0"}, 400, "technique"),
        ({"institution": "here"}, 404, None),
    ],
)
def test_the_endpoint_refuses_by_name(world, privilege, change, status, field):
    asked = {
        "practitioner": privilege.practitioner.licence_number,
        "technique": "47.0100",
        "institution": str(world.county.public_id),
    }
    answer = may_perform(system_of(world.township).client, **(asked | change))
    assert answer.status_code == status
    assert field is None or field in answer.json()["errors"]


def test_who_may_by_code(world, privilege):
    client, address = system_of(world.township).client, reverse("api:privilege-who-may")
    told = client.get(address, query_params={"technique": "47.0100"}).json()["results"]
    assert [row["id"] for row in told] == [str(privilege.public_id)]
    for asked in ({"technique": "0"}, {"technique": "47.0100", "institution": "here"}):
        assert client.get(address, query_params=asked).status_code == 404


# --- Excel ---------------------------------------------------------------------------------------


def file_row(world, number=2, **more):
    values = {
        "licence_number": world.county_doctor.practitioner.licence_number,
        "technique": "47.0100",
        "level": "independent",
        "valid_from": date(2025, 1, 1),
        "valid_until": None,
        "evidence": "院发 12 号",
    }
    return Row(number, values | more)


def bring(world, *rows):
    place = Place(on=today(), alliance_id=world.alliance.pk)
    table = find("privileges")
    return table.save(rows, by=world.office, place=place, progress=lambda done: None)


def test_privileges_from_before_come_in_once(world):
    plan = bring(
        world, file_row(world), file_row(world, 3, technique="43.7x03", level="supervised")
    )
    assert plan.counts == {"new": 2, "changed": 0, "same": 0}
    row = Privilege.objects.get(level="independent")
    assert (row.valid_until, row.ground, row.institution) == (
        date(2027, 1, 1), "import", world.county,
    )  # fmt: skip
    assert (row.evidence, row.events.get().kind) == ({"note": "院发 12 号"}, "granted")
    assert bring(world, file_row(world)).counts == {"new": 0, "changed": 0, "same": 1}
    assert Privilege.objects.count() == 2


def test_a_file_is_refused_by_row_and_column(world):
    make.privilege(world)
    rows = [
        file_row(world, 2),
        file_row(world, 3, licence_number="0"),
        file_row(world, 4, technique="0"),
        file_row(world, 5, institution=world.outside.name),
        file_row(world, 6, technique="43.7x03", valid_until=date(2025, 1, 1)),
        file_row(world, 7, technique="86.2200x011"),
        file_row(world, 8, technique="86.2200x011", valid_from=date(2025, 6, 1)),
    ]
    place = Place(on=today(), alliance_id=world.alliance.pk)
    plan = find("privileges").plan(rows, by=world.office, place=place)
    assert [(error.number, error.column) for error in plan.errors] == [
        (2, "valid_from"), (3, "licence_number"), (4, "technique"), (5, "institution"),
        (6, "valid_until"), (8, "valid_from"),
    ]  # fmt: skip


@pytest.mark.parametrize("table", ["privileges", "overrides"])
def test_tables_leave_as_workbooks(world, privilege, table):
    make.override(world)
    give_second_factor(world.office)
    answer = signed_in(world.office).get(reverse("core:export", args=[table]))
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert answer.status_code == 200
    assert BytesIO(content).read(2) == b"PK"
    if table == "overrides":
        with pytest.raises(Exception, match="never imported"):
            find(table).plan()
        with pytest.raises(Exception, match="never imported"):
            find(table).save()
