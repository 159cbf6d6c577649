"""Policy settings of the alliance, or of the platform: look, compare with the default, change."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from alliance.core.access import access_of
from alliance.core.choices import Permission
from alliance.core.forms import create, posted
from alliance.core.policy import Definition, definitions

from .. import actions, selectors
from ..forms import PolicyForm
from ..models import Alliance
from ..pages import policy as pages
from .directory import form_page


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All settings by group, with the values in force today."""
    alliance = _alliance(request)
    search = request.GET.get("search", "")[:50]
    context = pages.index(request.user, alliance, search, on=timezone.localdate())
    return TemplateResponse(request, "institutions/policy_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def detail(request: HttpRequest, key: str) -> HttpResponse:
    """One setting: what it is, its history, and a form for the next value."""
    alliance, definition = _alliance(request), _definition(request, key)
    today = timezone.localdate()
    scope = pages.scope_of(key, alliance)
    value = pages.present_value(definition, alliance, on=today)
    form = PolicyForm(posted(request), definition=definition, value=value)

    def act() -> str:
        actions.change_policy(key=key, alliance=scope, by=request.user, **form.values)
        return reverse("institutions:policy-detail", args=[key])

    if request.method == "POST" and (url := create(form, scope=f"policy:{key}", act=act)):
        messages.success(request, _("The new value is recorded."))
        return redirect(url)
    context = pages.detail(request.user, alliance, definition, on=today)
    return form_page(request, form, context, "institutions/policy_detail.html")


def _alliance(request: HttpRequest) -> Alliance | None:
    """The alliance whose policy the user sets; None for who sets the platform's own."""
    access: Any = access_of(request.user)
    ids = access.alliances_with(Permission.POLICY_MANAGE)
    if not ids and Permission.POLICY_MANAGE not in access.system:
        raise PermissionDenied
    return selectors.office_alliance(request.user)


def _definition(request: HttpRequest, key: str) -> Definition:
    definition = definitions().get(key)
    if definition is None:
        raise Http404
    return definition
