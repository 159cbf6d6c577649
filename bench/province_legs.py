"""The referrals of the province, with their events."""

from django.db import models

from alliance.patients.models import Patient
from referrals.models import Referral, ReferralEvent

from .province_rows import BY, insert, run

LARGE: tuple[type[models.Model], ...] = (Referral, ReferralEvent)
_STATES = "ARRAY['pending', 'accepted', 'arrived', 'in_care', 'care_done', 'closed']"
_MOVES = "ARRAY['submit', 'accept', 'arrive', 'start_care', 'finish_care', 'close']"
_CLOCKS = "ARRAY['decision', 'arrival', 'first_treatment', '', '', '']"


def fill() -> None:
    """Six steps each; one leg in twenty is still on its way, some of those sent back and followed up."""
    insert(
        Patient,
        "FROM b, generate_series(0, b.referrals / 20) n, (SELECT * FROM patients_patient ORDER BY id LIMIT 1) o",
        name="'病人' || n",
        pinyin="'br' || n",
        sex="'unknown'",
        birth_date="date '1950-01-01' + n % 20000",
        id_type="'01'",
        id_number="o.id_number",
        id_digest="'bench' || n",
        phone="o.phone",
        address="o.address",
        registered_at_id="o.registered_at_id",
    )
    _legs()
    _events()


def _legs() -> None:
    run("""
        CREATE TEMPORARY TABLE b_leg ON COMMIT DROP AS
        SELECT s.s, p.id patient_id, down.id sender_id, up.id receiver_id, down.alliance_id,
            CASE WHEN s.s % 20 = 0 THEN 1 + s.s / 20 % 5 ELSE 6 END steps,
            s.s % 20 = 0 AND s.s / 20 % 7 = 0 is_back,
            (b.today - CASE WHEN s.s % 20 = 0 THEN 6 + s.s / 20 % 50 ELSE 6 + s.s % 1500 END)::timestamptz
                + interval '8 hours' began
        FROM b, generate_series(0, b.referrals - 1) s
        JOIN patients_patient p ON p.id_digest = 'bench' || s / 20
        JOIN b_house down ON down.n = 5 + (s.s % (SELECT count(*) / 16 FROM b_house)) * 16 + s.s % 8
        JOIN b_house up ON up.alliance_id = down.alliance_id AND up.k = 1 + s.s % 4
        """)
    run("ANALYZE b_leg")
    final = "CASE WHEN is_back THEN 'back_referred' ELSE ({})[steps] END"
    insert(
        Referral,
        "FROM b_leg",
        number="'BN' || s",
        alliance_id="alliance_id",
        direction="'up'",
        urgency="'routine'",
        status=final.format(_STATES),
        sender_id="sender_id",
        receiver_id="receiver_id",
        specialty_id="(SELECT min(id) FROM institutions_specialty)",
        patient_id="patient_id",
        version="CASE WHEN is_back THEN 7 ELSE steps END",
        holder_id="CASE WHEN is_back OR steps < 6 THEN receiver_id END",
        created_at="began",
        submitted_at="began",
        sent_at="began",
        closed_at="CASE WHEN NOT is_back AND steps = 6 THEN began + interval '5 days' END",
        created_by_id=BY,
    )


def _events() -> None:
    source = (
        "FROM b_leg g JOIN referrals_referral r ON r.number = 'BN' || g.s,"
        " generate_series(1, CASE WHEN is_back THEN 5 ELSE steps END) v"
    )
    insert(
        ReferralEvent,
        source,
        referral_id="r.id",
        version="v",
        move=f"({_MOVES})[v]",
        target=f"({_STATES})[v]",
        at="began + (v - 1) * interval '1 day'",
        institution_id="g.receiver_id",
        holder_id="CASE WHEN v < 6 THEN g.receiver_id END",
        clock=f"({_CLOCKS})[v]",
        due_at="CASE WHEN v <= 3 THEN began + v * interval '1 day' END",
    )
    insert(
        ReferralEvent,
        "FROM b_leg g JOIN referrals_referral r ON r.number = 'BN' || g.s, generate_series(6, 7) v"
        " WHERE is_back",
        referral_id="r.id",
        version="v",
        move="CASE v WHEN 6 THEN 'refer_back' ELSE 'follow_up' END",
        target="'back_referred'",
        at="began + (v - 1) * interval '12 hours'",
        institution_id="g.receiver_id",
        holder_id="g.receiver_id",
        data="CASE v WHEN 6 THEN '{}'::jsonb"
        " ELSE jsonb_build_object('next_on', (began + interval '14 days')::date::text) END",
    )
