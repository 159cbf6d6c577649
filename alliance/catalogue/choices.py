"""Words of the catalogue."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class TechniqueGrade(TextChoices):
    """Grades of the alliance's catalogue."""

    BASIC = "basic", _("Basic")
    ADVANCED = "advanced", _("Advanced")
    COMPLEX = "complex", _("Complex")


class Category(TextChoices):
    """Category column of the national procedure table."""

    SURGERY = "surgery", _("Surgery")
    INTERVENTIONAL = "interventional", _("Interventional treatment")
    THERAPEUTIC = "therapeutic", _("Therapeutic procedure")
    DIAGNOSTIC = "diagnostic", _("Diagnostic procedure")


class EditionStatus(TextChoices):
    """Draft editions are edited, published ones never."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
