"""The back office (/admin/): for looking, and for reference data; it never moves a workflow.

Rights come from the roles of `choices.py`, as everywhere; Django's own permission tables stay
empty.
"""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from unfold.admin import ModelAdmin

from .access import access_of
from .choices import Permission

# As many rows as somebody pages through by hand.
MOST = 1000


class RoleAdmin(ModelAdmin):
    """A table that holders of `needed` may open; those of `editing`, if any, may change it.

    Rows are never deleted here: what counts ends by a date, what happened stays.
    """

    needed: Permission
    editing: Permission | None = None
    show_full_result_count = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the app is listed."""
        return _holds(request, self.needed)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether the rows may be looked at."""
        return _holds(request, self.needed)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whether rows may be added."""
        return _holds(request, self.editing)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether rows may be changed."""
        return _holds(request, self.editing)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False


def _holds(request: HttpRequest, permission: Permission | None) -> bool:
    return permission is not None and permission in access_of(request.user).everywhere()


class BoundedPaginator(Paginator):  # type: ignore[type-arg]
    """Pages of a large table: counting stops at MOST rows instead of reading all of them."""

    @cached_property
    def count(self) -> int:
        """How many rows there are, at most MOST; filters lead to the others."""
        rows: Any = self.object_list
        return int(rows.order_by()[:MOST].count())


class ReadOnlyAdmin(RoleAdmin):
    """Workflow data: shown as far as `visible_to` shows it, and nothing else."""

    paginator = BoundedPaginator

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Rows in the reader's scope."""
        return self.scoped(super().get_queryset(request), request.user)

    def scoped(self, rows: Any, user: Any) -> QuerySet[Any]:
        """What of these rows the reader may see."""
        found: QuerySet[Any] = rows.visible_to(user)
        return found
