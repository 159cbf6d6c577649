"""Question banks and their questions."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.catalogue.models import Technique
from alliance.core.models import Public
from alliance.institutions.models import Alliance

from ..choices import QuestionKind
from ..querysets import BankQuerySet, QuestionQuerySet


class QuestionBank(Public):
    """Questions that belong together, from which exams are drawn (题库)."""

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="question_banks")
    name = models.CharField(_("name"), max_length=60)
    technique = models.ForeignKey(
        Technique,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("technique"),
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = BankQuerySet.as_manager()

    class Meta:
        verbose_name = _("question bank")
        verbose_name_plural = _("question banks")
        constraints = [
            models.UniqueConstraint(
                fields=["alliance", "name"],
                name="exams_questionbank_name_once",
                violation_error_code="name",
                violation_error_message=_("There is a bank of this name already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The bank's page."""
        return reverse("exams:bank", args=[self.public_id])


class Question(Public):
    """One question with its options, the right ones, and why they are right."""

    bank = models.ForeignKey(QuestionBank, models.PROTECT, related_name="questions")
    code = models.CharField(_("number"), max_length=20)
    kind = models.CharField(_("kind"), max_length=10, choices=QuestionKind)
    text = models.TextField(_("question"))
    options = ArrayField(models.CharField(max_length=300), default=list, blank=True)
    answer = ArrayField(models.PositiveSmallIntegerField())
    explanation = models.TextField(_("explanation"), blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [
            models.UniqueConstraint(
                fields=["bank", "code"],
                name="exams_question_code_once",
                violation_error_code="code",
                violation_error_message=_("This bank has a question of that number already."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=QuestionKind.values), name="exams_question_kind"
            ),
            models.CheckConstraint(
                condition=Q(kind=QuestionKind.JUDGEMENT, options__len=0)
                | (~Q(kind=QuestionKind.JUDGEMENT) & Q(options__len__range=(2, 8))),
                name="exams_question_options",
            ),
            models.CheckConstraint(
                condition=Q(kind=QuestionKind.MULTIPLE, answer__len__gte=2)
                | (~Q(kind=QuestionKind.MULTIPLE) & Q(answer__len=1)),
                name="exams_question_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.text[:40]}"

    def get_absolute_url(self) -> str:
        """The page where it is edited."""
        return reverse("exams:question", args=[self.public_id])
