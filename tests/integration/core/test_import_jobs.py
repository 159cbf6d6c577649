"""An import from upload to the last row: checked, confirmed, brought in whole or not at all."""

import logging

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from alliance.catalogue.models import Disease
from alliance.core import outbox
from alliance.core.choices import ImportState
from alliance.core.errors import DomainError
from alliance.core.exchange import actions, spec, work
from alliance.core.exchange.files import FileRefused
from alliance.core.exchange.staging import Stage
from alliance.core.models import AuditEntry, ImportJob, OutboxMessage, PolicySetting
from alliance.core.tasks import check_import, run_import
from alliance.people.models import RoleGrant
from tests import worlds
from tests.factories.files import csv_file, xlsx_file
from tests.integration.core.importing import (
    GOOD,
    HEAD,
    checked,
    confirmed,
    reasons,
    run,
    speak_english,
    upload,
)


@pytest.fixture
def office(world):
    speak_english(world.office)
    return world.office


# --- the way through -----------------------------------------------------------------------------


@pytest.mark.parametrize("make", [csv_file, xlsx_file])
def test_upload_check_confirm_run(office, make):
    job = upload(office, *GOOD, make=make)
    assert (job.state, job.kind, job.file_name.split(".")[0]) == ("uploaded", "diseases", "table")

    work.check(job_id=job.pk)
    job.refresh_from_db()
    assert job.state == ImportState.CHECKED
    assert (job.summary["new"], job.summary["changed"], job.summary["same"]) == (2, 0, 1)
    assert job.rows_total == 3
    assert Disease.objects.count() == 2

    actions.confirm(job=job, by=office)
    assert run(job).state == ImportState.DONE
    assert (job.rows_done, job.finished_at is not None) == (3, True)
    assert Disease.objects.get(code="K80.200").pinyin == "dnjs"
    assert Disease.objects.get(code="M80000/3").name == "恶性肿瘤"


def test_every_step_leaves_a_line_in_the_ledger(office):
    run(confirmed(office, *GOOD))
    lines = AuditEntry.objects.filter(action__startswith="import.").order_by("id")
    assert [line.action for line in lines] == ["import.uploaded", "import.confirmed", "import.done"]
    done = lines.last()
    assert done.actor == office
    assert done.data == {"table": "diseases", "new": 2, "changed": 0, "same": 1}


def test_workers_are_called_through_the_outbox(office):
    job = confirmed(office, *GOOD)
    assert [(m.topic, m.payload) for m in OutboxMessage.objects.order_by("id")] == [
        ("core.check_import", {"job_id": job.pk}),
        ("core.run_import", {"job_id": job.pk}),
    ]


def test_the_outbox_hands_the_work_to_the_tasks(office, monkeypatch):
    called = []
    monkeypatch.setattr(check_import, "delay", lambda job_id: called.append(("check", job_id)))
    monkeypatch.setattr(run_import, "delay", lambda job_id: called.append(("run", job_id)))
    job = confirmed(office, *GOOD)
    outbox.relay()
    assert called == [("check", job.pk), ("run", job.pk)]


def test_tasks_are_doors_to_the_same_work(office):
    job = upload(office, *GOOD)
    check_import(job.pk)
    actions.confirm(job=job, by=office)
    run_import(job.pk)
    job.refresh_from_db()
    assert job.state == ImportState.DONE


def test_the_dry_run_shows_what_would_change(office, world):
    job = checked(
        office,
        ["编码", "名称", "Common"],
        ["K35.800x001", "阑尾炎", "yes"],
        ["K80.200", "胆囊结石", "no"],
    )
    added, changed = job.summary["sample"]
    assert added == {"row": 3, "kind": "added", "title": "K80.200 胆囊结石", "changes": []}
    assert changed["row"] == 2
    assert changed["changes"] == [
        {"column": "Disease name", "before": "急性阑尾炎", "after": "阑尾炎"}
    ]


def test_a_column_left_out_changes_nothing(office, world):
    Disease.objects.filter(code="K35.800x001").update(group="消化", best_tier="county")
    run(confirmed(office, HEAD, ["K35.800x001", "阑尾炎"]))
    disease = Disease.objects.get(code="K35.800x001")
    assert (disease.name, disease.group, disease.best_tier) == ("阑尾炎", "消化", "county")
    assert disease.specialty == world.surgery


def test_an_empty_cell_empties_the_field(office, world):
    run(confirmed(office, [*HEAD, "specialty", "is_active"], ["K35.800x001", "阑尾炎", "", ""]))
    disease = Disease.objects.get(code="K35.800x001")
    assert (disease.specialty, disease.is_active) == (None, True)


def test_what_is_not_touched_keeps_its_id_and_time(office):
    before = Disease.objects.get(code="K29.500")
    run(confirmed(office, *GOOD, ["K29.500", "慢性胃炎"]))
    after = Disease.objects.get(code="K29.500")
    assert (after.pk, after.updated_at) == (before.pk, before.updated_at)


def test_what_is_changed_keeps_its_id(office):
    before = Disease.objects.get(code="K29.500")
    run(confirmed(office, HEAD, ["K29.500", "胃炎"]))
    after = Disease.objects.get(pk=before.pk)
    assert (after.name, after.pinyin, after.created_at) == ("胃炎", "wy", before.created_at)
    assert after.updated_at > before.updated_at


def test_cells_keep_every_character(office):
    name = "back\\slash\ttab “quoted” 'x', \\N 𧿹"
    run(confirmed(office, HEAD, ["K80.200", name]))
    assert Disease.objects.get(code="K80.200").name == name.replace("\t", " ")


def test_unknown_columns_are_named_and_left_out(office):
    job = checked(office, [*HEAD, "备注", "price"], ["K80.200", "胆囊结石", "x", "1"])
    assert job.summary["unknown"] == ["备注", "price"]
    assert job.state == ImportState.CHECKED


def test_the_example_of_the_template_is_left_out(office):
    job = checked(office, HEAD, ["Example:K35.800x001", "急性阑尾炎"], ["K80.200", "胆囊结石"])
    assert (job.rows_total, job.summary["new"]) == (1, 1)


# --- what is wrong -------------------------------------------------------------------------------


def test_every_error_is_named_by_row_and_column(office):
    job = checked(
        office,
        ["ICD编码", "名称", "specialty", "is_common", "best_tier"],
        ["K35.800x001", "fine", "04.01", "yes", "county"],
        ["appendix", "no code", "", "", ""],
        ["K80.200", "", "", "", ""],
        ["K80.201", "bad specialty", "99.99", "", ""],
        ["K80.202", "bad words", "", "perhaps", "provincial"],
        ["K35.800x001", "again", "", "", ""],
    )
    assert job.state == ImportState.REFUSED
    assert reasons(job) == [
        (3, "ICD编码"),
        (4, "名称"),
        (5, "specialty"),
        (6, "is_common"),
        (6, "best_tier"),
        (7, "ICD编码"),
    ]
    assert all(error["reason"] for error in job.errors)
    assert job.summary["errors"] == 6
    assert Disease.objects.count() == 2


def test_reasons_are_in_the_language_of_who_uploaded(office):
    office.language = "zh-hans"
    office.save()
    job = checked(office, HEAD, ["K80.200", ""])
    assert job.errors[0]["reason"]


def test_errors_beyond_policy_are_counted_not_kept(office):
    PolicySetting.objects.create(
        key="import.errors_kept", value=3, effective_from=timezone.localdate(), source="test"
    )
    job = checked(office, HEAD, *([f"x{number}", "name"] for number in range(10)))
    assert len(job.errors) == 3
    assert job.summary["errors"] == 10


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([["名称", "other"], ["x", "y"]], "missing: Code"),
        ([["colour", "size"], ["x", "y"]], "at least: Code, Disease name"),
        ([["code", "icd_code", "name"], ["x", "y", "z"]], "mean the same"),
        ([HEAD], "no rows below"),
        ([HEAD, ["Example:K35", "x"]], "no rows below"),
    ],
)
def test_a_file_that_is_not_this_table(office, rows, words):
    job = checked(office, *rows)
    assert job.state == ImportState.REFUSED
    assert words in job.errors[0]["reason"]


def test_codes_that_excel_holds_as_numbers_are_refused(office):
    job = checked(office, HEAD, [47.01, "腹腔镜下阑尾切除术"], table="techniques", make=xlsx_file)
    assert reasons(job) == [(2, "icd_code")]
    assert "47.01" in job.errors[0]["reason"]


def test_a_formula_without_a_result_is_an_error_of_its_cell(office):
    job = checked(office, HEAD, ["K80.200", "=A1"], make=xlsx_file)
    assert reasons(job) == [(2, "icd_name")]
    assert "formula" in job.errors[0]["reason"]


def test_a_file_that_cannot_be_read_is_not_kept(office):
    with pytest.raises(FileRefused):
        upload(office, ["\ud800"], make=lambda *rows: csv_file(["x"], encoding="utf-16-le"))
    assert not ImportJob.objects.exists()


def test_a_refused_file_may_be_checked_again(office, world):
    job = checked(office, [*HEAD, "specialty"], ["K80.200", "胆囊结石", "11"])
    assert job.state == ImportState.REFUSED
    worlds.make.SpecialtyFactory(code="11", name="肿瘤科")
    actions.check_again(job=job, by=office)
    work.check(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, job.errors) == (ImportState.CHECKED, [])


def test_the_world_is_asked_again_before_the_rows_come_in(office, world):
    specialty = worlds.make.SpecialtyFactory(code="11", name="肿瘤科")
    job = confirmed(
        office, [*HEAD, "specialty"], ["K80.200", "胆囊结石", ""], ["K80.201", "x", "11"]
    )
    specialty.delete()
    assert run(job).state == ImportState.REFUSED
    assert reasons(job) == [(3, "specialty")]
    assert not Disease.objects.filter(code="K80.200").exists()


def test_a_wrong_file_does_not_come_in_even_unchecked(office):
    job = upload(office, HEAD, ["K80.200", ""], ["K80.201", "fine"])
    ImportJob.objects.update(state=ImportState.IMPORTING)
    assert run(job).state == ImportState.REFUSED
    assert reasons(job) == [(2, "icd_name")]
    assert not Disease.objects.filter(code="K80.201").exists()


def test_a_row_that_somebody_filed_meanwhile_is_updated(office):
    job = confirmed(office, *GOOD)
    worlds.make.DiseaseFactory(code="K80.200", name="typed by hand")
    assert run(job).state == ImportState.DONE
    assert (job.summary["new"], job.summary["changed"]) == (1, 1)
    assert Disease.objects.get(code="K80.200").name == "胆囊结石"


# --- who may -------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["doctor", "liaison", "manager", "auditor", "security_admin", "qc"])
def test_only_keepers_of_a_table_may_bring_it_in(world, who):
    with pytest.raises(PermissionDenied):
        upload(getattr(world, who), *GOOD)
    assert not ImportJob.objects.exists()


@pytest.mark.parametrize("act", [actions.confirm, actions.check_again, actions.resume])
def test_nobody_decides_about_the_import_of_another(world, office, act):
    job = checked(office, *GOOD)
    with pytest.raises(PermissionDenied):
        act(job=job, by=world.system_admin)


@pytest.mark.parametrize("part", [work.check, work.run])
def test_who_may_no_longer_import_imports_nothing(office, part):
    job = confirmed(office, *GOOD)
    if part is work.check:
        ImportJob.objects.update(state=ImportState.CHECKING)
    RoleGrant.objects.filter(user=office).update(valid_until=timezone.localdate())
    part(job_id=job.pk)
    job.refresh_from_db()
    assert job.state == ImportState.FAILED
    assert "no longer" in job.errors[0]["reason"]
    assert not Disease.objects.filter(code="K80.200").exists()


# --- once and again ------------------------------------------------------------------------------


def test_the_same_form_sent_twice_is_one_import(office):
    first, second = (upload(office, *GOOD, key="k1") for _tap in range(2))
    assert first == second
    assert upload(office, *GOOD[:2], key="k1") != first


def test_confirming_twice_is_confirming_once(office):
    job = confirmed(office, *GOOD)
    actions.confirm(job=job, by=office)
    run(job)
    actions.confirm(job=job, by=office)
    assert OutboxMessage.objects.filter(topic="core.run_import").count() == 1


@pytest.mark.parametrize(
    ("act", "state"),
    [
        (actions.confirm, "uploaded"),
        (actions.confirm, "refused"),
        (actions.check_again, "done"),
        (actions.check_again, "importing"),
        (actions.resume, "done"),
        (actions.resume, "checked"),
    ],
)
def test_acts_out_of_turn_are_refused(office, act, state):
    job = upload(office, *GOOD)
    ImportJob.objects.update(state=state)
    with pytest.raises(DomainError) as refused:
        act(job=job, by=office)
    assert refused.value.code == "import_state"


@pytest.mark.parametrize(
    ("state", "topic"),
    [
        ("uploaded", "core.check_import"),
        ("checking", "core.check_import"),
        ("importing", "core.run_import"),
    ],
)
def test_resume_hands_the_import_to_another_worker(office, state, topic):
    job = upload(office, *GOOD)
    OutboxMessage.objects.all().delete()
    ImportJob.objects.update(state=state)
    actions.resume(job=job, by=office)
    assert OutboxMessage.objects.get().topic == topic


def test_work_done_already_is_not_done_again(office):
    job = run(confirmed(office, *GOOD))
    Disease.objects.filter(code="K80.200").update(name="later")
    work.run(job_id=job.pk)
    work.check(job_id=job.pk)
    job.refresh_from_db()
    assert job.state == ImportState.DONE
    assert Disease.objects.get(code="K80.200").name == "later"


def test_a_table_that_no_longer_exists_is_left_alone(office):
    job = upload(office, *GOOD)
    ImportJob.objects.update(kind="gone", state=ImportState.IMPORTING)
    work.run(job_id=job.pk)
    job.refresh_from_db()
    assert job.state == ImportState.IMPORTING


def test_a_database_that_refuses_fails_the_import_and_leaves_nothing(office, monkeypatch, caplog):
    job = confirmed(office, *GOOD)
    table = spec.find("diseases")
    save = table.save

    def refuse(rows, **more):
        save(rows, **more)
        with Stage(Disease, key=("code",), updated=["name"]) as stage:
            stage.merge([Disease(code="x" * 31, name="too long for the column")])

    with monkeypatch.context() as patched, caplog.at_level(logging.CRITICAL):
        patched.setattr(table, "save", refuse)
        assert run(job).state == ImportState.FAILED
    assert not Disease.objects.filter(code="K80.200").exists()
    actions.check_again(job=job, by=office)
    work.check(job_id=job.pk)
    actions.confirm(job=job, by=office)
    assert run(job).state == ImportState.DONE
