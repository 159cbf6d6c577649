"""A few rows of a table for the search boxes of the form."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alliance.catalogue.models import Technique
from alliance.patients.models import Patient
from alliance.people.models import Practitioner

from .. import desk, policies
from .shared import acting

_FOUND = 12
_LONGEST = 60
Rows = list[dict[str, str]]


@require_safe
def lookup(request: HttpRequest, kind: str) -> JsonResponse:
    """Techniques, colleagues or patients, by name, code or pinyin initials."""
    policies.insist(policies.may_record(request.user))
    if kind not in _TABLES:
        raise Http404
    text = request.GET.get("search", "")[:_LONGEST].strip()
    return JsonResponse({"results": _TABLES[kind](request, text)})


def _techniques(request: HttpRequest, text: str) -> Rows:
    rows = Technique.objects.visible_to(request.user).filter(is_active=True)
    found = rows.search(text) if text else rows.filter(is_common=True).order_by("code")
    return [{"code": row.code, "name": row.name, "hint": row.code} for row in found[:_FOUND]]


def _people(request: HttpRequest, text: str) -> Rows:
    """Colleagues of the alliance; the hint says whether they may teach what was chosen."""
    today = timezone.localdate()
    houses = desk.houses_of(request.user, acting(request), on=today)
    rows = Practitioner.objects.visible_to(request.user).filter(
        is_active=True, institution__in=houses.values("pk")
    )
    if text:
        rows = rows.filter(name__startswith=text) | rows.filter(pinyin__startswith=text.lower())
    found = list(rows.select_related("institution").order_by("pinyin", "pk")[:_FOUND])
    code = request.GET.get("technique", "")[:30]
    able = desk.privileged_among(found, technique_code=code, on=today) if code else set()
    words = _("privileged")
    return [
        {
            "id": str(one.public_id),
            "name": one.name,
            "hint": f"{one.institution} · {words}" if one.pk in able else str(one.institution),
        }
        for one in sorted(found, key=lambda one: one.pk not in able)
    ]


def _patients(request: HttpRequest, text: str) -> Rows:
    """Patients in one's care, masked; nothing before something is typed."""
    if not text:
        return []
    rows = Patient.objects.visible_to(request.user).current().search(text).order_by("-pk")
    return [
        {
            "id": str(one.public_id),
            "name": one.masked_name,
            "hint": f"{one.get_sex_display()} · {one.birth_date.year}",
        }
        for one in rows[:_FOUND]
    ]


_TABLES: dict[str, Callable[[HttpRequest, str], Rows]] = {
    "techniques": _techniques,
    "people": _people,
    "patients": _patients,
}
