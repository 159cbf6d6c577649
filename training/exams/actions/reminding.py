"""Who owes a skills exam or a retraining is reminded before its time is over, once of each.

Exams are not booked and stand open all year; what ends is the quarter in which a skills exam is to be
taken, and the days within which a retraining is to be done.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from alliance.core import outbox
from alliance.core.policy import policies_of
from alliance.core.transactions import one_transaction

from .. import rules
from ..choices import ExamKind
from ..compliance import owing_skills
from ..models import Exam, Retraining

_BEFORE = "exam.remind_days_before"
# People of one message to the outbox.
_TOGETHER = 500


@one_transaction
def remind_of_exams(*, on: date) -> int:
    """Promise the reminders that are due on a day; return of how many.

    Each is promised on every day until the time is over, and told once: so a missed morning loses
    nobody, and who comes back from leave hears of it too.
    """
    return _of_skills(on) + _of_retrainings(on)


def _of_skills(on: date) -> int:
    year, quarter = rules.quarter_of(on)
    _first, after = rules.quarter_period(year, quarter)
    skills = Exam.objects.filter(kind=ExamKind.SKILLS, is_active=True)
    days = _days(skills.order_by().values_list("alliance_id", flat=True).distinct(), on)
    due = [pk for pk, before in days.items() if on >= after - timedelta(days=before)]
    people = owing_skills(year, quarter, alliance_ids=due, on=on).order_by().values_list("pk")
    ids = sorted({pk for (pk,) in people.iterator()}) if due else []
    news = {"quarter": f"{year}Q{quarter}", "last_day": str(after - timedelta(days=1))}
    outbox.put_all(
        "exams.skills_soon",
        [
            {"practitioner_ids": ids[start : start + _TOGETHER], **news}
            for start in range(0, len(ids), _TOGETHER)
        ],
    )
    return len(ids)


def _of_retrainings(on: date) -> int:
    soon = Retraining.objects.owed(on).filter(due_on__gte=on)
    rows = list(soon.order_by("pk").values_list("pk", "alliance_id", "due_on"))
    days = _days({alliance for _pk, alliance, _due in rows}, on)
    due = [pk for pk, alliance, end in rows if on >= end - timedelta(days=days[alliance])]
    outbox.put_all("exams.retraining_soon", [{"retraining_id": pk} for pk in due])
    return len(due)


def _days(alliance_ids: Iterable[int], on: date) -> dict[int, int]:
    """How many days before the end each alliance reminds."""
    ids = set(alliance_ids)
    held = policies_of(alliance_ids=ids, on=on, keys=[_BEFORE])
    return {pk: held[pk][_BEFORE] for pk in ids}
