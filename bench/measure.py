"""What was measured of one act, and the tables that show it."""

import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection


@dataclass
class Measure:
    """One act: its times in ms, how much of them it waited for SQL, and its statements sent bare.

    `four` is kept for writes: the part of `bare` that row, event, ledger and outbox take.
    """

    name: str
    times: list[float] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    four: list[float] = field(default_factory=list)
    sql: int = 0
    scans: list[str] = field(default_factory=list)

    def time(self, act: Callable[[], Any]) -> Any:
        """Carry out the act once and keep how long it took."""
        waited = 0.0

        def watch(execute: Any, *statement: Any) -> Any:
            nonlocal waited
            started = time.perf_counter()
            try:
                return execute(*statement)
            finally:
                waited += time.perf_counter() - started

        started = time.perf_counter()
        with connection.execute_wrapper(watch):
            answer = act()
        self.times.append((time.perf_counter() - started) * 1000)
        self.waited.append(waited * 1000)
        return answer

    def forget(self) -> None:
        """Drop what was measured while things were still cold."""
        for kept in (self.times, self.waited, self.bare, self.four):
            kept.clear()

    @property
    def p95(self) -> float:
        """The time that 95 of 100 acts kept within."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]

    def cells(self) -> list[str]:
        """The cells of its row."""
        p50, bare = statistics.median(self.times), statistics.median(self.bare)
        four = statistics.median(self.four) if self.four else None
        return [
            self.name,
            f"{p50:.1f}",
            f"{self.p95:.1f}",
            f"{min(self.times):.1f}",
            f"{statistics.median(self.waited):.1f}" if any(self.waited) else "",
            str(self.sql),
            f"{bare:.2f}",
            f"{p50 / bare:.1f}",
            f"{p50 / four:.1f}" if four else "",
            ", ".join(self.scans) or "none",
        ]


def size_table(measures: Iterable[Measure]) -> str:
    """One row an act."""
    heads = [
        "act", "p50 ms", "p95 ms", "least ms", "in SQL ms", "SQL", "bare p50 ms", "ratio",
        "ratio to the four inserts", "sequential scans of large tables",
    ]  # fmt: skip
    return table(heads, [measure.cells() for measure in measures])


def growth_table(measured: Mapping[int, Sequence[Measure]]) -> str:
    """For each act how its times at the largest size compare with those at the smallest."""
    small, large = min(measured), max(measured)
    heads = [
        "act", f"p95 at {large:,} / p95 at {small:,}", "p50 / p50", "least / least",
        "SQL at each size",
    ]  # fmt: skip
    rows = []
    for place, (first, last) in enumerate(zip(measured[small], measured[large], strict=True)):
        counts = sorted({acts[place].sql for acts in measured.values()})
        p50 = statistics.median(last.times) / statistics.median(first.times)
        least = min(last.times) / min(first.times)
        told = ", ".join(map(str, counts))
        rows.append([first.name, f"{last.p95 / first.p95:.2f}", f"{p50:.2f}", f"{least:.2f}", told])
    return table(heads, rows)


def table(heads: list[str], rows: list[list[str]]) -> str:
    """Heads and rows as Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
