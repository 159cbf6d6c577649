"""What an application rests on is frozen with it: the enrolment, the privilege to be renewed."""

from django.db import migrations

FROZEN = """
CREATE OR REPLACE FUNCTION granting_keep_application() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status IN ('granted', 'refused', 'withdrawn') THEN
        RAISE EXCEPTION 'an application that has ended is never changed'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.evidence IS DISTINCT FROM OLD.evidence
        OR NEW.practitioner_id <> OLD.practitioner_id OR NEW.technique_id <> OLD.technique_id
        OR NEW.institution_id <> OLD.institution_id OR NEW.kind <> OLD.kind {more}
    THEN
        RAISE EXCEPTION 'what an application asks for, and its evidence, are frozen'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""
GROUNDS = """OR NEW.enrolment_id IS DISTINCT FROM OLD.enrolment_id
        OR NEW.privilege_id IS DISTINCT FROM OLD.privilege_id"""


class Migration(migrations.Migration):
    """The trigger that keeps an application as it was opened."""

    dependencies = [("granting", "0004_enrolments")]
    operations = [
        migrations.RunSQL(FROZEN.format(more=GROUNDS), FROZEN.format(more="")),
    ]
