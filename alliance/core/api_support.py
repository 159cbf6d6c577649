"""What every view of the API shares. Read this before writing one.

    class WardViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, AllianceViewSet):
        queryset = Ward.objects.all()
        serializer_class = WardSerializer
        filterset_class = WardFilter            # the same class filters the page
        required_scope = "reference"            # what a client's token must hold
        orderings = ("name", "-name")           # the first is the default; never-null columns

        def get_queryset(self):                 # the caller's scope comes from the base class
            return super().get_queryset().for_list()

* `IdempotentCreate` makes POST safe to repeat: the view names its `input_serializer_class` and gives
  `perform_once(data)`, which calls one action and returns (row, created); the answer shows that row.
  Other acts call `idempotent(request, scope, perform, again, show)` and are named in
  `idempotent_actions`.
* Every operation documents its problems by itself (`ProblemSchema`).
* `seen_version(request)` reads `If-Match` for an action that changes a row: 428 without it, 412
  when it is none of ours; the action compares. Name such actions in `versioned_actions`, so that
  the OpenAPI document asks for the header.
* `tagged(response, row)` adds the `ETag` that the next `If-Match` will carry.
* `acting(request)` is the institution on whose behalf the caller acts.
* `DayField` and `MomentField` take days and moments that somebody can have meant (`core.days`).
* A view that reads further query parameters of its own names them in `extra_parameters`; any
  parameter nobody knows is refused by name.
* Errors are raised, not returned: `DomainError`, `ValidationError` by field, `Http404`,
  `PermissionDenied`. `core.exceptions` turns each into problem+json.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.db.models import Model, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema_serializer
from rest_framework import serializers, status
from rest_framework.exceptions import ParseError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import JSONParser
from rest_framework.relations import RelatedField
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from . import idempotency, versions
from .days import plausible

M = TypeVar("M", bound=Model)

IDEMPOTENCY_KEY = "Idempotency-Key"
_LONGEST_KEY = 120


class StrictJSONParser(JSONParser):
    """JSON within bounds: a size we read, whole characters, no NaN, no depth that breaks us."""

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The body as Python values; ParseError or RequestDataTooBig otherwise."""
        request = (parser_context or {})["request"]
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise RequestDataTooBig
        try:
            text = stream.read().decode()
            body = json.loads(text, parse_constant=_refuse_constant)
            if r"\ud" in text.lower():  # half a character could be stored or answered nowhere
                json.dumps(body, ensure_ascii=False).encode()
            return body
        except (ValueError, RecursionError) as error:
            raise ParseError(_("The body is not valid JSON.")) from error


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


class StrictSerializer(serializers.Serializer[Any]):
    """What a body may hold: a name nobody knows is refused, never dropped.

    A misspelt `allergies` that vanished without a word could harm somebody.
    """

    def to_internal_value(self, data: Any) -> Any:
        """The values by name; ValidationError names each field that is wrong or unknown."""
        self.refuse_strangers(data)
        self.refuse_blanks(data)
        return super().to_internal_value(data)

    def refuse_blanks(self, data: Any) -> None:
        """Raise ValidationError where "" is said of a row: none is null, as the document has it."""
        if not isinstance(data, Mapping):
            return
        rows = [name for name, one in self.fields.items() if isinstance(one, RelatedField)]
        blank = [name for name in rows if data.get(name) == ""]
        if blank:
            message = _("This may not be empty; say null for none.")
            raise serializers.ValidationError({name: [message] for name in blank})

    def refuse_strangers(self, data: Any) -> None:
        """Raise ValidationError for each name in a body that is no field here."""
        strangers = sorted(set(data) - set(self.fields)) if isinstance(data, Mapping) else []
        if strangers:
            message = _("There is no such field here. Known: %(known)s.")
            known = {"known": ", ".join(sorted(self.fields))}
            raise serializers.ValidationError({name: [message % known] for name in strangers})


class JSONOnly(DefaultContentNegotiation):
    """There is one format, so `?format=` is no parameter of ours."""

    settings = SimpleNamespace(URL_FORMAT_OVERRIDE=None)  # type: ignore[assignment]


class StrictFilters(DjangoFilterBackend):
    """The view's FilterSet on lists; everywhere, parameters that nobody knows are refused."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> Any:
        """Apply the filters of a list; a row looked up by its id is not filtered further."""
        self._refuse_unknown(request, view)
        return queryset if view.detail else super().filter_queryset(request, queryset, view)

    def _refuse_unknown(self, request: Request, view: Any) -> None:
        known = set(view.extra_parameters)
        if not view.detail:
            known |= {"cursor", "page_size", "ordering"} if view.paginator else set()
            filterset = self.get_filterset_class(view, view.queryset)
            known |= set(filterset.base_filters) if filterset else set()
        message = _("There is no such parameter here. Known: %(known)s.")
        errors = {
            name: message % {"known": ", ".join(sorted(known)) or "—"}
            for name in request.query_params
            if name not in known
        }
        if errors:
            raise ValidationError(errors)


class Problem(serializers.Serializer[Any]):
    """An error, RFC 9457. `code` is stable; `detail` is a sentence in the caller's language."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="What is wrong, by field.",
    )


def whole(kind: type[serializers.BaseSerializer[Any]]) -> Any:
    """The shape of a list that stays short: all rows at once, under `results` as in every list.

    Its view, or its action, says `pagination_class = None`.
    """
    name = f"All{kind.__name__.removesuffix('Serializer')}s"
    text = "All rows at once: this list stays short."
    shape = type(name, (serializers.Serializer,), {"results": kind(many=True), "__doc__": text})
    return extend_schema_serializer(many=False)(shape)


class ProblemSchema(AutoSchema):
    """The OpenAPI document of a view, with the problems it answers and the headers it reads."""

    view: Any

    def get_override_parameters(self) -> list[Any]:
        """`Idempotency-Key` where a create may be repeated, `If-Match` where a row changes."""
        found = list(super().get_override_parameters())
        if self.view.action in self.view.idempotent_actions:
            found.append(
                _header(IDEMPOTENCY_KEY, "Repeat a request safely: same key, same answer.")
            )
        if self.view.action in self.view.versioned_actions:
            found.append(_header("If-Match", 'The version you saw, such as "3".', required=True))
        return [*found, _RETRY_AFTER]

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies = super()._get_response_bodies(direction)
        for code in self._problems():
            bodies.setdefault(
                str(code),
                self._get_response_for_code(  # type: ignore[no-untyped-call]
                    Problem, str(code), ["application/problem+json"], direction
                ),
            )
        return dict(sorted(bodies.items()))

    def _problems(self) -> list[int]:
        codes = [400, 401, 403, 406, 429]
        if "{" in self.path or self.view.action in self.view.naming_actions:
            codes.append(404)
        if self.method != "GET":
            codes += [409, 413, 415]
        if self.view.action in self.view.idempotent_actions:
            codes.append(422)
        if self.view.action in self.view.versioned_actions:
            codes += [412, 428]
        return codes


def _header(name: str, text: str, **more: Any) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, description=text, **more)


_RETRY_AFTER = OpenApiParameter(
    "Retry-After",
    OpenApiTypes.INT,
    OpenApiParameter.HEADER,
    description="Seconds until the next request is served.",
    response=[429],
)


class AllianceViewSet(GenericViewSet[Any]):
    """Base of every view of the API: the caller's scope first, strict input, problems told."""

    schema = ProblemSchema()
    parser_classes = [StrictJSONParser]
    content_negotiation_class = JSONOnly
    filter_backends = [StrictFilters]
    metadata_class = None
    lookup_value_regex = "[^/]+"
    required_scope: str
    orderings: Sequence[str] = ("id", "-id")
    extra_parameters: Sequence[str] = ()
    versioned_actions: Sequence[str] = ()
    # Lists that name things in their query: 404 where one of them is not there.
    naming_actions: frozenset[str] = frozenset()
    idempotent_actions: Sequence[str] = ()

    def get_queryset(self) -> Any:
        """The rows that the caller may see."""
        rows: Any = super().get_queryset()
        return rows.visible_to(self.request.user)

    def default_ordering(self) -> str:
        """The ordering of a list whose caller asks for none."""
        return self.orderings[0]


class IdempotentCreate:
    """POST that may be repeated under one `Idempotency-Key`: 201, or 200 for what was known."""

    idempotent_actions: Sequence[str] = ("create",)
    input_serializer_class: type[serializers.BaseSerializer[Any]]

    def create(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Check the body, perform the act once, answer with the row."""
        context = self.get_serializer_context()
        serializer = self.input_serializer_class(data=request.data, context=context)
        serializer.is_valid(raise_exception=True)

        def perform() -> tuple[int, Model]:
            row, created = self.perform_once(serializer.validated_data)
            return (status.HTTP_201_CREATED if created else status.HTTP_200_OK), row

        return idempotent(request, self.basename, perform, self.again, self.created)

    def perform_once(self, data: dict[str, Any]) -> tuple[Model, bool]:
        """Call the action; return the row and whether it is new."""
        raise NotImplementedError

    def again(self: Any, pk: int) -> Model:
        """The row of an earlier create as it is now, if the caller still may see it."""
        row: Model = get_object_or_404(self.get_queryset(), pk=pk)
        return row

    def created(self: Any, row: Any) -> Response:
        """The answer to a create: the row, where it lives, and its version."""
        response = Response(self.get_serializer(row).data)
        path = reverse(f"api:{self.basename}-detail", args=[getattr(row, self.lookup_field)])
        response["Location"] = self.request.build_absolute_uri(path)
        return tagged(response, row)


def idempotent(
    request: Request,
    scope: str,
    perform: Callable[[], tuple[int, M]],
    again: Callable[[int], M],
    show: Callable[[M], Response],
    body: Any = None,
) -> Response:
    """Run `perform` once per `Idempotency-Key` of this caller and answer with `show(row)`.

    `body` stands for the request's own where that holds a file.

    `perform` returns the status and the row that came of it. The table of keys remembers status and
    primary key only: what patients have told us has no place there. A repeat shows the row as it is
    now, read by `again(pk)`, with the first status and `Idempotency-Replayed: true`.
    """
    made: list[M] = []

    def remember() -> dict[str, Any]:
        code, row = perform()
        made.append(row)
        return {"status": code, "pk": row.pk}

    remembered = idempotency.once(
        scope=f"api:{scope}:{request.user.pk}",
        key=idempotency_key(request),
        body=request.data if body is None else body,
        perform=remember,
    )
    response = show(again(remembered.data["pk"]) if remembered.replayed else made[0])
    response.status_code = remembered.data["status"]
    if remembered.replayed:
        response["Idempotency-Replayed"] = "true"
    return response


def idempotency_key(request: Request) -> str:
    """The caller's key, or "" for none; one too long to be stored whole is refused."""
    key = request.headers.get(IDEMPOTENCY_KEY, "").strip()
    if len(key) > _LONGEST_KEY or not key.isascii():
        message = _("Send at most %(most)d ASCII characters.") % {"most": _LONGEST_KEY}
        raise ValidationError({IDEMPOTENCY_KEY: message})
    return key


def seen_version(request: Request) -> int:
    """The version in `If-Match`; raises VersionRequired (428) or StaleVersion (412)."""
    return versions.parse(request.headers.get("If-Match"))


def tagged(response: Response, row: Any) -> Response:
    """Add the row's version as `ETag`, where it has one."""
    if hasattr(row, "version"):
        response["ETag"] = f'"{row.version}"'
    return response


class DayField(serializers.DateField):
    """A day that somebody can have meant."""

    default_validators = [plausible]


class MomentField(serializers.DateTimeField):
    """A moment that somebody can have meant."""

    default_validators = [plausible]


def acting(request: Request) -> Any:
    """The institution on whose behalf the caller acts; PermissionDenied for those without one."""
    institution = getattr(request, "institution", None)
    if not institution:
        raise PermissionDenied(_("You act for no institution."))
    return institution
