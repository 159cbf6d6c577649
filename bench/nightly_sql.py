"""Each scheduled check once more, as somebody would write it by hand: one statement for all alliances.

The numbers are the defaults of policy. Each statement gives alliance, subject, facet, house, day by
which to mend it, and evidence; the bench says where it and the check do not find the same.
"""

from bench.nightly_devices_sql import OF_DEVICES

_STAFF = """
    people_practitioner p JOIN institutions_membership m ON m.institution_id = p.institution_id
        AND m.valid_from <= %(on)s AND (m.valid_until IS NULL OR m.valid_until > %(on)s)
"""
_MEMBERS = """
    institutions_institution i JOIN institutions_membership m ON m.institution_id = i.id
        AND m.valid_from <= %(on)s AND (m.valid_until IS NULL OR m.valid_until > %(on)s)
        AND i.is_active AND NOT i.is_external
"""
_LAST = """
    SELECT r.alliance_id, r.public_id::text, r.number, r.receiver_id, e.* FROM referrals_referral r
    CROSS JOIN LATERAL (
        SELECT target, clock, at, due_at, holder_id, move, data FROM referrals_referralevent e
        WHERE e.referral_id = r.id AND e.at < %(until)s ORDER BY version DESC LIMIT 1) e
    WHERE (r.closed_at IS NULL OR r.closed_at >= %(until)s)
"""
_SEEN = """jsonb_build_object('number', number, 'status', target, 'clock', clock, 'since_at', at,
    'due_at', due_at)"""
_SHORT = """
    WITH y AS (
        SELECT date_trunc('year', %(on)s::date)::date begin, extract(year FROM %(on)s::date)::int AS year,
            {yearly} * greatest(0, extract(doy FROM %(on)s::date)::int - 30)
                / (extract(doy FROM date_trunc('year', %(on)s::date) + interval '1 year - 1 day')::int - 30)
                needed
    ), had AS (
        SELECT practitioner_id, {sum} had FROM courses_hoursentry, y
        WHERE "on" BETWEEN y.begin AND %(on)s AND status = 'confirmed' GROUP BY 1
    )
    SELECT m.alliance_id, p.public_id::text, y.year::text, p.institution_id,
        (y.begin + interval '1 year - 1 day')::date,
        jsonb_build_object('name', p.name, 'year', y.year, 'had', coalesce(h.had, 0), 'needed', y.needed)
    FROM y, {staff} LEFT JOIN had h ON h.practitioner_id = p.id
    WHERE p.is_active AND p.title_code <> '000' AND p.practice_started_on < y.begin
        AND coalesce(h.had, 0) < y.needed
"""
_CASE = """
    SELECT c.alliance_id, c.public_id::text, '', c.institution_id, c.performed_on,
        jsonb_build_object('name', p.name, 'technique', t.name, 'performed_on', c.performed_on {more})
    FROM logbook_case c JOIN people_practitioner p ON p.id = c.operator_id
    JOIN catalogue_technique t ON t.id = c.technique_id {joins}
    WHERE c.status IN ('recorded', 'confirmed') AND c.role IN ('supervised', 'independent')
        AND c.performed_on > %(on)s::date - 90 AND c.performed_on <= %(on)s AND c.created_at < %(until)s
        AND {wrong}
"""
# The edition in force on a day, and its entry for the case's technique.
_ENTRY = """
    LEFT JOIN LATERAL (
        SELECT id FROM catalogue_catalogueedition e
        WHERE e.alliance_id = c.alliance_id AND status = 'published' AND effective_from <= {day}
        ORDER BY effective_from DESC LIMIT 1) e ON true
    LEFT JOIN catalogue_catalogueentry n ON n.edition_id = e.id AND n.technique_id = c.technique_id
"""
_YEARS = """
    CROSS JOIN LATERAL (
        SELECT coalesce(max(minimum) FILTER (WHERE technique_id IS NOT NULL), max(minimum)) years
        FROM catalogue_requirement q WHERE q.edition_id = e.id AND side = 'operator' AND kind = 'years'
            AND (q.technique_id = c.technique_id OR q.grade = n.grade)) q
"""
_HELD = """
    EXISTS (SELECT FROM privileges_privilege h WHERE h.practitioner_id = c.operator_id
        AND h.technique_id = c.technique_id AND h.institution_id = c.institution_id
        AND h.valid_from <= c.performed_on AND h.ends_on > c.performed_on
        AND (h.level = 'independent' OR c.role = 'supervised')
        AND NOT EXISTS (SELECT FROM privileges_suspension s WHERE s.privilege_id = h.id
            AND s.valid_from <= c.performed_on AND (s.valid_until IS NULL OR s.valid_until > c.performed_on)))
"""
_IN_FORCE = """
    {p}.valid_from <= %(on)s AND {p}.ends_on > %(on)s AND {p}.level = 'independent'
    AND NOT EXISTS (SELECT FROM privileges_suspension x WHERE x.privilege_id = {p}.id
        AND x.valid_from <= %(on)s AND (x.valid_until IS NULL OR x.valid_until > %(on)s))
"""
_RUNNING = """
    mentoring_mentorship s JOIN people_practitioner p ON p.id = s.mentor_id
"""
_RUNS = "s.status IN ('agreed', 'ended') AND s.valid_from <= %(on)s AND s.valid_until > %(on)s"
_WENT_ON = "(e.ended_on IS NULL OR e.ended_on > %(on)s) AND e.started_on <= %(on)s"


def _house(condition: str, more: str = "") -> str:
    return f"""
        SELECT m.alliance_id, i.public_id::text, '', i.id, NULL::date,
            jsonb_build_object('name', i.short_name {more}) FROM {_MEMBERS} WHERE {condition}"""  # noqa: S608


def _newest(table: str, day: str, whose: str) -> str:
    return f'(SELECT max(x."{day}") FROM {table} x WHERE {whose} AND x."{day}" <= %(on)s)'  # noqa: S608


_PERSON = "x.practitioner_id = e.practitioner_id"
_MOVED = ", ".join(
    [
        _newest("programmes_enrolmentevent", "on", "x.enrolment_id = e.id"),
        _newest("programmes_signoff", "on", "x.enrolment_id = e.id"),
        _newest("exams_examresult", "held_on", f"x.voided_at IS NULL AND {_PERSON}"),
        _newest("exams_stationresult", "held_on", f"x.voided_at IS NULL AND {_PERSON}"),
        _newest("courses_hoursentry", "on", _PERSON),
        _newest("logbook_case", "performed_on", "x.operator_id = e.practitioner_id"),
    ]
)

BY_HAND = {
    "people.licence_ending": f"""
        SELECT m.alliance_id, p.public_id::text, '', p.institution_id, p.licence_valid_until,
            jsonb_build_object('name', p.name, 'until_on', p.licence_valid_until)
        FROM {_STAFF} WHERE p.is_active AND p.licence_valid_until <= %(on)s::date + 60""",  # noqa: S608
    "courses.hours_short": _SHORT.format(yearly=24, sum="sum(hours)", staff=_STAFF),
    "courses.thematic_short": _SHORT.format(
        yearly=2, sum="count(*) FILTER (WHERE is_thematic)", staff=_STAFF
    ),
    "courses.entry_missing": f"""
        SELECT m.alliance_id, p.public_id::text, '', p.institution_id, NULL::date,
            jsonb_build_object('name', p.name, 'since_on', p.practice_started_on)
        FROM {_STAFF}
        WHERE p.is_active AND p.title_code <> '000' AND p.practice_started_on <= %(on)s::date - 30
            AND p.practice_started_on > %(on)s::date - 365
            AND (EXISTS (SELECT FROM people_practitioner_specialties x
                    JOIN institutions_specialty s ON s.id = x.specialty_id
                    WHERE x.practitioner_id = p.id AND s.code LIKE '04%%')
                OR EXISTS (SELECT FROM institutions_department d
                    JOIN institutions_specialty s ON s.id = d.specialty_id
                    WHERE d.id = p.department_id AND s.code LIKE '04%%'))
            AND NOT EXISTS (SELECT FROM courses_hoursentry h JOIN courses_course c ON c.id = h.course_id
                WHERE h.practitioner_id = p.id AND h.on <= %(on)s AND h.status = 'confirmed'
                    AND h.kind IN ('course', 'session') AND c.is_entry)""",  # noqa: S608
    "courses.no_key_doctor": _house("""
        i.tier = 'township' AND NOT EXISTS (
            SELECT FROM courses_keydoctor k JOIN people_practitioner p ON p.id = k.practitioner_id
            WHERE k.institution_id = i.id AND p.institution_id = i.id AND p.is_active
                AND k.valid_from <= %(on)s AND (k.valid_until IS NULL OR k.valid_until > %(on)s))"""),
    "courses.no_simulation_centre": _house("""
        i.tier = 'county' AND NOT EXISTS (
            SELECT FROM courses_simulationcentre k WHERE k.institution_id = i.id
                AND k.valid_from <= %(on)s AND (k.valid_until IS NULL OR k.valid_until > %(on)s))"""),
    "courses.no_contest": _house(
        """
        m.role = 'lead' AND NOT EXISTS (
            SELECT FROM courses_contest k WHERE k.alliance_id = m.alliance_id
                AND k.held_on > %(on)s::date - 365 AND k.held_on <= %(on)s)""",
        ", 'days', 365",
    ),
    "standards.requirement_lost": """
        WITH one AS MATERIALIZED (
            SELECT w.id, a.alliance_id, a.public_id, a.institution_id, t.name technique, w.kind, w.topic,
                w.minimum
            FROM standards_admission a JOIN standards_admissionanswer w ON w.admission_id = a.id
            JOIN catalogue_technique t ON t.id = a.technique_id
            WHERE a.status IN ('admitted', 'withdrawn') AND a.valid_from <= %(on)s
                AND (a.valid_until IS NULL OR a.valid_until > %(on)s) AND w.known >= w.minimum
                AND NOT EXISTS (SELECT FROM standards_admissionsuspension s WHERE s.admission_id = a.id
                    AND s.valid_from <= %(on)s AND (s.valid_until IS NULL OR s.valid_until > %(on)s))
        ), wanted AS (SELECT DISTINCT institution_id, kind, topic FROM one
        ), counted AS MATERIALIZED (
            SELECT q.*, CASE
                WHEN kind = 'beds' AND topic = '' THEN
                    (SELECT i.beds FROM institutions_institution i WHERE i.id = q.institution_id)
                WHEN kind IN ('beds', 'department') THEN
                    (SELECT CASE kind WHEN 'beds' THEN coalesce(sum(d.beds), 0) ELSE count(*) END
                    FROM institutions_department d JOIN institutions_specialty s ON s.id = d.specialty_id
                    WHERE d.institution_id = q.institution_id AND d.is_active
                        AND starts_with(s.code, topic))
                WHEN kind IN ('staff', 'senior_staff') AND topic = '' THEN
                    (SELECT count(*) FROM people_practitioner p
                    WHERE p.institution_id = q.institution_id AND p.is_active
                        AND (kind = 'staff' OR p.title_code IN ('231', '232')))
                WHEN kind IN ('staff', 'senior_staff') THEN
                    (SELECT count(*) FILTER (WHERE EXISTS (
                        SELECT FROM people_practitioner_specialties x
                        JOIN institutions_specialty s ON s.id = x.specialty_id
                        WHERE x.practitioner_id = p.id AND starts_with(s.code, topic)))
                    FROM people_practitioner p
                    WHERE p.institution_id = q.institution_id AND p.is_active
                        AND (kind = 'staff' OR p.title_code IN ('231', '232')))
                END counted
            FROM wanted q)
        SELECT alliance_id, public_id::text, kind || ':' || one.id, institution_id, NULL::date,
            jsonb_build_object('technique', technique, 'requirement_kind', kind, 'topic',
                coalesce((SELECT name FROM institutions_specialty s WHERE s.code = topic), ''),
                'minimum', minimum, 'counted', counted)
        FROM one JOIN counted USING (institution_id, kind, topic) WHERE counted < minimum""",
    "standards.not_filed": """
        SELECT a.alliance_id, a.public_id::text, '', a.institution_id, NULL::date,
            jsonb_build_object('technique', t.name, 'first_used_on', first_used_on, 'due_on', filing_due)
        FROM standards_admission a JOIN catalogue_technique t ON t.id = a.technique_id
        WHERE filing_due < %(on)s AND (filed_on IS NULL OR filed_on > %(on)s)""",
    "privileges.ending": """
        SELECT h.alliance_id, h.public_id::text, '', h.institution_id, h.ends_on,
            jsonb_build_object('name', p.name, 'technique', t.name, 'until_on', h.ends_on)
        FROM privileges_privilege h JOIN people_practitioner p ON p.id = h.practitioner_id
        JOIN catalogue_technique t ON t.id = h.technique_id
        WHERE h.valid_from <= %(on)s AND h.ends_on > %(on)s AND h.ends_on <= %(on)s::date + 60
            AND NOT EXISTS (SELECT FROM privileges_privilege n WHERE n.practitioner_id = h.practitioner_id
                AND n.technique_id = h.technique_id AND n.institution_id = h.institution_id
                AND n.valid_from <= h.ends_on AND n.ends_on > h.ends_on)""",
    "privileges.report_late": """
        SELECT o.alliance_id, o.public_id::text, '', o.institution_id,
            (o.report_due_at AT TIME ZONE 'Asia/Shanghai')::date,
            jsonb_build_object('name', p.name, 'technique', t.name, 'due_at', report_due_at)
        FROM privileges_override o JOIN people_practitioner p ON p.id = o.practitioner_id
        JOIN catalogue_technique t ON t.id = o.technique_id
        WHERE report_due_at < %(until)s AND (reported_at IS NULL OR reported_at > %(until)s)""",
    "logbook.without_privilege": _CASE.format(
        more="",
        joins="",
        wrong=f"""NOT {_HELD} AND NOT EXISTS (
            SELECT FROM privileges_override o WHERE o.practitioner_id = c.operator_id
                AND o.technique_id = c.technique_id AND o.institution_id = c.institution_id
                AND (o.at AT TIME ZONE 'Asia/Shanghai')::date = c.performed_on)""",
    ),
    "logbook.above_grade": _CASE.format(
        more="",
        joins=_ENTRY.format(day="c.performed_on")
        + " JOIN institutions_institution i ON i.id = c.institution_id",
        wrong="NOT coalesce(CASE i.tier WHEN 'village' THEN 'township' ELSE i.tier END = ANY (n.tiers), false)",
    ),
    "logbook.years_short": _CASE.format(
        more=", 'years', extract(year FROM age(c.performed_on, p.practice_started_on))::int",
        joins=_ENTRY.format(day="%(on)s") + _YEARS,
        wrong="c.role = 'independent'"
        " AND extract(year FROM age(c.performed_on, p.practice_started_on))::int < q.years",
    ),
    "logbook.low_volume": f"""
        SELECT h.alliance_id, h.public_id::text, '', h.institution_id, NULL::date,
            jsonb_build_object('name', p.name, 'technique', t.name, 'count', coalesce(n.many, 0))
        FROM privileges_privilege h JOIN people_practitioner p ON p.id = h.practitioner_id
        JOIN catalogue_technique t ON t.id = h.technique_id
        LEFT JOIN (
            SELECT operator_id, technique_id, institution_id, count(*) many FROM logbook_case
            WHERE status = 'confirmed' AND role IN ('supervised', 'independent')
                AND performed_on > %(on)s::date - 365 AND performed_on <= %(on)s
            GROUP BY 1, 2, 3) n ON n.operator_id = h.practitioner_id AND n.technique_id = h.technique_id
                AND n.institution_id = h.institution_id
        WHERE {_IN_FORCE.format(p="h")} AND coalesce(n.many, 0) < 10
            AND EXISTS (SELECT FROM privileges_privilege o WHERE o.practitioner_id = h.practitioner_id
                AND o.technique_id = h.technique_id AND o.institution_id = h.institution_id
                AND o.level = 'independent' AND o.valid_from <= %(on)s::date - 365
                AND o.ends_on > %(on)s::date - 365)""",  # noqa: S608
    "mentoring.rotation_due": f"""
        SELECT m.alliance_id, p.public_id::text, '', p.institution_id, NULL::date,
            jsonb_build_object('name', p.name, 'days', coalesce(d.days, 0), 'needed', 180, 'years', 3)
        FROM {_STAFF} JOIN institutions_institution i ON i.id = p.institution_id
        LEFT JOIN (
            SELECT practitioner_id,
                sum(valid_until - greatest(valid_from, (%(on)s::date - interval '3 years')::date)) days
            FROM mentoring_posting
            WHERE kind = 'rotation' AND status IN ('running', 'done') AND valid_from <= %(on)s
                AND valid_until > %(on)s::date - interval '3 years'
            GROUP BY 1) d ON d.practitioner_id = p.id
        WHERE p.is_active AND p.title_code IN ('231', '232', '233', '234', '235')
            AND i.tier IN ('township', 'village')
            AND p.practice_started_on <= %(on)s::date - interval '3 years' AND coalesce(d.days, 0) < 180""",  # noqa: S608
    "mentoring.mentor_over_capacity": f"""
        SELECT s.alliance_id, p.public_id::text, '', p.institution_id, NULL::date,
            jsonb_build_object('name', p.name, 'count', count(DISTINCT mentee_id), 'most', 5)
        FROM {_RUNNING} WHERE {_RUNS}
        GROUP BY s.alliance_id, p.id HAVING count(DISTINCT mentee_id) > 5""",  # noqa: S608
    "mentoring.mentor_not_eligible": f"""
        SELECT s.alliance_id, s.public_id::text, '', s.mentor_institution_id, NULL::date,
            jsonb_build_object('mentor', p.name, 'mentee', o.name, 'mentor_fault', w.why)
        FROM {_RUNNING} JOIN people_practitioner o ON o.id = s.mentee_id
        CROSS JOIN LATERAL (SELECT CASE
            WHEN NOT p.is_active THEN 'gone'
            WHEN p.title_code NOT IN ('231', '232') THEN 'title'
            WHEN s.technique_id IS NOT NULL AND NOT EXISTS (
                SELECT FROM privileges_privilege h WHERE h.practitioner_id = s.mentor_id
                    AND h.technique_id = s.technique_id AND {_IN_FORCE.format(p="h")})
                THEN 'privilege' END why) w
        WHERE {_RUNS} AND w.why IS NOT NULL""",  # noqa: S608
    "programmes.out_of_order": f"""
        SELECT e.alliance_id, e.public_id::text, '', e.institution_id, NULL::date,
            jsonb_build_object('name', p.name, 'programme', g.name, 'seen_on', w.seen_on, 'technique', t.name)
        FROM programmes_enrolment e JOIN people_practitioner p ON p.id = e.practitioner_id
        JOIN programmes_programme g ON g.id = e.programme_id
        LEFT JOIN catalogue_technique t ON t.id = e.technique_id
        CROSS JOIN LATERAL (
            SELECT max(coalesce(v.on, 'infinity')) clinic_from, max(coalesce(v.on, 'infinity')) FILTER (
                WHERE s.kind = 'theory' AND NOT EXISTS (SELECT FROM programmes_stage b
                    WHERE b.version_id = s.version_id AND b.kind = 'simulation' AND b.order < s.order)
                ) simulation_from
            FROM programmes_stage s LEFT JOIN programmes_enrolmentevent v
                ON v.enrolment_id = e.id AND v.stage_id = s.id AND v.kind = 'stage_passed'
            WHERE s.version_id = e.programme_version_id AND s.kind NOT IN ('clinical', 'assessment')) r
        CROSS JOIN LATERAL (
            SELECT least((
                SELECT min(performed_on) FROM logbook_case c WHERE c.operator_id = e.practitioner_id
                    AND c.technique_id = e.technique_id AND c.status = 'confirmed'
                    AND c.performed_on >= e.started_on AND c.performed_on <= %(on)s
                    AND c.performed_on < r.clinic_from
            ), (
                SELECT min(held_on) FROM exams_stationresult x JOIN exams_station o ON o.id = x.station_id
                WHERE x.practitioner_id = e.practitioner_id AND x.voided_at IS NULL
                    AND x.held_on >= e.started_on AND x.held_on <= %(on)s AND x.held_on < r.simulation_from
                    AND o.code IN (SELECT n.station_code FROM programmes_stagerequirement n
                        JOIN programmes_stage s ON s.id = n.stage_id
                        WHERE s.version_id = e.programme_version_id AND s.kind = 'simulation'
                            AND n.kind IN ('station', 'animal_cases')))) seen_on) w
        WHERE {_WENT_ON} AND w.seen_on IS NOT NULL""",  # noqa: S608
    "programmes.stuck": f"""
        SELECT e.alliance_id, e.public_id::text, '', e.institution_id, NULL::date,
            jsonb_build_object('name', p.name, 'programme', g.name, 'moved_on', w.moved_on)
        FROM programmes_enrolment e JOIN people_practitioner p ON p.id = e.practitioner_id
        JOIN programmes_programme g ON g.id = e.programme_id
        CROSS JOIN LATERAL (SELECT greatest(e.started_on, {_MOVED}) moved_on) w
        WHERE {_WENT_ON} AND e.started_on <= %(on)s::date - 90 AND w.moved_on <= %(on)s::date - 90""",  # noqa: S608
    "exams.skills_missed": f"""
        WITH q AS (
            SELECT first, (first + interval '3 months')::date after,
                extract(year FROM first) || 'Q' || extract(quarter FROM first) quarter
            FROM (SELECT (date_trunc('quarter', %(on)s::date + 14) - interval '3 months')::date first) d
        )
        SELECT m.alliance_id, p.public_id::text, q.quarter, p.institution_id, q.after,
            jsonb_build_object('name', p.name, 'quarter', q.quarter)
        FROM q, {_STAFF} JOIN institutions_institution i ON i.id = p.institution_id
        WHERE p.is_active AND p.title_code IN ('231', '232', '233', '234', '235')
            AND i.tier IN ('township', 'county') AND p.practice_started_on < q.first
            AND EXISTS (SELECT FROM exams_exam e WHERE e.alliance_id = m.alliance_id AND e.kind = 'skills'
                AND e.is_active AND ((e.created_at AT TIME ZONE 'Asia/Shanghai')::date < q.after OR EXISTS (
                    SELECT FROM exams_examresult x WHERE x.exam_id = e.id AND x.held_on < q.after
                        AND x.voided_at IS NULL)))
            AND NOT EXISTS (SELECT FROM exams_examresult x JOIN exams_exam e ON e.id = x.exam_id
                WHERE x.practitioner_id = p.id AND e.kind = 'skills' AND x.voided_at IS NULL
                    AND x.held_on >= q.first AND x.held_on < q.after AND x.held_on <= %(on)s)
            AND NOT EXISTS (SELECT FROM people_absence a WHERE a.practitioner_id = p.id
                AND a.valid_from <= %(on)s AND (a.valid_until IS NULL OR a.valid_until > %(on)s))""",  # noqa: S608
    "exams.retraining_overdue": """
        SELECT r.alliance_id, r.public_id::text, '', r.institution_id, r.due_on,
            jsonb_build_object('name', p.name, 'exam', e.name, 'due_on', r.due_on)
        FROM exams_retraining r JOIN exams_examresult x ON x.id = r.cause_id
        JOIN exams_exam e ON e.id = x.exam_id JOIN people_practitioner p ON p.id = r.practitioner_id
        WHERE (done_on IS NULL OR done_on > %(on)s) AND x.voided_at IS NULL AND x.held_on <= %(on)s
            AND r.due_on < %(on)s""",
    "referrals.clock_broken": f"""
        SELECT alliance_id, public_id, clock, holder_id, NULL::date, {_SEEN} FROM ({_LAST}) l
        WHERE due_at < %(until)s::timestamptz - interval '24 hours' AND holder_id IS NOT NULL""",  # noqa: S608
    "referrals.way_back_missing": f"""
        SELECT alliance_id, public_id, '', receiver_id, NULL::date, {_SEEN} FROM ({_LAST}) l
        WHERE target = 'care_done' AND at < %(until)s::timestamptz - interval '3 days'""",  # noqa: S608
    "referrals.follow_up_missed": f"""
        SELECT alliance_id, public_id, '', receiver_id, NULL::date,
            jsonb_build_object('number', number, 'status', target, 'next_on', data ->> 'next_on')
        FROM ({_LAST}) l
        WHERE move = 'follow_up' AND (data ->> 'next_on')::date < %(on)s::date - 7""",  # noqa: S608
} | OF_DEVICES
