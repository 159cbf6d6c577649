"""The API against its own document: whatever is sent, the answer is one that the document tells.

Requests are made up from the document, good ones and spoiled ones, with real ids mixed in, and sent
by another hospital's system with a real token.
"""

import io
from copy import deepcopy
from urllib.parse import parse_qs, urlsplit

import pytest
import schemathesis
from django.conf import settings as django_settings
from django.core.cache import cache
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, reset_queries, transaction
from django.test import override_settings
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig

from tests import worlds
from tests.access import equipment, things, training
from tests.access.cast import system_of

# Thousands of requests, to lines that tests of their own are to reach too.
pytestmark = pytest.mark.no_cover
COMMITTED = django_settings.BASE_DIR / "docs" / "openapi.yaml"
# The document cannot tell every rule of the domain, so good data may still be refused.
LEFT_OUT = [schemathesis.checks.positive_data_acceptance, schemathesis.checks.ignored_auth]
SPOILED = schemathesis.checks.negative_data_rejection


def test_the_committed_document_is_the_one_the_code_makes():
    made = io.StringIO()
    call_command("spectacular", lang="en", validate=True, fail_on_warn=True, stdout=made)
    assert made.getvalue() == COMMITTED.read_text(), "run ./dev fix"


MADE = SchemaGenerator().get_schema(request=None, public=True)


def document(*modes, examples):
    """The API as another system sees it: asked with a token, never by a browser's session."""
    config = SchemathesisConfig.from_dict(
        {
            "generation": {
                "mode": modes[0] if len(modes) == 1 else "all",
                "max-examples": examples,
                "with-security-parameters": False,
            },
            "phases": {"coverage": {"unexpected-methods": []}},
        }
    )
    loaded = schemathesis.openapi.from_dict(deepcopy(MADE), config=config)
    loaded.app = read_to_the_end
    return loaded


def read_to_the_end(environ, start_response):
    """The application as a server runs it: a file that was sent is closed afterwards."""
    answer = APPLICATION(environ, start_response)
    try:
        return [b"".join(answer)]
    finally:
        answer.close()


APPLICATION = get_wsgi_application()
ANYTHING = document("positive", "negative", examples=10)
REAL = document("positive", examples=25)
BOUNDED = settings(
    deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


@pytest.fixture(scope="module")
def stage(django_db_setup, django_db_blocker, tmp_path_factory):
    """A township's system, and things of the township that it may name."""
    signals = [(request_started, reset_queries), (request_started, close_old_connections)]
    signals.append((request_finished, close_old_connections))
    for signal, receiver in signals:
        signal.disconnect(receiver)
    media = tmp_path_factory.mktemp("media")
    with (
        django_db_blocker.unblock(),
        transaction.atomic(),
        override_settings(MEDIA_ROOT=media),
    ):
        built = things.build(worlds.alliance())
        built.media = media
        token = system_of(built.township).client.defaults["HTTP_AUTHORIZATION"]
        built.headers = {"Authorization": token, "Accept-Encoding": "identity"}
        yield built
        transaction.set_rollback(True)
    for signal, receiver in signals:
        signal.connect(receiver)


@pytest.fixture(autouse=True)
def own_media(settings, request):
    """The folder in which the things lie, for tests that use them."""
    if "stage" in request.fixturenames:
        settings.MEDIA_ROOT = request.getfixturevalue("stage").media


def asked(case, stage):
    """The answer to one made-up request; what it changed is taken back."""
    cache.set("api-rate", 1_000_000)
    with transaction.atomic():
        response = case.call(headers=stage.headers)
        transaction.set_rollback(True)
    return response


def checks_to_skip(case, response):
    """A spoiled parameter that never arrives spoils nothing.

    An empty one counts as not sent: so forms of browsers send them. Of an empty object, written out
    as OpenAPI's style "form" wants it, nothing is left at all.
    """
    arrived = parse_qs(urlsplit(response.request.url).query)
    return LEFT_OUT if {*(case.query or {})} <= {*arrived} else [*LEFT_OUT, SPOILED]


@pytest.mark.slow
@pytest.mark.django_db
@ANYTHING.parametrize()
@BOUNDED
def test_every_answer_is_one_of_the_document(case, stage):
    response = asked(case, stage)
    case.validate_response(response, excluded_checks=checks_to_skip(case, response))


def name_real_things(case, stage):
    """Ids and cursors made up from the document exist nowhere; put real ones in their places."""
    (case.query or {}).pop("cursor", None)
    owners = {"referrals": stage.leg, "patients": stage.patient, "notices": stage.notice}
    owners |= {"institutions": stage.township, "departments": stage.department}
    owners |= {"practitioners": stage.practitioner, "findings": stage.finding}
    owners |= {
        noun: getattr(stage, thing) for noun, thing in (training.NOUNS | equipment.NOUNS).items()
    }
    noun = case.path.split("/")[3]
    given = case.path_parameters or {}
    if "id" in given:
        given["id"] = str(owners[noun].public_id)
    if "attachment_id" in given:
        given["attachment_id"] = str(stage.attachment.public_id)
    if "code" in given:
        given["code"] = {
            "diseases": stage.world.appendicitis.code,
            "techniques": stage.world.appendectomy.code,
        }[noun]
    if case.headers and "If-Match" in case.headers:
        case.headers["If-Match"] = f'"{stage.leg.version}"'
    if noun == "referrals" and isinstance(case.body, dict):
        known = {"sender": stage.township, "receiver": stage.county, "patient": stage.stranger}
        case.body |= {k: str(v.public_id) for k, v in known.items() if k in case.body}


@pytest.mark.slow
@pytest.mark.django_db
@REAL.parametrize()
@BOUNDED
def test_real_things_are_answered_as_the_document_says(case, stage):
    name_real_things(case, stage)
    case.validate_response(asked(case, stage), excluded_checks=[*LEFT_OUT, SPOILED])
