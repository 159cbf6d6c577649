"""Parts of courses: worked through by those who learn, kept by those who teach."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.core.decorators import in_background
from alliance.core.forms import attempt, posted

from .. import actions, downloads, policies, presenters
from ..choices import PartKind
from ..forms import PartEditForm, PartForm
from ..models import CoursePart
from .shared import created, form_page, kept_course, learner, show


@require_safe
def part(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One part: to read, to watch, or to go to; where one left off last time."""
    found = _visible(request, public_id)
    rows = presenters.part_rows(found.course, request.user)
    place = [row.part.pk for row in rows].index(found.pk)
    context = {
        "part": found,
        "course": found.course,
        "learns": presenters.learner(request.user) is not None,
        "progress": rows[place].progress,
        "rows": rows,
        "place": 1 + place,
        "keeps": policies.may_keep(request.user, found.course),
    }
    return show(request, "part", context)


@require_POST
def begin(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Note that somebody has opened a part; its page sends this by itself where scripts run."""
    found, person = _visible(request, public_id), learner(request)
    progress = actions.open_part(part=found, practitioner=person, by=request.user)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(found)
    context = {"part": found, "course": found.course, "learns": True, "progress": progress}
    return TemplateResponse(request, "courses/_part_state.html", context)


@require_safe
def file(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The document as a download, the video as a stream."""
    found = _visible(request, public_id)
    if found.kind == PartKind.LINK:
        raise Http404
    if found.kind == PartKind.VIDEO:
        streamed: HttpResponse = downloads.stream(
            request, found.file, content_type=found.content_type
        )
        return streamed
    return downloads.download(found.file, name=found.file_name, content_type=found.content_type)  # type: ignore[return-value]


@in_background
@require_POST
def place(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Where the player stands; sent by the page now and then."""
    found, person = _visible(request, public_id), learner(request)
    asked = request.POST.get("position", "")
    if not asked.isascii() or not asked.isdigit() or len(asked) > 6:
        return JsonResponse({"position": _("Enter a whole number.")}, status=422)
    kept = actions.keep_place(part=found, practitioner=person, by=request.user, position=int(asked))
    return JsonResponse({"position": kept})


@require_POST
def done(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Mark a part as done, and go on to the next."""
    found, person = _visible(request, public_id), learner(request)
    earned = actions.finish_part(part=found, practitioner=person, by=request.user)
    following = presenters.next_part(presenters.part_rows(found.course, request.user))
    if earned is not None:
        words = _("You have completed this course: %(hours)s hours are in your ledger.")
        messages.success(request, words % {"hours": presenters.hours(earned.hours)})
        return redirect(found.course)
    return redirect(following or found.course)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Add a part to a course."""
    course = kept_course(request, public_id)
    form = PartForm(posted(request), request.FILES or None)

    def act() -> str:
        actions.add_part(course=course, by=request.user, **form.values)
        return course.get_absolute_url()

    answer = created(request, form, f"part:{course.pk}", act, _("The part is added."))
    more = {"act": _("Add"), "multipart": True}
    return answer or form_page(request, form, _("New part"), course.get_absolute_url(), **more)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Correct a part."""
    found = _kept(request, public_id)
    shown = {name: getattr(found, name) for name in ("title", "minutes", "order")}
    form = PartEditForm(posted(request), initial=shown)

    def act() -> object:
        return actions.update_part(part=found, by=request.user, **form.cleaned_data)

    if request.method == "POST" and attempt(form, act):
        return redirect(found.course)
    return form_page(request, form, found.title, found.course.get_absolute_url())


@require_POST
def remove(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take a part out of its course."""
    found = _kept(request, public_id)
    actions.remove_part(part=found, by=request.user)
    messages.success(request, _("The part is taken out."))
    return redirect(found.course)


def _visible(request: HttpRequest, public_id: UUID) -> CoursePart:
    policies.insist(policies.may_look(request.user))
    rows = CoursePart.objects.visible_to(request.user).filter(removed_at=None)
    found: CoursePart = get_object_or_404(rows.select_related("course"), public_id=public_id)
    return found


def _kept(request: HttpRequest, public_id: UUID) -> CoursePart:
    found = _visible(request, public_id)
    policies.insist(policies.may_keep(request.user, found.course))
    return found
