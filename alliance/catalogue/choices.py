"""Words of the catalogue."""

from django.db.models import IntegerChoices, TextChoices
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


class Score(IntegerChoices):
    """How much of a thing, from one to five."""

    LOWEST = 1, _("1 · very little")
    LOW = 2, _("2 · little")
    MIDDLE = 3, _("3 · some")
    HIGH = 4, _("4 · much")
    HIGHEST = 5, _("5 · very much")


class Side(TextChoices):
    """Whose requirement it is."""

    INSTITUTION = "institution", _("Institution")
    OPERATOR = "operator", _("Operator")


class RequirementKind(TextChoices):
    """What a requirement asks for."""

    DEPARTMENT = "department", _("Department")
    BEDS = "beds", _("Beds")
    STAFF = "staff", _("Practitioners")
    SENIOR_STAFF = "senior_staff", _("Senior practitioners")
    EQUIPMENT = "equipment", _("Equipment")
    VOLUME = "volume", _("Volume a year")
    FACILITY = "facility", _("Facility or service")
    YEARS = "years", _("Years of practice")
    CASES = "cases", _("Cases done before")
    TRAINING = "training", _("Training")
    MDT = "mdt", _("Multidisciplinary discussion before the operation")


# What each side may be asked for; a device may be asked of either.
KINDS_OF: dict[str, tuple[RequirementKind, ...]] = {
    Side.INSTITUTION: (
        RequirementKind.DEPARTMENT,
        RequirementKind.BEDS,
        RequirementKind.STAFF,
        RequirementKind.SENIOR_STAFF,
        RequirementKind.EQUIPMENT,
        RequirementKind.VOLUME,
        RequirementKind.FACILITY,
    ),
    Side.OPERATOR: (
        RequirementKind.YEARS,
        RequirementKind.CASES,
        RequirementKind.TRAINING,
        RequirementKind.EQUIPMENT,
        RequirementKind.MDT,
    ),
}

# The two dimensions of an entry that are scored; the third, ability, is what requirements say.
DIFFICULTY = ("operation", "risk", "equipment")
SPECTRUM = ("frequency", "benefit", "grassroots")
SCORES = (*DIFFICULTY, *SPECTRUM)
