"""Tells coverage.py what the processes of tests passed, and lets it write its report.

`python -m tests.measuring.report FILE LEAST` writes FILE and fails below LEAST percent. Which lines
count, which decisions there are and what is excluded is coverage.py's word alone.
"""

import json
import os
import sys
from fnmatch import fnmatch
from pathlib import Path

from coverage import Coverage, CoverageData
from coverage.python import PythonFileReporter

from .marks import Branch, Marked

FOLDER = "MEASURED"


def sources() -> tuple[list[str], list[str]]:
    """Which packages are measured, and which of their files are not."""
    settings = Coverage(data_file=None)
    return list(settings.get_option("run:source")), list(settings.get_option("run:omit"))


def is_ours(path: Path, omit: list[str]) -> bool:
    """Tell whether a file of our packages is measured."""
    return path.suffix == ".py" and not any(fnmatch(str(path.resolve()), f"*{no}") for no in omit)


def merged(folder: Path) -> dict[str, set[int]]:
    """Put together which marks any process passed."""
    passed: dict[str, set[int]] = {}
    for part in folder.glob("*.json"):
        for path, numbers in json.loads(part.read_text()).items():
            passed.setdefault(path, set()).update(numbers)
    return passed


def arcs(reporter: PythonFileReporter, passed: set[int]) -> set[tuple[int, int]]:
    """Say in coverage.py's words what passing these marks means: from line to line."""
    lines, ways, found = reporter.lines(), _ways(reporter), set()
    for number, facts in enumerate(Marked(Path(reporter.filename).read_bytes()).facts):
        if number not in passed:
            continue
        for fact in facts:
            if isinstance(fact, Branch):
                leads = {to for to in ways.get(fact.line, ()) if (to != fact.body) == fact.away}
                found |= {(fact.line, to) for to in leads}
            else:
                found |= {(-1, line) for line in range(fact.first, fact.last + 1) if line in lines}
    return found


def _ways(reporter: PythonFileReporter) -> dict[int, set[int]]:
    """Where each line may lead to."""
    ways: dict[int, set[int]] = {}
    for line, to in reporter.arcs():
        ways.setdefault(line, set()).add(to)
    return ways


def main(report: str, least: str) -> int:
    """Write the report; return whether it is below what is asked for."""
    folder = Path(os.environ[FOLDER])
    coverage = Coverage(data_file=str(folder / "data"))
    passed, data = merged(folder), CoverageData(str(folder / "data"))
    apps, omit = sources()
    for path in (path.resolve() for app in apps for path in Path(app).rglob("*.py")):
        if is_ours(path, omit):
            reporter = PythonFileReporter(str(path), coverage)
            data.add_arcs({str(path): arcs(reporter, passed.get(str(path), set()))})
            data.touch_file(str(path))
    data.write()
    coverage.load()
    total = coverage.json_report(outfile=report)
    print(f"Tests reach {total:.2f} % of the code; {least} % is the least.")
    return total < float(least)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
