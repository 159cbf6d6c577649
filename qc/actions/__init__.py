"""The only writers of runs and findings."""

from .findings import assign_finding, end_waiver, waive_finding
from .runs import carry_out, carry_out_all, note_failure, plan_runs, run_now, sweep_runs

__all__ = [
    "assign_finding",
    "carry_out",
    "carry_out_all",
    "end_waiver",
    "note_failure",
    "plan_runs",
    "run_now",
    "sweep_runs",
    "waive_finding",
]
