"""Errors of the API as problem+json (RFC 9457): `code`, `detail`, `errors` by field."""

import math
from http import HTTPStatus
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, RequestDataTooBig
from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404
from django.utils.encoding import force_str
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import set_rollback

from .errors import DomainError

CONTENT_TYPE = "application/problem+json"
_WHOLE_BODY = "non_field_errors"

_Problem = tuple[dict[str, Any], dict[str, str]]


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. Unknown errors return None and stay a 500."""
    answer = _problem(error)
    if answer is None:
        return None
    set_rollback()
    # A problem is JSON also where the view itself answers in something else (the document: YAML).
    request = context["request"]
    request.accepted_renderer, request.accepted_media_type = JSONRenderer(), CONTENT_TYPE
    body, headers = answer
    return Response(body, status=body["status"], headers=headers, content_type=CONTENT_TYPE)


def _problem(error: Exception) -> _Problem | None:
    if isinstance(error, DomainError):
        return domain_problem(error), {}
    if isinstance(error, DjangoValidationError):
        return _invalid(_django_errors(error)), {}
    if isinstance(error, exceptions.ValidationError):
        return _invalid(_flat(error.detail)), {}
    if isinstance(error, Http404 | exceptions.NotFound):
        return problem("not_found", _("There is no such thing here."), 404), {}
    if isinstance(error, PermissionDenied):
        return problem("forbidden", force_str(error) or _("You may not do this."), 403), {}
    if isinstance(error, RequestDataTooBig):
        return problem("too_large", _("This body is too large."), 413), {}
    if isinstance(error, exceptions.APIException):
        return _api_exception(error)
    return None


def problem(code: str, detail: Any, status: int, **more: Any) -> dict[str, Any]:
    """A problem; further members never displace the ones that every problem has."""
    return {
        **more,
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": str(force_str(detail)),
    }


def domain_problem(error: DomainError) -> dict[str, Any]:
    """A refusal of the domain as a problem, its details as further members."""
    return problem(error.code, error.message, error.status, **error.details)


def _invalid(errors: dict[str, list[str]]) -> dict[str, Any]:
    return problem("invalid", _("Some fields need correcting."), 400, errors=errors)


def _django_errors(error: DjangoValidationError) -> dict[str, list[str]]:
    if not hasattr(error, "error_dict"):
        return {_WHOLE_BODY: list(error.messages)}
    return {
        (_WHOLE_BODY if name == NON_FIELD_ERRORS else name): list(messages)
        for name, messages in error.message_dict.items()
    }


def _flat(detail: Any, prefix: str = "") -> dict[str, list[str]]:
    """Nested serializer errors as `{"consent.method": [sentence]}`."""
    if isinstance(detail, dict):
        found: dict[str, list[str]] = {}
        for name, inner in detail.items():
            found |= _flat(inner, f"{prefix}.{name}" if prefix else str(name))
        return found
    if isinstance(detail, list) and any(isinstance(item, dict | list) for item in detail):
        found = {}
        for index, inner in enumerate(detail):
            if inner:
                found |= _flat(inner, f"{prefix}.{index}" if prefix else str(index))
        return found
    messages = detail if isinstance(detail, list) else [detail]
    return {prefix or _WHOLE_BODY: [force_str(message) for message in messages]}


def _api_exception(error: exceptions.APIException) -> _Problem:
    headers: dict[str, str] = {}
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        headers["WWW-Authenticate"] = getattr(error, "auth_header", None) or "Bearer"
    wait = getattr(error, "wait", None)
    if wait is not None:
        headers["Retry-After"] = str(max(1, math.ceil(wait)))
    forbidden = isinstance(error, exceptions.PermissionDenied)
    code = "forbidden" if forbidden else error.default_code
    return problem(code, error.detail, error.status_code), headers
