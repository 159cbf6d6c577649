"""What the pages about people have in common."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.cache import add_never_cache_headers

from alliance.institutions.models import Institution

from .. import policies
from ..models import User


def form_page(
    request: HttpRequest, form: Any, context: dict[str, Any], template: str = "people/form.html"
) -> HttpResponse:
    """A page with one form; 422 when it came back with errors."""
    context = {**context, "form": form}
    return TemplateResponse(request, template, context, status=422 if form.errors else 200)


def secret_page(request: HttpRequest, **context: Any) -> HttpResponse:
    """A secret that is shown once: not kept in the session, the history or any cache."""
    response = TemplateResponse(request, "people/secret.html", context)
    add_never_cache_headers(response)
    return response


def visible_account(request: HttpRequest, public_id: UUID) -> User:
    """The person's account of that id, if the user may see it; 404 otherwise."""
    rows = User.objects.visible_to(request.user).people().select_related("practitioner")
    found: User = get_object_or_404(rows, public_id=public_id)
    return found


def own_houses(request: HttpRequest) -> Any:
    """The institutions that the user administers."""
    rows = Institution.objects.visible_to(request.user)
    return rows.filter(pk__in=policies.houses(request.user)).order_by("name")


class Once:
    """Keeps what an act brought forth beside its address: a secret must not be remembered."""

    def __init__(self, act: Callable[[], tuple[str, Any]]) -> None:
        self.act = act
        self.result: Any = None

    def __call__(self) -> str:
        url, self.result = self.act()
        return url
