"""Pages of notices."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from . import actions
from .models import Notice


@require_safe
def open_notice(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Mark one notice as read and go where it points."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), public_id=public_id)
    actions.mark_read(notice=notice, by=request.user)
    target = notice.url if url_has_allowed_host_and_scheme(notice.url, None) else ""
    return redirect(target or "notices:list")
