"""Exams, and the attempts of those who sit them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.catalogue.models import Technique
from alliance.core.models import Public, TimeStamped
from alliance.institutions.models import Alliance, Institution
from alliance.people.models import Practitioner

from .. import rules
from ..choices import PRACTICAL_KINDS, Ending, ExamKind
from ..querysets import AttemptQuerySet, ExamQuerySet, ExtraAttemptQuerySet
from .banks import QuestionBank

_HIGHEST = 100


class Exam(Public):
    """An exam of the alliance: drawn at random from a bank, or held in person where it has none."""

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="exams")
    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=12, choices=ExamKind)
    technique = models.ForeignKey(
        Technique,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("technique"),
    )
    bank = models.ForeignKey(
        QuestionBank,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="exams",
        verbose_name=_("question bank"),
    )
    draw_count = models.PositiveSmallIntegerField(_("questions drawn"), default=0)
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=0)
    pass_mark = models.PositiveSmallIntegerField(_("pass mark (%)"))
    attempts_allowed = models.PositiveSmallIntegerField(_("attempts"))
    wait_days = models.PositiveSmallIntegerField(_("days between attempts"), default=0)
    note = models.CharField(_("note"), max_length=300, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ExamQuerySet.as_manager()

    class Meta:
        verbose_name = _("exam")
        verbose_name_plural = _("exams")
        constraints = [
            models.UniqueConstraint(
                fields=["alliance", "name"],
                name="exams_exam_name_once",
                violation_error_code="name",
                violation_error_message=_("There is an exam of this name already."),
            ),
            models.CheckConstraint(condition=Q(kind__in=ExamKind.values), name="exams_exam_kind"),
            models.CheckConstraint(
                condition=Q(bank=None) | ~Q(kind__in=sorted(PRACTICAL_KINDS)),
                name="exams_exam_in_person",
                violation_error_code="bank",
                violation_error_message=_(
                    "This kind of exam is held in person; leave the bank empty."
                ),
            ),
            models.CheckConstraint(
                condition=Q(bank=None) | Q(draw_count__gte=1, minutes__gte=1),
                name="exams_exam_online_terms",
            ),
            models.CheckConstraint(
                condition=Q(pass_mark__range=(1, _HIGHEST)), name="exams_exam_pass_mark"
            ),
            models.CheckConstraint(
                condition=Q(attempts_allowed__gte=1), name="exams_exam_attempts"
            ),
        ]

    @property
    def kind_beside_name(self) -> str:
        """What kind it is, where its name does not say so already."""
        kind = str(self.get_kind_display())
        return "" if kind in self.name else kind

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The exam's page."""
        return reverse("exams:exam", args=[self.public_id])

    @property
    def is_online(self) -> bool:
        """Whether it is sat on a screen."""
        return self.bank_id is not None

    @property
    def terms(self) -> rules.Terms:
        """What it allows."""
        return rules.Terms(self.is_online, self.attempts_allowed, self.wait_days)


class Attempt(Public):
    """One sitting of an online exam: the paper drawn for it and what was answered so far.

    The paper holds the right answers; nothing hands it to a browser before the attempt has ended.
    """

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="+")
    exam = models.ForeignKey(Exam, models.PROTECT, related_name="attempts")
    practitioner = models.ForeignKey(Practitioner, models.PROTECT, related_name="exam_attempts")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField(_("attempt"))
    paper = models.JSONField()
    pass_mark = models.PositiveSmallIntegerField(_("pass mark (%)"))
    started_at = models.DateTimeField(_("started"))
    due_at = models.DateTimeField(_("time is over"))
    answers = models.JSONField(default=dict)
    saved_at = models.DateTimeField(_("saved"), null=True, blank=True)
    # Which copy of the page saved last: it may save again even when an answer to it was lost.
    page = models.CharField(max_length=32, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    submitted_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ending = models.CharField(_("ending"), max_length=10, choices=Ending, blank=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        constraints = [
            models.UniqueConstraint(
                fields=["exam", "practitioner", "number"], name="exams_attempt_number_once"
            ),
            models.UniqueConstraint(
                fields=["exam", "practitioner"],
                condition=Q(submitted_at=None),
                name="exams_attempt_one_open",
            ),
            models.CheckConstraint(
                condition=Q(due_at__gt=F("started_at")), name="exams_attempt_period"
            ),
            models.CheckConstraint(
                condition=Q(submitted_at=None, ending="")
                | Q(submitted_at__gte=F("started_at"), ending__in=Ending.values),
                name="exams_attempt_ended",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(submitted_at=None), name="exams_attempt_running"
            ),
            models.Index(fields=["practitioner", "exam", "-number"], name="exams_attempt_mine"),
        ]

    def __str__(self) -> str:
        return f"{self.exam} · {self.practitioner} · {self.number}"

    def get_absolute_url(self) -> str:
        """The page where it is sat."""
        return reverse("exams:sit", args=[self.public_id])


class ExtraAttempt(TimeStamped):
    """A further attempt at an exam that a trainer gave somebody, and why."""

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="+")
    exam = models.ForeignKey(Exam, models.PROTECT, related_name="extra_attempts")
    practitioner = models.ForeignKey(Practitioner, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=200)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = ExtraAttemptQuerySet.as_manager()

    class Meta:
        verbose_name = _("further attempt")
        verbose_name_plural = _("further attempts")
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="exams_extraattempt_reason"),
        ]
        indexes = [models.Index(fields=["practitioner", "exam"], name="exams_extraattempt_person")]

    def __str__(self) -> str:
        return f"{self.exam} · {self.practitioner}"
