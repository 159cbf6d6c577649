"""What imports do for the outbox: hand the work to a worker, where it may take its time."""

from .. import outbox
from ..tasks import check_import, run_import


@outbox.handler("core.check_import")
def start_check(*, job_id: int) -> None:
    """Have the dry run done."""
    check_import.delay(job_id)


@outbox.handler("core.run_import")
def start_run(*, job_id: int) -> None:
    """Have the rows brought in."""
    run_import.delay(job_id)
