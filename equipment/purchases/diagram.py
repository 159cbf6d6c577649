"""The machine of a purchase as a page of the documents: docs/states/purchase.md."""

from alliance.core import diagrams

from .choices import Status
from .workflow import FINAL, FIRST, TRANSITIONS


@diagrams.page("purchase")
def purchase() -> str:
    """States and moves of an application for devices."""
    machine = diagrams.Machine(
        title="Purchase of devices",
        made_from="equipment/purchases/workflow.py",
        states=Status,
        first=FIRST,
        final=FINAL,
        arrows=[
            diagrams.Arrow(
                move,
                row.sources,
                row.target,
                {"side": row.side, "permission": row.permission, "needs": " ".join(row.needs)},
            )
            for move, row in TRANSITIONS.items()
        ],
    )
    return machine.markdown()
