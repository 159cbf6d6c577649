"""Numbers for Prometheus: requests by route, outbox waiting, ledger unsealed."""

import os
from collections.abc import Iterator
from http import HTTPMethod

from django.db import connection
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from . import outbox, selectors

REQUESTS = Counter("yilian_requests", "Requests answered", ["method", "route", "status"])
SECONDS = Histogram("yilian_request_seconds", "Time to answer", ["route"])


def observe(method: str, route: str, status: int, seconds: float) -> None:
    """Count one answered request; methods that nobody knows share a name."""
    known = method if method in HTTPMethod.__members__ else "other"
    REQUESTS.labels(known, route, str(status)).inc()
    SECONDS.labels(route).observe(seconds)


class BacklogCollector(Collector):
    """Reads the backlog at scrape time: each query touches little more than what is waiting."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the gauges."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*), coalesce(extract(epoch FROM now() - min(created_at)), 0) FROM"
                " core_outboxmessage WHERE done_at IS NULL AND given_up_at IS NULL"
            )
            waiting, age = cursor.fetchone()
        yield GaugeMetricFamily("yilian_outbox_waiting", "Effects not yet carried out", waiting)
        yield GaugeMetricFamily("yilian_outbox_oldest_seconds", "Age of the oldest", float(age))
        lost = outbox.given_up().count()
        yield GaugeMetricFamily("yilian_outbox_given_up", "Effects tried too often", lost)
        unsealed = selectors.ledger_waiting()
        yield GaugeMetricFamily("yilian_ledger_unsealed", "Lines without a seal", unsealed)


def exposition() -> bytes:
    """All numbers as text: of every web process where there are several, and the backlog."""
    requests, backlog = REGISTRY, CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        requests = CollectorRegistry()
        MultiProcessCollector(requests)  # type: ignore[no-untyped-call]
    backlog.register(BacklogCollector())
    return generate_latest(requests) + generate_latest(backlog)
