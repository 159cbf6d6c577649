"""Pages of imports and exports: who reaches them, and what they show."""

import re
from datetime import date, timedelta
from html import unescape
from io import BytesIO

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from alliance.core.choices import ImportState, Permission, Role
from alliance.core.exchange import actions, pages, progress, spec, work
from alliance.core.models import AuditEntry, ImportJob, OutboxMessage, PolicySetting
from tests.factories import alliance as make
from tests.factories.files import csv_file, raw_xlsx

GOOD = (["code", "name"], ["K80.200", "胆囊结石"], ["K35.800x001", "阑尾炎"])
BAD = (["code", "name"], ["K80.200", ""], ["nonsense", "x"])

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser_of(browser_of):
    """Signed in with the second factor that keepers of data need."""

    def sign_in(user):
        Authenticator.objects.get_or_create(user=user, type="totp", defaults={"data": {}})
        return browser_of(user)

    return sign_in


@pytest.fixture
def office(world, browser_of):
    world.office.language = "en"
    world.office.save()
    return browser_of(world.office)


@pytest.fixture
def job(world, office):
    return actions.upload(by=world.office, table=spec.find("diseases"), file=csv_file(*GOOD))


def checked(job):
    work.check(job_id=job.pk)
    job.refresh_from_db()
    return job


def page(client, job):
    return client.get(reverse("core:import-job", args=[job.public_id]))


def taken(response):
    """The workbook of a download."""
    assert response.status_code == 200
    return load_workbook(BytesIO(b"".join(response.streaming_content)))


def text(response):
    return response.content.decode()


# --- who -----------------------------------------------------------------------------------------

IMPORTS = {
    "institutions": {"office", "system_admin"},
    "departments": {"office", "system_admin", "manager", "township_manager", "outsider"},
    "practitioners": {"manager", "township_manager", "outsider"},
    "users": {"system_admin"},
    "invitations": {"manager", "township_manager", "outsider"},
    "diseases": {"office", "system_admin"},
    "techniques": {"office", "system_admin"},
}
REFERENCE = {"institutions", "departments", "practitioners", "diseases", "techniques"}
EXPORTERS = {
    "office", "system_admin", "manager", "township_manager", "outsider",
    "liaison", "township_liaison", "county2_liaison", "tertiary_liaison",
}  # fmt: skip
EXPORTS = {
    **dict.fromkeys(REFERENCE, EXPORTERS),
    "users": {"system_admin", "manager", "township_manager", "outsider"},
    "invitations": {"manager", "township_manager", "outsider"},
}
PEOPLE = sorted(EXPORTERS | {"doctor", "qc", "auditor", "security_admin"})


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("table", IMPORTS)
def test_who_reaches_which_table(world, browser_of, table, who):
    client = browser_of(getattr(world, who))
    for route, who_may in [
        ("import-new", IMPORTS),
        ("import-template", IMPORTS),
        ("export", EXPORTS),
    ]:
        response = client.get(reverse(f"core:{route}", args=[table]))
        assert response.status_code == (200 if who in who_may[table] else 403)
        list(response)


@pytest.mark.parametrize("who", PEOPLE)
def test_who_reaches_the_hub_and_finds_there_what_they_may(world, browser_of, who):
    response = browser_of(getattr(world, who)).get(reverse("core:imports"))
    if who not in EXPORTERS:
        assert response.status_code == 403
        return
    shown = text(response)
    for table in IMPORTS:
        assert (reverse("core:import-new", args=[table]) in shown) == (who in IMPORTS[table])
        assert (reverse("core:export", args=[table]) in shown) == (who in EXPORTS[table])


def test_strangers_sign_in_first(client, world, job):
    client.logout()
    for address in (
        reverse("core:imports"),
        reverse("core:import-new", args=["diseases"]),
        reverse("core:export", args=["diseases"]),
        reverse("core:import-job", args=[job.public_id]),
    ):
        assert client.get(address).status_code == 302


@pytest.mark.parametrize("route", ["import-new", "import-template", "export"])
def test_a_table_that_does_not_exist(office, route):
    assert office.get(reverse(f"core:{route}", args=["patients"])).status_code == 404


@pytest.mark.parametrize("route", ["import-job", "import-status", "import-errors"])
def test_the_import_of_another_is_not_there(world, browser_of, job, route):
    client = browser_of(world.system_admin)
    assert client.get(reverse(f"core:{route}", args=[job.public_id])).status_code == 404


@pytest.mark.parametrize("route", ["import-confirm", "import-check", "import-resume"])
def test_acts_are_posts_on_ones_own_imports(world, browser_of, office, job, route):
    address = reverse(f"core:{route}", args=[job.public_id])
    assert office.get(address).status_code == 405
    assert browser_of(world.system_admin).post(address).status_code == 404


@pytest.mark.parametrize("route", ["import-confirm", "import-check"])
def test_acts_out_of_turn_are_conflicts(office, job, route):
    assert office.post(reverse(f"core:{route}", args=[job.public_id])).status_code == 409


def test_every_permission_that_brings_rows_in_belongs_to_a_role():
    needed = {permission for table in spec.tables() for permission in table.keepers.values()}
    assert needed <= set(Permission)


# --- the way through -----------------------------------------------------------------------------


def test_upload_check_and_import_in_the_browser(world, office):
    address = reverse("core:import-new", args=["diseases"])
    form = office.get(address)
    assert "K35.800x001" in text(form)
    key = form.context["form"]["key"].value()

    sent = office.post(address, {"file": csv_file(*GOOD), "key": key})
    job = ImportJob.objects.get()
    assert sent.url == reverse("core:import-job", args=[job.public_id])
    again = office.post(address, {"file": csv_file(*GOOD), "key": key})
    assert (again.url, ImportJob.objects.count()) == (sent.url, 1)

    waiting = text(page(office, job))
    assert 'hx-trigger="every 1s"' in waiting
    assert '<noscript><meta http-equiv="refresh"' in waiting

    checked(job)
    ready = text(page(office, job))
    assert "1 new, 1 changed, 0 unchanged" in ready
    assert "阑尾炎" in ready
    assert "every 1s" not in ready

    office.post(reverse("core:import-confirm", args=[job.public_id]))
    work.run(job_id=job.pk)
    done = text(page(office, job))
    assert "All rows are in" in done
    assert "1 new, 1 changed" in text(office.get(reverse("core:imports")))


def test_polling_gets_the_part_alone(office, job):
    part = text(office.get(reverse("core:import-status", args=[job.public_id])))
    assert "<html" not in part
    assert 'id="import-job"' in part


def test_errors_are_shown_and_can_be_taken_home(world, office):
    job = checked(actions.upload(by=world.office, table=spec.find("diseases"), file=csv_file(*BAD)))
    shown = text(page(office, job))
    assert "2 errors" in shown
    assert "This cell must not be empty." in shown
    response = office.get(reverse("core:import-errors", args=[job.public_id]))
    assert response["Content-Disposition"].startswith("attachment")
    rows = list(taken(response).active.values)
    assert rows[0] == ("Row", "Column", "What is wrong")
    assert [row[:2] for row in rows[1:]] == [(2, "name"), (3, "code")]


def test_errors_beyond_policy_are_counted(world, office):
    PolicySetting.objects.create(
        key="import.errors_shown", value=1, effective_from=timezone.localdate(), source="test"
    )
    job = checked(actions.upload(by=world.office, table=spec.find("diseases"), file=csv_file(*BAD)))
    assert "1 more error is not shown" in text(page(office, job))


def test_a_refused_file_can_be_checked_again(world, office):
    job = checked(actions.upload(by=world.office, table=spec.find("diseases"), file=csv_file(*BAD)))
    assert "Check again" in text(page(office, job))
    assert office.post(reverse("core:import-check", args=[job.public_id])).status_code == 302
    job.refresh_from_db()
    assert job.state == ImportState.CHECKING


def test_unknown_columns_are_named(world, office):
    rows = (["code", "name", "备注"], ["K80.200", "胆囊结石", "x"])
    job = checked(
        actions.upload(by=world.office, table=spec.find("diseases"), file=csv_file(*rows))
    )
    shown = text(page(office, job))
    assert "left out" in shown
    assert "备注" in shown


@pytest.mark.parametrize(
    ("make_file", "words"),
    [
        (lambda: None, "Choose a file."),
        (lambda: csv_file(name="empty.csv"), "The file is empty."),
        (lambda: raw_xlsx({"xl/workbook.xml": b"0" * 400_000_000}), "unpacks to too much"),
    ],
    ids=["no file", "empty", "bomb"],
)
def test_a_file_that_is_refused_at_once(office, make_file, words):
    file = make_file()
    response = office.post(
        reverse("core:import-new", args=["diseases"]), {"file": file} if file else {}
    )
    assert response.status_code == 200
    assert words in text(response)
    assert not ImportJob.objects.exists()


def test_an_import_without_a_worker_can_be_handed_on(office, job, monkeypatch):
    assert "No worker is at it" not in text(page(office, job))
    ImportJob.objects.update(
        state=ImportState.IMPORTING, updated_at=timezone.now() - timedelta(minutes=5)
    )
    assert "No worker is at it" in text(page(office, job))
    OutboxMessage.objects.all().delete()
    assert office.post(reverse("core:import-resume", args=[job.public_id])).status_code == 302
    assert OutboxMessage.objects.get().topic == "core.run_import"
    monkeypatch.setattr("alliance.core.exchange.jobs.is_claimed", lambda job_id: True)
    assert "No worker is at it" not in text(page(office, job))


@pytest.mark.parametrize(
    ("standing", "label", "value", "most"),
    [
        (None, "Waiting for a worker", 0, 1),
        (("reading", 500, 0), "Rows read", 0, 1),
        (("reading", 500, 900), "Rows read", 500, 900),
        (("writing", 700, 900), "Rows written", 700, 900),
    ],
)
def test_progress_in_words(job, standing, label, value, most):
    if standing:
        progress.Meter(job.pk).report(*standing)
    shown = pages.job(job)["progress"]
    assert (str(shown["label"]), shown["value"], shown["max"]) == (label, value, most)


def test_the_acting_institution_is_where_rows_belong(world, browser_of):
    client = browser_of(make.staff(Role.MANAGER, institution=world.county))
    client.post(
        reverse("core:import-new", args=["departments"]),
        {"file": csv_file(["code", "name", "specialty"], ["0301", "骨科", "04.01"])},
    )
    assert ImportJob.objects.get().institution == world.county


# --- exports -------------------------------------------------------------------------------------


def rows_of(response):
    return list(taken(response).worksheets[0].values)


def test_an_export_is_filtered_like_its_list(world, office):
    address = reverse("core:export", args=["institutions"])
    names = {row[1] for row in rows_of(office.get(address, {"tier": "county"}))[1:]}
    assert names == {world.county.name, world.county2.name, world.outside.name}
    assert len(rows_of(office.get(address))) == 8


@pytest.mark.parametrize(
    ("table", "query", "found"),
    [
        ("departments", {"search": "普外"}, 0),
        ("diseases", {"search": "阑尾"}, 1),
        ("techniques", {"search": "lwqcs"}, 1),
        ("practitioners", {"search": "李文"}, 1),
    ],
)
def test_every_list_has_its_filters(world, office, table, query, found):
    assert len(rows_of(office.get(reverse("core:export", args=[table]), query))) - 1 == found


def test_an_export_with_a_filter_that_does_not_exist(office):
    response = office.get(reverse("core:export", args=["institutions"]), {"tier": "provincial"})
    assert response.status_code == 400


def test_a_manager_takes_out_the_accounts_of_the_house(world, browser_of):
    client = browser_of(world.manager)
    names = {row[0] for row in rows_of(client.get(reverse("core:export", args=["users"])))[1:]}
    here = {world.manager.username, world.liaison.username, world.county_doctor.username}
    assert names == here


def test_an_export_leaves_a_line_in_the_ledger(world, office):
    count = len(rows_of(office.get(reverse("core:export", args=["diseases"])))) - 1
    line = AuditEntry.objects.get(action="export.done")
    assert (line.actor, line.data) == (world.office, {"table": "diseases", "rows": count})


def test_more_rows_than_policy_are_not_taken_out(office):
    PolicySetting.objects.create(
        key="export.max_rows", value=1, effective_from=timezone.localdate(), source="test"
    )
    assert office.get(reverse("core:export", args=["diseases"])).status_code == 409
    one = office.get(reverse("core:export", args=["diseases"]), {"search": "阑尾"})
    assert len(rows_of(one)) == 2


def test_export_asks_the_database_as_often_for_many_rows(
    world, office, django_assert_max_num_queries
):
    for _row in range(30):
        make.PractitionerFactory(institution=world.county).specialties.set(
            [world.surgery, world.medicine]
        )
    with django_assert_max_num_queries(30):
        rows_of(office.get(reverse("core:export", args=["practitioners"])))


def test_the_template_explains_every_column(world, browser_of):
    template = reverse("core:import-template", args=["practitioners"])
    sheet, notes = taken(browser_of(world.manager).get(template)).worksheets
    headers = [cell.value for cell in sheet[1]]
    assert headers[0] == "Licence number*"
    assert sheet["A2"].value.startswith("Example:")
    assert len(headers) == len(spec.find("practitioners").incoming)
    assert notes.max_row > len(headers)


@pytest.mark.parametrize(
    ("page", "who", "table"),
    [
        ("institutions:list", "office", "institutions"),
        ("catalogue:techniques", "office", "techniques"),
        ("people:users", "manager", "users"),
        ("people:practitioners", "manager", "practitioners"),
        ("people:invitations", "manager", "invitations"),
    ],
)
def test_lists_offer_their_export_as_filtered(world, browser_of, page, who, table):
    client = browser_of(getattr(world, who))
    shown = text(client.get(reverse(page), {"search": "阑尾", "is_active": "true"}))
    link = re.search(rf'href="({reverse("core:export", args=[table])}[^"]*)"', shown)[1]
    assert "search=%E9%98%91%E5%B0%BE" in link
    assert len(rows_of(client.get(unescape(link)))) >= 1


def test_lists_offer_no_export_to_who_may_not(world, browser_of):
    shown = text(browser_of(world.doctor).get(reverse("institutions:list")))
    assert reverse("core:export", args=["institutions"]) not in shown


def test_the_page_says_how_much_its_table_takes(world, office):
    PolicySetting.objects.create(
        key="import.rows_by_action", value=77, effective_from=date(2020, 1, 1), source="t",
        alliance=world.alliance,
    )  # fmt: skip
    for table, words in [("diseases", "100000 rows<"), ("requirements", "77 new rows at a time<")]:
        shown = text(office.get(reverse("core:import-new", args=[table])))
        assert words in shown.replace(",", "")
