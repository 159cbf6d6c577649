"""Telling the houses what was newly found wrong with them."""

from django.db.models import Count

from alliance.core import outbox
from alliance.core.choices import Severity

from ..models import CheckRun, Finding

# What is only for attention waits on the page; nobody is called for it.
_TOLD = (Severity.MAJOR, Severity.CRITICAL)


def tell_opened(run: CheckRun) -> None:
    """Promise one notice per institution with new findings of some weight; none for old days."""
    new = Finding.objects.filter(opened_by=run, cleared_on=None, severity__in=_TOLD)
    rows = new.values("institution_id").annotate(count=Count("pk")).order_by("institution_id")
    outbox.put_all(
        "qc.found",
        [
            {"run_id": run.pk, "institution_id": row["institution_id"], "count": row["count"]}
            for row in rows
        ],
    )
