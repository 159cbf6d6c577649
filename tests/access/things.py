"""What the visitors try to open: one of each kind, all belonging to the township."""

import struct
import zlib
from datetime import timedelta
from types import SimpleNamespace

from django.core.files.base import ContentFile
from django.utils import timezone

from alliance.catalogue import actions as catalogue
from alliance.core.choices import ImportState, Role
from alliance.core.models import ImportJob, SavedView
from alliance.institutions import actions as institutions
from alliance.institutions.models import Department, Membership
from alliance.notices.choices import NoticeKind
from alliance.notices.models import Notice
from alliance.people import actions as people
from alliance.people import tokens
from alliance.people.models import ApiClient, Practitioner
from qc import actions as quality
from qc.models import Finding
from referrals import actions as referrals
from referrals.models import ReasonCode
from tests import worlds
from tests.access import equipment, training
from tests.factories import alliance as make


def _chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


PNG = b"".join(
    [
        b"\x89PNG\r\n\x1a\n",
        _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        _chunk(b"IDAT", zlib.compress(b"\0\0")),
        _chunk(b"IEND", b""),
    ]
)


def picture(name="ecg.png"):
    """A small picture that the upload check lets pass."""
    return ContentFile(PNG, name=name)


def csv():
    """A table without rows."""
    return ContentFile("编码\n".encode(), name="table.csv")


def build(world):
    """One of each, made by those who make such things."""
    ReasonCode.objects.create(
        move="cancel", code="wish", label_zh="患者要求", label_en="Wish", valid_from=make.LONG_AGO
    )
    return SimpleNamespace(
        world=world,
        township=world.township,
        county=world.county,
        **_referrals(world),
        **_rooms(world),
        **_people(world),
        finding=_finding(world),
        **training.lay(world),
        **equipment.lay(world),
    )


def _referrals(world):
    leg = worlds.pending_referral(world)
    return {
        "leg": leg,
        "patient": leg.patient,
        "attachment": referrals.attach(
            referral=leg, file=picture(), name="ecg.png", by=world.doctor
        ),
        "draft": referrals.save_draft(
            by=world.doctor, institution=world.township, form_data={"present_illness": "腹痛"}
        ),
        "stranger": worlds.patient(world, serial=7, name="赵大山"),
        "saved_view": SavedView.objects.create(
            user=world.doctor, view="referrals", name="Urgent", query="urgency=urgent"
        ),
        "notice": Notice.objects.create(
            user=world.doctor,
            kind=NoticeKind.REFERRAL_NEWS,
            text_key="referral.accept",
            values={"number": leg.number, "sender": "a", "receiver": "b"},
            url=leg.get_absolute_url(),
            dedupe="a",
        ),
    }


def _rooms(world):
    tomorrow = timezone.localdate() + timedelta(days=1)
    draft = catalogue.draft_edition(alliance=world.alliance, name="草案", by=world.office)
    (day,) = institutions.add_calendar_days(
        institution=world.township, first=tomorrow, by=world.township_manager, reason="义诊"
    )
    return {
        "edition": world.edition,
        "edition_draft": draft,
        "day": day,
        "department": Department.objects.filter(institution=world.township).first(),
        "membership": Membership.objects.get(institution=world.township),
        "job": ImportJob.objects.create(
            kind="departments",
            file_name="departments.csv",
            file=ContentFile("科室\n".encode(), name="departments.csv"),
            state=ImportState.REFUSED,
            institution=world.township,
            created_by=world.township_manager,
        ),
    }


def _finding(world):
    """What a nightly check found at the township: the licence of its doctor ends."""
    today = timezone.localdate()
    Practitioner.objects.filter(pk=world.practitioner.pk).update(licence_valid_until=today)
    runs = quality.run_now(
        alliance=world.alliance, day=today, by=world.qc, code="people.licence_ending"
    )
    quality.carry_out(run_id=runs[0])
    return Finding.objects.get()


def _people(world):
    colleague = make.staff(Role.DOCTOR, institution=world.township, name="周医生")
    invitation = people.invite(
        institution=world.township,
        email="new@example.test",
        name="吴医生",
        role=Role.DOCTOR,
        by=world.township_manager,
    )
    client, _secret = people.create_api_client(
        institution=world.township, name="HIS", scopes=["reference"], by=world.township_manager
    )
    shut = ApiClient.objects.get(pk=client.pk)
    return {
        "colleague": colleague,
        "grant": colleague.grants.get(),
        "practitioner": world.practitioner,
        "site": people.add_site(
            practitioner=world.practitioner,
            institution=world.county,
            by=world.manager,
            valid_from=make.LONG_AGO,
        ),
        "invitation": invitation,
        "token": tokens.make(invitation),
        "api_client": shut,
        "sign_in": people.note_sign_in(
            user=world.doctor, session_key="elsewhere", ip=None, agent=""
        ),
    }
