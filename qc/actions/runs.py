"""Runs of checks: planned once, carried out once, however often and wherever somebody tries.

A run is a row: one check of one alliance for one day. Planning writes it; a worker claims a group of
them, of many alliances, and does all their work in one transaction that holds the rows, so a killed
worker leaves nothing behind but rows that still wait. The sweep finds such rows, and has what failed
once tried by itself, so that an alliance whose data break a check keeps no other from being looked at.
Runs of the same check and alliance wait for each other: each compares with those before.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from alliance.core import compliance, ledger, outbox
from alliance.core.access import require
from alliance.core.choices import Permission
from alliance.core.policy import policies_of
from alliance.institutions.models import Alliance

from ..choices import RunState
from ..models import CheckRun, Finding
from .comparing import compare
from .telling import tell_opened

# How long a claim keeps others from trying the same runs; the rows' locks protect the work itself.
_CLAIMED_FOR = timedelta(minutes=2)
# A run that has waited so long for a worker is called for again.
_PATIENCE = timedelta(minutes=5)
_SWEPT = 500
# Alliances that one worker looks at together: asking costs per question, a lost worker all of them.
TOGETHER = 50
_MOST = "finding.run_attempts_most"


@transaction.atomic
def plan_runs(*, day: date) -> list[int]:
    """Plan every alliance's checks for a day; return the keys of the new runs.

    What has been planned or done for that day is left alone, so planning twice changes nothing. A
    check that is switched off is planned once more while it still has findings, to clear them.
    """
    active = Alliance.objects.filter(is_active=True).order_by("pk").values_list("pk", flat=True)
    return _planned(_owed(list(active), day))


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


def _owed(alliance_ids: list[int], day: date) -> list[CheckRun]:
    # A run asked for while the day lasted has not seen the whole of it.
    enough = Q(state=RunState.WAITING) | Q(
        state=RunState.DONE, started_at__gte=compliance.end_of(day)
    )
    runs = CheckRun.objects.filter(enough, alliance__in=alliance_ids, day=day)
    known = set(runs.values_list("alliance_id", "check_code"))
    settings = compliance.in_force_of(alliance_ids=alliance_ids, on=day)
    wanted = [
        (pk, code, setting.is_on)
        for pk, held in settings.items()
        for code, setting in held.items()
        if (pk, code) not in known
    ]
    off = {(pk, code) for pk, code, is_on in wanted if not is_on}
    still_open = off & _with_findings({code for _pk, code in off}, day)
    return [
        CheckRun(alliance_id=pk, check_code=code, day=day)
        for pk, code, is_on in wanted
        if is_on or (pk, code) in still_open
    ]


def _with_findings(codes: Collection[str], day: date) -> set[tuple[int, str]]:
    rows = Finding.objects.wrong_on(day).filter(check_code__in=codes).order_by()
    return set(rows.values_list("alliance_id", "check_code").distinct())


def _planned(runs: list[CheckRun]) -> list[int]:
    """Store runs unless the same ones wait already, and call workers for those that are new."""
    CheckRun.objects.bulk_create(runs, ignore_conflicts=True)
    new = CheckRun.objects.filter(public_id__in=[run.public_id for run in runs])
    keys = list(new.order_by("pk").values_list("pk", flat=True))
    _call_workers(keys)
    return keys


def sweep_runs() -> list[int]:
    """Call workers again for runs that still wait: a message was lost, or a worker killed."""
    waiting = CheckRun.objects.waiting().filter(available_at__lte=Now() - _PATIENCE)
    keys = list(waiting.order_by("available_at").values_list("pk", flat=True)[:_SWEPT])
    _call_workers(keys)
    return keys


def _call_workers(keys: list[int]) -> None:
    outbox.put_all("qc.run", [{"run_ids": group} for group in _groups(keys)])


def _groups(run_ids: Collection[int]) -> list[list[int]]:
    """Runs that may be carried out together: one check, one day; what failed before is alone."""
    rows = CheckRun.objects.filter(pk__in=run_ids).order_by("pk")
    groups: dict[tuple[Any, ...], list[int]] = {}
    for pk, code, day, attempts in rows.values_list("pk", "check_code", "day", "attempts"):
        alone = pk if attempts else None
        groups.setdefault((day, code, alone), []).append(pk)
    return [
        group[start : start + TOGETHER]
        for group in groups.values()
        for start in range(0, len(group), TOGETHER)
    ]


def carry_out(*, run_id: int) -> bool:
    """Do a waiting run; False where there is nothing (more) to do or somebody else is at it."""
    return carry_out_all(run_ids=[run_id]) == 1


def carry_out_all(*, run_ids: Collection[int]) -> int:
    """Do waiting runs, those of one check and day together; how many were done."""
    return sum(_work(runs) for group in _groups(run_ids) if (runs := _claim(group)))


@transaction.atomic
def _claim(run_ids: Collection[int]) -> list[CheckRun]:
    # When a run may be tried is told by the database's clock alone: workers' clocks differ.
    now, later = timezone.now(), Now() + _CLAIMED_FOR
    runs: list[CheckRun] = list(
        CheckRun.objects.select_for_update(skip_locked=True)
        .waiting()
        .filter(pk__in=run_ids, available_at__lte=Now())
        .order_by("pk")
    )
    alliances = {run.alliance_id for run in runs}
    most = policies_of(alliance_ids=alliances, on=timezone.localdate(), keys=[_MOST])
    claimed = [run for run in runs if run.attempts < most[run.alliance_id][_MOST]]
    given_up = {run.pk for run in runs} - {run.pk for run in claimed}
    tried = {"attempts": F("attempts") + 1, "started_at": now, "updated_at": now}
    CheckRun.objects.filter(pk__in=given_up).update(
        **tried, state=RunState.FAILED, finished_at=now, available_at=later
    )
    CheckRun.objects.filter(pk__in=[run.pk for run in claimed]).update(**tried, available_at=later)
    for run in claimed:
        run.attempts += 1
    return claimed


@transaction.atomic
def _work(claimed: list[CheckRun]) -> int:
    attempts = {run.pk: run.attempts for run in claimed}
    mine = CheckRun.objects.select_for_update().waiting().filter(pk__in=attempts).order_by("pk")
    runs = [run for run in mine if run.attempts == attempts[run.pk]]
    if not runs:
        return 0
    code = runs[0].check_code
    _wait_for_others(runs)
    if code in compliance.checks():
        _compared(runs)
    else:  # a later release dropped the check; its findings stay as history
        for run in runs:
            run.state, run.last_error = RunState.FAILED, "no such check"
    now = timezone.now()
    for run in runs:
        run.finished_at = run.updated_at = now
    CheckRun.objects.bulk_update(runs, _OUTCOME)
    return len(runs)


_OUTCOME = ["state", "found", "opened", "cleared", "last_error", "finished_at", "updated_at"]


def _compared(runs: list[CheckRun]) -> None:
    code, day = runs[0].check_code, runs[0].day
    held = compliance.in_force_of(
        alliance_ids=[run.alliance_id for run in runs], on=day, codes=[code]
    )
    counted = compare(runs, {pk: settings[code] for pk, settings in held.items()})
    for run in runs:
        counts = counted[run.alliance_id]
        run.found, run.opened, run.cleared = counts.found, counts.opened, counts.cleared
        run.state, run.last_error = RunState.DONE, ""
    tell_opened([run for run in runs if run.opened and not counted[run.alliance_id].is_late])


def _wait_for_others(runs: list[CheckRun]) -> None:
    """One run of a check and alliance at a time, until this transaction ends; always in one order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(alliance_id, hashtext(%s))"
            " FROM unnest(%s::int[]) alliance_id",
            [runs[0].check_code, sorted(run.alliance_id for run in runs)],
        )


def note_failure(*, run_ids: Collection[int], error: str) -> None:
    """Write down why an attempt ended; the sweep tries again until policy says enough."""
    CheckRun.objects.waiting().filter(pk__in=run_ids).update(last_error=error[:2000])
