"""The catalogue of courses, one course, and keeping it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.core import versions
from alliance.core.forms import attempt, posted
from alliance.core.listing import chips, listing

from .. import actions, policies, presenters
from ..filters import CourseFilter
from ..forms import CourseForm
from ..models import Course, Session
from .shared import course_of, created, form_page, kept_course, show


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Courses of one's alliances, the newest first, with how far one is."""
    policies.insist(policies.may_look(request.user))
    rows = Course.objects.visible_to(request.user).for_list()
    found = CourseFilter(request.GET, queryset=rows, request=request)
    page = listing(request, found.qs if found.is_valid() else rows.none(), ordering="-created_at")
    context = {
        "rows": presenters.course_rows(page.rows, request.user),
        "listing": page,
        "filter": found,
        "chips": chips(request, found.form),
        "may_offer": policies.may_offer(request.user),
    }
    return show(request, "index", context, status=200 if found.is_valid() else 422)


@require_safe
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One course: its parts with what is done, its sessions with what is booked."""
    course = course_of(request, public_id)
    parts = presenters.part_rows(course, request.user)
    sessions = Session.objects.visible_to(request.user).for_list().filter(course=course)
    coming = sessions.running().ending_after(timezone.now()).order_by("starts_at")[:20]
    past = sessions.filter(ends_at__lte=timezone.now()).order_by("-starts_at")[:10]
    context = {
        "course": course,
        "row": presenters.course_rows([course], request.user)[0],
        "facts": presenters.course_facts(course),
        "parts": parts,
        "next_part": presenters.next_part(parts),
        "coming": presenters.session_rows(list(coming), request.user),
        "past": presenters.session_rows(list(past), request.user),
        "is_online": presenters.is_online(course),
        "learner": presenters.learner(request.user),
        "keeps": policies.may_keep(request.user, course),
    }
    return show(request, "course", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Enter a course, as a draft."""
    policies.insist(policies.may_offer(request.user))
    form = CourseForm(posted(request), user=request.user)

    def act() -> str:
        return actions.create_course(by=request.user, **form.values).get_absolute_url()

    done = created(
        request, form, "course", act, _("The course is entered. Add what it consists of.")
    )
    return done or form_page(request, form, _("New course"), reverse("courses:index"))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Change what a course says of itself."""
    course = kept_course(request, public_id)
    form = CourseForm(posted(request), user=request.user, course=course)

    def act() -> object:
        return actions.update_course(course=course, by=request.user, **form.values)

    if request.method == "POST" and attempt(form, act):
        messages.success(request, _("The course is changed."))
        return redirect(course)
    return form_page(request, form, course.title, course.get_absolute_url())


@require_POST
def publish(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Offer a course to everybody in the alliance."""
    course, version = kept_course(request, public_id), versions.parse(request.POST.get("version"))
    actions.publish_course(course=course, by=request.user, version=version)
    messages.success(request, _("The course is offered to the alliance."))
    return redirect(course)


@require_POST
def take_back(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Offer a course no longer."""
    course, version = kept_course(request, public_id), versions.parse(request.POST.get("version"))
    actions.take_back_course(course=course, by=request.user, version=version)
    messages.success(request, _("The course is no longer offered; what was completed counts."))
    return redirect(course)
