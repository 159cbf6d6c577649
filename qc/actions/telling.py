"""Telling the houses what was newly found wrong with them."""

from django.db.models import Count

from alliance.core import outbox
from alliance.core.choices import Severity

from ..models import CheckRun, Finding

# What is only for attention waits on the page; nobody is called for it.
_TOLD = (Severity.MAJOR, Severity.CRITICAL)


def tell_opened(runs: list[CheckRun]) -> None:
    """Promise one notice per run and institution with new findings of some weight."""
    new = Finding.objects.filter(opened_by__in=runs, cleared_on=None, severity__in=_TOLD)
    rows = (
        new.values_list("opened_by", "institution_id")
        .annotate(count=Count("pk"))
        .order_by("opened_by", "institution_id")
    )
    outbox.put_all(
        "qc.found",
        [{"run_id": run, "institution_id": house, "count": count} for run, house, count in rows],
    )
