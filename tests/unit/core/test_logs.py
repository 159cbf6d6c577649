"""What the log says of a request: the route, and nothing that somebody typed or holds."""

import copy
import io
import json
import logging
import sys
from logging.config import DictConfigurator

import pytest
from django.test import RequestFactory

from alliance.core import logs
from alliance.core.context import request_id
from tests import worlds

NUMBER = "330199198001010017"


@pytest.fixture
def written(settings):
    """Lines as production writes them, read back."""
    known = copy.deepcopy(settings.LOGGING)
    configurator, out = DictConfigurator(known), io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(configurator.configure_formatter(known["formatters"]["json"]))
    for name in known["handlers"]["console"]["filters"]:
        handler.addFilter(configurator.configure_filter(known["filters"][name]))

    def lines(record):
        handler.handle(record)
        return [json.loads(line) for line in out.getvalue().splitlines()]

    return lines


def record(name, message, *args, **extra):
    return logging.getLogger(name).makeRecord(
        name, logging.WARNING, "x.py", 1, message, args, None, extra=extra
    )


def test_a_refused_request_is_named_by_its_route(written, client):
    asked = RequestFactory().get("/api/v1/patients/", {"id_number": NUMBER})
    asked.resolver_match = type("Match", (), {"view_name": "api:patient-list"})
    (line,) = written(
        record(
            "django.request", "%s: %s", "Bad Request", asked.path, request=asked, status_code=400
        )
    )
    assert line["message"] == "Bad Request: api:patient-list"
    assert line["status_code"] == 400
    assert NUMBER not in str(line)


def test_an_address_that_leads_nowhere_is_not_repeated(written):
    asked = RequestFactory().get(f"/patients/{NUMBER}")
    (line,) = written(record("django.request", "%s: %s", "Not Found", asked.path, request=asked))
    assert line["message"] == "Not Found: unknown"


def test_a_developers_server_leaves_queries_out(written):
    message = '"%s" %s %s'
    (line,) = written(record("django.server", message, f"GET /x/?q={NUMBER} HTTP/1.1", "200", 17))
    assert line["message"] == '"GET /x/ HTTP/1.1" 200 17'


def test_other_lines_stay_as_they_are(written):
    request_id.set("r-12345678")
    (line,) = written(record("x", "why? because %s", "of this"))
    assert line["message"] == "why? because of this"
    assert line["request_id"] == "r-12345678"


@pytest.mark.parametrize(
    ("path", "view", "status", "said"),
    [
        ("/referrals/", "referrals:list", 200, True),
        ("/health/live/", "core:live", 200, False),
        ("/health/ready/", "core:ready", 503, True),
        ("/static/x.css", None, 200, False),
        ("/static/y.css", None, 404, True),
    ],
)
def test_what_machines_ask_all_the_time_is_not_logged(caplog, path, view, status, said):
    caplog.set_level(logging.INFO, "alliance.requests")
    asked = RequestFactory().get(path)
    asked.resolver_match = view and type("Match", (), {"view_name": view})
    logs.answered(asked, status, 0.0123)
    assert [one.getMessage() for one in caplog.records] == (
        [f"GET {view or 'unknown'} {status}"] if said else []
    )
    if said:
        assert caplog.records[0].milliseconds == 12


@pytest.mark.parametrize(
    ("status", "shown"), [(403, False), (404, False), (405, False), (500, True)]
)
def test_only_our_own_faults_show_where(written, status, shown):
    try:
        raise ValueError("because")
    except ValueError:
        fault = sys.exc_info()
    line = record("django.request", "Refused: %s", "x", status_code=status)
    line.exc_info = fault
    (said,) = written(line)
    assert ("because" in str(said)) is shown


def test_a_refusal_is_one_line(caplog, browser_of, db):
    browser_of(worlds.alliance().doctor).get("/referrals/inbox/")
    (line,) = [one for one in caplog.records if one.name == "django.request"]
    logs.DiscreetFilter().filter(line)
    assert (line.levelno, line.exc_info) == (logging.WARNING, None)
    assert line.getMessage() == "Forbidden (Permission denied): referrals:inbox"
