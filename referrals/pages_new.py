"""The filing page as a whole: whose it is, what it begins with, what stands beside its fields."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core.access import access_of, has_permission, require
from alliance.core.choices import Permission
from alliance.core.errors import StaleVersion
from alliance.core.policy import policies
from alliance.institutions.models import Institution
from alliance.patients import actions as patients

from . import wishes
from .choices import Status
from .forms_new import ReferralForm
from .models import Referral
from .presenters import filing, papers, person


def sender(request: HttpRequest) -> Institution:
    """The institution that files: the one the page was opened for, else the acting one.

    PermissionDenied for people who file for none.
    """
    mine = access_of(request.user).institutions_with(Permission.REFERRAL_SEND)
    named = Institution.objects.visible_to(request.user).filter(pk__in=mine)
    house: Institution | None = wishes.row(named, request.POST or request.GET, "house")
    house = house or request.institution or None  # type: ignore[attr-defined]
    if house is None:
        raise PermissionDenied(_("You act for no institution."))
    require(request.user, Permission.REFERRAL_SEND, institution_id=house.pk)
    return house


def own_leg(request: HttpRequest, public_id: UUID) -> Referral:
    """A leg that one's own house began, draft or not any more; 404 for the other side."""
    visible = Referral.objects.visible_to(request.user).select_related("sender")
    leg: Referral = get_object_or_404(visible, public_id=public_id)
    if not has_permission(request.user, Permission.REFERRAL_VIEW, institution_id=leg.sender_id):
        raise Http404
    require(request.user, Permission.REFERRAL_SEND, institution_id=leg.sender_id)
    return leg


def begun(
    request: HttpRequest, house: Institution, leg: Referral | None, values: dict[str, Any]
) -> HttpResponse:
    """The page before anything was sent; the department that follows from the rest is proposed."""
    wanted = wishes.with_department(_read(request, house, values))
    if wanted.department is not None:
        values["receiver_department"] = str(wanted.department.public_id)
    found = person_in(request, house, values)
    if found.patient is not None:
        values |= {"patient": str(found.patient.public_id), "id_number": ""}
    form = ReferralForm(user=request.user, wanted=wanted, initial=values)
    return _page(request, leg, form, found)


def sent(request: HttpRequest, house: Institution) -> ReferralForm:
    """The form as it was sent."""
    wanted = _read(request, house, request.POST)
    return ReferralForm(request.POST, user=request.user, wanted=wanted)


def returned(request: HttpRequest, leg: Referral | None, form: ReferralForm) -> HttpResponse:
    """The page again, with everything that was typed and what stands against it."""
    if leg is not None:
        leg.refresh_from_db()
    found = person_in(request, form.wanted.house, form.data)
    status = form.refusal.status if form.refusal else 422
    return _page(request, leg, form, found, status=status)


def _read(request: HttpRequest, house: Institution, values: Any) -> wishes.Wanted:
    return wishes.read(values, house=house, user=request.user, on=timezone.localdate())


def _page(
    request: HttpRequest,
    leg: Referral | None,
    form: ReferralForm,
    found: person.Found,
    *,
    status: int = 200,
) -> HttpResponse:
    context = routing(form.wanted)
    form.field("urgency").choices = filing.urgency_choices(context["clocks"])
    context |= {
        "form": form,
        "draft": leg,
        "house": form.wanted.house,
        "copy_key": copy_key(leg, request.user),
        "found": found,
        "refused": _refused(form),
        **files_context(request, leg),
    }
    return TemplateResponse(request, "referrals/form.html", context, status=status)


def routing(wanted: wishes.Wanted) -> dict[str, Any]:
    """Whether the place can, how long everybody has, what an emergency owes."""
    alliance = wanted.alliance()
    alliance_id = alliance.pk if alliance else None
    clocks = policies(alliance_id=alliance_id, on=wanted.on, prefix="clock.")
    labels = {name: field.label for name, field in ReferralForm.base_fields.items()}
    return {
        "wanted": wanted,
        "clocks": clocks,
        "check": filing.check(wanted, alliance_id, clocks),
        "steps": filing.steps_ahead(wanted, clocks),
        "owed": filing.owed_words(clocks, labels),
    }


def person_in(request: HttpRequest, house: Institution, values: Any) -> person.Found:
    """Who the page is about, as far as it says; that somebody in care here was read is recorded."""
    found = person.found_in(values, user=request.user, house=house, on=timezone.localdate())
    if found.patient is not None:
        patients.note_read(patient=found.patient, by=request.user, institution=house, via="filing")
    return found


def _refused(form: ReferralForm) -> dict[str, Any] | None:
    """What the rules said, where else to go, and the referral that is in the way."""
    error = form.refusal
    if error is None:
        return None
    other = error.details.get("referral")
    return {
        "message": error.message,
        "reasons": [reason["detail"] for reason in error.details.get("reasons", [])],
        "is_stale": isinstance(error, StaleVersion),
        "other_url": reverse("referrals:detail", args=[other]) if other else "",
        "other": error.details.get("number") or "",
    }


def copy_key(draft: Referral | None, user: Any) -> str:
    """Under what name the device keeps its own copy of the page."""
    return f"referral:{draft.public_id if draft else 'new'}:{user.pk}"


# --- Papers ------------------------------------------------------------------------------------


def files_context(request: HttpRequest, leg: Referral | None) -> dict[str, Any]:
    """What the part with the papers shows; of a page not saved yet, only where to send files."""
    alliance_id = leg.alliance_id if leg else None
    limits = policies(alliance_id=alliance_id, on=timezone.localdate(), prefix="attachment.")
    if leg is None:
        address = reverse("referrals:attach-new")
    else:
        address = reverse("referrals:attach", args=[leg.public_id])
    return {
        "files": papers.files(request.user, leg) if leg else [],
        "attach_url": address,
        "limits": papers.limit_words(limits),
        "is_saved": leg is not None,
    }


def files_answer(request: HttpRequest, leg: Referral, faults: list[dict[str, Any]]) -> HttpResponse:
    """The list again for htmx; otherwise back to the page, unless there is a fault to read."""
    name = "draft" if leg.status == Status.DRAFT else "detail"
    back = reverse(f"referrals:{name}", args=[leg.public_id])
    if not request.htmx and not faults:  # type: ignore[attr-defined]
        return redirect(back)
    context = files_context(request, leg) | {"faults": faults, "leg": leg, "back": back}
    part = "_form_files" if request.htmx else "form_files"  # type: ignore[attr-defined]
    status = 422 if faults else 200
    return TemplateResponse(request, f"referrals/{part}.html", context, status=status)
