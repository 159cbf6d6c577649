"""Words about exams, questions and simulation stations."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class QuestionKind(TextChoices):
    """How a question is answered."""

    SINGLE = "single", _("One answer")
    MULTIPLE = "multiple", _("Several answers")
    JUDGEMENT = "judgement", _("Right or wrong")


class ExamKind(TextChoices):
    """What an exam is for."""

    THEORY = "theory", _("Theory exam")
    ANIMAL = "animal", _("Exam on the animal model")
    SKILLS = "skills", _("Quarterly skills exam")
    ENTRY = "entry", _("Entry exam of new surgeons")
    ASSESSMENT = "assessment", _("Final assessment")


# Hands are examined in a room, never on a screen.
PRACTICAL_KINDS = frozenset({ExamKind.ANIMAL, ExamKind.SKILLS})


class StationKind(TextChoices):
    """What is trained at a station."""

    FLS = "fls", _("Box trainer (FLS)")
    ANIMAL = "animal", _("Animal model")
    OTHER = "other", pgettext_lazy("station", "Other")


class Metric(TextChoices):
    """How a station is measured: the threshold is a longest time, a lowest score, or a number."""

    SECONDS = "seconds", _("Seconds, at most")
    SCORE = "score", _("Score, at least")
    COUNT = "count", _("Number done, in all")


class Ending(TextChoices):
    """How an attempt ended."""

    HANDED_IN = "handed_in", _("Handed in")
    TIME_OUT = "time_out", _("Time ran out")


class Standing(TextChoices):
    """Where a practitioner stands with an exam: asked of dates and results, never stored."""

    OPEN = "open", _("Under way")
    MAY_START = "may_start", _("May be taken")
    WAITING = "waiting", _("Not yet again")
    USED_UP = "used_up", _("No attempt left")
    PASSED = "passed", _("Passed")
    IN_PERSON = "in_person", _("Held in person")
