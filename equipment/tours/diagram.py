"""The machine of a tour as a page of the documents: docs/states/tour.md."""

from alliance.core import diagrams

from .choices import Status
from .workflow import FINAL, FIRST, TRANSITIONS


@diagrams.page("tour")
def tour() -> str:
    """States and moves of a tour."""
    machine = diagrams.Machine(
        title="Tour of devices",
        made_from="equipment/tours/workflow.py",
        states=Status,
        first=FIRST,
        final=FINAL,
        arrows=[
            diagrams.Arrow(move, row.sources, row.target, {"needs": ", ".join(row.needs)})
            for move, row in TRANSITIONS.items()
        ],
    )
    return machine.markdown()
