"""What tests reach is noted by marks of our own: the same as coverage.py's tracer sees.

Of one statement a line, that is, as the formatter leaves them.
"""

import json
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location

import pytest
from coverage import Coverage
from coverage.python import PythonFileReporter

from tests.measuring.marks import NAME, Marked
from tests.measuring.report import arcs

SAMPLE = '''
"""Every kind of statement, some of them never carried out."""

from __future__ import annotations

import contextlib
import functools


@functools.lru_cache(
    maxsize=None,
)
def decide(
    number: int,
    *,
    word: str = "",
) -> str:
    """Say which it is."""
    if (
        number > 2
        and word
    ):
        return "both"
    elif number > 1:
        answer = "number"
    elif number:
        answer = "one"
    else:
        answer = "none"
    return answer


class Thing:
    """A thing."""

    size = 1
    if size:
        colour = "red"
    else:
        colour = "blue"

    @property
    @functools.cache
    def double(self):
        return self.size * 2

    def unasked(self):
        return 0

    def within(self):
        @functools.cache
        def inner():
            return 0

        return inner()

    def told(self):
        """Nothing but this."""


def loops(rows):
    global found
    found = []
    for row in rows:
        if row == 3:
            break
        if row % 2:
            continue
        found.append(
            row,
        )
    else:
        found.append("end")
    while rows:
        rows = rows[1:]
        if len(rows) == 1:
            return found
    for row in found:
        pass
    return [
        row
        for row in found
        if row
    ]


def tries(text):
    try:
        number = int(text)
    except KeyError:
        number = 1
    except (ValueError, TypeError) as error:
        number = str(error)
        if text is None:
            raise
    else:
        number += 1
    finally:
        text = ""
    with contextlib.suppress(ZeroDivisionError):
        number = 1 / 0
    while True:
        if number:
            break
    try:
        raise OSError
    except:
        return number


def cases(given):
    match given:
        case 1 | 2:
            answer = "few"
        case str() as word if word:
            answer = "word"
        case [first, *_]:
            answer = first
    match given:
        case 1:
            return "one"
        case _:
            answer = "other"
    return answer


def counts(rows):
    for row in rows:
        yield row
    if not rows:
        return
    assert rows
    del rows


def hidden():  # pragma: no cover
    return 1


if __name__ == "never":
    raise SystemExit
'''.lstrip()

USES = {
    "nothing": "",
    "once": "m.decide(2); m.Thing().told(); m.Thing().within(); m.loops([1, 2, 3]); m.tries('1'); list(m.counts([1]))",
    "otherwise": (
        "m.decide(3, word='a'); m.decide(0); m.loops([]); m.loops([2, 4]); m.tries('a');"
        "m.cases(1); m.cases('word'); m.cases([]); list(m.counts([])); m.Thing.double"
    ),
    "with problems": (
        "m.loops([5]); m.loops([1, 5]); m.decide(1); m.cases([7]); m.cases('');"
        "next(m.counts([1]));\ntry: m.tries(None)\nexcept TypeError: pass"
    ),
}
TRACED = """
import json, sys
from coverage import Coverage
coverage = Coverage(branch=True, data_file=None, config_file=False, include="*/sample.py")
coverage.start()
import sample as m
exec(sys.argv[1])
coverage.stop()
coverage.json_report(outfile="traced.json")
"""


def report(path):
    """What coverage.py says of the only file in a report."""
    (found,) = json.loads(path.read_text())["files"].values()
    kinds = ("executed_lines", "missing_lines", "executed_branches", "missing_branches")
    return {kind: found[kind] for kind in kinds}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_marks_tell_what_the_tracer_tells(tmp_path, use):
    sample = tmp_path / "sample.py"
    sample.write_text(SAMPLE)
    tracing = [sys.executable, "-c", TRACED, use]
    subprocess.run(tracing, cwd=tmp_path, check=True, capture_output=True)

    marked = Marked(SAMPLE.encode())
    spec = spec_from_file_location("sample", sample)
    module, passed = module_from_spec(spec), [0] * len(marked.facts)
    setattr(module, NAME, passed)
    exec(compile(marked.tree, sample, "exec"), module.__dict__)  # noqa: S102
    exec(use, {"m": module})  # noqa: S102

    coverage = Coverage(branch=True, data_file=str(tmp_path / "data"), config_file=False)
    reached = {number for number, once in enumerate(passed) if once}
    data = coverage.get_data()
    data.add_arcs({str(sample): arcs(PythonFileReporter(str(sample), coverage), reached)})
    coverage.json_report(outfile=str(tmp_path / "marked.json"))
    assert report(tmp_path / "marked.json") == report(tmp_path / "traced.json")


def test_marks_leave_texts_and_names_alone():
    marked = Marked(SAMPLE.encode())
    names = {NAME: [0] * len(marked.facts), "__name__": "sample"}
    exec(compile(marked.tree, "sample.py", "exec"), names)  # noqa: S102
    assert names["__doc__"] == "Every kind of statement, some of them never carried out."
    assert names["decide"].__doc__ == "Say which it is."
    assert names["Thing"].__doc__ == "A thing."
    assert names["Thing"].told.__doc__ == "Nothing but this."
    assert NAME not in vars(names["Thing"])
