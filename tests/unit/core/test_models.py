"""Constraints of the core tables: what must never be false is refused by the database."""

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from alliance.core import ledger
from alliance.core.choices import ImportState
from alliance.core.models import IdempotencyKey, ImportJob, LedgerSeal, SavedView
from tests.factories import alliance as make

pytestmark = pytest.mark.django_db


def refused(name):
    """The database refuses, naming the constraint."""
    return pytest.raises(IntegrityError, match=name)


def import_job(**more):
    file = ContentFile(b"x", name="x.xlsx")
    return ImportJob.objects.create(
        kind="diseases", file_name="x.xlsx", file=file, created_by=make.UserFactory(), **more
    )


def test_import_job_starts_as_uploaded():
    assert import_job().state == ImportState.UPLOADED


@pytest.mark.parametrize("state", ImportState)
def test_import_job_takes_every_known_state(state):
    assert import_job(state=state).state == state


def test_import_job_takes_no_other_state():
    with refused("core_importjob_state"), transaction.atomic():
        import_job(state="half")


def test_saved_view_name_is_once_for_a_person_and_a_list():
    user = make.UserFactory()
    SavedView.objects.create(user=user, view="referrals", name="urgent", query="?urgency=urgent")
    SavedView.objects.create(user=user, view="patients", name="urgent", query="")
    SavedView.objects.create(user=make.UserFactory(), view="referrals", name="urgent", query="")
    with refused("core_savedview_name_once"), transaction.atomic():
        SavedView.objects.create(user=user, view="referrals", name="urgent", query="")


def test_people_see_their_own_saved_views_and_imports():
    view = SavedView.objects.create(user=make.UserFactory(), view="referrals", name="n", query="")
    job = import_job()
    assert list(SavedView.objects.visible_to(view.user)) == [view]
    assert not SavedView.objects.visible_to(job.created_by).exists()
    assert list(ImportJob.objects.visible_to(job.created_by)) == [job]
    assert not ImportJob.objects.visible_to(view.user).exists()


def test_idempotency_key_is_once_in_its_scope():
    IdempotencyKey.objects.create(scope="a", key="k", fingerprint="f")
    IdempotencyKey.objects.create(scope="b", key="k", fingerprint="f")
    with refused("core_idempotencykey_once"), transaction.atomic():
        IdempotencyKey.objects.create(scope="a", key="k", fingerprint="g")


def test_a_ledger_entry_has_one_seal_and_a_position_one_entry():
    first, second = (
        ledger.record("test.done", by=None, subject=make.SpecialtyFactory()) for _n in range(2)
    )
    LedgerSeal.objects.create(id=1, entry=first, digest=bytes(32))
    with refused("entry_id"), transaction.atomic():
        LedgerSeal.objects.create(id=2, entry=first, digest=bytes(32))
    with refused("pkey"), transaction.atomic():
        LedgerSeal.objects.create(id=1, entry=second, digest=bytes(32))
