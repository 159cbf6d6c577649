"""What the pages of devices share."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from ..models import Device


def visible_device(request: HttpRequest, public_id: UUID) -> Any:
    """The device, if the reader may see it; 404 otherwise."""
    rows = Device.objects.visible_to(request.user).for_list()
    return get_object_or_404(rows, public_id=public_id)
