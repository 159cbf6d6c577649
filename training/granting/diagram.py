"""The machine of an application as a page of the documents: docs/states/application.md."""

from alliance.core import diagrams

from .choices import Status
from .workflow import FINAL, FIRST, TRANSITIONS


@diagrams.page("application")
def application() -> str:
    """States and moves of an application for a privilege."""
    machine = diagrams.Machine(
        title="Application for a privilege",
        made_from="training/granting/workflow.py",
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
