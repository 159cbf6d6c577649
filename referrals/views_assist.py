"""What the filing page asks while somebody types: who, whether the place can, codes by initials."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from alliance.catalogue.models import Disease, Technique
from alliance.catalogue.selectors import grades_for
from alliance.institutions.models import Institution
from alliance.institutions.selectors import alliances_of
from alliance.people.models import Practitioner

from . import pages_new, prefill, wishes
from .forms_new import ReferralForm
from .pages_new import sender
from .presenters import filing

_FOUND = 20
_LONGEST = 100


@require_POST
def patient_lookup(request: HttpRequest) -> HttpResponse:
    """Who this is: by document number, or chosen. By POST: numbers have no place in addresses."""
    found = pages_new.person_in(request, sender(request), request.POST)
    return TemplateResponse(request, "referrals/_form_person.html", {"found": found})


@require_safe
def check_receiver(request: HttpRequest) -> HttpResponse:
    """Whether the chosen place can take the patient; fields that follow from it come along."""
    asked, on = request.GET, timezone.localdate()
    wanted = wishes.read(asked, house=sender(request), user=request.user, on=on)
    taken = bool(asked.get("take"))
    turned = not taken and asked.get("shown_direction") != wanted.direction
    settled = _settled(request, wanted, turned=turned)
    receiver_now = str(settled.receiver.public_id) if settled.receiver else ""
    moved = receiver_now != asked.get("shown_receiver", "")
    context = pages_new.routing(settled) | {
        "form": _where(request, settled),
        "swap_direction": taken,
        "swap_places": taken or turned,
        "swap_departments": taken or moved or settled.department != wanted.department,
    }
    return TemplateResponse(request, "referrals/_form_check.html", context)


def _settled(request: HttpRequest, wanted: wishes.Wanted, *, turned: bool) -> wishes.Wanted:
    """In a new direction, its last receiver; then the department that follows from all."""
    asked = request.GET.get("shown_specialty", "")
    if turned and wishes.direction_to(wanted.house, wanted.receiver) != wanted.direction:
        last = prefill.last_receiver(request.user, wanted.house, wanted.direction)
        rows = Institution.objects.visible_to(request.user)
        place = wishes.row(rows, {"receiver": last}, "receiver")
        wanted = replace(wanted, receiver=place, department=None)
    return wishes.with_department(wanted, chosen_for=int(asked) if asked.isdecimal() else None)


def _where(request: HttpRequest, wanted: wishes.Wanted) -> ReferralForm:
    values = {"direction": wanted.direction, "urgency": wanted.urgency}
    if wanted.receiver is not None:
        values["receiver"] = str(wanted.receiver.public_id)
    if wanted.department is not None:
        values["receiver_department"] = str(wanted.department.public_id)
    return ReferralForm(user=request.user, wanted=wanted, initial=values)


@require_safe
def lookup(request: HttpRequest, kind: str) -> JsonResponse:
    """A few rows of a table for a search box, by name, code or pinyin initials."""
    if kind not in _TABLES:
        raise Http404
    text = request.GET.get("search", "")[:_LONGEST].strip()
    return JsonResponse({"results": _TABLES[kind](request, sender(request), text)})


def _found(rows: Any, text: str) -> Any:
    """The closest rows, the common ones where nothing was typed yet."""
    active = rows.filter(is_active=True)
    return (active.search(text) if text else active.filter(is_common=True).order_by("code"))[
        :_FOUND
    ]


def _diseases(request: HttpRequest, house: Institution, text: str) -> list[dict[str, str]]:
    return filing.disease_rows(_found(Disease.objects.visible_to(request.user), text))


def _techniques(request: HttpRequest, house: Institution, text: str) -> list[dict[str, str]]:
    rows = list(_found(Technique.objects.visible_to(request.user), text))
    on = timezone.localdate()
    alliance = next(iter(alliances_of(house.pk, on=on)), None)
    grades = (
        grades_for([row.pk for row in rows], on=on, alliance_id=alliance.pk) if alliance else {}
    )
    return filing.technique_rows(rows, grades)


def _doctors(request: HttpRequest, house: Institution, text: str) -> list[dict[str, str]]:
    rows = Practitioner.objects.visible_to(request.user).filter(institution=house, is_active=True)
    rows = rows.filter(name__startswith=text) | rows.filter(pinyin__startswith=text.lower())
    return filing.doctor_rows(rows.select_related("department").order_by("pinyin")[:_FOUND])


_TABLES: dict[str, Callable[[HttpRequest, Institution, str], list[dict[str, str]]]] = {
    "diseases": _diseases,
    "techniques": _techniques,
    "doctors": _doctors,
}
