"""The times of sharing follow the register by trigger, whoever writes it."""

from django.db import migrations

# `now()` is the moment of the transaction: what is shared and taken back in one was never shared.
FORWARD = """
CREATE FUNCTION devices_note_sharing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO devices_sharedtime (device_id, since, until) VALUES (NEW.id, NULL, NULL);
    ELSIF NEW.is_shared THEN
        UPDATE devices_sharedtime SET until = NULL WHERE device_id = NEW.id AND until = now();
        IF NOT FOUND THEN
            INSERT INTO devices_sharedtime (device_id, since, until) VALUES (NEW.id, now(), NULL);
        END IF;
    ELSE
        DELETE FROM devices_sharedtime
            WHERE device_id = NEW.id AND until IS NULL AND since = now();
        UPDATE devices_sharedtime SET until = now() WHERE device_id = NEW.id AND until IS NULL;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER note_sharing_new AFTER INSERT ON devices_device FOR EACH ROW
    WHEN (NEW.is_shared) EXECUTE FUNCTION devices_note_sharing();
CREATE TRIGGER note_sharing AFTER UPDATE OF is_shared ON devices_device FOR EACH ROW
    WHEN (OLD.is_shared IS DISTINCT FROM NEW.is_shared) EXECUTE FUNCTION devices_note_sharing();
"""
BACKWARD = """
DROP TRIGGER note_sharing ON devices_device;
DROP TRIGGER note_sharing_new ON devices_device;
DROP FUNCTION devices_note_sharing();
"""


class Migration(migrations.Migration):
    dependencies = [("devices", "0004_shared_times")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
