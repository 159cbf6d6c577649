"""The only writers of banks, exams, attempts, results, stations and retrainings."""

from .banks import (
    create_bank,
    create_question,
    edit_bank,
    edit_question,
    load_starter_questions,
)
from .import_results import (
    import_exam_results,
    import_station_results,
    plan_exam_results,
    plan_station_results,
)
from .imports import import_questions, plan_questions
from .reminding import remind_of_exams
from .results import (
    finish_retraining,
    give_attempt,
    record_result,
    record_station,
    void_result,
    void_station_result,
)
from .sitting import close_attempt, close_overdue, hand_in, save_answers, start_attempt
from .stations import create_station, edit_station, seed_stations
from .terms import create_exam, edit_exam

__all__ = [
    "close_attempt",
    "close_overdue",
    "create_bank",
    "create_exam",
    "create_question",
    "create_station",
    "edit_bank",
    "edit_exam",
    "edit_question",
    "edit_station",
    "finish_retraining",
    "give_attempt",
    "hand_in",
    "import_exam_results",
    "import_questions",
    "import_station_results",
    "load_starter_questions",
    "plan_exam_results",
    "plan_questions",
    "plan_station_results",
    "record_result",
    "record_station",
    "remind_of_exams",
    "save_answers",
    "seed_stations",
    "start_attempt",
    "void_result",
    "void_station_result",
]
