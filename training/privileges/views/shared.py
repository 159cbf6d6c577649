"""What the pages of privileges share."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from alliance.core.access import access_of
from alliance.core.choices import Permission

from .. import policies


def tabs(request: HttpRequest) -> list[dict[str, Any]]:
    """The pages about privileges that concern the user."""
    held = access_of(request.user).everywhere()
    overrides = bool({Permission.PRIVILEGE_OVERRIDE, Permission.PRIVILEGE_SUSPEND} & held)
    pages = [
        ("privileges:who", _("Who may do what"), policies.may_look(request.user)),
        ("privileges:mine", _("My privileges"), Permission.LEARNING_OWN in held),
        ("privileges:list", _("All privileges"), policies.may_look(request.user)),
        ("privileges:overrides", _("Emergencies"), overrides),
    ]
    return [
        {"label": label, "url": url, "active": request.path == url}
        for url, label in ((reverse(route), label) for route, label, shown in pages if shown)
    ]
