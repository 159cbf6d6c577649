"""Doors for the scheduler and the workers: each may run twice, late or in parallel."""

from datetime import timedelta
from typing import Any

from celery import Task, shared_task
from django.utils import timezone

from . import actions


class RunTask(Task):  # type: ignore[type-arg]
    """Runs that write down why they failed; the sweep tries each again."""

    def on_failure(self, exc: Exception, task_id: str, args: Any, kwargs: Any, einfo: Any) -> None:
        """Keep the error where people look for it."""
        run_ids = kwargs.get("run_ids") or args[0]
        actions.note_failure(run_ids=run_ids, error=f"{type(exc).__name__}: {exc}")


@shared_task(name="qc.plan_checks")
def plan_checks() -> int:
    """Plan every alliance's checks of the day that has just ended."""
    return len(actions.plan_runs(day=timezone.localdate() - timedelta(days=1)))


@shared_task(name="qc.run_check", base=RunTask)
def run_check(run_ids: list[int]) -> int:
    """Carry out the runs of a check for a day, unless they are done or somebody is at them."""
    return actions.carry_out_all(run_ids=run_ids)


@shared_task(name="qc.sweep_runs")
def sweep_runs() -> int:
    """Call workers again for runs whose message was lost or whose worker was killed."""
    return len(actions.sweep_runs())
