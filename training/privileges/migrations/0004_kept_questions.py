"""May this person do this here: what theatre systems wait for, with plans that are kept.

To plan the join behind one question takes five times as long as to carry it out, and a statement
sent as text is planned anew each time. A function keeps its plans for as long as the connection
lives, behind a pooler too. What the values mean is said in `single.py`, which alone asks.
"""

from django.db import migrations

# Everything one answer rests on; once for each privilege of the person there, else once without.
FACT = """
CREATE TYPE privileges_fact AS (
    is_active boolean, licence_valid_until date, practice_started_on date, is_here boolean,
    technique bigint, tier text, alliance bigint, edition bigint, grade text, tiers text[],
    national_level integer, is_restricted boolean, admission_counts boolean, admission_grades text,
    mdt_level text, privilege bigint, level text, valid_from date, valid_until date, ends_on date,
    is_withdrawn boolean, is_suspended boolean, conditions text);
"""
FACTS = """
CREATE FUNCTION privileges_facts(
    person bigint, what bigint, house bigint, day date, granted text[], published text)
RETURNS SETOF privileges_fact
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN QUERY
    SELECT p.is_active, p.licence_valid_until, p.practice_started_on,
        p.institution_id = i.id OR EXISTS (
            SELECT FROM people_practicesite s
            WHERE s.practitioner_id = p.id AND s.institution_id = i.id AND s.valid_from <= day
              AND (s.valid_until IS NULL OR s.valid_until > day)),
        t.id, i.tier::text, m.alliance_id, e.id, c.grade::text, c.tiers::text[],
        t.national_level::integer, t.is_restricted,
        (SELECT NOT EXISTS (
            SELECT FROM standards_admissionsuspension u
            WHERE u.admission_id = a.id AND u.valid_from <= day
              AND (u.valid_until IS NULL OR u.valid_until > day))
         FROM standards_admission a
         WHERE a.institution_id = i.id AND a.technique_id = t.id AND a.valid_from <= day
           AND a.status = ANY(granted) AND (a.valid_until IS NULL OR a.valid_until > day)
         LIMIT 1),
        (SELECT s.value #>> '{}' FROM core_policysetting s
         WHERE s.key = 'admission.grades' AND s.institution_id IS NULL
           AND s.effective_from <= day
           AND (s.alliance_id = m.alliance_id OR s.alliance_id IS NULL)
         ORDER BY s.alliance_id NULLS LAST, s.effective_from DESC, s.id DESC LIMIT 1),
        (SELECT s.value #>> '{}' FROM core_policysetting s
         WHERE s.key = 'grading.mdt_level' AND s.institution_id IS NULL
           AND s.effective_from <= day
           AND (s.alliance_id = m.alliance_id OR s.alliance_id IS NULL)
         ORDER BY s.alliance_id NULLS LAST, s.effective_from DESC, s.id DESC LIMIT 1),
        r.id, r.level::text, r.valid_from, r.valid_until, r.ends_on,
        r.withdrawn_on IS NOT NULL AND r.withdrawn_on = r.ends_on,
        EXISTS (
            SELECT FROM privileges_suspension u
            WHERE u.privilege_id = r.id AND u.valid_from <= day
              AND (u.valid_until IS NULL OR u.valid_until > day)),
        r.conditions
    FROM people_practitioner p
    CROSS JOIN institutions_institution i
    CROSS JOIN catalogue_technique t
    LEFT JOIN LATERAL (
        SELECT g.alliance_id FROM institutions_membership g
        JOIN institutions_alliance l ON l.id = g.alliance_id AND l.is_active
        WHERE g.institution_id = i.id AND g.valid_from <= day
          AND (g.valid_until IS NULL OR g.valid_until > day)
        ORDER BY g.valid_from, g.id LIMIT 1) m ON true
    LEFT JOIN LATERAL (
        SELECT d.id FROM catalogue_catalogueedition d
        WHERE d.alliance_id = m.alliance_id AND d.status = published
          AND d.effective_from <= day
        ORDER BY d.effective_from DESC LIMIT 1) e ON true
    LEFT JOIN catalogue_catalogueentry c ON c.edition_id = e.id AND c.technique_id = t.id
    LEFT JOIN privileges_privilege r
        ON r.practitioner_id = p.id AND r.technique_id = t.id AND r.institution_id = i.id
    WHERE p.id = person AND i.id = house AND t.id = what
    ORDER BY r.valid_from, r.id;
END $$;
"""
# An institution of the alliances in which the caller may look privileges up, whenever it joined.
REACHED = """
CREATE FUNCTION privileges_reached(house uuid, houses bigint[], alliances bigint[]) RETURNS bigint
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN (
        SELECT i.id FROM institutions_institution i
        WHERE i.public_id = house AND (i.id = ANY(houses) OR EXISTS (
            SELECT FROM institutions_membership m
            WHERE m.institution_id = i.id AND (
                m.alliance_id = ANY(alliances) OR m.alliance_id IN (
                    SELECT o.alliance_id FROM institutions_membership o
                    WHERE o.institution_id = ANY(houses))))));
END $$;
"""
# The same facts by the names that other systems use; nothing where one of them is out of reach.
ASKED = """
CREATE FUNCTION privileges_asked(
    person uuid, licence text, code text, house uuid, houses bigint[], alliances bigint[],
    day date, granted text[], published text)
RETURNS SETOF privileges_fact
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    place bigint := privileges_reached(house, houses, alliances);
    who bigint;
    what bigint;
BEGIN
    IF place IS NOT NULL THEN
        SELECT p.id INTO who FROM people_practitioner p
        WHERE p.public_id = person OR p.licence_number = licence;
        SELECT t.id INTO what FROM catalogue_technique t WHERE t.code = privileges_asked.code;
        RETURN QUERY
        SELECT * FROM privileges_facts(who, what, place, day, granted, published);
    END IF;
END $$;
"""
UNMAKE = """
DROP FUNCTION privileges_asked(
    uuid, text, text, uuid, bigint[], bigint[], date, text[], text);
DROP FUNCTION privileges_reached(uuid, bigint[], bigint[]);
DROP FUNCTION privileges_facts(bigint, bigint, bigint, date, text[], text);
DROP TYPE privileges_fact;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("privileges", "0003_platform_grants"),
        ("catalogue", "0007_published_standards"),
        ("core", "0005_own_hours"),
        ("institutions", "0002_initial"),
        ("people", "0002_sites_and_absences"),
        ("standards", "0003_answers"),
    ]

    operations = [migrations.RunSQL(FACT + FACTS + REACHED + ASKED, UNMAKE)]
