"""Loads the demo alliance: houses, people, patients and a year of referrals, in one transaction."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from alliance.catalogue.models import Disease, Technique
from alliance.catalogue.selectors import grades_for
from alliance.core import ledger, outbox
from alliance.core.identifiers import birth_date_of, resident_id_with_check, sex_of
from alliance.core.pinyin import name_initials
from alliance.institutions.models import Alliance, Institution
from alliance.patients.choices import AccessReason, ConsentMethod, ConsentPurpose
from alliance.patients.models import Consent, Patient, PatientAccess
from alliance.patients.selectors import number_digest
from equipment import demo as equipment
from training import demo as training

from .. import actions
from ..choices import Status, Urgency
from ..filed import filed
from ..models import Referral, ReferralDiagnosis, ReferralEvent
from . import accounts, journeys, names, places
from .history import Leg, Simulation

SEED = 20261121
BASE = 2100
_LOADING = 0x64656D6F
_FROM_COUNTY = 0.08


@transaction.atomic
def load(*, password: str) -> bool:
    """Build the demo alliance unless it stands; return whether it was built now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOADING])
    if Alliance.objects.filter(name=places.NAME).exists():
        return False
    dice, now = Random(SEED), timezone.now()  # noqa: S311 - demo data must repeat
    today = timezone.localdate(now)
    actions.load_reason_codes()
    built = places.build(dice, today)
    accounts.create_users(built, today, password)
    people = _patients(built, dice, BASE, today)
    simulation = Simulation(built, dice, now)
    _year(simulation, people, now)
    _store(simulation)
    _drafts(built, dice)
    scene = training.Scene(
        alliance=built.alliance, tertiary=built.tertiary, counties=built.counties,
        townships=built.townships, staff=built.staff, today=today, dice=dice,
    )  # fmt: skip
    training.load(scene)
    equipment.load(scene)
    ledger.record("demo.loaded", by=None, subject=built.alliance, referrals=len(simulation.legs))
    return True


def _patients(
    built: places.Places, dice: Random, count: int, today: date
) -> list[tuple[Patient, Institution]]:
    """Invented people with right check digits and a division code that no county has."""
    homes = [*built.townships, *built.villages]
    rows = []
    for serial in range(count):
        born = today - timedelta(days=365 * dice.randrange(20, 88) + dice.randrange(365))
        number = resident_id_with_check(f"{places.DIVISION}{born:%Y%m%d}{serial % 1000:03d}")
        name = names.person_name(dice)
        home = homes[serial % len(homes)]
        rows.append(
            Patient(
                name=name,
                pinyin=name_initials(name),
                sex=sex_of(number),
                birth_date=birth_date_of(number),
                id_type="01",
                id_number=number,
                id_digest=number_digest(number),
                phone=f"1390000{serial % 10000:04d}",
                address=f"云溪县{home.short_name[:3]}{serial % 40 + 1}号",
                registered_at=home,
                record_number=f"{places.DIVISION}{serial:08d}",
                version=1,
            )
        )
    rows = list({row.id_digest: row for row in rows}.values())
    Patient.objects.bulk_create(rows, batch_size=1000)
    return [(row, row.registered_at) for row in rows]


def _year(simulation: Simulation, people: list[tuple[Patient, Institution]], now: datetime) -> None:
    """A year of journeys, denser by day than by night, then at least four legs in every open state."""
    dice = simulation.dice
    begins = sorted(now - timedelta(minutes=dice.randrange(60, 365 * 1440)) for _ in people)
    scripts = [script for script, _share in journeys.SHARES]
    shares = [share for _script, share in journeys.SHARES]
    stories = _Stories(simulation)
    waiting = list(people)
    for at in begins[: -len(journeys.open_states()) * 4]:
        patient, home = waiting.pop()
        begin = stories.begin(patient, home, _by_day(at, dice))
        if dice.random() < _FROM_COUNTY:
            begin |= stories.from_county()
        dice.choices(scripts, shares)[0](simulation, begin)
    for status in journeys.open_states() * 4:
        patient, home = waiting.pop()
        longest = 180 if status == Status.PENDING else 2400
        age = timedelta(minutes=dice.randrange(10, longest))
        begin = stories.begin(patient, home, now - age)
        if status == Status.ORIGIN_REVIEW:
            begin |= stories.from_county() | {"urgency": Urgency.ROUTINE}
        journeys.stop_at(simulation, begin, status)


def _by_day(at: datetime, dice: Random) -> datetime:
    """Most doctors refer between eight and eighteen o'clock."""
    local = timezone.localtime(at)
    if dice.random() < 0.85:
        local = local.replace(hour=dice.randrange(8, 18), minute=dice.randrange(60))
    return min(local, at)


class _Stories:
    """Turns a story into a beginning: who sends where, which codes, which grade."""

    def __init__(self, simulation: Simulation) -> None:
        self.simulation = simulation
        codes = [story.disease for story in names.UP]
        self.diseases = {row.code: row for row in Disease.objects.filter(code__in=codes)}
        wanted = [story.technique for story in names.UP if story.technique]
        found = Technique.objects.filter(code__in=wanted).select_related("specialty")
        self.techniques = {row.code: row for row in found}
        self.grades = grades_for(
            [row.pk for row in self.techniques.values()],
            on=timezone.localdate(),
            alliance_id=simulation.places.alliance.pk,
        )

    def begin(self, patient: Patient, home: Institution, at: datetime) -> dict[str, Any]:
        """The arguments of a journey for one patient."""
        dice = self.simulation.dice
        story = dice.choice(names.fitting(patient.sex))
        technique = self.techniques.get(story.technique)
        grade = self.grades.get(technique.pk) if technique else None
        disease = self.diseases[story.disease]
        specialty = technique.specialty if technique else disease.specialty
        return journeys.begin_at(
            patient=patient,
            story=story,
            sender=home.parent or home,
            receiver=self._receiver(specialty.pk, grade),
            urgency=self._urgency(story),
            at=at,
            facts={
                "diagnosis": disease,
                "technique": technique,
                "grade": grade.grade if grade else "",
                "specialty": specialty,
            },
        )

    def from_county(self) -> dict[str, Any]:
        """Some patients go on from the county hospital, which reviews what leaves."""
        here = self.simulation.places
        return {"sender": here.counties[0], "receiver": here.tertiary}

    def _receiver(self, specialty_id: int, grade: Any) -> Institution:
        here = self.simulation.places
        if grade is not None and not grade.allows("county"):
            return here.tertiary
        fitting = [house for house in here.counties if (house.pk, specialty_id) in here.departments]
        return self.simulation.dice.choice([fitting[0], *fitting])

    def _urgency(self, story: names.Story) -> str:
        odds = (0.25, 0.6, 0.15) if story.urgent else (0.02, 0.28, 0.7)
        return self.simulation.dice.choices(list(Urgency), odds)[0]


def _store(simulation: Simulation) -> None:
    """Write everything in bulk: parents first, then events and what hangs on a leg."""
    for generation in simulation.generations():
        for leg in generation:
            leg.referral.parent = leg.parent.referral if leg.parent else None
        Referral.objects.bulk_create([leg.referral for leg in generation], batch_size=500)
    _store_consents(simulation.legs)
    for leg in simulation.legs:
        for event in leg.events:
            event.referral = leg.referral
    ReferralEvent.objects.bulk_create(
        [event for leg in simulation.legs for event in leg.events], batch_size=2000
    )
    ReferralDiagnosis.objects.bulk_create(
        (
            ReferralDiagnosis(referral=leg.referral, disease=leg.referral.diagnosis, rank=1)
            for leg in simulation.legs
        ),
        batch_size=2000,
    )
    _store_accesses(simulation.legs)
    _settle(simulation)


def _store_consents(legs: list[Leg]) -> None:
    consents = [
        Consent(
            patient=leg.referral.patient, purpose=ConsentPurpose.REFERRAL,
            receiver=leg.referral.receiver, method=ConsentMethod.WRITTEN, given_by="patient",
            given_at=leg.events[0].at, recorded_by=leg.referral.created_by,
            recorded_at_institution=leg.referral.sender,
        )
        for leg in legs
        if leg.parent is None
    ]  # fmt: skip
    Consent.objects.bulk_create(consents, batch_size=1000)
    by_patient = {consent.patient_id: consent for consent in consents}
    for leg in legs:
        if leg.parent is None:
            leg.referral.consent = by_patient[filed(leg.referral.patient_id)]
    Referral.objects.bulk_update(
        [leg.referral for leg in legs if leg.parent is None], ["consent"], batch_size=500
    )


def _store_accesses(legs: list[Leg]) -> None:
    rows: dict[tuple[int, int], PatientAccess] = {}
    for leg in legs:
        referral = leg.referral
        pairs = [(referral.sender_id, AccessReason.REGISTERED)]
        if referral.sent_at:
            pairs.append((filed(referral.receiver_id), AccessReason.REFERRED))
        patient = filed(referral.patient)
        home = patient.registered_at_id
        for house, reason in [(home, AccessReason.REGISTERED), *pairs]:
            rows.setdefault(
                (house, patient.pk),
                PatientAccess(institution_id=house, patient=patient, reason=reason),
            )
    PatientAccess.objects.bulk_create(rows.values(), batch_size=2000)


def _settle(simulation: Simulation) -> None:
    """Times as they were, the number sequence past the last, news for what just happened."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE referrals_referral SET updated_at = state_since")
        cursor.execute("SELECT setval('referrals_number', %s)", [simulation.serial])
    fresh = simulation.now - timedelta(hours=12)
    for leg in simulation.legs:
        if leg.last >= fresh and leg.referral.status not in (Status.CLOSED, Status.CANCELLED):
            outbox.put("referral.moved", event_id=leg.events[-1].pk)


def _drafts(built: places.Places, dice: Random) -> None:
    """Half-written forms, as doctors leave them between two patients."""
    for township in built.townships[:4]:
        story = dice.choice(names.UP)
        actions.save_draft(
            by=built.doctors[township.pk],
            institution=township,
            form_data={
                "name": names.person_name(dice),
                "direction": "up",
                "urgency": "routine",
                "preliminary_impression": story.impression,
                "present_illness": story.illness,
            },
        )
