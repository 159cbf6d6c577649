"""What code might miss: history stays, and what was handed in is judged as it was handed in."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION purchases_keep_purchase() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status IN ('refused', 'delivered', 'withdrawn') THEN
        RAISE EXCEPTION 'a purchase that has ended is never changed'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.status NOT IN ('draft', 'returned') AND (
        NEW.evidence IS DISTINCT FROM OLD.evidence OR NEW.quantity <> OLD.quantity
        OR NEW.unit_price IS DISTINCT FROM OLD.unit_price OR NEW.statement <> OLD.statement
        OR NEW.type_id <> OLD.type_id OR NEW.institution_id <> OLD.institution_id)
    THEN
        RAISE EXCEPTION 'what was handed in, and its evidence, are frozen'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER frozen BEFORE UPDATE ON purchases_purchase
    FOR EACH ROW EXECUTE FUNCTION purchases_keep_purchase();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON purchases_purchaseevent
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_all BEFORE TRUNCATE ON purchases_purchaseevent
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
BACKWARD = """
DROP TRIGGER append_only_all ON purchases_purchaseevent;
DROP TRIGGER append_only ON purchases_purchaseevent;
DROP TRIGGER frozen ON purchases_purchase;
DROP FUNCTION purchases_keep_purchase();
"""


class Migration(migrations.Migration):
    """The triggers that keep purchases as they were."""

    dependencies = [("purchases", "0001_initial"), ("core", "0004_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
