"""What somebody asked with a patient's number in it leaves that number nowhere in clear.

Not in a line of the log, however the request ended; not in the numbers for machines; in no column of
any table (so neither ledger, outbox, drafts nor sessions); under no key of the cache and in no value.
"""

import io
import logging

import pytest
from django.conf import settings as project
from django.core.cache import cache
from django.db import connection
from django.urls import reverse
from django.utils.log import configure_logging

from alliance.core import metrics, outbox
from referrals.models import Referral
from tests import worlds
from tests.access.cast import Visitor, give_second_factor, signed_in, system_of

pytestmark = pytest.mark.django_db
KNOWN, NEW, TYPED, PHONE = (
    worlds.id_number(1),
    worlds.id_number(7),
    worlds.id_number(8),
    "13900000007",
)
SECRETS = (KNOWN, NEW, TYPED, PHONE)
PATIENTS, PAGE = "/api/v1/patients/", "/referrals/new/"


@pytest.fixture
def log(settings):
    """What the console shows meanwhile, as in production."""
    console = project.LOGGING["handlers"]["console"] | {"formatter": "json"}
    handlers = project.LOGGING["handlers"] | {"console": console}
    configure_logging("logging.config.dictConfig", project.LOGGING | {"handlers": handlers})
    root, out = logging.getLogger(), io.StringIO()
    (console,) = [handler for handler in root.handlers if handler.get_name() == "console"]
    level, stream = root.level, console.setStream(out)
    root.setLevel(logging.INFO)
    yield out
    console.setStream(stream)
    root.setLevel(level)


def form(world, **more):
    """A page of the township on which somebody new is typed."""
    return {
        "idempotency_key": "page-1",
        "house": str(world.township.public_id),
        "id_type": "01",
        "id_number": NEW,
        "name": "赵玉梅",
        "phone": PHONE,
        "direction": "up",
        "urgency": "urgent",
        "receiver": str(world.county.public_id),
        "diagnoses": [world.appendicitis.code],
        "preliminary_impression": "急性阑尾炎可能",
        "present_illness": "腹痛",
        "indication": "需手术治疗",
        "consent": "on",
        "action": "submit",
    } | more


def over_the_api(world):
    """Every way in which another system names a number, allowed or refused."""
    system, stranger = system_of(world.township).client, Visitor(signed_in(world.auditor)).client
    number = {"query_params": {"id_number": KNOWN}}
    assert system.get(PATIENTS, **number).status_code == 200
    assert system.get(PATIENTS, query_params={"id_number": KNOWN[:-1]}).status_code in (200, 400)
    assert system.get(PATIENTS + KNOWN + "/", **number).status_code == 404
    assert system.put(PATIENTS, **number).status_code == 405
    assert stranger.get(PATIENTS, **number).json()["results"] == []
    stranger.logout()
    assert stranger.get(PATIENTS, **number).status_code == 401
    body = {"name": "钱", "sex": "male", "birth_date": "1980-01-01", "id_type": "01"}
    sent = {"content_type": "application/json", "headers": {"Idempotency-Key": "once"}}
    for number, status in ((NEW, 201), (NEW, 201), (TYPED[:-1] + "?", 422)):
        assert system.post(PATIENTS, body | {"id_number": number}, **sent).status_code == status
    assert system.get("/api/v1/referrals/", query_params={"search": KNOWN}).status_code == 200


def over_the_pages(world):
    """A doctor looks for a number, drafts with one, files with one."""
    doctor = signed_in(world.doctor)
    assert doctor.post(reverse("patients:find"), {"search": KNOWN}).status_code == 302
    assert doctor.get(reverse("patients:list"), {"search": KNOWN}).status_code == 200
    assert doctor.get(reverse("referrals:list"), {"search": KNOWN}).status_code == 200
    assert doctor.get(f"/patients/{KNOWN}/").status_code == 404
    kept = doctor.post(f"{PAGE}autosave/", form(world, id_number=TYPED, idempotency_key="page-2"))
    assert kept.status_code == 200
    assert doctor.post(PAGE, form(world, receiver="nobody", idempotency_key="3")).status_code == 422
    assert doctor.post(PAGE, form(world)).status_code == 302
    assert Referral.objects.filter(status="pending").count() == 1


def rows():
    """Every row of every table, as text."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608 - names of our tables
            yield from ((table, row) for (row,) in cursor)


def cached():
    """Every key of this test's cache with its value, undecoded."""
    client = cache._cache.get_client()
    for key in client.scan_iter(match=f"{cache.key_prefix}*"):
        if client.type(key) == b"string":
            yield key + b" " + client.get(key)


def test_numbers_that_people_ask_with_stay_nowhere(
    world, log, settings, django_capture_on_commit_callbacks, monkeypatch
):
    monkeypatch.setattr(outbox, "nudge", lambda: None)
    worlds.patient(world)
    give_second_factor(world.auditor)
    over_the_api(world)
    over_the_pages(world)
    outbox.relay()

    said = log.getvalue()
    assert '"route": "api:patient-list"' in said
    assert "Unauthorized: api:patient-list" in said
    stored, remembered = list(rows()), list(cached())
    assert len(remembered) > 3
    assert any(table == "patients_patient" for table, _row in stored)
    for secret in SECRETS:
        assert secret not in said
        assert secret not in metrics.exposition().decode()
        assert [(table, row) for table, row in stored if secret in row] == []
        assert [entry for entry in remembered if secret.encode() in entry] == []
