"""Times in which devices are down: announced, listed, ended."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.core.forms import posted
from alliance.core.listing import chips, listing
from alliance.institutions.policies import insist

from .. import actions, policies, presenters
from ..choices import ENDED_BY_HAND
from ..filters import OutageFilter
from ..forms import OutageForm
from ..models import Outage
from .shared import device_of, form_page, made, tabs, visible


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Outages of devices that one may see, the latest first."""
    insist(policies.may_look_after(request.user))
    rows = Outage.objects.visible_to(request.user).for_list()
    found = OutageFilter(request.GET, queryset=rows, request=request)
    page = listing(request, found.qs if found.is_valid() else rows.none(), ordering="-starts_at")
    kept, now = set(policies.houses_kept(request.user)), timezone.now()
    context = {
        "rows": [
            {
                "outage": row,
                "shown": presenters.outage_row(row),
                "may_end": row.reason in ENDED_BY_HAND
                and row.device.owner_id in kept
                and (row.ends_at is None or row.ends_at > max(now, row.starts_at)),
                "end": presenters.end_label(row, at=now),
            }
            for row in page.rows
        ],
        "listing": page,
        "filter": found,
        "chips": chips(request, found.form),
        "tabs": tabs(request),
    }
    status = 200 if found.is_valid() else 422
    return TemplateResponse(request, "service/outages.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Announce that a device will be down."""
    device = device_of(request, public_id)
    insist(policies.may_keep(request.user, device.owner_id))
    form = OutageForm(posted(request), initial={"starts_at": timezone.localtime()})

    def act() -> str:
        actions.announce_outage(device=device, by=request.user, **form.values)
        return str(device.get_absolute_url())

    told = _("Announced. Bookings in that time have been told.")
    if answer := made(request, form, scope=f"outage:{device.pk}", act=act, told=told):
        return answer
    return form_page(
        request,
        form,
        title=_("Announce an outage"),
        note=device.name,
        submit=_("Announce"),
        back=device.get_absolute_url(),
    )


@require_POST
def end(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Bring a device back, or call off a time that is still to come."""
    outage = visible(Outage, request, public_id)
    is_coming = outage.starts_at > timezone.now()
    actions.end_outage(outage=outage, by=request.user)
    told = _("The outage is called off.") if is_coming else _("The device can be used again.")
    messages.success(request, told)
    return redirect(outage.device)
