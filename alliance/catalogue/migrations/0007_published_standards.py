"""What a published edition asks for, and which diseases it names, is history like its entries."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER published_is_final BEFORE INSERT OR UPDATE OR DELETE ON catalogue_requirement
    FOR EACH ROW EXECUTE FUNCTION catalogue_refuse_published_entry();
CREATE FUNCTION catalogue_refuse_published_disease() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched bigint[] := CASE TG_OP
    WHEN 'INSERT' THEN ARRAY[NEW.entry_id]
    WHEN 'DELETE' THEN ARRAY[OLD.entry_id]
    ELSE ARRAY[OLD.entry_id, NEW.entry_id] END;
BEGIN
    IF EXISTS (
        SELECT 1 FROM catalogue_catalogueentry e
        JOIN catalogue_catalogueedition d ON d.id = e.edition_id
        WHERE e.id = ANY(touched) AND d.status = 'published'
    ) THEN
        RAISE EXCEPTION 'diseases of a published edition are never changed'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER published_is_final BEFORE INSERT OR UPDATE OR DELETE ON catalogue_entrydisease
    FOR EACH ROW EXECUTE FUNCTION catalogue_refuse_published_disease();
"""
BACKWARD = """
DROP TRIGGER published_is_final ON catalogue_entrydisease;
DROP FUNCTION catalogue_refuse_published_disease();
DROP TRIGGER published_is_final ON catalogue_requirement;
"""


class Migration(migrations.Migration):
    """Triggers that keep history as it was."""

    dependencies = [("catalogue", "0006_dimensions")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
