"""What the pages of programmes share."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core.access import access_of
from alliance.core.choices import Permission
from alliance.institutions.models import Alliance
from alliance.institutions.selectors import alliance_seen_by

from .. import policies
from ..models import ProgrammeVersion


def tabs(request: HttpRequest) -> list[dict[str, Any]]:
    """The pages of this room that concern the user."""
    access = access_of(request.user)
    houses = bool(access.institutions_with(Permission.TRAINING_VIEW))
    offices = bool(access.alliances_with(Permission.TRAINING_VIEW))
    learner = policies.is_learner(request.user)
    pages = [
        ("programmes:mine", _("My path"), learner),
        ("programmes:board", _("Trainees"), learner or houses or offices),
        ("programmes:matrix", _("Who can do what"), houses),
        ("programmes:houses", _("By institution"), offices),
        ("programmes:promotion", _("Promotion"), houses or offices),
        ("programmes:programmes", _("Programmes"), True),
        ("programmes:priors", _("Records of the past"), learner or houses or offices),
    ]
    return [
        {"label": label, "url": url, "active": request.path == url}
        for url, label in ((reverse(route), label) for route, label, shown in pages if shown)
    ]


def own_alliance(request: HttpRequest) -> Alliance | None:
    """The alliance whose programmes the user looks at."""
    house = getattr(getattr(request, "institution", None), "pk", None)
    return alliance_seen_by(request.user, institution_id=house, on=timezone.localdate())


def seen_version(request: HttpRequest, public_id: UUID) -> ProgrammeVersion:
    """The version of that id, as far as the user sees it; with its programme."""
    rows = ProgrammeVersion.objects.visible_to(request.user).select_related("programme")
    found: ProgrammeVersion = get_object_or_404(rows, public_id=public_id)
    return found
