"""Refusals carry a stable code, a sentence and the status they are answered with."""

import json
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from rest_framework import exceptions

from alliance.core import errors
from alliance.core.exceptions import problem_response


def answer(error):
    response = problem_response(error, {"request": SimpleNamespace()})
    json.dumps(response.data, default=str)
    return response


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (errors.DomainError, 409),
        (errors.TransitionNotAllowed, 409),
        (errors.StaleVersion, 412),
        (errors.VersionRequired, 428),
        (errors.KeyReused, 422),
        (errors.BadCursor, 400),
    ],
)
def test_a_domain_error_is_answered_with_its_own_status_and_code(kind, status):
    response = answer(kind("some_code", "A sentence.", version=3))
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    assert (response.data["code"], response.data["detail"]) == ("some_code", "A sentence.")
    assert str(kind("some_code", "A sentence.")) == "A sentence."


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Http404(), 404),
        (PermissionDenied(), 403),
        (exceptions.NotAuthenticated(), 401),
        (exceptions.MethodNotAllowed("PUT"), 405),
        (exceptions.Throttled(wait=3), 429),
        (exceptions.ParseError(), 400),
    ],
)
def test_known_errors_are_problems_with_a_code_and_a_sentence(error, status):
    response = answer(error)
    assert response.status_code == status
    assert response.data["code"]
    assert response.data["detail"]


def test_a_throttled_caller_is_told_when_to_come_back():
    assert answer(exceptions.Throttled(wait=3))["Retry-After"] == "3"


@pytest.mark.parametrize(
    "error",
    [
        ValidationError({"id_number": ["Wrong."]}),
        exceptions.ValidationError({"id_number": ["Wrong."]}),
    ],
    ids=["django", "rest framework"],
)
def test_refused_data_is_named_by_field_whoever_refuses(error):
    response = answer(error)
    assert response.status_code == 400
    assert response.data["errors"]["id_number"] == ["Wrong."]


def test_an_unknown_error_stays_an_error():
    assert problem_response(RuntimeError("secret"), {}) is None
