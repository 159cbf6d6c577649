"""The large tables of the province: privileges, learning, mentoring, cases."""

from typing import Any

from django.db import connection, models
from django.db.models import NOT_PROVIDED

from training.courses.models import HoursEntry
from training.exams.models import Exam, ExamResult, Retraining
from training.logbook.models import Case
from training.mentoring.models import Mentorship, Posting
from training.privileges.models import Override, Privilege
from training.programmes.models import (
    Enrolment,
    EnrolmentEvent,
    Programme,
    ProgrammeVersion,
    Stage,
)
from training.standards.models import Admission, AdmissionAnswer

LARGE: tuple[type[models.Model], ...] = (
    Case, Privilege, HoursEntry, Enrolment, EnrolmentEvent, Mentorship,
    Posting, Admission,
)  # fmt: skip
BY = "(SELECT min(id) FROM people_user)"
_PERSON = "FROM b, b_person p"


def run(sql: str) -> None:
    """Send one statement, or several without results."""
    with connection.cursor() as cursor:
        cursor.execute(sql)


def insert(model: type[models.Model], source: str, /, **given: str) -> None:
    """`INSERT … SELECT`: columns as given in SQL, all others as the model would fill them."""
    unknown = set(given) - {one.column for one in model._meta.concrete_fields}
    if unknown:
        raise ValueError(f"{model._meta.db_table} has no {sorted(unknown)}")
    values = {}
    for field in model._meta.concrete_fields:
        name = str(field.column)
        told = given.get(name) or _filled(field)
        if told is not None:
            values[name] = told
    columns = ", ".join(f'"{name}"' for name in values)
    table = model._meta.db_table
    run(f"INSERT INTO {table} ({columns}) SELECT {', '.join(values.values())} {source}")


def _filled(field: Any) -> str | None:
    """What a column holds by itself; None where the database sees to it or it may stay empty."""
    if field.generated or field.primary_key or field.null or field.db_default is not NOT_PROVIDED:
        return None
    if isinstance(field, models.UUIDField):
        return "gen_random_uuid()"
    if isinstance(field, models.DateTimeField):
        return "now()"
    value = field.get_default() if field.has_default() else ""
    if isinstance(value, bool | int):
        return str(value).lower()
    return {"{}": "'{}'", "[]": "'[]'"}.get(str(value), f"'{value}'")


def fill() -> None:
    """All of them, in the order in which they name each other."""
    _admissions()
    _privileges()
    _hours()
    _exams()
    _mentoring()
    _programmes()
    _cases()


def _admissions() -> None:
    """Each house for half of its techniques, each with three answers of which some no longer hold."""
    insert(
        Admission,
        "FROM b, b_house h JOIN b_tech t USING (tier), unnest(t.ids) WITH ORDINALITY x (technique, k2)"
        " WHERE (h.n + k2) % 2 = 0",
        alliance_id="h.alliance_id",
        institution_id="h.id",
        technique_id="x.technique",
        status="'admitted'",
        valid_from="'2020-06-01'",
        first_used_on="CASE WHEN (h.n + k2) % 8 = 0 THEN date '2020-07-01' END",
        filing_due="CASE WHEN (h.n + k2) % 8 = 0 THEN date '2020-07-22' END",
        filed_on="CASE WHEN (h.n + k2) % 8 = 0 AND (h.n + k2) % 24 <> 0 THEN date '2020-07-15' END",
        submitted_at="timestamptz '2020-05-01'",
        decided_at="timestamptz '2020-05-20'",
        decided_by_id=BY,
        created_by_id=BY,
    )
    asked = (
        "(VALUES (1, 'beds', '', 30 + 70 * (a.id % 2)), (2, 'staff', '', 5), (3, 'senior_staff', '04', 3))"
        " x (place, kind, topic, minimum)"
    )
    insert(
        AdmissionAnswer,
        f"FROM standards_admission a JOIN b_house h ON h.id = a.institution_id CROSS JOIN LATERAL {asked}",
        admission_id="a.id",
        place="x.place",
        kind="x.kind",
        topic="x.topic",
        minimum="x.minimum",
        value="x.minimum",
        known="x.minimum + 1",
        source="'量测'",
    )


def _privileges() -> None:
    """Surgeons for two techniques since years; everybody one that is history."""
    given = {
        "alliance_id": "p.alliance_id",
        "practitioner_id": "p.id",
        "institution_id": "p.house_id",
        "ground": "'import'",
    }
    insert(
        Privilege,
        f"{_PERSON}, generate_series(0, 1) k WHERE p.n <= b.surgeons",
        technique_id="p.ids[1 + (p.n + k) % p.many]",
        level="CASE WHEN (p.n + k) % 7 = 0 THEN 'supervised' ELSE 'independent' END",
        valid_from="b.today - 400 - (p.n * 11 + k * 97) % 300",
        valid_until="b.today + 331 - CASE WHEN p.n % 41 = 0 THEN 381 ELSE (p.n * 11 + k * 97) % 300 END",
        **given,
    )
    insert(
        Privilege,
        _PERSON,
        technique_id="p.ids[1 + p.n % p.many]",
        level="'independent'",
        valid_from="date '2016-01-01' + p.n % 300",
        valid_until="date '2018-01-01' + p.n % 300",
        **given,
    )
    _overrides()


def _overrides() -> None:
    insert(
        Override,
        f"{_PERSON} WHERE p.n <= b.surgeons",
        alliance_id="p.alliance_id",
        practitioner_id="p.id",
        technique_id="p.ids[1 + (p.n + 2) % p.many]",
        institution_id="p.house_id",
        at="(b.today - 10 - p.n % 500)::timestamptz",
        reason="'急诊'",
        recorded_by_id=BY,
        report_due_at="(b.today - 9 - p.n % 500)::timestamptz",
        report="CASE WHEN p.n % 25 = 0 THEN '' ELSE '已报告' END",
        reported_at="CASE WHEN p.n % 25 <> 0 THEN (b.today - 9 - p.n % 500)::timestamptz END",
        reported_by_id=f"CASE WHEN p.n % 25 <> 0 THEN {BY} END",
    )


def _hours() -> None:
    """Four entries a person and year, of this year and the last; one person in twelve has fewer."""
    insert(
        HoursEntry,
        f"{_PERSON}, generate_series(0, 7) k WHERE NOT (p.n % 12 = 5 AND k % 4 > 1)",
        practitioner_id="p.id",
        institution_id="p.house_id",
        alliance_id="p.alliance_id",
        on="b.today - 10 - (k / 4) * 365 - k % 4 * 60 - p.n % 30 - CASE WHEN p.n % 40 = 13 THEN 100 ELSE 0 END",
        hours="6.5",
        kind="'external'",
        is_thematic="k % 2 = 0 AND p.n % 24 <> 5",
        title="'继续教育' || k",
        status="'confirmed'",
        decided_at="now()",
    )


def _exams() -> None:
    """A skills exam of the last quarter in each alliance; one doctor in twenty missed it or failed."""
    insert(
        Exam,
        "FROM b_group, b",
        alliance_id="b_group.id",
        name="'技能考核'",
        kind="'skills'",
        pass_mark="60",  # noqa: S106 - no password
        attempts_allowed="1",
        created_at="(b.today - 400)::timestamptz",
    )
    insert(
        ExamResult,
        f"{_PERSON} JOIN exams_exam e ON e.alliance_id = p.alliance_id AND e.name = '技能考核'"
        " WHERE p.n % 20 <> 6",
        alliance_id="p.alliance_id",
        practitioner_id="p.id",
        institution_id="p.house_id",
        exam_id="e.id",
        held_on="date_trunc('quarter', b.today)::date - 20 - p.n % 60",
        passed="p.n % 20 <> 11",
        score="CASE WHEN p.n % 20 <> 11 THEN 80 ELSE 40 END",
        assessor_id=BY,
    )
    insert(
        Retraining,
        "FROM exams_examresult x JOIN exams_exam e ON e.id = x.exam_id WHERE e.name = '技能考核'"
        " AND NOT x.passed",
        alliance_id="x.alliance_id",
        practitioner_id="x.practitioner_id",
        institution_id="x.institution_id",
        cause_id="x.id",
        due_on="x.held_on + 60",
    )


def _mentoring() -> None:
    """One person in twenty learns from somebody of the lead; grassroots doctors rotate."""
    insert(
        Mentorship,
        "FROM b, (SELECT count(*) many FROM b_house) h, b_person p JOIN LATERAL (SELECT m.id, m.house_id, m.ids, m.many, m.n FROM b_person m"
        " WHERE m.n = p.n / h.many / 12 * 12 * h.many + p.n % h.many / 16 * 16) m ON m.id <> p.id"
        " WHERE p.n % 20 = 7",
        alliance_id="p.alliance_id",
        mentor_id="m.id",
        mentee_id="p.id",
        mentor_institution_id="m.house_id",
        mentee_institution_id="p.house_id",
        technique_id="CASE WHEN p.n % 3 = 0 THEN m.ids[1 + m.n % m.many] END",
        goals="'学习'",
        valid_from="b.today - 100 - p.n % 200",
        valid_until="b.today + 200 - p.n % 220",
        status="'agreed'",
        proposed_by_id=BY,
        mentor_agreed_at="now()",
        mentor_agreed_by_id=BY,
        mentee_agreed_at="now()",
        mentee_agreed_by_id=BY,
    )
    insert(
        Posting,
        f"{_PERSON} JOIN b_house h ON h.alliance_id = p.alliance_id AND h.k = 1"
        " WHERE p.tier IN ('township', 'village') AND p.n % 11 <> 0",
        alliance_id="p.alliance_id",
        kind="'rotation'",
        practitioner_id="p.id",
        from_institution_id="p.house_id",
        to_institution_id="h.id",
        plan="'进修'",
        valid_from="b.today - 240 - p.n % 950",
        valid_until="b.today - 240 - p.n % 950 + 190",
        status="'done'",
        planned_by_id=BY,
    )


def _programmes() -> None:
    """One programme an alliance; one person in ten is in it, some stuck, some operating too early."""
    insert(Programme, "FROM b_group", alliance_id="id", name="'微创量测'", kind="'fellowship'")
    insert(
        ProgrammeVersion,
        "FROM programmes_programme WHERE name = '微创量测'",
        programme_id="id",
        number="1",
        status="'draft'",
    )
    insert(
        Stage,
        "FROM programmes_programmeversion v JOIN programmes_programme g ON g.id = v.programme_id,"
        " unnest(ARRAY['theory', 'simulation', 'clinical']) WITH ORDINALITY s (kind, place)"
        " WHERE g.name = '微创量测'",
        version_id="v.id",
        kind="s.kind",
        order="s.place",
        name="s.kind",
    )
    _enrolments()


def _enrolments() -> None:
    insert(
        Enrolment,
        f"{_PERSON} JOIN programmes_programme g ON g.alliance_id = p.alliance_id AND g.name = '微创量测'"
        " JOIN programmes_programmeversion v ON v.programme_id = g.id WHERE p.n % 10 = 3",
        alliance_id="p.alliance_id",
        practitioner_id="p.id",
        programme_id="g.id",
        programme_version_id="v.id",
        technique_id="p.ids[1 + p.n % p.many]",
        institution_id="p.house_id",
        started_on="b.today - 20 - p.n % 400",
    )
    insert(
        EnrolmentEvent,
        "FROM programmes_enrolment e JOIN b_person p ON p.id = e.practitioner_id"
        " JOIN programmes_stage s ON s.version_id = e.programme_version_id AND s.kind <> 'clinical'"
        " WHERE p.n % 30 <> 13",
        enrolment_id="e.id",
        kind="'stage_passed'",
        stage_id="s.id",
        on='e.started_on + s."order" * (p.n % 3)',
        at="now()",
    )


def _cases() -> None:
    """Surgeons with their two techniques over two years; one in fifty is something else."""
    spread = "(SELECT s, 1 + s % b.surgeons n, s / b.surgeons round FROM b, generate_series(0, b.cases - 1) s) s"
    insert(
        Case,
        f"FROM b, {spread} JOIN b_person p USING (n) CROSS JOIN LATERAL (SELECT"
        " b.today - ((s.round * 37 + p.n) % 730)::int performed_on,"
        " CASE WHEN s.s % 53 = 0 THEN 2 WHEN s.round % 3 = 0 THEN 1 ELSE 0 END k) d"
        " JOIN b_tech top ON top.tier = 'tertiary'",
        alliance_id="p.alliance_id",
        technique_id="CASE WHEN s.s % 997 = 0 THEN top.ids[1 + s.s % top.many]"
        " ELSE p.ids[1 + (p.n + k) % p.many] END",
        institution_id="p.house_id",
        performed_on="d.performed_on",
        created_at="d.performed_on + interval '10 hours'",
        external_case_number="'B' || s.s",
        operator_id="p.id",
        role="CASE WHEN s.s % 10 = 9 THEN 'assistant' WHEN (p.n + k) % 7 = 0 AND s.s % 11 <> 0"
        " THEN 'supervised' ELSE 'independent' END",
        supervisor_id="CASE WHEN s.s % 10 = 9 OR ((p.n + k) % 7 = 0 AND s.s % 11 <> 0)"
        " THEN (SELECT o.id FROM b_person o WHERE o.n = p.n + 1) END",
        outcome="CASE WHEN s.s % 17 = 0 THEN 'complication' ELSE 'good' END",
        clavien_dindo="CASE WHEN s.s % 17 = 0 THEN 'II' ELSE '' END",
        recorded_by_id=BY,
        status="CASE WHEN s.s % 19 = 0 THEN 'recorded' ELSE 'confirmed' END",
        confirmed_at="CASE WHEN s.s % 19 <> 0 THEN d.performed_on + interval '20 hours' END",
        confirmed_by_id=f"CASE WHEN s.s % 19 <> 0 THEN {BY} END",
    )
