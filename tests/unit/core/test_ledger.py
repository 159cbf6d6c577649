"""The audit ledger: written explicitly, never changed, sealed so that tampering shows."""

import hashlib
import io
from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from alliance.core import ledger, tasks
from alliance.core.context import client_ip, request_id
from alliance.core.models import AuditEntry, LedgerSeal
from tests.factories import alliance as make


@pytest.fixture
def house(db):
    return make.InstitutionFactory()


@pytest.fixture
def settled(db):
    """Five entries."""
    house = make.InstitutionFactory()
    return [ledger.record(f"test.act{n}", by=None, subject=house, n=n) for n in range(5)]


def tamper(sql, *params):
    """What somebody with the keys to the database could do; all of it or nothing."""
    tables = ("core_auditentry", "core_ledgerseal")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only")
        cursor.execute(sql, params)
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER append_only")


def test_record_says_who_did_what_to_which_thing_and_from_where(house):
    user = make.UserFactory()
    first, second = request_id.set("r-12345678"), client_ip.set("192.0.2.1")
    entry = ledger.record(
        "test.done", by=user, subject=house, institution_id=house.pk, fields=["a"]
    )
    request_id.reset(first)
    client_ip.reset(second)
    entry.refresh_from_db()
    assert (entry.actor, entry.institution_id, entry.action) == (user, house.pk, "test.done")
    assert entry.subject_type == "institutions.Institution"
    assert entry.subject_id == str(house.public_id)
    assert entry.data == {"fields": ["a"]}
    assert (entry.request_id, entry.ip) == ("r-12345678", "192.0.2.1")
    assert entry.at is not None


def test_record_names_a_thing_without_public_id_by_its_key(db):
    specialty = make.SpecialtyFactory()
    assert ledger.record("test.done", by=None, subject=specialty).subject_id == str(specialty.pk)


@pytest.mark.parametrize("change", [{"action": "x"}, {"data": {}}, {"actor": None}])
def test_entries_cannot_be_changed(house, change):
    entry = ledger.record("test.done", by=None, subject=house)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEntry.objects.filter(pk=entry.pk).update(**change)


def test_entries_cannot_be_removed(house):
    entry = ledger.record("test.done", by=None, subject=house)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        entry.delete()


def test_seals_cannot_be_changed_or_removed(settled):
    ledger.seal()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        LedgerSeal.objects.update(digest=bytes(32))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        LedgerSeal.objects.first().delete()


def test_seal_continues_the_chain_and_a_second_run_adds_nothing(settled):
    assert ledger.seal(limit=2) == 2
    assert ledger.seal() == 3
    assert ledger.seal() == 0
    assert list(LedgerSeal.objects.order_by("id").values_list("entry_id", flat=True)) == [
        entry.pk for entry in settled
    ]
    verdict = ledger.verify()
    assert (verdict.held, verdict.broken) == (5, None)
    assert verdict.digest == ledger.head().digest


def test_positions_in_the_chain_count_from_one_without_gaps(settled):
    ledger.seal(limit=2)
    ledger.seal()
    assert list(LedgerSeal.objects.order_by("id").values_list("id", flat=True)) == [1, 2, 3, 4, 5]


def test_an_entry_whose_transaction_ends_late_is_sealed_later(settled):
    """Ids are given at writing, the chain is made at sealing."""
    late = AuditEntry.objects.filter(pk=settled[1].pk)
    ids = [entry.pk for entry in settled if entry.pk != settled[1].pk]
    with pytest.MonkeyPatch.context() as patch:
        others = ledger.unsealed().filter(pk__in=ids)
        patch.setattr(ledger, "unsealed", lambda window: others)
        assert ledger.seal() == 4
    assert ledger.seal() == 1
    assert LedgerSeal.objects.order_by("-id").first().entry == late.get()
    assert ledger.verify().held == 5


def test_only_the_wide_look_finds_what_was_open_for_longer_than_the_window(settled):
    ledger.seal()
    tamper("DELETE FROM core_ledgerseal WHERE id = 5")
    tamper("UPDATE core_ledgerseal SET id = id + 0, sealed_at = sealed_at - interval '2 hours'")
    tamper("UPDATE core_ledgerseal SET entry_id = %s WHERE id = 4", settled[4].pk)
    assert settled[3] not in ledger.unsealed()
    assert list(ledger.unsealed(timedelta(days=1))) == [settled[3]]
    assert list(ledger.unsealed(None)) == [settled[3]]


def test_the_task_seals_batch_by_batch_and_notes_the_head(settled, monkeypatch, caplog):
    monkeypatch.setattr(ledger, "BATCH", 2)
    with caplog.at_level("INFO", logger="alliance.core.ledger"):
        assert tasks.seal_ledger() == 5
    assert ledger.head().digest.hex() in caplog.text
    caplog.clear()
    assert tasks.seal_ledger(hours=24) == 0
    assert caplog.text == ""


def test_an_empty_ledger_holds(db):
    assert ledger.seal() == 0
    assert ledger.verify() == ledger.Verdict(0, ledger.GENESIS, None)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE core_auditentry SET action = 'test.never' WHERE id = %s",
        "UPDATE core_auditentry SET data = '{}' WHERE id = %s",
        "UPDATE core_auditentry SET at = at + interval '1 second' WHERE id = %s",
        "UPDATE core_auditentry SET ip = '192.0.2.9' WHERE id = %s",
        "UPDATE core_ledgerseal SET digest = decode(repeat('00', 32), 'hex') WHERE entry_id = %s",
    ],
)
def test_verify_names_the_first_entry_that_was_changed(settled, sql):
    ledger.seal()
    tamper(sql, settled[2].pk)
    verdict = ledger.verify()
    assert verdict.held == 2
    assert verdict.broken == ledger.Break(3, settled[2].pk, "it was changed")


def test_verify_finds_an_entry_that_is_gone(settled):
    ledger.seal()
    tamper("DELETE FROM core_ledgerseal WHERE entry_id = %s", settled[1].pk)
    tamper("DELETE FROM core_auditentry WHERE id = %s", settled[1].pk)
    verdict = ledger.verify()
    assert verdict.held == 1
    assert verdict.broken == ledger.Break(3, settled[2].pk, "a line before it is gone")


def test_verify_finds_a_last_seal_that_seals_nothing(settled):
    ledger.seal()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE core_ledgerseal DROP CONSTRAINT {_foreign_key(cursor)}")
    tamper("DELETE FROM core_auditentry WHERE id = %s", settled[4].pk)
    assert ledger.verify().broken == ledger.Break(5, None, "its entry is gone")


def _foreign_key(cursor):
    constraints = connection.introspection.get_constraints(cursor, "core_ledgerseal")
    return next(name for name, facts in constraints.items() if facts["foreign_key"])


def test_verify_finds_two_entries_whose_words_changed_places(settled):
    ledger.seal()
    one, two = settled[1], settled[2]
    tamper(
        "UPDATE core_auditentry SET action = CASE id WHEN %s THEN %s ELSE %s END"
        " WHERE id IN (%s, %s)",
        *(one.pk, two.action, one.action, one.pk, two.pk),
    )
    assert ledger.verify().broken.entry_id == one.pk


def test_a_head_noted_earlier_shows_that_the_end_was_cut_off_and_sealed_anew(settled):
    ledger.seal()
    noted = ledger.head().digest
    tamper("DELETE FROM core_ledgerseal WHERE id > 3")
    tamper("UPDATE core_auditentry SET action = 'test.innocent' WHERE id = %s", settled[4].pk)
    ledger.seal()
    assert ledger.verify().broken is None
    assert ledger.verify(expected=noted).expected_at is None


def test_a_head_noted_earlier_is_found_inside_a_longer_chain(settled):
    ledger.seal(limit=3)
    noted = ledger.head().digest
    ledger.seal()
    assert ledger.verify(expected=noted).expected_at == 3


def verify_command(*arguments):
    out = io.StringIO()
    call_command("verify_ledger", *arguments, stdout=out)
    return out.getvalue()


def test_command_says_what_holds_what_waits_and_the_head(settled):
    ledger.seal(limit=3)
    said = verify_command("--head")
    assert "holds: 3 lines sealed" in said
    assert "2 lines wait" in said
    head = said.splitlines()[-1]
    assert head == ledger.head().digest.hex()
    ledger.seal()
    assert "stands at position 3" in verify_command("--head", head)
    assert "wait" not in verify_command()


def test_command_fails_with_the_first_broken_line(settled):
    ledger.seal()
    tamper("UPDATE core_auditentry SET action = 'x' WHERE id >= %s", settled[3].pk)
    with pytest.raises(
        CommandError, match=rf"position 4 \(entry {settled[3].pk}\): it was changed"
    ):
        verify_command()


@pytest.mark.parametrize(
    ("head", "sentence"),
    [("00" * 32, "not part of it"), ("zz", "64 hexadecimal"), ("abcd", "64 hexadecimal")],
)
def test_command_fails_when_a_noted_head_is_not_in_the_chain(settled, head, sentence):
    ledger.seal()
    with pytest.raises(CommandError, match=sentence):
        verify_command("--head", head)


def test_the_chain_does_not_depend_on_the_zone_of_the_connection():
    moment = datetime(2026, 11, 21, 9, 2, tzinfo=UTC)
    entry = AuditEntry(at=moment, action="a", subject_type="t", subject_id="1")
    there = AuditEntry(
        at=moment.astimezone(timezone(timedelta(hours=8))),
        action="a",
        subject_type="t",
        subject_id="1",
    )
    assert ledger.canonical(entry) == ledger.canonical(there)


def test_numbers_dates_and_nested_values_survive_the_way_through_the_table(db):
    """What was sealed is what is read back, however PostgreSQL writes the number."""
    house = make.InstitutionFactory()
    entry = ledger.record(
        "test.values", by=None, subject=house,
        floats=[0.1, 1.0, 1e22, 1e-7, -0.0, 123456789.123456789], on=datetime(2026, 1, 2, tzinfo=UTC),
        nested={"b": [1, None, True], "a": {"中": "文"}}, decimal="1.50",
    )  # fmt: skip
    stored = AuditEntry.objects.get(pk=entry.pk)
    ledger.seal()
    assert ledger.verify().held == 1
    assert stored.data["nested"] == {"a": {"中": "文"}, "b": [1, None, True]}
    assert stored.data["on"] == "2026-01-02T00:00:00Z"
    assert (
        hashlib.sha256(ledger.canonical(stored)).digest()
        == hashlib.sha256(ledger.canonical(AuditEntry.objects.get(pk=entry.pk))).digest()
    )


def test_a_number_that_is_none_is_refused(house):
    with pytest.raises(ValueError, match="not JSON compliant"):
        ledger.record("test.values", by=None, subject=house, value=float("nan"))


def test_canonical_covers_every_column_of_an_entry(house):
    entry = ledger.record("test.done", by=None, subject=house)
    columns = {field.attname for field in AuditEntry._meta.concrete_fields}
    before = ledger.canonical(entry)
    for column in columns - {"at"}:
        copy = AuditEntry(
            **{
                field.attname: getattr(entry, field.attname)
                for field in AuditEntry._meta.concrete_fields
            }
        )
        setattr(copy, column, "changed")
        assert ledger.canonical(copy) != before, column
