"""Published editions and policy rows are history: nothing about them is ever changed."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION catalogue_refuse_published_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'published' THEN
        RAISE EXCEPTION 'a published edition is never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER published_is_final BEFORE UPDATE OR DELETE ON catalogue_catalogueedition
    FOR EACH ROW EXECUTE FUNCTION catalogue_refuse_published_edition();
CREATE FUNCTION catalogue_refuse_published_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched bigint[] := CASE TG_OP
    WHEN 'INSERT' THEN ARRAY[NEW.edition_id]
    WHEN 'DELETE' THEN ARRAY[OLD.edition_id]
    ELSE ARRAY[OLD.edition_id, NEW.edition_id] END;
BEGIN
    IF EXISTS (
        SELECT 1 FROM catalogue_catalogueedition WHERE id = ANY(touched) AND status = 'published'
    ) THEN
        RAISE EXCEPTION 'entries of a published edition are never changed'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER published_is_final BEFORE INSERT OR UPDATE OR DELETE ON catalogue_catalogueentry
    FOR EACH ROW EXECUTE FUNCTION catalogue_refuse_published_entry();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON core_policysetting
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
BACKWARD = """
DROP TRIGGER append_only ON core_policysetting;
DROP TRIGGER published_is_final ON catalogue_catalogueentry;
DROP FUNCTION catalogue_refuse_published_entry();
DROP TRIGGER published_is_final ON catalogue_catalogueedition;
DROP FUNCTION catalogue_refuse_published_edition();
"""


class Migration(migrations.Migration):
    """Triggers that keep history as it was."""

    dependencies = [("catalogue", "0003_initial"), ("core", "0004_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
