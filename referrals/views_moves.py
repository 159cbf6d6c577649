"""Making a move: its own page, or a part of the referral's page; nothing typed is lost."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import RadioSelect
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from alliance.core import versions
from alliance.core.errors import DomainError, StaleVersion, TransitionNotAllowed
from alliance.core.forms import posted

from . import actions, selectors, worklists
from .choices import Move
from .forms import MoveForm
from .models import Referral
from .policies import allowed_transition, open_moves
from .presenters import acts
from .presenters import detail as shown
from .presenters.rows import row_of, words_of
from .views_detail import changes_since, leg_or_404
from .views_list import reader_of
from .workflow import Transition

# Moves that answer what the other side said last.
_ANSWERING = (Move.ANSWER, Move.RESUBMIT)
# Selects with more choices than fit a glance get a search box.
_SEARCHED = ("receiver", "practitioner", "department")
# Ticked by a person before a rare act that ends everything; no part of the move's data.
_SURE = "sure"


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, public_id: UUID, move: Move) -> HttpResponse:
    """Ask for what a move needs, then make it."""
    leg = leg_or_404(request, public_id)
    if move == Move.SUBMIT:
        return redirect("referrals:draft", leg.public_id)
    if request.method == "POST":
        return _make(request, leg, move)
    seen = versions.parse(request.GET.get("version") or str(leg.version))
    if seen != leg.version:
        return _stale(request, leg, move, seen)
    row = allowed_transition(request.user, move, leg)
    return _page(request, leg, _form(row, leg, initial=request.GET.dict()))


def _form(row: Transition, leg: Referral, **values: Any) -> MoveForm:
    """The form of a move, its ids apart from those of filters on the same page."""
    form = MoveForm(row, leg, auto_id="move_%s", with_papers=True, **values)
    for name in _SEARCHED:
        if name in form.fields and not form[name].is_hidden:
            form.fields[name].widget.attrs["data-combobox"] = ""
    if row.move in acts.RARE:
        form.fields[_SURE] = forms.BooleanField(
            label=_("I have made sure that this is the right patient; it cannot be undone.")
        )
    # Not a radio: the arrow keys of somebody who scrolls would choose another answer.
    typed = (f for f in form.visible_fields() if not isinstance(f.field.widget, RadioSelect))
    first = next(typed, None)
    if first is not None:
        first.field.widget.attrs["autofocus"] = True
    return form


def _make(request: HttpRequest, leg: Referral, move: Move) -> HttpResponse:
    seen = versions.parse(request.POST.get("version"))
    if seen != leg.version:
        return _stale(request, leg, move, seen)
    form = _form(allowed_transition(request.user, move, leg), leg, data=request.POST)
    if not form.is_valid():
        return _page(request, leg, form, status=422)
    data = {name: value for name, value in form.move_data().items() if name != _SURE}
    try:
        actions.move(referral=leg, move=move, by=request.user, data=data, version=seen)
    except StaleVersion:
        return _stale(request, leg_or_404(request, leg.public_id), move, seen)
    except TransitionNotAllowed:
        raise
    except ValidationError as error:
        _tell(form, error)
        return _page(request, leg, form, status=422)
    except DomainError as refusal:
        return _page(request, leg, form, refusal=refusal, status=refusal.status)
    messages.success(request, _done(leg, move))
    return _onward(request, leg)


def _tell(form: MoveForm, error: ValidationError) -> None:
    """Put what the action refused beside the field it means."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for path, faults in error.error_dict.items():
        # The API sends structures, the page one field for each part of them.
        name = path.removeprefix("paperwork.").removeprefix("correction.").replace(".", "_")
        form.add_error(name if name in form.fields else None, faults)


def _done(leg: Referral, move: Move) -> str:
    label = acts.name_of(leg, move)
    return _("%(number)s: %(move)s · done") % {"number": leg.number, "move": label}


def _next(request: HttpRequest) -> str:
    """Where to go afterwards, if it is one of our own pages."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    host = {request.get_host()}
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=host) else ""


def _onward(request: HttpRequest, leg: Referral) -> HttpResponse:
    """To the next row of the desk or back to the referral; htmx is told to load it."""
    address = _next(request) or leg.get_absolute_url()
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


def _page(
    request: HttpRequest,
    leg: Referral,
    form: MoveForm,
    *,
    refusal: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    context = _context(request, leg, form) | {"refusal": _refusal(leg, form, refusal)}
    return TemplateResponse(request, _template(request, "move"), context, status=status)


def _template(request: HttpRequest, name: str) -> str:
    part = "_" if request.htmx else ""  # type: ignore[attr-defined]
    return f"referrals/{part}{name}.html"


def _context(request: HttpRequest, leg: Referral, form: MoveForm) -> dict[str, Any]:
    move = form.row.move
    return {
        "leg": leg,
        "row": row_of(leg, reader_of(request), now=timezone.now()),
        "form": form,
        "act": acts.act_of(leg, move),
        "next": _next(request),
        "offers": _offers(request, leg, move),
        "said": words_of(worklists.last_words([leg])).get(leg.pk, "") if move in _ANSWERING else "",
    }


def _offers(request: HttpRequest, leg: Referral, move: Move) -> list[dict[str, Any]]:
    """Beside a refusal: hand the patient on instead, one tap away."""
    if move != Move.REJECT or Move.REDIRECT not in open_moves(request.user, leg):
        return []
    others = selectors.alternatives_for(leg, on=timezone.localdate())
    return shown.redirects(leg, others, next_url=_next(request))


def _refusal(leg: Referral, form: MoveForm, error: DomainError | None) -> dict[str, Any] | None:
    """What the rules said to the chosen place, and which others they would not refuse."""
    if error is None:
        return None
    reasons = [reason["detail"] for reason in error.details.get("reasons", [])]
    others = [other["name"] for other in error.details.get("alternatives", [])]
    return {"message": error.message, "reasons": reasons, "others": others}


def _stale(request: HttpRequest, leg: Referral, move: Move, seen: int) -> HttpResponse:
    """Somebody was faster: what changed since, and what was typed, to be sent again or not."""
    still = move in open_moves(request.user, leg)
    context: dict[str, Any] = {
        "leg": leg,
        "row": row_of(leg, reader_of(request), now=timezone.now()),
        "changes": changes_since(request, leg, seen),
        "act": acts.act_of(leg, move),
        "typed": shown.typed(request.POST),
        "next": _next(request),
        "still": still,
    }
    if still:
        row = allowed_transition(request.user, move, leg)
        form = _form(row, leg, data=posted(request), initial=request.GET.dict())
        context |= _context(request, leg, form)
    return TemplateResponse(request, _template(request, "stale"), context, status=412)
