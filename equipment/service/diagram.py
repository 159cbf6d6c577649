"""The machine of a work order as a page of the documents: docs/states/work-order.md."""

from alliance.core import diagrams

from .choices import Status
from .workflow import FINAL, FIRST, TRANSITIONS


@diagrams.page("work-order")
def work_order() -> str:
    """States and moves of a work order."""
    machine = diagrams.Machine(
        title="Work order",
        made_from="equipment/service/workflow.py",
        states=Status,
        first=FIRST,
        final=FINAL,
        arrows=[
            diagrams.Arrow(
                move,
                row.sources,
                row.target or "(as it was)",
                {"side": row.side, "needs": "reason" if row.needs_reason else ""},
            )
            for move, row in TRANSITIONS.items()
            if row.target
        ],
    )
    return machine.markdown()
