"""One technique in a draft: grade it, change it, take it out; in place with htmx."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from alliance.core.forms import attempt, posted

from .. import actions, pages, selectors
from ..forms import EntryForm
from ..models import CatalogueEdition, Technique
from .editions import draft, visible


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, public_id: UUID, code: str) -> HttpResponse:
    """The form of one row; saved, the row itself."""
    edition = draft(request, public_id)
    technique = _technique(request, edition, code)
    row = pages.technique_row(technique, pages.grading_of(edition))
    form = EntryForm(posted(request), entry=row["entry"])

    def act() -> None:
        actions.set_entry(edition=edition, technique=technique, by=request.user, **form.values)

    if "row" in request.GET or (request.method == "POST" and attempt(form, act)):
        return _row(request, edition, code)
    template = "catalogue/_entry_form.html" if _partial(request) else "catalogue/entry.html"
    context = {"edition": edition, "row": row, "form": form}
    return TemplateResponse(request, template, context, status=422 if form.errors else 200)


@require_POST
def remove(request: HttpRequest, public_id: UUID, code: str) -> HttpResponse:
    """Take a technique out of a draft."""
    edition = visible(request, public_id)
    technique = get_object_or_404(Technique.objects.visible_to(request.user), code=code)
    actions.remove_entry(edition=edition, technique=technique, by=request.user)
    if not _partial(request):
        words = _("%(name)s is out of the draft. Grade it again to bring it back.")
        messages.warning(request, words % {"name": technique.name})
    return _row(request, edition, code)


def _technique(request: HttpRequest, edition: CatalogueEdition, code: str) -> Technique:
    rows = pages.with_entry(Technique.objects.visible_to(request.user), edition)
    found: Technique = get_object_or_404(rows, code=code)
    return found


def _row(request: HttpRequest, edition: CatalogueEdition, code: str) -> HttpResponse:
    """The row as it is now, or the whole page where there are no scripts."""
    if not _partial(request):
        return redirect(edition)
    technique = _technique(request, edition, code)
    change = selectors.change_kinds(edition).get(technique.pk, "")
    context = {
        "edition": edition,
        "row": pages.technique_row(technique, pages.grading_of(edition), change),
        "may_edit": True,
        "is_new": request.method == "POST",
    }
    return TemplateResponse(request, "catalogue/_entry.html", context)


def _partial(request: HttpRequest) -> bool:
    return bool(request.htmx) and not request.htmx.boosted  # type: ignore[attr-defined]
