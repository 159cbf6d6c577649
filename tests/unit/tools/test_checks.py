"""What the run of all tests must reach: the rule, and what a person reads who broke it."""

import json
import sys

import pytest

from tools import checks

REACHED = {"missing_lines": [], "missing_branches": []}


# Stands for pytest: leaves behind what it is told to have reached, and ends as it is told.
RUN = """
import os, pathlib, sys
pathlib.Path(os.environ["MEASURED"], "alone.json").write_text(sys.argv[1])
sys.exit(int(sys.argv[2]))
"""
# Stands for coverage.py: its report is what was left behind.
REPORT = """
import os, pathlib, sys
report, least = sys.argv[1:]
pathlib.Path(report).write_text(pathlib.Path(os.environ["MEASURED"], "alone.json").read_text())
sys.exit("least" in pathlib.Path(report).read_text() and least == "90")
"""


@pytest.fixture(autouse=True)
def own_folder(monkeypatch, tmp_path):
    monkeypatch.setattr(checks, "RUN", tmp_path)
    monkeypatch.setattr(checks, "REPORT", [sys.executable, "-c", REPORT])


def run_of(files, code=0):
    """A run of all tests that reached so much of these files."""
    return [sys.executable, "-c", RUN, json.dumps({"files": files}), code]


@pytest.mark.parametrize(
    "path",
    ["referrals/workflow.py", "qc/actions/runs.py", "alliance/patients/querysets.py"],
)
def test_a_line_or_branch_of_a_rule_that_no_test_reaches_fails_and_is_named(path, capsys):
    files = {path: {"missing_lines": [7, 9], "missing_branches": [[5, 7], [8, -3]]}}
    assert checks.measured(run_of(files), {}) == 1
    assert f"  {path}: 7, 9, 5→7, 8→end\n" in capsys.readouterr().out


def test_what_lies_outside_the_rules_counts_in_the_whole_only(capsys):
    some = {"missing_lines": [7], "missing_branches": []}
    files = {"referrals/views_list.py": some, "qc/rules.py": REACHED, "qc/ruleset.py": some}
    assert checks.measured(run_of(files), {}) == 0
    assert capsys.readouterr().out.startswith("✓ coverage")


def test_too_little_of_the_whole_fails(capsys):
    assert checks.measured(run_of({"below the least": REACHED}), {}) == 1
    assert capsys.readouterr().out == ""


def test_failing_tests_fail_whatever_they_reach():
    assert checks.measured(run_of({}, code=3), {}) == 3


def test_a_run_never_counts_what_an_earlier_one_reached(tmp_path):
    left = tmp_path / "test" / "coverage" / "data.of-a-killed-worker"
    left.parent.mkdir(parents=True)
    left.touch()
    assert checks.measured(run_of({}), {}) == 0
    assert sorted(path.name for path in left.parent.iterdir()) == ["alone.json", "report.json"]
