"""Other systems of a house: let in, given a new secret, shut out."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.core.forms import create
from alliance.core.listing import listing

from .. import actions, pages, policies, scopes
from ..forms import ClientForm
from ..models import ApiClient
from .shared import Once, form_page, own_houses, secret_page

HERE = "people:clients"


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The systems of the user's houses."""
    policies.insist(policies.may_see_clients(request.user))
    rows = ApiClient.objects.visible_to(request.user).select_related("institution")
    page = listing(request, rows, ordering="-id")
    context = {
        "listing": page,
        "clients": [(client, scopes.labels(client.scopes)) for client in page.rows],
        "tabs": pages.tabs(request),
        "houses": policies.houses(request.user),
    }
    return TemplateResponse(request, "people/clients.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Let another system in; its secret is shown once."""
    policies.insist(policies.may_invite(request.user))
    here = request.institution  # type: ignore[attr-defined]
    form = ClientForm(request.POST or None, houses=own_houses(request), here=here)

    def act() -> tuple[str, Any]:
        return reverse(HERE), actions.create_api_client(by=request.user, **form.values)

    made = Once(act)
    if request.method == "POST":
        url = create(form, scope=f"client:{request.user.pk}", act=made)
        if made.result:
            client, secret = made.result
            return _secret(request, client, secret)
        if url is not None:
            return redirect(url)
    return form_page(request, form, {"title": _lazy("Let a system in"), "back_url": reverse(HERE)})


@require_POST
def rotate(request: HttpRequest, pk: int) -> HttpResponse:
    """Replace a client's secret."""
    client = _visible(request, pk)
    return _secret(request, client, actions.rotate_client_secret(client=client, by=request.user))


@require_POST
def disable(request: HttpRequest, pk: int) -> HttpResponse:
    """Shut a client out."""
    actions.disable_api_client(client=_visible(request, pk), by=request.user)
    messages.success(request, _("The system is shut out; its tokens no longer work."))
    return redirect(HERE)


@require_POST
def enable(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a client in again."""
    actions.enable_api_client(client=_visible(request, pk), by=request.user)
    messages.success(request, _("The system may sign in again with the secret it had."))
    return redirect(HERE)


def _visible(request: HttpRequest, pk: int) -> ApiClient:
    found: ApiClient = get_object_or_404(ApiClient.objects.visible_to(request.user), pk=pk)
    return found


def _secret(request: HttpRequest, client: ApiClient, secret: str) -> HttpResponse:
    return secret_page(
        request, title=client.name, client_id=client.client_id, secret=secret, url=reverse(HERE)
    )
