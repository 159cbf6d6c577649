"""Work in the background: named, routed, scheduled; nothing is sent that nobody carries out."""

import ast
import re

import pytest
from celery import current_app
from django.conf import settings

from tests.architecture import source

# Every task and the queue it waits in. A new task gets a row here.
QUEUES = {
    "core.relay_outbox": "default",
    "core.forget_outbox": "default",
    "core.seal_ledger": "default",
    "core.forget_idempotency_keys": "default",
    "core.check_import": "default",
    "core.run_import": "default",
    "core.forget_import_files": "default",
    "people.forget_sign_ins": "default",
    "notices.forget_read": "notices",
    "courses.remind_of_sessions": "default",
    "exams.close_overdue": "default",
    "exams.remind_of_exams": "default",
    "referrals.watch_clocks": "default",
    "referrals.lapse_overdue": "default",
    "programmes.advance_all": "default",
    "logbook.review_curves": "default",
    "service.remind_of_checks": "default",
    "service.match_recalls": "default",
    "service.watch_events": "default",
    "bookings.sweep_missed": "default",
    "bookings.lapse_requests": "default",
    "bookings.watch_overruns": "default",
    "bookings.run_waiting_list": "default",
    "bookings.remind_people": "default",
    "qc.plan_checks": "compliance",
    "qc.run_check": "compliance",
    "qc.sweep_runs": "compliance",
}
NAME = re.compile(r"[a-z]+\.[a-z]+(_[a-z]+)+")
DECORATORS = {"shared_task", "task"}


@pytest.fixture(scope="module")
def tasks():
    """Our tasks as the worker knows them."""
    current_app.loader.import_default_modules()
    return {
        name: task for name, task in current_app.tasks.items() if not name.startswith("celery.")
    }


def written():
    """(module, function, name given in the decorator) of every task in the source."""
    for module in source.apps():
        for node in ast.walk(module.tree):
            for mark in getattr(node, "decorator_list", ()):
                called = mark.func if isinstance(mark, ast.Call) else mark
                if getattr(called, "id", getattr(called, "attr", "")) in DECORATORS:
                    named = getattr(mark, "keywords", ())
                    names = [word.value.value for word in named if word.arg == "name"]
                    yield module, node, names[0] if names else ""


def test_every_task_has_a_row_with_its_queue(tasks):
    routed = {name: current_app.amqp.router.route({}, name)["queue"].name for name in tasks}
    assert routed == QUEUES


def test_every_task_is_named_after_its_app_by_hand():
    found = {name: module for module, _node, name in written()}
    assert found.keys() == QUEUES.keys()
    for name, module in found.items():
        assert NAME.fullmatch(name), name
        assert module.parts[-1] == "tasks", module.path
        assert name.split(".")[0] == module.parts[-2], module.path


def test_what_beat_sends_is_known_and_takes_it(tasks):
    for entry, job in settings.CELERY_BEAT_SCHEDULE.items():
        task = tasks[job["task"]]
        task.__header__(*job.get("args", ()), **job.get("kwargs", {}))
        assert re.fullmatch(r"[a-z]+(-[a-z]+)+", entry)


def test_every_task_is_scheduled_or_sent():
    scheduled = {job["task"] for job in settings.CELERY_BEAT_SCHEDULE.values()}
    code = "".join(module.text for module in source.apps() if module.parts[-1] != "tasks")
    for _module, node, name in written():
        sent = f'"{name}"' in code or re.search(rf"\b{node.name}\.(delay|apply_async)", code)
        assert name in scheduled or sent, name


def test_tasks_are_acknowledged_when_done_not_when_begun(tasks):
    """A worker that is killed gives its task back; every task may run twice."""
    for name, task in tasks.items():
        assert task.acks_late, name
        assert task.reject_on_worker_lost, name
        assert task.ignore_result, name


def test_tasks_take_ids_and_plain_values():
    plain = {"int", "str", "bool", "int | None", "str | None", "list[int]"}
    for module, node, _name in written():
        for argument in [*node.args.args, *node.args.kwonlyargs]:
            assert ast.unparse(argument.annotation) in plain, source.where(module, argument)
