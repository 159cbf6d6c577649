"""Diseases, techniques and the editions of the alliance's graded catalogue."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.core.models import Public, TimeStamped
from alliance.institutions.choices import Tier
from alliance.institutions.models import Alliance, Specialty
from alliance.institutions.querysets import ReferenceQuerySet

from . import code_shapes
from .choices import (
    KINDS_OF,
    SCORES,
    Category,
    EditionStatus,
    RequirementKind,
    Score,
    Side,
    TechniqueGrade,
)
from .querysets import CodedQuerySet, EditionQuerySet, TechniqueQuerySet, letters


def _score(label: Any) -> models.PositiveSmallIntegerField[Any, Any]:
    return models.PositiveSmallIntegerField(label, choices=Score, null=True, blank=True)


def _scored() -> Q:
    """Every score that is given lies between one and five."""
    checks = Q()
    for name in SCORES:
        checks &= Q(**{name: None}) | Q(**{f"{name}__range": (1, 5)})
    return checks


class Coded(TimeStamped):
    """A row of a national code table."""

    code = models.CharField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("term"), max_length=200)
    pinyin = models.CharField(_("pinyin initials"), max_length=200, blank=True, editable=False)
    specialty = models.ForeignKey(
        Specialty, models.PROTECT, null=True, blank=True, verbose_name=_("specialty")
    )
    is_common = models.BooleanField(_("common"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    source = models.CharField(_("source"), max_length=200, blank=True)

    objects = CodedQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.name} {self.code}"


class Disease(Coded):
    """A disease (ICD-10, national extension) with the tier where it is best treated."""

    group = models.CharField(_("group"), max_length=30, blank=True)
    best_tier = models.CharField(
        _("best treated at"), max_length=20, choices=Tier, blank=True, default=""
    )
    is_first_visit = models.BooleanField(_("first visit at the grassroots"), default=False)

    class Meta:
        verbose_name = _("disease")
        verbose_name_plural = _("diseases")
        indexes = [
            GinIndex(fields=["name"], opclasses=["gin_trgm_ops"], name="catalogue_disease_name"),
            GinIndex(fields=["pinyin"], opclasses=["gin_trgm_ops"], name="catalogue_disease_py"),
            # A search asks for code, name or initials at once: all three need their index.
            GinIndex(OpClass(Upper("name"), "gin_trgm_ops"), name="catalogue_disease_named"),
            models.Index(OpClass(Upper("code"), "text_pattern_ops"), name="catalogue_disease_code"),
        ]

    @property
    def may_be_main(self) -> bool:
        """A manifestation or the morphology of a tumour is never a main diagnosis."""
        return code_shapes.may_be_main(self.code)


class Technique(Coded):
    """A procedure (ICD-9-CM-3, national extension). Its grade belongs to an edition, not to it."""

    category = models.CharField(
        _("category"), max_length=20, choices=Category, default=Category.SURGERY
    )
    national_level = models.PositiveSmallIntegerField(_("national level"), null=True, blank=True)
    is_minimally_invasive = models.BooleanField(_("minimally invasive"), default=False)
    is_restricted = models.BooleanField(_("restricted"), default=False)

    objects: ClassVar[Any] = TechniqueQuerySet.as_manager()

    class Meta:
        verbose_name = _("technique")
        verbose_name_plural = _("techniques")
        constraints = [
            models.CheckConstraint(
                condition=Q(national_level=None) | Q(national_level__range=(1, 4)),
                name="catalogue_technique_level",
            ),
        ]
        indexes = [
            GinIndex(fields=["name"], opclasses=["gin_trgm_ops"], name="catalogue_technique_name"),
            GinIndex(fields=["pinyin"], opclasses=["gin_trgm_ops"], name="catalogue_technique_py"),
            # A search asks for code, name or initials at once: all three need their index.
            GinIndex(OpClass(Upper("name"), "gin_trgm_ops"), name="catalogue_technique_named"),
            models.Index(
                OpClass(Upper("code"), "text_pattern_ops"), name="catalogue_technique_code"
            ),
            # Chinese of which a name says more (“下”, “术”), or in another order.
            GinIndex(letters("name"), name="catalogue_technique_chars"),
        ]


class CatalogueEdition(Public):
    """One edition of an alliance's technique catalogue, in force from a date on."""

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="editions")
    name = models.CharField(_("name of the edition"), max_length=60)
    status = models.CharField(
        _("status"),
        max_length=12,
        choices=EditionStatus,
        db_default=EditionStatus.DRAFT,
        editable=False,
    )
    effective_from = models.DateField(_("in force from"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("catalogue edition")
        verbose_name_plural = _("catalogue editions")
        constraints = [
            models.CheckConstraint(
                condition=Q(status=EditionStatus.DRAFT, published_at=None)
                | Q(
                    status=EditionStatus.PUBLISHED,
                    published_at__isnull=False,
                    effective_from__isnull=False,
                ),
                name="catalogue_edition_published",
            ),
            models.UniqueConstraint(
                fields=["alliance", "effective_from"],
                condition=Q(status=EditionStatus.PUBLISHED),
                name="catalogue_edition_one_a_date",
                violation_error_message=_("Another edition takes effect on that date."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The edition's page."""
        return reverse("catalogue:edition", args=[self.public_id])


class CatalogueEntry(models.Model):
    """The grade of one technique in one edition and the tiers where it may be done.

    Scores say how difficult it is and how well its diseases suit the grassroots; where the office
    grades otherwise than they propose, `reason` says why.
    """

    edition = models.ForeignKey(CatalogueEdition, models.CASCADE, related_name="entries")
    technique = models.ForeignKey(Technique, models.PROTECT, related_name="entries")
    grade = models.CharField(_("grade"), max_length=10, choices=TechniqueGrade)
    tiers = ArrayField(models.CharField(max_length=20, choices=Tier), verbose_name=_("tiers"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    operation = _score(_("operation complexity"))
    risk = _score(_("risk"))
    equipment = _score(_("dependence on equipment"))
    frequency = _score(_("frequency"))
    benefit = _score(_("benefit"))
    grassroots = _score(_("ability of the grassroots"))
    reason = models.CharField(
        _("why it differs from the proposal"), max_length=200, blank=True, default=""
    )

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("catalogue entry")
        verbose_name_plural = _("catalogue entries")
        constraints = [
            models.UniqueConstraint(fields=["edition", "technique"], name="catalogue_entry_once"),
            models.CheckConstraint(
                condition=Q(grade__in=TechniqueGrade.values), name="catalogue_entry_grade"
            ),
            models.CheckConstraint(
                condition=Q(tiers__contained_by=Tier.values) & Q(tiers__len__gt=0),
                name="catalogue_entry_tiers",
                violation_error_message=_("Name at least one tier."),
            ),
            models.CheckConstraint(condition=_scored(), name="catalogue_entry_scores"),
        ]

    def __str__(self) -> str:
        return f"{self.technique}: {self.get_grade_display()}"


class EntryDisease(models.Model):
    """A disease treated by a technique of an edition, and the tier where that is best done."""

    entry = models.ForeignKey(CatalogueEntry, models.CASCADE, related_name="spectrum")
    disease = models.ForeignKey(Disease, models.PROTECT, related_name="+")
    tier = models.CharField(_("tier"), max_length=20, choices=Tier)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("disease of a technique")
        verbose_name_plural = _("diseases of techniques")
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "disease"], name="catalogue_entrydisease_once"
            ),
            models.CheckConstraint(
                condition=Q(tier__in=(Tier.TOWNSHIP, Tier.COUNTY, Tier.TERTIARY)),
                name="catalogue_entrydisease_tier",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.disease}: {self.get_tier_display()}"


class Requirement(models.Model):
    """What an edition asks of institutions or operators, for a whole grade or for one technique.

    A technique's own requirement replaces that of its grade for the same thing. `subject` narrows
    the kind: the code of a specialty, what is counted, the name of a device or of a training.
    """

    edition = models.ForeignKey(CatalogueEdition, models.CASCADE, related_name="requirements")
    grade = models.CharField(
        _("grade"), max_length=10, choices=TechniqueGrade, blank=True, default=""
    )
    technique = models.ForeignKey(
        Technique,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("technique"),
    )
    side = models.CharField(_("asked of"), max_length=12, choices=Side)
    kind = models.CharField(_("kind"), max_length=20, choices=RequirementKind)
    subject = models.CharField(_("of what"), max_length=60, blank=True, default="")
    minimum = models.PositiveIntegerField(_("at least"), default=1)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    source = models.CharField(_("source"), max_length=200)
    is_verified = models.BooleanField(_("verified"), default=False)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("requirement")
        verbose_name_plural = _("requirements")
        constraints = [
            models.CheckConstraint(
                condition=Q(grade="", technique__isnull=False)
                | Q(grade__in=TechniqueGrade.values, technique=None),
                name="catalogue_requirement_scope",
                violation_error_code="technique",
                violation_error_message=_("Name a grade or a technique, not both."),
            ),
            models.CheckConstraint(
                condition=Q(side=Side.INSTITUTION, kind__in=KINDS_OF[Side.INSTITUTION])
                | Q(side=Side.OPERATOR, kind__in=KINDS_OF[Side.OPERATOR]),
                name="catalogue_requirement_kind",
                violation_error_code="kind",
                violation_error_message=_("This is not asked of that side."),
            ),
            models.CheckConstraint(
                condition=Q(minimum__gte=1) & ~Q(source=""), name="catalogue_requirement_whole"
            ),
            models.UniqueConstraint(
                fields=["edition", "grade", "technique", "side", "kind", "subject"],
                nulls_distinct=False,
                name="catalogue_requirement_once",
                violation_error_code="subject",
                violation_error_message=_("This is asked already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.subject} ≥ {self.minimum}"
