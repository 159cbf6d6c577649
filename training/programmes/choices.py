"""Words of programmes."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ProgrammeKind(TextChoices):
    """What a programme leads to."""

    TECHNIQUE = "technique", _("A technique")
    GRADE = "grade", _("Techniques of a grade")
    FELLOWSHIP = "fellowship", _("Specialist fellowship")
    GATEKEEPER = "gatekeeper", _("Gatekeeper course for GPs")
    ENTRY = "entry", _("Entry training for new surgeons")


class VersionStatus(TextChoices):
    """Draft versions are edited, published ones never."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")


class Way(TextChoices):
    """Where something is moved among its neighbours."""

    UP = "up", _("upwards")
    DOWN = "down", _("downwards")


class StageKind(TextChoices):
    """Stages in the order in which they are safe."""

    THEORY = "theory", _("Theory")
    SIMULATION = "simulation", _("Simulation")
    CLINICAL = "clinical", _("Clinical practice")
    ASSESSMENT = "assessment", _("Assessment")


class Need(TextChoices):
    """What a requirement asks for."""

    COURSE = "course", _("Course completed")
    EXAM = "exam", _("Exam passed")
    STATION = "station", _("Station passed")
    ANIMAL_CASES = "animal_cases", _("Animal cases")
    CASES = "cases", _("Cases")
    RATING = "rating", _("Mean rating by the mentor")
    MONTHS = "months", _("Months of rotation")
    HOURS = "hours", _("Hours of education")
    SIGN_OFF = "sign_off", _("Signed off")


class Part(TextChoices):
    """In which role cases count; each counts the roles above it as well."""

    ASSISTANT = "assistant", _("as assistant or more")
    SUPERVISED = "supervised", _("operating under supervision or more")
    INDEPENDENT = "independent", _("operating independently")


class CourseVariety(TextChoices):
    """Which courses count where a requirement names none."""

    TECHNIQUE = "technique", _("Any course on the technique")
    THEMATIC = "thematic", _("Any thematic training")
    ENTRY = "entry", _("Any entry training")


class ExamVariety(TextChoices):
    """Which exams count where a requirement names none."""

    THEORY = "theory", _("A theory exam on the technique")
    ANIMAL = "animal", _("An animal-model exam on the technique")
    SKILLS = "skills", _("A skills exam")
    ENTRY = "entry", _("An entry exam")
    ASSESSMENT = "assessment", _("An assessment on the technique")


class Variety(TextChoices):
    """Both together: what a course or an exam is about."""

    TECHNIQUE = CourseVariety.TECHNIQUE.value, CourseVariety.TECHNIQUE.label
    THEMATIC = CourseVariety.THEMATIC.value, CourseVariety.THEMATIC.label
    ENTRY = "entry", _("Entry training or entry exam")
    THEORY = ExamVariety.THEORY.value, ExamVariety.THEORY.label
    ANIMAL = ExamVariety.ANIMAL.value, ExamVariety.ANIMAL.label
    SKILLS = ExamVariety.SKILLS.value, ExamVariety.SKILLS.label
    ASSESSMENT = ExamVariety.ASSESSMENT.value, ExamVariety.ASSESSMENT.label


class EnrolmentStatus(TextChoices):
    """How an enrolment stands; which stage it is in follows from the facts."""

    ACTIVE = "active", _("Learning")
    DONE = "done", _("Completed")
    LEFT = "left", _("Left")


class Step(TextChoices):
    """What moves an enrolment."""

    COMPLETE = "complete", _("Complete")
    LEAVE = "leave", _("Leave")
    RESUME = "resume", _("Resume")


class EventKind(TextChoices):
    """What happens to an enrolment."""

    ENROLLED = "enrolled", _("Enrolled")
    MENTOR = "mentor", _("Mentor named")
    STAGE_PASSED = "stage_passed", _("Stage passed")
    COMPLETED = "completed", _("Completed")
    LEFT = "left", _("Left")
    RESUMED = "resumed", _("Resumed")


class PriorState(TextChoices):
    """How a record of the past stands."""

    WAITING = "waiting", _("To be confirmed")
    CONFIRMED = "confirmed", _("Confirmed")
    REFUSED = "refused", _("Not accepted")


class Standing(TextChoices):
    """How a doctor stands in one technique, the furthest last."""

    NONE = "none", _("None")
    TRAINING = "training", _("In training")
    BLOCKED = "blocked", _("Privileged, but not now")
    SUSPENDED = "suspended", _("Suspended")
    SUPERVISED = "supervised", _("Supervised")
    INDEPENDENT = "independent", _("Privileged")
