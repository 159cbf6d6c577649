"""Who calls the API: what every call of another system asks first, with a plan that is kept.

A statement sent as text is planned anew each time, which takes longer than carrying it out. A
function keeps its plan for as long as the connection lives, behind a pooler too.
"""

from django.db import migrations

MAKE = """
CREATE FUNCTION people_client_of(checksum text, today date)
RETURNS TABLE (
    token oauth2_provider_accesstoken, client people_apiclient, account people_user,
    house institutions_institution, held json)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    -- A token of a client alone counts, never one issued for a person.
    RETURN QUERY
    SELECT t, c, u, i, (
        SELECT json_agg(json_build_array(g.role, g.institution_id, g.alliance_id))
        FROM people_rolegrant g
        WHERE g.user_id = u.id AND g.valid_from <= today
          AND (g.valid_until IS NULL OR g.valid_until > today))
    FROM oauth2_provider_accesstoken t
    JOIN people_apiclient c ON c.id = t.application_id
    LEFT JOIN people_user u ON u.id = c.user_id
    LEFT JOIN institutions_institution i ON i.id = c.institution_id
    WHERE t.token_checksum = checksum AND t.user_id IS NULL;
END $$;
"""
UNMAKE = "DROP FUNCTION people_client_of(text, date);"


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_sites_and_absences"),
        ("oauth2_provider", "0012_add_token_checksum"),
    ]

    operations = [migrations.RunSQL(MAKE, UNMAKE)]
