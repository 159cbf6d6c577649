"""The checks of devices in use as somebody would write them by hand (see `nightly_sql`)."""

_DAY = "AT TIME ZONE 'Asia/Shanghai'"
_MISSED = """
    o.status IN ('confirmed', 'no_show') AND NOT EXISTS (SELECT FROM bookings_bookingevent e
        WHERE e.booking_id = o.id AND e.act = 'excuse' AND e.at < %(until)s)"""
_JOINED = """
    JOIN institutions_membership m ON m.institution_id = d.owner_id
        AND m.valid_from <= %(on)s AND (m.valid_until IS NULL OR m.valid_until > %(on)s)"""
_FROM_MIDNIGHT = f"((%(on)s::date + 1)::timestamp {_DAY})"
# Of the cases of a month, the needs that one device would serve: each family once.
_NEEDS = """
    SELECT c.id, c.alliance_id, c.public_id, c.institution_id, c.performed_on, c.technique_id,
        c.operator_id, c.supervisor_id, n.type_id, t.family, t.code, t.name
    FROM logbook_case c JOIN devices_typetechnique n ON n.technique_id = c.technique_id
    JOIN devices_devicetype t ON t.id = n.type_id
    WHERE c.status = 'confirmed' AND c.confirmed_at < %(until)s AND n.need = 'required'
        AND t.is_active AND c.performed_on > %(on)s::date - 30 AND c.performed_on <= %(on)s
        AND NOT EXISTS (SELECT FROM devices_typetechnique x JOIN devices_devicetype y ON y.id = x.type_id
            WHERE x.technique_id = c.technique_id AND x.need = 'required' AND y.is_active
                AND y.family = t.family AND y.family <> '' AND y.id < t.id)"""
_KIND = """
    (k.id = w.type_id OR (k.family <> '' AND k.family = w.family))"""
_STOOD = """
    d.in_use_from <= w.performed_on AND (d.retired_on IS NULL OR d.retired_on > w.performed_on)"""

OF_DEVICES = {
    "bookings.shared_idle": f"""
        SELECT m.alliance_id, d.public_id::text, '', d.owner_id, NULL::date,
            jsonb_build_object('name', d.name, 'number', d.asset_number, 'weeks', 8)
        FROM devices_device d {_JOINED}
        JOIN devices_sharedtime s ON s.device_id = d.id
            AND coalesce(s.since, s.noted_at) <= %(until)s::timestamptz - interval '8 weeks'
            AND (s.until IS NULL OR s.until >= %(until)s)
        WHERE d.in_use_from <= %(on)s::date - 56 AND (d.retired_on IS NULL OR d.retired_on > %(on)s)
            AND NOT EXISTS (SELECT FROM bookings_bookeddevice l JOIN bookings_booking o ON o.id = l.booking_id
                WHERE l.device_id = d.id AND o.status IN ('in_use', 'completed')
                    AND o.used_from < %(until)s AND (o.used_until IS NULL
                        OR o.used_until > %(until)s::timestamptz - interval '8 weeks'))
            AND NOT EXISTS (SELECT FROM service_outage x WHERE x.device_id = d.id
                AND x.starts_at < %(until)s AND (x.ends_at IS NULL OR x.ends_at >= %(until)s
                    OR x.ends_at > %(until)s::timestamptz - interval '8 weeks'
                        AND x.ends_at > x.starts_at))
            AND NOT EXISTS (SELECT FROM service_maintenanceplan p WHERE p.device_id = d.id
                AND p.ended_at IS NULL AND p.stops_use AND p.due_on < %(on)s)
            AND NOT EXISTS (SELECT FROM service_servicerecord r
                JOIN service_maintenanceplan p ON p.id = r.plan_id WHERE r.device_id = d.id
                AND r.voided_at IS NULL AND p.stops_use AND r.due_on < %(on)s
                AND r.done_on > %(on)s::date - 55 AND r.done_on > r.due_on + 1)""",  # noqa: S608
    "bookings.no_show_rate": f"""
        SELECT alliance_id, max(i.public_id::text), '', i.id, NULL::date, jsonb_build_object(
            'name', max(i.name), 'missed', missed, 'of', "of", 'percent', missed * 100 / "of")
        FROM (SELECT alliance_id, institution_id, count(*) "of",
                count(*) FILTER (WHERE {_MISSED}) missed
            FROM bookings_booking o
            WHERE status IN ('confirmed', 'no_show', 'in_use', 'completed') AND ends_at <= %(until)s
                AND starts_at >= {_FROM_MIDNIGHT} - interval '90 days'
            GROUP BY 1, 2) n JOIN institutions_institution i ON i.id = n.institution_id
        WHERE "of" >= 5 AND missed > "of" * 0.1 GROUP BY alliance_id, i.id, missed, "of\"""",  # noqa: S608
    "bookings.booked_unused": f"""
        SELECT o.alliance_id, o.public_id::text, '', o.institution_id, NULL::date,
            jsonb_build_object('name', i.short_name, 'from_at', o.starts_at)
        FROM bookings_booking o JOIN institutions_institution i ON i.id = o.institution_id
        WHERE o.ends_at > {_FROM_MIDNIGHT} - interval '14 days' AND o.ends_at <= %(until)s
            AND {_MISSED}""",  # noqa: S608
    "bookings.used_unbooked": f"""
        WITH w AS MATERIALIZED ({_NEEDS}),
        used AS MATERIALIZED (
            SELECT (o.used_from {_DAY})::date "day", o.operator_id, o.mentor_id, o.technique_id,
                o.institution_id, o.place_id, o.case_id, k.id, k.family
            FROM bookings_booking o JOIN bookings_bookeddevice l ON l.booking_id = o.id
            JOIN devices_device d ON d.id = l.device_id JOIN devices_devicetype k ON k.id = d.type_id
            WHERE o.status IN ('in_use', 'completed')
                AND (o.used_from > %(on)s::date - 31 OR o.case_id IS NOT NULL))
        SELECT w.alliance_id, w.public_id::text, w.code, w.institution_id, NULL::date,
            jsonb_build_object('technique', t.name, 'day', w.performed_on, 'type', w.name)
        FROM w JOIN catalogue_technique t ON t.id = w.technique_id
        WHERE NOT EXISTS (SELECT FROM devices_device d JOIN devices_devicetype k ON k.id = d.type_id
                WHERE d.owner_id = w.institution_id AND {_KIND} AND {_STOOD}
                AND NOT EXISTS (SELECT FROM service_outage x WHERE x.device_id = d.id
                    AND x.starts_at <= w.performed_on::timestamp {_DAY}
                    AND (x.ends_at IS NULL OR x.ends_at >= (w.performed_on + 1)::timestamp {_DAY}))
                AND NOT EXISTS (SELECT FROM service_maintenanceplan p WHERE p.device_id = d.id
                    AND p.ended_at IS NULL AND d.retired_on IS NULL AND p.stops_use
                    AND p.due_on < w.performed_on)
                AND NOT EXISTS (SELECT FROM service_servicerecord r
                    JOIN service_maintenanceplan p ON p.id = r.plan_id WHERE r.device_id = d.id
                    AND r.voided_at IS NULL AND p.stops_use AND r.due_on < w.performed_on
                    AND r.done_on > w.performed_on))
            AND NOT EXISTS (SELECT FROM used k WHERE {_KIND} AND (k.case_id = w.id
                OR k."day" = w.performed_on AND (k.operator_id IN (w.operator_id, w.supervisor_id)
                    OR k.mentor_id IN (w.operator_id, w.supervisor_id))
                AND (k.technique_id IS NULL OR k.technique_id = w.technique_id)
                AND (k.institution_id = w.institution_id OR k.place_id = w.institution_id)))
            AND EXISTS (SELECT FROM devices_device d JOIN devices_devicetype k ON k.id = d.type_id
                JOIN devices_sharedtime s ON s.device_id = d.id
                JOIN institutions_membership m ON m.institution_id = d.owner_id
                WHERE {_KIND} AND {_STOOD} AND m.alliance_id = w.alliance_id
                    AND m.valid_from <= w.performed_on
                    AND (m.valid_until IS NULL OR m.valid_until > w.performed_on)
                    AND (s.since IS NULL OR s.since < (w.performed_on + 1)::timestamp {_DAY})
                    AND (s.until IS NULL OR s.until > w.performed_on::timestamp {_DAY}))""",  # noqa: S608
    "bookings.used_beyond": f"""
        SELECT o.alliance_id, o.public_id::text, '', o.institution_id, NULL::date, jsonb_build_object(
            'name', i.short_name, 'from_at', o.starts_at, 'used_at', o.used_from,
            'until_at', o.used_until)
        FROM bookings_booking o JOIN institutions_institution i ON i.id = o.institution_id
        LEFT JOIN logbook_case c ON c.id = o.case_id
        WHERE o.status = 'completed' AND o.used_until < %(until)s
            AND o.used_until > {_FROM_MIDNIGHT} - interval '14 days'
            AND (o.used_from < o.starts_at - interval '30 minutes'
                OR o.used_until > o.ends_at + interval '30 minutes'
                OR c.performed_on < (o.starts_at {_DAY})::date
                OR c.performed_on > (o.ends_at {_DAY})::date)
            AND EXISTS (SELECT FROM bookings_bookeddevice l
                JOIN devices_sharedtime s ON s.device_id = l.device_id WHERE l.booking_id = o.id
                    AND (s.since IS NULL OR s.since <= o.used_from)
                    AND (s.until IS NULL OR s.until > o.used_from))""",  # noqa: S608
    "service.recalled_in_use": f"""
        SELECT m.alliance_id, d.public_id::text, r.recall_id::text, d.owner_id, NULL::date,
            jsonb_build_object('device', d.name, 'number', d.asset_number, 'recall', c.title)
        FROM service_recalleddevice r JOIN service_recall c ON c.id = r.recall_id
        JOIN devices_device d ON d.id = r.device_id {_JOINED}
        WHERE c.published_on <= %(on)s::date - 3 AND r.created_at < %(until)s
            AND (r.handled_at IS NULL OR r.handled_at >= %(until)s)
            AND (c.closed_at IS NULL OR c.closed_at >= %(until)s)
            AND (d.retired_on IS NULL OR d.retired_on > %(on)s)
            AND NOT EXISTS (SELECT FROM service_outage x WHERE x.device_id = d.id
                AND x.starts_at < %(until)s AND (x.ends_at IS NULL OR x.ends_at >= %(until)s))""",  # noqa: S608
}
