"""Pages of purchases: the list, applying, one application, its moves and its files."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.core.forms import attempt, create, posted
from alliance.core.listing import chips, listing
from alliance.institutions.models import Institution
from alliance.institutions.policies import insist
from equipment.devices.models import DeviceType

from . import actions, evidence, policies, presenters
from .choices import Move, Status
from .filters import PurchaseFilter
from .forms import FORMS, ApplicationForm, FileForm, StartForm
from .models import Purchase, PurchaseFile

_WAITING = 20


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Applications that one may see, the newest first; those that wait for one on top."""
    insist(policies.may_look(request.user))
    rows = Purchase.objects.visible_to(request.user).for_list()
    found = PurchaseFilter(request.GET, queryset=rows, request=request)
    page = listing(request, found.qs if found.is_valid() else rows.none(), ordering="-created_at")
    plain = not request.GET
    waiting = list(_waiting(request, rows)[: _WAITING + 1]) if plain else []
    context = {
        "rows": presenters.rows(page.rows),
        "waiting": presenters.rows(waiting[:_WAITING]),
        "waiting_count": f"{_WAITING}+" if len(waiting) > _WAITING else len(waiting),
        "listing": page,
        "filter": found,
        "chips": chips(request, found.form),
        "may_apply": bool(policies.houses_to_apply_for(request.user)),
    }
    status = 200 if found.is_valid() else 422
    return TemplateResponse(request, "purchases/purchases.html", context, status=status)


def _waiting(request: HttpRequest, rows: Any) -> Any:
    """Those on which one's side acts next, the oldest first."""
    return rows.waiting_for(request.user).order_by("created_at", "pk")


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin an application; what the platform knows of the type is shown once one is named."""
    house = _house(request)
    form = StartForm(posted(request), initial={"device_type": request.GET.get("device_type")})

    def act() -> str:
        row = actions.start(institution=house, by=request.user, **form.values)
        return row.get_absolute_url()

    scope = f"purchase:{house.pk}:{request.user.pk}"
    if request.method == "POST" and (url := create(form, scope=scope, act=act)):
        return redirect(url)
    context = {"form": form, "house": house, **_known(request, house)}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "purchases/new.html", context, status=status)


@require_safe
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One application: what it says, what speaks for it, what happened, what may be done."""
    return _page(request, _visible(request, public_id))


@require_POST
def save(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Keep what the application says, and submit it where asked to."""
    row = _visible(request, public_id)
    form = ApplicationForm(request.POST)

    def act() -> None:
        save = actions.correct_and_submit if "submit" in request.POST else actions.correct
        save(purchase=row, by=request.user, **form.cleaned_data)

    if attempt(form, act):
        submitted = "submit" in request.POST
        messages.success(
            request, _("The application is with the alliance.") if submitted else _("Saved.")
        )
        return redirect(row)
    row.refresh_from_db()
    return _page(request, row, application=form)


@require_POST
def move(request: HttpRequest, public_id: UUID, move: Move) -> HttpResponse:
    """Make one move."""
    row = _visible(request, public_id)
    form = FORMS[move](request.POST, prefix=move.value)

    def act() -> None:
        data = dict(form.cleaned_data)
        version, reason = data.pop("version"), data.pop("reason", "")
        actions.move(
            purchase=row, move=move, by=request.user, reason=reason, version=version, data=data
        )

    if attempt(form, act):
        messages.success(request, _("Done: %(move)s.") % {"move": move.label})
        return redirect(row)
    row.refresh_from_db()
    return _page(request, row, tried=form)


@require_POST
def attach(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Add a file to an application that is still written; what was typed meanwhile is kept."""
    row = _visible(request, public_id)
    typed, form = _typed(request, row), FileForm(request.POST, request.FILES)

    def act() -> None:
        file = form.cleaned_data["file"]
        actions.attach(purchase=row, file=file, name=file.name, by=request.user)

    if attempt(form, act):
        return _page(request, row, application=typed) if typed else redirect(row)
    return _page(request, row, application=typed, upload=form)


@require_safe
def file(request: HttpRequest, public_id: UUID, file_id: UUID) -> FileResponse:
    """A file, as a download."""
    paper = _paper(request, public_id, file_id)
    return FileResponse(
        paper.file.open(), as_attachment=True, filename=paper.name, content_type=paper.content_type
    )


@require_POST
def remove_file(request: HttpRequest, public_id: UUID, file_id: UUID) -> HttpResponse:
    """Take a file out of an application that is still written; what was typed is kept."""
    paper = _paper(request, public_id, file_id)
    typed = _typed(request, paper.purchase)
    actions.remove_file(file=paper, by=request.user)
    if typed:
        return _page(request, _visible(request, public_id), application=typed)
    return redirect(paper.purchase)


def _typed(request: HttpRequest, row: Purchase) -> ApplicationForm | None:
    """Keep what the application says by now; the form with its faults where it cannot be kept."""
    if "version" not in request.POST:
        return None
    form = ApplicationForm(request.POST, initial=_said(row))

    def act() -> None:
        actions.correct(purchase=row, by=request.user, **form.cleaned_data)

    if not form.has_changed():
        return None
    kept = attempt(form, act)
    row.refresh_from_db()
    return None if kept else form


def _said(row: Purchase) -> dict[str, Any]:
    """What an application says so far, as its form begins."""
    return {name: getattr(row, name) for name in ApplicationForm.base_fields}


def _page(
    request: HttpRequest,
    row: Purchase,
    *,
    application: Any = None,
    tried: Any = None,
    upload: Any = None,
) -> HttpResponse:
    may_edit = row.is_written and policies.may_apply(request.user, row.institution_id)
    if may_edit and application is None:
        application = ApplicationForm(initial=_said(row))
    context = {
        "purchase": row,
        "tone": presenters.TONES[Status(row.status)],
        "steps": presenters.steps(row),
        "facts": presenters.facts(row),
        "evidence": evidence.worded(_evidence(row)),
        "application": application if may_edit else None,
        "upload": (upload or FileForm()) if may_edit else None,
        "files": presenters.files(row, may_edit=may_edit),
        "delivered": row.delivered.select_related("device").order_by("pk"),
        "events": presenters.timeline(row),
        "acts": presenters.acts(request.user, row, on=timezone.localdate(), tried=tried),
        "barred": presenters.barred_note(request.user, row),
    }
    failed = any(form is not None and form.errors for form in (application, tried, upload))
    status = 422 if failed else 200
    return TemplateResponse(request, "purchases/purchase.html", context, status=status)


def _evidence(row: Purchase) -> list[dict[str, Any]]:
    """What was frozen; while it is written, what would be."""
    if not row.is_written:
        frozen: list[dict[str, Any]] = row.evidence
        return frozen
    today = timezone.localdate()
    return evidence.gathered(institution_id=row.institution_id, type_id=row.type_id, on=today)


def _visible(request: HttpRequest, public_id: UUID) -> Purchase:
    rows = Purchase.objects.visible_to(request.user).for_list()
    found: Purchase = get_object_or_404(rows, public_id=public_id)
    return found


def _paper(request: HttpRequest, public_id: UUID, file_id: UUID) -> PurchaseFile:
    rows = PurchaseFile.objects.visible_to(request.user).select_related("purchase")
    found: PurchaseFile = get_object_or_404(rows, public_id=file_id, purchase__public_id=public_id)
    return found


def _known(request: HttpRequest, house: Institution) -> dict[str, Any]:
    """What the platform knows of the type in question; nothing before one is named."""
    asked = request.POST.get("device_type") or request.GET.get("device_type", "")
    wanted = DeviceType.objects.visible_to(request.user).filter(code=asked).first()
    if wanted is None:
        return {}
    today = timezone.localdate()
    told = evidence.gathered(institution_id=house.pk, type_id=wanted.pk, on=today)
    return {"wanted": wanted, "evidence": evidence.worded(told)}


def _house(request: HttpRequest) -> Institution:
    """The institution that one applies for: the one named, the acting one, else the first."""
    mine = policies.houses_to_apply_for(request.user)
    if not mine:
        raise PermissionDenied
    acting = getattr(request.institution, "pk", None)  # type: ignore[attr-defined]
    named = request.GET.get("institution", "")
    houses = Institution.objects.filter(pk__in=mine).order_by("pk")
    wanted = [one for one in houses if str(one.public_id) == named]
    return next(iter(wanted or [one for one in houses if one.pk == acting] or houses))
