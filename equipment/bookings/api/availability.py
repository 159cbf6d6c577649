"""Free times for other systems: of each device, and of all that a technique needs at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.catalogue.models import Technique
from alliance.core.api_support import AllianceViewSet, MomentField, StrictSerializer, acting
from alliance.institutions.models import Alliance, Institution
from alliance.people.models import Practitioner
from equipment.devices.models import Device, DeviceType
from equipment.devices.selectors import active_types, alliance_of

from .. import approvals, searching, selectors

_DAYS_MOST, _MINUTES_MOST = 31, 10080
# So many devices are told, the free ones first.
_DEVICES_MOST = 50


def _named(rows: Any, field: str = "public_id", **more: Any) -> Any:
    return serializers.SlugRelatedField(queryset=rows, slug_field=field, **more)


class AvailabilityQuery(StrictSerializer):
    """What free times are asked for: of a technique, or of a type of device."""

    institution = _named(
        Institution.objects.none(), required=False,
        help_text="For whom, where one oversees an alliance; left out, for one's own institution.",
    )  # fmt: skip
    technique = _named(Technique.objects.filter(is_active=True), "code", required=False)
    type = _named(DeviceType.objects.none(), "code", required=False)
    since = MomentField(help_text="From when, such as 2026-03-01T08:00:00+08:00.")
    until = MomentField(help_text="Until before when; 31 days later at most.")
    minutes = serializers.IntegerField(min_value=1, max_value=_MINUTES_MOST)
    operator = _named(
        Practitioner.objects.all(), required=False,
        help_text="Who will operate: times in which they are booked elsewhere are left out.",
    )  # fmt: skip
    mentor = _named(Practitioner.objects.all(), required=False, help_text="The same of a mentor.")
    area = serializers.RegexField(
        r"^\d{2,12}$", required=False, default="",
        help_text="Beginning of the division code of the owner: six figures are a county.",
    )  # fmt: skip

    def get_fields(self) -> dict[str, Any]:
        """The fields; types are those that may be booked, institutions one's own or overseen."""
        fields: dict[str, Any] = super().get_fields()
        fields["type"].queryset = active_types()
        if "request" in self.context:
            request = self.context["request"]
            houses = selectors.houses_overseen(request.user, at=timezone.now())
            own = getattr(request, "institution", None)
            known = Q(pk__in=houses.values("pk")) | Q(pk=own.pk if own else None)
            fields["institution"].queryset = Institution.objects.filter(known)
        return fields

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Something is asked for, in a time that is not too long."""
        if not {"technique", "type"} & attrs.keys():
            raise serializers.ValidationError({"technique": _("Name a technique or a type.")})
        if not attrs["since"] < attrs["until"]:
            raise serializers.ValidationError({"until": _("The end must be after the start.")})
        if (attrs["until"] - attrs["since"]).days > _DAYS_MOST:
            message = _("Ask for %(days)d days at most.") % {"days": _DAYS_MOST}
            raise serializers.ValidationError({"until": message})
        return attrs


class SlotSerializer(serializers.Serializer[Any]):
    """A free time: a use of the asked length may begin and end anywhere within."""

    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()


class AvailabilitySerializer(serializers.Serializer[Any]):
    """A device that fits, with its free times."""

    device = serializers.UUIDField(source="device.public_id")
    name = serializers.CharField(source="device.name")
    type = serializers.CharField(source="device.type.code")
    owner = serializers.UUIDField(source="device.owner.public_id")
    owner_name = serializers.CharField(source="device.owner.name")
    needs_approval = serializers.BooleanField(source="device.needs_approval")
    slots = SlotSerializer(many=True)


class TogetherSerializer(serializers.Serializer[Any]):
    """Devices of one house that do for the technique, with the times in which all are free."""

    owner = serializers.UUIDField(source="house.public_id")
    owner_name = serializers.CharField(source="house.name")
    devices = serializers.ListField(child=serializers.UUIDField())
    slots = SlotSerializer(many=True)


class AvailableSerializer(serializers.Serializer[Any]):
    """Device by device under `results`, and all that the technique requires under `together`.

    `together` is what the search of the pages offers first: house by house, one's own, then the
    nearest, then the soonest; empty where only a type was asked for.
    """

    results = AvailabilitySerializer(many=True)
    together = TogetherSerializer(many=True)


class AvailabilityViewSet(AllianceViewSet):
    """When the devices are free that an institution may book: the caller's, or one overseen."""

    queryset = Device.objects.all()
    serializer_class = AvailabilitySerializer
    required_scope = "equipment"
    pagination_class = None
    extra_parameters = (
        "institution",
        "technique",
        "type",
        "since",
        "until",
        "minutes",
        "area",
        "operator",
        "mentor",
    )

    @extend_schema(
        parameters=[AvailabilityQuery],
        responses=extend_schema_serializer(many=False)(AvailableSerializer),
    )
    def list(self, request: Request) -> Response:
        """Devices for a technique or of a type: free ones first, fifty at most."""
        self.filter_queryset(self.get_queryset().none())  # refuses parameters nobody knows
        asked = AvailabilityQuery(
            data=request.query_params.dict(), context=self.get_serializer_context()
        )
        asked.is_valid(raise_exception=True)
        data, at = asked.validated_data, timezone.now()
        house = data.pop("institution", None) or acting(request)
        data["type_"] = data.pop("type", None)
        data["people"] = [data.pop(one).pk for one in ("operator", "mentor") if one in data]
        alliance = alliance_of(house.pk, timezone.localdate(at))
        found = selectors.offers(
            request.user, institution=house, at=at, alliance=alliance, limit=None, **data
        )
        by: Any = request.user
        together = _together(found, house, alliance, data, by, at) if "technique" in data else []
        told = {"results": found[:_DEVICES_MOST], "together": together}
        return Response(AvailableSerializer(told).data)


def _together(
    found: Sequence[selectors.Offer],
    house: Institution,
    alliance: Alliance | None,
    data: Mapping[str, Any],
    by: Any,
    at: datetime,
) -> list[dict[str, Any]]:
    """One time for all, as the pages find it."""
    today, length = timezone.localdate(at), timedelta(minutes=data["minutes"])
    devices, key = [one.device for one in found], alliance.pk if alliance else None
    type_ = data["type_"]
    groups = searching.sorted_by_need(
        found, house=house, alliance=alliance, technique_id=data["technique"].pk,
        type_id=type_.pk if type_ else None, minutes=data["minutes"],
        on=timezone.localdate(max(data["since"], at)),
        asking=approvals.asking(devices, key, by, today),
    )  # fmt: skip
    return [
        {
            "house": one.house,
            "devices": [each.offer.device.public_id for each in one.found],
            "slots": [{"starts_at": since, "ends_at": until} for since, until in times],
        }
        for one, times in searching.together(groups, length=length)
    ]
