"""What an alliance begins with: a bank on the basics of laparoscopy, and the usual stations.

The questions are ours, for practice and as an example of how a bank is written; each alliance
reviews them before it lets anybody pass by them. Read once, when somebody loads them.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

from .. import rules
from ..choices import Metric, QuestionKind, StationKind

BANK: Final = "腹腔镜基础与安全"
NOTE: Final = "起步题库：使用前请由本医联体审定。"
_LETTERS: Final = "abcd"


class StarterError(Exception):
    """A starter file is wrong; the message names the row and the reason."""


@dataclass(frozen=True, slots=True)
class StationRow:
    """A usual station; its threshold is the policy setting `station.<code>`."""

    code: str
    name: str
    kind: StationKind
    metric: Metric


def questions() -> list[dict[str, Any]]:
    """The starter questions, as the fields of a question."""
    return [_question(cells) for cells in _rows("questions.csv")]


@cache
def stations() -> tuple[StationRow, ...]:
    """The five FLS tasks and the animal cases, in the order in which they are trained."""
    return tuple(
        StationRow(
            cells["code"], cells["name"], StationKind(cells["kind"]), Metric(cells["metric"])
        )
        for cells in _rows("stations.csv")
    )


def _question(cells: dict[str, str]) -> dict[str, Any]:
    options = [cells[f"option_{letter}"] for letter in _LETTERS]
    row: dict[str, Any] = {
        "kind": QuestionKind(cells["kind"]),
        "text": cells["text"],
        "options": [option for option in options if option],
        "answer": rules.numbers(cells["answer"]),
    }
    if errors := rules.question_errors(**row):
        raise StarterError(f"{cells['code']}: {errors}")
    return row | {"code": cells["code"], "explanation": cells["explanation"]}


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = (resources.files(__name__) / name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines(keepends=True), strict=True)
