"""The back office of the catalogue: code tables are kept here, editions are shown."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from alliance.core.backoffice import BoundedPaginator, ReadOnlyAdmin, RoleAdmin
from alliance.core.choices import Permission

from . import actions
from .models import CatalogueEdition, CatalogueEntry, Disease, Technique


class CodedAdmin(RoleAdmin):
    """Rows of a national table; a code stays what it is once it is in use."""

    needed = Permission.REFERENCE_VIEW
    editing = Permission.CATALOGUE_MANAGE
    paginator = BoundedPaginator
    search_fields = ["code", "name", "pinyin"]
    list_select_related = ["specialty"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """The code, once the row exists."""
        return ["code"] if obj is not None else []


@admin.register(Disease)
class DiseaseAdmin(CodedAdmin):
    """Diseases."""

    list_display = ["code", "name", "specialty", "best_tier", "is_first_visit", "is_active"]
    list_filter = ["is_first_visit", "best_tier", "is_common", "is_active"]

    def save_model(self, request: HttpRequest, obj: Disease, form: Any, change: bool) -> None:
        """By the action, so that pinyin and ledger follow."""
        values = {name: value for name, value in form.cleaned_data.items() if name != "code"}
        obj.pk = actions.save_disease(by=request.user, code=obj.code, **values).pk


@admin.register(Technique)
class TechniqueAdmin(CodedAdmin):
    """Techniques; their grades belong to the editions."""

    list_display = ["code", "name", "specialty", "category", "national_level", "is_active"]
    list_filter = ["category", "national_level", "is_restricted", "is_minimally_invasive"]

    def save_model(self, request: HttpRequest, obj: Technique, form: Any, change: bool) -> None:
        """By the action, so that pinyin and ledger follow."""
        values = {name: value for name, value in form.cleaned_data.items() if name != "code"}
        obj.pk = actions.save_technique(by=request.user, code=obj.code, **values).pk


@admin.register(CatalogueEdition)
class CatalogueEditionAdmin(ReadOnlyAdmin):
    """Editions; they are drafted and published on their pages."""

    needed = Permission.REFERENCE_VIEW
    list_display = ["name", "alliance", "status", "effective_from", "published_at"]
    list_select_related = ["alliance"]
    list_filter = ["status"]


@admin.register(CatalogueEntry)
class CatalogueEntryAdmin(ReadOnlyAdmin):
    """Grades of techniques, edition by edition."""

    needed = Permission.REFERENCE_VIEW
    list_display = ["technique", "edition", "grade", "tiers", "note"]
    list_select_related = ["technique", "edition"]
    list_filter = ["grade"]
    search_fields = ["technique__code", "technique__name", "technique__pinyin"]

    def scoped(self, rows: Any, user: Any) -> Any:
        """Entries of the editions the reader may see."""
        editions = CatalogueEdition.objects.visible_to(user)
        return super().scoped(rows, user).filter(edition__in=editions)
