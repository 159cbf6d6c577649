"""List filters that somebody keeps under a name."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from alliance.core.access import access_of
from alliance.core.choices import Permission
from alliance.core.models import SavedView
from alliance.core.transactions import one_transaction

# The list these belong to, beside those of other rooms.
VIEW = "referrals"
MOST = 20


@one_transaction
def keep_view(*, by: Any, name: str, query: str) -> SavedView:
    """Keep a list's query string under a name; a name kept before gets the new query."""
    if Permission.REFERRAL_VIEW not in access_of(by).everywhere():
        raise PermissionDenied(str(Permission.REFERRAL_VIEW.label))
    name = " ".join(name.split())
    if not name:
        raise ValidationError({"name": _("Give the view a name.")})
    mine = SavedView.objects.visible_to(by).filter(view=VIEW)
    if not mine.filter(name=name).exists() and mine.count() >= MOST:
        message = _("You have %(most)d saved views. Delete one first.") % {"most": MOST}
        raise ValidationError({"name": message})
    view = SavedView(user=by, view=VIEW, name=name, query=query)
    view.full_clean(validate_unique=False, validate_constraints=False)
    kept, _new = SavedView.objects.update_or_create(
        user=by, view=VIEW, name=name, defaults={"query": query}
    )
    return kept


@one_transaction
def drop_view(*, view: SavedView) -> None:
    """Forget a saved view."""
    view.delete()
