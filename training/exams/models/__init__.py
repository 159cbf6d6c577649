"""Tables of exams."""

from .banks import Question, QuestionBank
from .results import ExamResult, Retraining, Station, StationResult
from .sitting import Attempt, Exam, ExtraAttempt

__all__ = [
    "Attempt",
    "Exam",
    "ExamResult",
    "ExtraAttempt",
    "Question",
    "QuestionBank",
    "Retraining",
    "Station",
    "StationResult",
]
