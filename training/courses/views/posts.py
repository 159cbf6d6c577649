"""The three ones, house by house: contest, key doctor, simulation centre."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from alliance.core.forms import attempt
from alliance.core.listing import chips, listing
from alliance.institutions.models import Institution

from .. import actions, houses, policies
from ..filters import HouseFilter
from ..forms import CentreForm, EndForm, KeyDoctorForm
from ..models import KeyDoctor, SimulationCentre
from .shared import show


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every house of one's alliances, with what it has and lacks."""
    policies.insist(policies.may_look(request.user))
    rows = houses.in_reach(request.user)
    found = HouseFilter(request.GET, queryset=rows, request=request)
    page = listing(request, found.qs if found.is_valid() else rows.none(), ordering="name")
    context = {
        "rows": houses.rows(page.rows, request.user),
        "contests": houses.latest_contests(request.user),
        "listing": page,
        "filter": found,
        "chips": chips(request, found.form),
    }
    return show(request, "three_ones", context, status=200 if found.is_valid() else 422)


@require_safe
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What one house has, had and lacks."""
    return _page(request, _house(request, public_id))


@require_POST
def name_key_doctor(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Say who is key doctor."""
    house = _kept(request, public_id)
    form = KeyDoctorForm(request.POST, user=request.user)

    def act() -> object:
        return actions.name_key_doctor(institution=house, by=request.user, **form.values)

    return _answer(request, house, attempt(form, act), key_doctor_form=form)


@require_POST
def open_centre(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Say what the simulation centre is."""
    house = _kept(request, public_id)
    form = CentreForm(request.POST)

    def act() -> object:
        return actions.open_centre(institution=house, by=request.user, **form.values)

    return _answer(request, house, attempt(form, act), centre_form=form)


@require_POST
def end_key_doctor(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Somebody is key doctor no longer."""
    policies.insist(policies.may_look(request.user))
    rows = KeyDoctor.objects.visible_to(request.user).select_related("institution")
    post = get_object_or_404(rows, public_id=public_id)
    policies.insist(policies.may_keep_posts(request.user, post.institution_id))
    form = EndForm(request.POST)

    def act() -> object:
        return actions.end_key_doctor(post=post, by=request.user, **form.cleaned_data)

    return _answer(request, post.institution, attempt(form, act), end_form=form)


@require_POST
def end_centre(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A simulation centre is used no longer."""
    policies.insist(policies.may_look(request.user))
    rows = SimulationCentre.objects.visible_to(request.user).select_related("institution")
    centre = get_object_or_404(rows, public_id=public_id)
    policies.insist(policies.may_keep_posts(request.user, centre.institution_id))
    form = EndForm(request.POST)

    def act() -> object:
        return actions.end_centre(centre=centre, by=request.user, **form.cleaned_data)

    return _answer(request, centre.institution, attempt(form, act), end_form=form)


def _answer(request: HttpRequest, house: Institution, is_done: bool, **forms: Any) -> HttpResponse:
    if not is_done:
        return _page(request, house, **forms)
    messages.success(request, _("Noted."))
    return redirect("courses:three_ones_of", house.public_id)


def _page(request: HttpRequest, house: Institution, **forms: Any) -> HttpResponse:
    context = {
        "house": house,
        **houses.detail(house, request.user),
        "key_doctor_form": KeyDoctorForm(user=request.user),
        "centre_form": CentreForm(),
        "end_form": EndForm(initial={"last": houses.today()}),
        "may_keep": policies.may_keep_posts(request.user, house.pk),
        **forms,
    }
    return show(request, "three_ones_of", context, status=422 if forms else 200)


def _house(request: HttpRequest, public_id: UUID) -> Institution:
    policies.insist(policies.may_look(request.user))
    found: Institution = get_object_or_404(houses.in_reach(request.user), public_id=public_id)
    return found


def _kept(request: HttpRequest, public_id: UUID) -> Institution:
    house = _house(request, public_id)
    policies.insist(policies.may_keep_posts(request.user, house.pk))
    return house
