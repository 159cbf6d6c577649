"""Sessions: the list, one session, and holding it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.core import versions
from alliance.core.forms import attempt, posted
from alliance.core.listing import chips, listing

from .. import actions, policies, presenters
from ..filters import SessionFilter
from ..forms import ParticipantForm, ReasonForm, SessionForm
from ..models import Session
from .shared import created, form_page, kept_course, session_of, show


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Sessions to come, the next first; past ones when asked for."""
    policies.insist(policies.may_look(request.user))
    asked = request.GET.copy()
    asked.setdefault("over", "false")
    rows = Session.objects.visible_to(request.user).running().for_list()
    found = SessionFilter(asked, queryset=rows, request=request)
    ordering = "-starts_at" if asked["over"] == "true" else "starts_at"
    page = listing(request, found.qs if found.is_valid() else rows.none(), ordering=ordering)
    context = {
        "rows": presenters.session_rows(page.rows, request.user),
        "listing": page,
        "filter": found,
        "chips": chips(request, found.form),
    }
    return show(request, "sessions", context, status=200 if found.is_valid() else 422)


@require_safe
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One session: when, where, my seat, and who comes."""
    return session_page(request, session_of(request, public_id))


def session_page(
    request: HttpRequest,
    session: Session,
    *,
    cancel_form: Any = None,
    participant_form: Any = None,
) -> HttpResponse:
    """The page of a session; a form that came back with errors stands open on it."""
    (row,) = presenters.session_rows([session], request.user)
    seen = {"version": session.version}
    context = {
        "session": session,
        "row": row,
        "facts": presenters.session_facts(row),
        "attendance": presenters.attendance(session, request.user),
        "learner": presenters.learner(request.user),
        "keeps": policies.may_keep(request.user, session.course),
        "sends": bool(policies.houses_kept(request.user)),
        "cancel_form": cancel_form or ReasonForm(initial=seen),
        "participant_form": participant_form or ParticipantForm(user=request.user),
    }
    wrong = any(form is not None and form.errors for form in (cancel_form, participant_form))
    return show(request, "session", context, status=422 if wrong else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Plan a session of an on-site course."""
    course = kept_course(request, public_id)
    form = SessionForm(posted(request), user=request.user)
    if course.institution is not None:
        form.initial["institution"] = form.fields["institution"].show(course.institution)  # type: ignore[attr-defined]

    def act() -> str:
        session = actions.plan_session(course=course, by=request.user, **form.values)
        return session.get_absolute_url()

    done = created(request, form, f"session:{course.pk}", act, _("The session is planned."))
    title = _("New session: %(course)s") % {"course": course.title}
    return done or form_page(request, form, title, course.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Change time, place, seats or teacher."""
    session = _kept(request, public_id)
    form = SessionForm(posted(request), user=request.user, session=session)

    def act() -> object:
        return actions.change_session(session=session, by=request.user, **form.values)

    if request.method == "POST" and attempt(form, act):
        messages.success(request, _("The session is changed; who booked is told."))
        return redirect(session)
    return form_page(request, form, session.course.title, session.get_absolute_url())


@require_POST
def cancel(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Call a session off, with the reason."""
    session = _kept(request, public_id)
    form = ReasonForm(request.POST)
    version = versions.parse(request.POST.get("version"))

    def act() -> object:
        return actions.cancel_session(
            session=session,
            by=request.user,
            version=version,
            reason=form.cleaned_data["reason"],
        )

    if not attempt(form, act):
        return session_page(request, session, cancel_form=form)
    messages.success(request, _("The session is called off; who booked is told."))
    return redirect(session)


@require_POST
def close(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """End the attendance."""
    session = _kept(request, public_id)
    version = versions.parse(request.POST.get("version"))
    actions.close_session(session=session, by=request.user, version=version)
    messages.success(request, _("The attendance is closed."))
    return redirect(session)


@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The check-in code, large, for the screen of the room; sending the page makes a new one."""
    session = _kept(request, public_id)
    if request.method == "POST":
        actions.renew_code(session=session, by=request.user)
        messages.success(request, _("This is a new code; the one before opens nothing."))
        return redirect("courses:session_code", public_id)
    url = request.build_absolute_uri(reverse("courses:check_in", args=[session.token]))
    (row,) = presenters.session_rows([session], request.user)
    return show(request, "code", {"session": session, "row": row, "address": url})


def _kept(request: HttpRequest, public_id: UUID) -> Session:
    session = session_of(request, public_id)
    policies.insist(policies.may_keep(request.user, session.course))
    return session
