"""Accounts: the list, one account, and what its page lets the three powers and managers do."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.core.forms import attempt, create
from alliance.core.listing import chips, listing

from .. import actions, pages, policies
from ..filters import UserFilter
from ..forms import GrantForm, ParticularsForm, UserForm
from ..models import RoleGrant, User
from .shared import Once, form_page, own_houses, secret_page, visible_account


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The accounts that the user looks after, by user name."""
    policies.insist(policies.may_open_accounts(request.user))
    rows = User.objects.visible_to(request.user).people().with_roles(timezone.localdate())
    found = UserFilter(request.GET, queryset=rows, request=request)
    context = {
        "listing": listing(request, found.qs, ordering="username"),
        "filter": found,
        "chips": chips(request, found.form),
        "tabs": pages.tabs(request),
        "may_create": policies.may_create(request.user),
        "may_invite": policies.may_invite(request.user),
    }
    return TemplateResponse(request, "people/users.html", context)


@require_safe
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One account with its roles."""
    account = visible_account(request, public_id)
    form = GrantForm(user=request.user)
    context = {**pages.account(request.user, account), "form": form}
    return TemplateResponse(request, "people/user.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Create an account; its first password is shown once."""
    policies.insist(policies.may_create(request.user))
    form = UserForm(request.POST or None)

    def act() -> tuple[str, Any]:
        account, password = actions.create_user(by=request.user, **form.values)
        return _page_of(account), (account, password)

    made = Once(act)
    if request.method == "POST":
        url = create(form, scope=f"user:{request.user.pk}", act=made)
        if made.result:
            account, password = made.result
            return secret_page(request, title=account.name, secret=password, url=url)
        if url is not None:
            return redirect(url)
    return form_page(request, form, {"title": _lazy("New account")})


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Correct an account's particulars."""
    account = visible_account(request, public_id)
    policies.insist(policies.Act.EDIT in policies.acts_on(request.user, account))
    form = ParticularsForm(request.POST or None, account=account)
    if request.method == "POST" and attempt(
        form, lambda: actions.update_user(user=account, by=request.user, **form.cleaned_data)
    ):
        return redirect(_page_of(account))
    return form_page(request, form, {"title": account.name, "back_url": _page_of(account)})


@require_POST
def disable(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Shut an account."""
    account = visible_account(request, public_id)
    actions.disable_user(user=account, by=request.user)
    messages.success(request, _("The account is disabled. Roles and sessions have ended."))
    return redirect(_page_of(account))


@require_POST
def enable(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Open a shut account again."""
    account = visible_account(request, public_id)
    actions.enable_user(user=account, by=request.user)
    messages.success(request, _("The account is enabled. Its roles have to be granted anew."))
    return redirect(_page_of(account))


@require_POST
def reset_password(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A new first password, shown once."""
    account = visible_account(request, public_id)
    password = actions.reset_password(user=account, by=request.user)
    return secret_page(request, title=account.name, secret=password, url=_page_of(account))


@require_POST
def remove_second_factor(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Forget a lost device."""
    account = visible_account(request, public_id)
    actions.remove_second_factor(user=account, by=request.user)
    messages.success(request, _("The second factor is removed; the sessions have ended."))
    return redirect(_page_of(account))


@require_POST
def let_go(request: HttpRequest, public_id: UUID, house_id: UUID) -> HttpResponse:
    """A colleague leaves one of the user's houses."""
    account = visible_account(request, public_id)
    house = get_object_or_404(own_houses(request), public_id=house_id)
    actions.leave_institution(user=account, institution=house, by=request.user)
    messages.success(request, _("%(name)s no longer works here.") % {"name": account.name})
    return redirect("people:users")


@require_POST
def grant(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Give a person one more role."""
    account = visible_account(request, public_id)
    policies.insist(policies.may_grant(request.user))
    form = GrantForm(request.POST, user=request.user)

    def act() -> str:
        actions.grant_role(user=account, by=request.user, **form.values)
        return _page_of(account)

    url = create(form, scope=f"grant:{request.user.pk}", act=act)
    if url is not None:
        return redirect(url)
    context = pages.account(request.user, account)
    return form_page(request, form, context, "people/user.html")


@require_POST
def withdraw(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    """End a role today."""
    account = visible_account(request, public_id)
    rows = RoleGrant.objects.visible_to(request.user)
    actions.withdraw_role(grant=get_object_or_404(rows, user=account, pk=pk), by=request.user)
    messages.success(request, _("The role has ended."))
    return redirect(_page_of(account))


def _page_of(account: User) -> str:
    return reverse("people:user", args=[account.public_id])
