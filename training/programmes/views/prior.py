"""Records of the past: entering, attaching the paper, deciding."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.catalogue.models import Technique
from alliance.core import uploads
from alliance.core.forms import attempt, create
from alliance.core.listing import chips, listing
from alliance.core.policy import policy
from alliance.institutions.policies import insist
from alliance.people.models import Practitioner
from training.exams.models import Station

from .. import actions, policies
from ..choices import PriorState
from ..filters import PriorFilter
from ..forms import DecisionForm, EvidenceForm, PriorForm
from ..models import PriorRecord
from ..presenters import PRIOR_TONES
from .shared import tabs

_TYPES = {".pdf": "application/pdf", ".jpg": "image/jpeg", ".png": "image/png"}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Records of the past: mine, and those of the houses whose training I see."""
    insist(policies.may_look(request.user))
    rows = PriorRecord.objects.visible_to(request.user).for_list()
    found = PriorFilter(request.GET, queryset=rows, request=request)
    page = listing(request, found.qs if found.is_valid() else rows.none(), ordering="-id")
    context = {
        "rows": [{"record": one, "tone": PRIOR_TONES[one.state]} for one in page.rows],
        "listing": page,
        "filter": found,
        "chips": chips(request, found.form),
        "tabs": tabs(request),
        "may_record": bool(policies.is_learner(request.user))
        or bool(policies.houses_arranged(request.user)),
    }
    status = 200 if found.is_valid() else 422
    return TemplateResponse(request, "programmes/priors.html", context, status=status)


@require_safe
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One record: what it says, its paper, whether it counts."""
    return _page(request, _visible(request, public_id))


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Enter what somebody learnt before."""
    arranges = bool(policies.houses_arranged(request.user))
    insist(arranges or policies.is_learner(request.user))
    form = _form(request, arranges)

    def act() -> str:
        values = dict(form.values)
        person, paper = values.pop("practitioner"), values.pop("evidence")
        made = actions.record_prior(
            practitioner=person, values=values, by=request.user, evidence=_checked(paper)
        )
        return made.get_absolute_url()

    if request.method == "POST" and (url := create(form, scope="prior", act=act)):
        messages.success(request, _("Recorded. It counts once somebody else has confirmed it."))
        return redirect(url)
    status = 422 if form.errors else 200
    return TemplateResponse(request, "programmes/prior_new.html", {"form": form}, status=status)


@require_POST
def attach(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Attach the paper that proves it."""
    row = _visible(request, public_id)
    form = EvidenceForm(request.POST, request.FILES)

    def act() -> None:
        paper = _checked(form.cleaned_data["evidence"])
        if paper is not None:
            seen = form.cleaned_data["version"]
            actions.attach_evidence(record=row, evidence=paper, by=request.user, version=seen)

    if attempt(form, act):
        messages.success(request, _("The evidence is attached."))
        return redirect(row)
    return _page(request, row, form)


@require_POST
def decide(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Let it count, or not."""
    row = _visible(request, public_id)
    form = DecisionForm(request.POST)

    def act() -> None:
        values = dict(form.cleaned_data)
        accepted = values.pop("accepted") == "yes"
        actions.decide_prior(record=row, accepted=accepted, by=request.user, **values)

    if attempt(form, act):
        messages.success(request, _("The decision is noted."))
        return redirect(row)
    return _page(request, row, form)


@require_safe
def evidence(request: HttpRequest, public_id: UUID) -> FileResponse:
    """The paper itself; opening it stands in the ledger."""
    row = _visible(request, public_id)
    if not row.evidence:
        raise Http404
    actions.note_reading(record=row, by=request.user)
    name = row.evidence_name
    kind = _TYPES.get(f".{name.rpartition('.')[2]}", "application/octet-stream")
    response = FileResponse(
        row.evidence.open("rb"), as_attachment=True, filename=name, content_type=kind
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


def _form(request: HttpRequest, arranges: bool) -> Any:
    files = request.FILES if request.method == "POST" else None
    sent = request.POST if request.method == "POST" else None
    stations = Station.objects.visible_to(request.user).order_by("code")
    form: Any = PriorForm(sent, files, stations=stations)
    people = Practitioner.objects.visible_to(request.user).filter(is_active=True)
    own = getattr(request.user, "practitioner", None)
    form.fields["practitioner"].rows = people if arranges else people.filter(user=request.user.pk)
    form.fields["technique"].rows = Technique.objects.visible_to(request.user)
    if own is not None and sent is None:
        form.initial["practitioner"] = form.fields["practitioner"].show(own)
    return form


def _checked(paper: Any) -> uploads.CheckedFile | None:
    """The uploaded paper, if it is one; ValidationError at its field otherwise."""
    if not paper:
        return None
    most = policy("programme.evidence_bytes_most", on=timezone.localdate())
    found = uploads.check(paper, paper.name, max_bytes=most)
    if isinstance(found, uploads.Refusal):
        raise ValidationError({"evidence": found.message})
    return found


def _page(request: HttpRequest, row: PriorRecord, form: Any = None) -> HttpResponse:
    seen = {"version": row.version}
    waiting = row.state == PriorState.WAITING
    context = {
        "record": row,
        "tone": PRIOR_TONES[row.state],
        "may_attach": policies.may_attach(request.user, row),
        "may_decide": waiting and policies.may_decide(request.user, row),
        "evidence_form": form if isinstance(form, EvidenceForm) else EvidenceForm(initial=seen),
        "decision_form": form if isinstance(form, DecisionForm) else DecisionForm(initial=seen),
    }
    status = 422 if form is not None and form.errors else 200
    return TemplateResponse(request, "programmes/prior.html", context, status=status)


def _visible(request: HttpRequest, public_id: UUID) -> PriorRecord:
    rows = PriorRecord.objects.visible_to(request.user).for_list()
    found: PriorRecord = get_object_or_404(rows, public_id=public_id)
    return found
