"""Numbers for machines: to whom they are shown, and what they never say."""

import pytest
from prometheus_client import CONTENT_TYPE_LATEST

from alliance.core import metrics, outbox

pytestmark = pytest.mark.django_db
ADDRESS = "/metrics"


def bearing(token):
    return {"Authorization": f"Bearer {token}"}


def test_without_a_token_there_are_no_numbers(client, settings):
    assert client.get(ADDRESS).status_code == 404
    assert client.get(ADDRESS, headers=bearing("")).status_code == 404


@pytest.mark.parametrize("headers", [{}, bearing("wrong"), {"Authorization": "right"}])
def test_the_token_must_be_right(client, settings, headers):
    settings.METRICS_TOKEN = "right"
    refused = client.get(ADDRESS, headers=headers)
    assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert refused.content == b""


def test_who_knows_the_token_reads_requests_and_backlog(client, settings):
    settings.METRICS_TOKEN = "right"
    outbox.put("test.topic")
    client.get("/health/live/")
    shown = client.get(ADDRESS, headers=bearing("right"))
    assert shown.headers["Content-Type"] == CONTENT_TYPE_LATEST
    text = shown.content.decode()
    assert 'yilian_requests_total{method="GET",route="core:live",status="200"}' in text
    assert "yilian_outbox_waiting 1.0" in text
    assert "yilian_ledger_unsealed 0.0" in text


def test_development_and_demonstration_show_them(client, settings):
    settings.METRICS_OPEN = True
    assert client.get(ADDRESS).status_code == 200


def test_made_up_methods_share_a_name(client):
    client.generic("BREW", "/health/live/")
    text = metrics.exposition().decode()
    assert "BREW" not in text
    assert 'yilian_requests_total{method="other",route="core:live",status="405"}' in text
