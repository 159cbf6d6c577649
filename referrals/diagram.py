"""The machine as Markdown with a Mermaid diagram; docs/states/referral.md is made from it."""

from collections.abc import Iterator

from alliance.core import diagrams

from .choices import Move, Side, Status
from .holding import CLOCKS, HOLDERS
from .workflow import FINAL, TRANSITIONS, Transition

NONE = "-"
_SKIPPED = {Move.CANCEL, Move.MARK_DECEASED, Move.MARK_ERROR, Move.LAPSE}


@diagrams.page("referral")
def markdown() -> str:
    """The whole page, in English with the Chinese name of each state."""
    head = diagrams.head("Referral", "referrals/workflow.py")
    return "\n".join([*head, *_diagram(), *_states(), *_moves()]) + "\n"


def _diagram() -> Iterator[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield f"    [*] --> {Status.DRAFT}"
    for row in TRANSITIONS:
        if row.move not in _SKIPPED:
            yield from _arrows(row)
    for status in sorted(FINAL):
        yield f"    {status} --> [*]"
    yield "```"
    yield ""
    names = ", ".join(f"`{move}`" for move in sorted(_SKIPPED))
    yield f"Left out of the picture, since they start almost everywhere: {names}."
    yield ""


def _arrows(row: Transition) -> Iterator[str]:
    for source in sorted(row.sources):
        yield f"    {source} --> {row.target or source}: {row.move}"
        if row.reviewed_target:
            yield f"    {source} --> {row.reviewed_target}: {row.move} (reviewed)"


def _states() -> Iterator[str]:
    yield "## States"
    yield ""
    yield "| state | 中文 | holder | clock |"
    yield "|---|---|---|---|"
    for status in Status:
        holder = HOLDERS.get(status, "-")
        yield f"| {status} | {diagrams.chinese(status)} | {holder} | {CLOCKS.get(status) or NONE} |"
    yield ""


def _moves() -> Iterator[str]:
    yield "## Moves"
    yield ""
    yield "| move | from | to | side | permission | needs | takes | guard |"
    yield "|---|---|---|---|---|---|---|---|"
    for row in TRANSITIONS:
        cells = [
            row.move,
            " ".join(sorted(row.sources)),
            row.target or "(stays)",
            row.side,
            "-" if row.side == Side.SYSTEM else row.permission,
            " ".join(row.required) or "-",
            " ".join(row.optional) or "-",
            " ".join(guard.code for guard in row.guards) or "-",
        ]
        yield "| " + " | ".join(str(cell) for cell in cells) + " |"
