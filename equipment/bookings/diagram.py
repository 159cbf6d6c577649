"""The machine of a booking as a page of the documents: docs/states/booking.md."""

from alliance.core import diagrams

from .choices import Status
from .workflow import FINAL, FIRST, TRANSITIONS


@diagrams.page("booking")
def booking() -> str:
    """States and moves of a booking."""
    machine = diagrams.Machine(
        title="Booking of devices",
        made_from="equipment/bookings/workflow.py",
        states=Status,
        first=FIRST[0],
        final=FINAL,
        arrows=[
            diagrams.Arrow(
                move,
                row.sources,
                row.target,
                {"sides": " ".join(row.sides), "needs": " ".join(row.needs)},
            )
            for move, row in TRANSITIONS.items()
        ],
    )
    return machine.markdown()
