"""Simulation stations, and what people reach there."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.core.choices import Permission
from alliance.core.forms import attempt, create, posted
from alliance.institutions.policies import own_alliance

from .. import actions, pages, policies, presenters, selectors
from ..forms import StationForm, StationResultForm
from ..models import Station
from .shared import form_page


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The stations of one's alliance, and how far oneself is."""
    policies.insist(policies.may_look(request.user))
    stations = Station.objects.visible_to(request.user).order_by("order", "pk")
    keeps = policies.maintains_any(request.user)
    pk = pages.practitioner_of(request.user)
    facts = selectors.station_facts([pk], on=timezone.localdate()).get(pk, {}) if pk else {}
    context = {
        "rows": presenters.station_rows(
            stations if keeps else stations.filter(is_active=True), facts
        ),
        "mine": pk is not None,
        "tabs": pages.tabs(request),
        "may_edit": keeps,
        "may_record": policies.may_assess(request.user),
    }
    return TemplateResponse(request, "exams/stations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add a station of the alliance's own."""
    alliance = own_alliance(request.user, Permission.PROGRAMME_MANAGE)
    form = StationForm(posted(request))

    def act() -> str:
        actions.create_station(alliance=alliance, by=request.user, values=form.values)
        return _home()

    if request.method == "POST" and (url := create(form, scope=f"station:{alliance.pk}", act=act)):
        return redirect(url)
    return form_page(request, form, {"title": _("New station"), "back_url": _home()})


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Change a station."""
    rows = Station.objects.visible_to(request.user).select_related("alliance")
    station: Station = get_object_or_404(rows, public_id=public_id)
    policies.insist_on_maintaining(request.user, station.alliance)
    form = StationForm(posted(request), row=station)

    def act() -> None:
        actions.edit_station(
            station=station, by=request.user, version=form.version_seen, values=form.values
        )

    if request.method == "POST" and attempt(form, act):
        messages.success(request, _("The station is saved."))
        return redirect("exams:stations")
    return form_page(request, form, {"title": station.name, "back_url": _home()})


@require_POST
def seed(request: HttpRequest) -> HttpResponse:
    """Set up the five FLS tasks and the animal cases."""
    alliance = own_alliance(request.user, Permission.PROGRAMME_MANAGE)
    added = actions.seed_stations(alliance=alliance, by=request.user)
    words = ngettext("%(n)d station is set up.", "%(n)d stations are set up.", added)
    messages.success(request, words % {"n": added})
    return redirect("exams:stations")


@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest) -> HttpResponse:
    """Enter what somebody reached at a station; the next one begins with the same station and day."""
    policies.insist(policies.may_assess(request.user))
    stations = Station.objects.visible_to(request.user).filter(is_active=True)
    form = StationResultForm(
        posted(request),
        request.FILES or None,
        trainees=pages.trainees(request.user),
        stations=stations.order_by("order", "pk"),
        initial=pages.asked_for(request, "station", stations),
    )

    def act() -> str:
        result = actions.record_station(by=request.user, **form.values)
        return f"{request.path}?station={result.station.public_id}&on={result.held_on}"

    scope = f"station-result:{request.user.pk}"
    if request.method == "POST" and (url := create(form, scope=scope, act=act)):
        messages.success(request, _("The result is entered. Enter the next one."))
        return redirect(url)
    return form_page(request, form, {"title": _("Enter a station result"), "back_url": _home()})


def _home() -> str:
    return pages.address("exams:stations")
