"""What code might miss: who may not vote cannot, and what was frozen or decided stays."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION granting_refuse_vote() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked granting_application%ROWTYPE;
    seat granting_member%ROWTYPE;
    home bigint;
BEGIN
    SELECT * INTO asked FROM granting_application WHERE id = NEW.application_id;
    SELECT * INTO seat FROM granting_member WHERE id = NEW.member_id;
    SELECT institution_id INTO home FROM people_practitioner WHERE id = asked.practitioner_id;
    IF asked.status <> 'in_committee' OR seat.committee_id IS DISTINCT FROM asked.committee_id THEN
        RAISE EXCEPTION 'nobody votes on this application now'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'granting_vote_open';
    END IF;
    IF seat.institution_id IN (asked.institution_id, home)
        OR EXISTS (SELECT FROM granting_excusal e
                   WHERE e.application_id = asked.id AND e.member_id = seat.id)
        OR EXISTS (SELECT FROM people_user u
                   WHERE u.id = seat.user_id AND u.practitioner_id = asked.practitioner_id)
    THEN
        RAISE EXCEPTION 'this member is excused from this application'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'granting_vote_not_excused';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER only_who_may_vote BEFORE INSERT OR UPDATE ON granting_vote
    FOR EACH ROW EXECUTE FUNCTION granting_refuse_vote();

CREATE FUNCTION granting_keep_application() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status IN ('granted', 'refused', 'withdrawn') THEN
        RAISE EXCEPTION 'an application that has ended is never changed'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.evidence IS DISTINCT FROM OLD.evidence
        OR NEW.practitioner_id <> OLD.practitioner_id OR NEW.technique_id <> OLD.technique_id
        OR NEW.institution_id <> OLD.institution_id OR NEW.kind <> OLD.kind
    THEN
        RAISE EXCEPTION 'what an application asks for, and its evidence, are frozen'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER frozen BEFORE UPDATE ON granting_application
    FOR EACH ROW EXECUTE FUNCTION granting_keep_application();

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON granting_applicationevent
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_all BEFORE TRUNCATE ON granting_applicationevent
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON granting_decision
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_all BEFORE TRUNCATE ON granting_decision
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON granting_excusal
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_all BEFORE TRUNCATE ON granting_excusal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
BACKWARD = """
DROP TRIGGER append_only ON granting_excusal;
DROP TRIGGER append_only_all ON granting_excusal;
DROP TRIGGER append_only ON granting_decision;
DROP TRIGGER append_only_all ON granting_decision;
DROP TRIGGER append_only ON granting_applicationevent;
DROP TRIGGER append_only_all ON granting_applicationevent;
DROP TRIGGER frozen ON granting_application;
DROP FUNCTION granting_keep_application();
DROP TRIGGER only_who_may_vote ON granting_vote;
DROP FUNCTION granting_refuse_vote();
"""


class Migration(migrations.Migration):
    """Triggers of votes, applications, their steps and decisions."""

    dependencies = [("granting", "0001_initial"), ("core", "0004_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
