"""A published base configuration is history: nothing about it is ever changed."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION configuration_refuse_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'published' THEN
        RAISE EXCEPTION 'a published edition is never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER published_is_final BEFORE UPDATE OR DELETE ON configuration_standard
    FOR EACH ROW EXECUTE FUNCTION configuration_refuse_published();
CREATE FUNCTION configuration_refuse_item() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched bigint[] := CASE TG_OP
    WHEN 'INSERT' THEN ARRAY[NEW.standard_id]
    WHEN 'DELETE' THEN ARRAY[OLD.standard_id]
    ELSE ARRAY[OLD.standard_id, NEW.standard_id] END;
BEGIN
    IF EXISTS (
        SELECT 1 FROM configuration_standard WHERE id = ANY(touched) AND status = 'published'
    ) THEN
        RAISE EXCEPTION 'lines of a published edition are never changed'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER published_is_final BEFORE INSERT OR UPDATE OR DELETE ON configuration_standarditem
    FOR EACH ROW EXECUTE FUNCTION configuration_refuse_item();
"""
BACKWARD = """
DROP TRIGGER published_is_final ON configuration_standarditem;
DROP FUNCTION configuration_refuse_item();
DROP TRIGGER published_is_final ON configuration_standard;
DROP FUNCTION configuration_refuse_published();
"""


class Migration(migrations.Migration):
    """Triggers that keep history as it was."""

    dependencies = [("configuration", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
