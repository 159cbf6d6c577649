"""Runs of checks: planned once, carried out once, however often and wherever somebody tries.

A run is a row. Planning writes it; a worker claims it, and does all its work in one transaction
that holds the row, so a killed worker leaves nothing behind but a row that still waits. The sweep
finds such rows. Runs of the same check wait for each other: each compares with those before.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from alliance.core import compliance, ledger, outbox
from alliance.core.access import require
from alliance.core.choices import Permission
from alliance.core.policy import policy
from alliance.institutions.models import Alliance

from ..choices import RunState
from ..models import CheckRun, Finding
from .comparing import compare
from .telling import tell_opened

# How long a claim keeps others from trying the same run; the row's lock protects the work itself.
_CLAIMED_FOR = timedelta(minutes=2)
# A run that has waited so long for a worker is called for again.
_PATIENCE = timedelta(minutes=5)
_SWEPT = 500


@transaction.atomic
def plan_runs(*, day: date) -> list[int]:
    """Plan every alliance's checks for a day; return the keys of the new runs.

    What has been planned or done for that day is left alone, so planning twice changes nothing. A
    check that is switched off is planned once more while it still has findings, to clear them.
    """
    runs = [run for alliance in _alliances() for run in _owed(alliance, day)]
    return _planned(runs)


@transaction.atomic
def run_now(*, alliance: Alliance, day: date, by: Any, code: str = "") -> list[int]:
    """Run one check (or all) of an alliance for a day again, because somebody asks."""
    require(by, Permission.CHECK_RUN, alliance_id=alliance.pk)
    codes = [code] if code else list(compliance.checks())
    runs = [
        CheckRun(alliance=alliance, check_code=one, day=day, asked_by=by)
        for one in codes
        if one in compliance.checks()
    ]
    ledger.record("checks.run", by=by, subject=alliance, day=str(day), code=code)
    return _planned(runs)


def _alliances() -> list[Alliance]:
    return list(Alliance.objects.filter(is_active=True).order_by("pk"))


def _owed(alliance: Alliance, day: date) -> list[CheckRun]:
    mine = CheckRun.objects.filter(alliance=alliance, day=day)
    # A run asked for while the day lasted has not seen the whole of it.
    enough = Q(state=RunState.WAITING) | Q(
        state=RunState.DONE, started_at__gte=compliance.end_of(day)
    )
    known = set(mine.filter(enough).values_list("check_code", flat=True))
    open_codes = set(
        Finding.objects.filter(alliance=alliance).wrong_on(day).values_list("check_code", flat=True)
    )
    settings = compliance.in_force(alliance_id=alliance.pk, on=day)
    return [
        CheckRun(alliance=alliance, check_code=code, day=day)
        for code, setting in settings.items()
        if code not in known and (setting.is_on or code in open_codes)
    ]


def _planned(runs: list[CheckRun]) -> list[int]:
    """Store runs unless the same ones wait already, and call workers for those that are new."""
    CheckRun.objects.bulk_create(runs, ignore_conflicts=True)
    new = CheckRun.objects.filter(public_id__in=[run.public_id for run in runs])
    keys = list(new.order_by("pk").values_list("pk", flat=True))
    _call_workers(keys)
    return keys


def sweep_runs() -> list[int]:
    """Call workers again for runs that still wait: a message was lost, or a worker killed."""
    waiting = CheckRun.objects.waiting().filter(available_at__lte=timezone.now() - _PATIENCE)
    keys = list(waiting.order_by("available_at").values_list("pk", flat=True)[:_SWEPT])
    _call_workers(keys)
    return keys


def _call_workers(keys: list[int]) -> None:
    outbox.put_all("qc.run", [{"run_id": key} for key in keys])


def carry_out(*, run_id: int) -> bool:
    """Do a waiting run; False where there is nothing (more) to do or somebody else is at it."""
    run = _claim(run_id)
    return run is not None and _work(run)


@transaction.atomic
def _claim(run_id: int) -> CheckRun | None:
    now = timezone.now()
    run: CheckRun | None = (
        CheckRun.objects.select_for_update(skip_locked=True)
        .waiting()
        .filter(pk=run_id, available_at__lte=now)
        .first()
    )
    if run is None:
        return None
    most = policy("finding.run_attempts_most", on=timezone.localdate(), alliance_id=run.alliance_id)
    if run.attempts >= most:
        run.state, run.finished_at = RunState.FAILED, now
    run.attempts += 1
    run.started_at, run.available_at = now, now + _CLAIMED_FOR
    run.save()
    return run if run.state == RunState.WAITING else None


@transaction.atomic
def _work(claimed: CheckRun) -> bool:
    mine = CheckRun.objects.select_for_update().waiting()
    run = mine.filter(pk=claimed.pk, attempts=claimed.attempts).first()
    if run is None:
        return False
    _wait_for_others(run)
    setting = compliance.in_force(alliance_id=run.alliance_id, on=run.day).get(run.check_code)
    if setting is None:  # a later release dropped the check; its findings stay as history
        run.last_error = "no such check"
    else:
        counts = compare(run, setting)
        run.found, run.opened, run.cleared = counts.found, counts.opened, counts.cleared
        run.last_error = ""
        if not counts.is_late:
            tell_opened(run)
    run.state = RunState.FAILED if setting is None else RunState.DONE
    run.finished_at = timezone.now()
    run.save()
    return True


def _wait_for_others(run: CheckRun) -> None:
    """One run of a check and alliance at a time, until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [run.alliance_id, run.check_code]
        )


def note_failure(*, run_id: int, error: str) -> None:
    """Write down why an attempt ended; the sweep tries again until policy says enough."""
    CheckRun.objects.waiting().filter(pk=run_id).update(last_error=error[:2000])
