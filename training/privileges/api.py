"""Privileges for other systems: the question a theatre system asks, and the lists behind it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.core.api_support import AllianceViewSet

from . import presenters, selectors
from .choices import Code, Level, Standing, Verdict
from .filters import PrivilegeFilter
from .models import Privilege

_ASKED = ("practitioner", "technique", "institution", "on", "mdt_recorded")
_WHO = ("technique", "institution", "on")
_TEXTS = {
    "practitioner": "Public id or licence number of the practitioner.",
    "technique": "Code of the technique (ICD-9-CM-3, national extension).",
    "institution": "Public id of the institution.",
    "on": "The day, such as 2026-03-01; today where it is left out. Past days are answered too.",
    "mdt_recorded": "Whether a discussion is recorded for this operation: true or false.",
}


def _parameters(names: tuple[str, ...], optional: tuple[str, ...]) -> list[OpenApiParameter]:
    return [
        OpenApiParameter(name, str, description=_TEXTS[name], required=name not in optional)
        for name in names
    ]


class PrivilegeSerializer(serializers.ModelSerializer[Privilege]):
    """A privilege; `standing` is asked of its dates today, `ends_on` is its true end."""

    id = serializers.UUIDField(source="public_id")
    practitioner = serializers.UUIDField(source="practitioner.public_id")
    practitioner_name = serializers.CharField(source="practitioner.name")
    licence_number = serializers.CharField(source="practitioner.licence_number")
    technique = serializers.CharField(source="technique.code")
    technique_name = serializers.CharField(source="technique.name")
    institution = serializers.UUIDField(source="institution.public_id")
    institution_name = serializers.CharField(source="institution.name")
    standing = serializers.SerializerMethodField()

    class Meta:
        model = Privilege
        fields = [
            "id", "version", "practitioner", "practitioner_name", "licence_number", "technique",
            "technique_name", "institution", "institution_name", "level", "ground", "valid_from",
            "valid_until", "ends_on", "conditions", "standing", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(choices=Standing.choices))
    def get_standing(self, privilege: Privilege) -> str:
        """How it stands today."""
        return presenters.standing_of(privilege, on=timezone.localdate()).value


class ReasonSerializer(serializers.Serializer[Any]):
    """One reason: a stable code, a sentence in the caller's language, and the facts in it."""

    code = serializers.ChoiceField(choices=Code.choices)
    text = serializers.CharField()
    next_step = serializers.CharField()
    facts = serializers.DictField()


class MayPerformSerializer(serializers.Serializer[Any]):
    """Whether somebody may: `yes`, `supervised` or `no`, and every reason against it."""

    verdict = serializers.ChoiceField(choices=Verdict.choices)
    on = serializers.DateField()
    reasons = ReasonSerializer(many=True)
    notes = ReasonSerializer(many=True)
    level = serializers.ChoiceField(choices=Level.choices, allow_blank=True)
    conditions = serializers.CharField(allow_blank=True)
    valid_from = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True)


class PrivilegeViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, AllianceViewSet):
    """Who may perform what where."""

    queryset = Privilege.objects.all()
    serializer_class = PrivilegeSerializer
    filterset_class = PrivilegeFilter
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9a-fA-F-]{36}"
    required_scope = "privileges"
    naming_actions = frozenset({"may_perform", "who_may"})
    orderings = ("-valid_from", "valid_from", "ends_on", "-ends_on")

    def get_queryset(self) -> Any:
        """Privileges with what a row shows."""
        rows = super().get_queryset().for_list()
        return rows.with_suspension(timezone.localdate())

    @extend_schema(
        parameters=_parameters(_ASKED, ("on", "mdt_recorded")),
        responses=MayPerformSerializer,
        filters=False,
    )
    @action(
        detail=False, url_path="may-perform", pagination_class=None, filterset_class=None,
        extra_parameters=_ASKED,
    )  # fmt: skip
    def may_perform(self, request: Request) -> Response:
        """May this practitioner do this technique at this institution on that day?"""
        self.filter_queryset(Privilege.objects.none())  # refuses parameters nobody knows
        asked = _asked(request, _ASKED, ("on", "mdt_recorded"))
        on = _day(asked)
        answer = selectors.may_perform_named(
            practitioner=asked["practitioner"],
            technique=asked["technique"],
            institution=asked["institution"],
            user=request.user,
            on=on,
            mdt_recorded=_boolean(asked, "mdt_recorded"),
        )
        if answer is None:
            raise Http404
        return Response(told(answer, on))

    @extend_schema(
        parameters=_parameters(_WHO, ("institution", "on")),
        responses=PrivilegeSerializer(many=True),
        filters=False,
    )
    @action(detail=False, url_path="who-may", filterset_class=None, extra_parameters=_WHO)
    def who_may(self, request: Request) -> Response:
        """Everybody who may do this technique on that day, at an institution or in the alliance."""
        self.filter_queryset(Privilege.objects.none())  # refuses parameters nobody knows
        asked = _asked(request, _WHO, ("institution", "on"))
        on = _day(asked)
        rows = selectors.who_may_named(
            technique=asked["technique"], institution=asked["institution"], user=request.user, on=on
        )
        if rows is None:
            raise Http404
        page = self.paginate_queryset(rows.for_list().with_suspension(timezone.localdate()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


def _asked(request: Request, names: tuple[str, ...], optional: tuple[str, ...]) -> dict[str, str]:
    """The query parameters; ValidationError names each that is missing."""
    asked = {name: request.query_params.get(name, "").strip() for name in names}
    if "\0" in "".join(asked.values()):
        raise Http404  # nobody and nothing has such a name, and the database cannot look for it
    missing = [name for name in names if name not in optional and not asked[name]]
    if missing:
        raise ValidationError({name: _("This parameter is required.") for name in missing})
    return asked


def _day(asked: dict[str, str]) -> date:
    if not asked["on"]:
        return timezone.localdate()
    try:
        day = parse_date(asked["on"])
    except ValueError:
        day = None
    if day is None:
        raise ValidationError({"on": _("Write a date such as 2026-03-01.")})
    return day


def _boolean(asked: dict[str, str], name: str) -> bool | None:
    if not asked[name]:
        return None
    if asked[name].lower() not in {"true", "false"}:
        raise ValidationError({name: _("Enter true or false.")})
    return asked[name].lower() == "true"


def told(answer: selectors.Answer, on: date) -> dict[str, Any]:
    """What `MayPerformSerializer` says, without making its fields anew for every answer."""
    return {
        "verdict": answer.verdict,
        "on": on.isoformat(),
        "reasons": [_reason(one) for one in answer.reasons],
        "notes": [_reason(one) for one in answer.notes],
        "level": answer.level,
        "conditions": answer.conditions,
        "valid_from": answer.valid_from and answer.valid_from.isoformat(),
        "valid_until": answer.valid_until and answer.valid_until.isoformat(),
    }


def _reason(one: selectors.Reason) -> dict[str, Any]:
    return {"code": one.code, "text": one.text, "next_step": one.next_step, "facts": one.facts}
