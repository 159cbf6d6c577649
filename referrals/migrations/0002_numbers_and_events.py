"""Numbers come from a sequence; events are immutable."""

from django.db import migrations

FORWARD = """
CREATE SEQUENCE referrals_number AS bigint;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON referrals_referralevent
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_all BEFORE TRUNCATE ON referrals_referralevent
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
BACKWARD = """
DROP TRIGGER append_only ON referrals_referralevent;
DROP TRIGGER append_only_all ON referrals_referralevent;
DROP SEQUENCE referrals_number;
"""


class Migration(migrations.Migration):
    """The number sequence and the triggers."""

    dependencies = [("referrals", "0001_initial"), ("core", "0004_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
