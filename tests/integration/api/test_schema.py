"""The OpenAPI document: complete, without warnings, every operation with its problems."""

import pytest
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

PROBLEM = "application/problem+json"


@pytest.fixture(scope="module")
def schema():
    GENERATOR_STATS.reset()
    document = SchemaGenerator().get_schema(request=None, public=True)
    assert not GENERATOR_STATS._warn_cache, dict(GENERATOR_STATS._warn_cache)
    assert not GENERATOR_STATS._error_cache, dict(GENERATOR_STATS._error_cache)
    return document


def _operations(schema):
    return [
        (f"{method} {path}", operation)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]


def test_the_document_is_valid_and_generates_without_warnings(schema):
    validate_schema(schema)
    assert len(schema["paths"]) >= 14


def test_every_operation_tells_its_problems_and_its_scope(schema):
    for name, operation in _operations(schema):
        told = operation["responses"]
        for status in ("400", "401", "403", "406", "429"):
            assert PROBLEM in told[status]["content"], (name, status)
        assert "Retry-After" in told["429"]["headers"], name
        scopes = [need["oauth2"] for need in operation["security"] if "oauth2" in need]
        assert scopes, name
        assert scopes[0], name
        if "{" in name:
            assert "404" in told, name
        if name.startswith(("post", "delete")):
            assert {"409", "415"} <= told.keys(), name


def test_a_repeatable_create_tells_its_header_and_both_answers(schema):
    create = schema["paths"]["/api/v1/patients/"]["post"]
    assert {"200", "201", "422"} <= create["responses"].keys()
    headers = {p["name"] for p in create["parameters"] if p["in"] == "header"}
    assert headers == {"Idempotency-Key"}


def test_the_look_up_by_number_requires_it(schema):
    parameters = schema["paths"]["/api/v1/patients/"]["get"]["parameters"]
    needed = {p["name"] for p in parameters if p.get("required")}
    assert needed == {"id_number"}
