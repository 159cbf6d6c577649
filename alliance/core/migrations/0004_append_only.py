"""The ledger refuses to be changed: no UPDATE, DELETE or TRUNCATE, whoever asks."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON core_auditentry
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_all BEFORE TRUNCATE ON core_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON core_ledgerseal
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_all BEFORE TRUNCATE ON core_ledgerseal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
BACKWARD = """
DROP TRIGGER append_only ON core_auditentry;
DROP TRIGGER append_only_all ON core_auditentry;
DROP TRIGGER append_only ON core_ledgerseal;
DROP TRIGGER append_only_all ON core_ledgerseal;
DROP FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    """Triggers on the ledger; referrals reuse `refuse_change()` for their events."""

    dependencies = [("core", "0003_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
