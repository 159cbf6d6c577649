"""The filing page: begun, kept while typing, filed once; nothing typed is lost on the way."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from alliance.core.errors import DomainError, StaleVersion
from alliance.institutions.models import Institution

from . import actions, pages_new, prefill, wishes
from .actions.entry import KEY
from .choices import Status
from .forms_new import ReferralForm, typed_values
from .models import Referral
from .pages_new import own_leg, sender
from .views_files import attached

_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(_METHODS)
def new(request: HttpRequest) -> HttpResponse:
    """Begin a referral, with what is usual or what it follows from already filled in."""
    house = sender(request)
    if request.method == "POST":
        return _sent(request, house, None)
    return pages_new.begun(request, house, None, prefill.starting_values(request, house))


@require_http_methods(_METHODS)
def draft(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Go on with a draft; one that has left shows as the referral it became."""
    leg = own_leg(request, public_id)
    if request.method == "POST":
        return _sent(request, leg.sender, leg)
    if leg.status != Status.DRAFT:
        return redirect(leg)
    values = prefill.draft_values(leg, request.user)
    return pages_new.begun(request, leg.sender, leg, values)


@require_POST
def autosave(request: HttpRequest, public_id: UUID | None = None) -> HttpResponse:
    """Keep what was typed, however incomplete; 204 while there is nothing to keep.

    Stale versions answer 412, ended drafts 409.
    """
    leg = own_leg(request, public_id) if public_id else None
    house = leg.sender if leg else sender(request)
    if _is_blank(request, leg):
        return HttpResponse(status=204)
    kept = _keep(request, house, leg)
    return JsonResponse(
        {
            "version": kept.version,
            "saved_at": kept.updated_at.isoformat(),
            "url": reverse("referrals:draft", args=[kept.public_id]),
            "autosave_url": reverse("referrals:autosave", args=[kept.public_id]),
            "key": pages_new.copy_key(kept, request.user),
        }
    )


@require_POST
def attach_new(request: HttpRequest) -> HttpResponse:
    """Files for a page not saved yet: its draft is made first, under the page's key."""
    kept = _keep(request, sender(request), None)
    response = attached(request, kept)
    response["HX-Replace-Url"] = reverse("referrals:draft", args=[kept.public_id])
    return response


def _keep(
    request: HttpRequest, house: Institution, leg: Referral | None, **changes: Any
) -> Referral:
    return actions.keep_draft(
        by=request.user,
        institution=house,
        typed=_typed(request) | changes,
        draft=leg,
        version=_seen(request),
    )


def _typed(request: HttpRequest) -> dict[str, Any]:
    typed = typed_values(request.POST)
    if not typed.get(KEY):
        raise SuspiciousOperation("a filing page without its key")
    return typed


def _is_blank(request: HttpRequest, leg: Referral | None) -> bool:
    """Whether there is nothing to keep: nothing was typed, and no draft holds something older."""
    return leg is None and not _seen(request) and wishes.is_blank(_typed(request))


def _seen(request: HttpRequest) -> int:
    """The version the page shows; 0 before its first answer, when only its key can tell."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() else 0


# --- What a sent page asks for -----------------------------------------------------------------


def _sent(request: HttpRequest, house: Institution, leg: Referral | None) -> HttpResponse:
    act = request.POST.get("action", "")
    if act == "submit":
        return _submitted(request, house, leg)
    if act == "discard":
        return _discarded(request, house, leg)
    return _kept(request, house, leg, leave=act == "save")


def _kept(
    request: HttpRequest, house: Institution, leg: Referral | None, *, leave: bool
) -> HttpResponse:
    """Save by hand; without scripts this also takes an offered place and looks the patient up."""
    place = wishes.row(Institution.objects.visible_to(request.user), request.POST, "take")
    changes = {}
    if place is not None:
        changes = {
            "direction": wishes.direction_to(house, place),
            "receiver": str(place.public_id),
            "receiver_department": "",
        }
    if leave and _is_blank(request, leg):
        messages.info(request, _("Nothing was entered, so no draft was kept."))
        return redirect("home")
    kept = _keep(request, house, leg, **changes)
    if leave:
        messages.success(request, _("Draft %(number)s is kept.") % {"number": kept.number})
        return redirect("home")
    return redirect("referrals:draft", kept.public_id)


def _discarded(request: HttpRequest, house: Institution, leg: Referral | None) -> HttpResponse:
    """Throw the draft away; a page whose draft nobody else touched since is never stale."""
    if leg is None and _seen(request):
        leg = _keep(request, house, None)
    if leg is not None:
        mine = wishes.typed_in(leg).get(KEY) == _typed(request)[KEY]
        version = leg.version if mine else _seen(request)
        actions.discard_draft(draft=leg, by=request.user, version=version)
        messages.success(request, _("Draft %(number)s was discarded.") % {"number": leg.number})
    return redirect("home")


def _submitted(request: HttpRequest, house: Institution, leg: Referral | None) -> HttpResponse:
    form = pages_new.sent(request, house)
    filed = _file(request, house, leg, form)
    if filed is not None:
        messages.success(request, _said(filed))
        return redirect(filed)
    if not isinstance(form.refusal, StaleVersion):
        leg = _still_kept(request, house, leg, form)
    return pages_new.returned(request, leg, form)


def _file(
    request: HttpRequest, house: Institution, leg: Referral | None, form: ReferralForm
) -> Referral | None:
    """File it; None, with the reasons in the form, when it cannot be."""
    if not form.is_valid():
        return None
    origin = form.cleaned_data["parent"]
    try:
        return actions.file_with_patient(
            by=request.user,
            institution=house,
            patient=form.patient_or_person,
            data=form.filing,
            typed=_typed(request),
            draft=leg,
            version=_seen(request),
            parent=Referral.objects.visible_to(request.user).filter(public_id=origin).first(),
        )
    except ValidationError as error:
        form.tell(error)
    except DomainError as error:
        form.refusal = error
    return None


def _still_kept(
    request: HttpRequest, house: Institution, leg: Referral | None, form: ReferralForm
) -> Referral | None:
    """What could not be filed is kept; where that is refused too, that is what there is to say."""
    if _is_blank(request, leg):
        return None
    try:
        return _keep(request, house, leg)
    except DomainError as error:
        form.refusal = error
        return leg


def _said(filed: Referral) -> str:
    words = {"number": filed.number, "place": filed.receiver}
    if filed.status == Status.ORIGIN_REVIEW:
        return _("%(number)s was filed; your own office reviews it first.") % words
    return _("%(number)s is with %(place)s.") % words
