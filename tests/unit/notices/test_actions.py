"""Telling people: once each, by e-mail where they want it, never naming a patient."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from alliance.core import outbox
from alliance.core.models import AuditEntry, OutboxMessage
from alliance.notices import actions, selectors, texts
from alliance.notices.models import Notice, Preference


@pytest.fixture(autouse=True)
def registry(monkeypatch):
    monkeypatch.setattr(texts, "_texts", {"test.todo": ("%(number)s waits", "for %(patient)s")})


def tell(*users, kind="referral_todo", dedupe="R-1:submitted", **more):
    return actions.notify(
        user_ids=[user.pk for user in users],
        kind=kind,
        text_key="test.todo",
        values={"number": "R-1", "patient": "王某某", **more},
        url="/referrals/1/",
        dedupe=dedupe,
    )


def with_email(user, **changes):
    type(user).objects.filter(pk=user.pk).update(email=f"{user.username}@example.org", **changes)
    user.refresh_from_db()
    return user


def test_notify_tells_each_person_once_whoever_repeats_it(world):
    assert tell(world.liaison, world.manager) == 2
    assert tell(world.liaison, world.manager, world.doctor) == 1
    assert Notice.objects.count() == 3


def test_notify_skips_the_disabled(world):
    type(world.doctor).objects.filter(pk=world.doctor.pk).update(
        is_active=False, disabled_at=timezone.now()
    )
    assert tell(world.doctor) == 0


def test_notify_tells_systems_without_letters(world):
    with_email(world.liaison, is_service=True)
    assert tell(world.liaison, kind="account") == 1
    assert not OutboxMessage.objects.filter(topic="notices.email").exists()


def test_notify_refuses_an_unknown_text(world):
    with pytest.raises(ValueError, match="no notice text"):
        actions.notify(
            user_ids=[], kind="account", text_key="unknown", values={}, url="", dedupe="x"
        )


def test_notify_costs_the_same_for_one_and_for_many(world, django_assert_num_queries):
    people = [with_email(user) for user in (world.liaison, world.manager, world.doctor)]
    with django_assert_num_queries(4 + 2):  # readers, insert, new ones, outbox; a savepoint around
        tell(*people)


def test_email_follows_preference_then_default(world):
    asked = with_email(world.liaison)
    silent = with_email(world.manager)
    actions.set_preferences(by=silent, wanted=[])
    tell(asked, silent)
    [message] = OutboxMessage.objects.filter(topic="notices.email")
    assert Notice.objects.get(pk=message.payload["notice_id"]).user == asked


def test_a_choice_about_equipment_counts_for_what_cannot_wait(world):
    made = import_module("alliance.notices.migrations.0007_kept_choices")
    for user, by_email in ((world.liaison, True), (world.manager, False)):
        Preference.objects.create(user=user, kind="equipment", by_email=by_email)
    Preference.objects.create(user=world.doctor, kind="account", by_email=False)
    made.keep(apps, None)
    made.keep(apps, None)
    found = Preference.objects.filter(kind="equipment_todo").values_list("user", "by_email")
    assert dict(found) == {world.liaison.pk: True, world.manager.pk: False}
    assert "equipment_todo" in selectors.wanted_kinds(world.doctor)


def test_email_of_a_quiet_kind_needs_the_wish(world):
    reader = with_email(world.liaison)
    tell(reader, kind="referral_news", dedupe="a")
    assert not OutboxMessage.objects.exists()
    actions.set_preferences(by=reader, wanted=["referral_news"])
    tell(reader, kind="referral_news", dedupe="b")
    assert OutboxMessage.objects.count() == 1


def test_nobody_without_an_address_gets_email(world):
    type(world.liaison).objects.filter(pk=world.liaison.pk).update(email="")
    tell(world.liaison)
    assert not OutboxMessage.objects.exists()


def test_email_says_number_and_link_and_no_name(world, settings):
    settings.SITE_URL = "https://yilian.example"
    reader = with_email(world.liaison, language="en")
    tell(reader)
    outbox.relay()
    [letter] = mail.outbox
    notice = Notice.objects.get()
    assert letter.to == [reader.email]
    assert letter.subject == "[医联] R-1 waits"  # what happened, not only that something did
    assert f"https://yilian.example/notices/{notice.public_id}/" in letter.body
    assert "王" not in letter.subject + letter.body
    assert letter.extra_headers["Message-ID"].startswith(f"<notice-{notice.public_id}@")


def test_email_is_worded_in_the_language_of_its_reader(world):
    tell(with_email(world.liaison, language="zh-hans"))
    tell(with_email(world.manager, language="en"), dedupe="other")
    outbox.relay()
    bodies = {letter.to[0]: letter.body for letter in mail.outbox}
    assert "A referral waits for me" in bodies[world.manager.email]
    assert len(mail.outbox) == 2


def test_email_is_sent_once_however_often_the_message_is_carried_out(world):
    tell(with_email(world.liaison))
    notice = Notice.objects.get()
    for _time in range(3):
        actions.send_email(notice_id=notice.pk)
    assert len(mail.outbox) == 1


def test_email_is_not_sent_for_what_was_read_meanwhile(world):
    tell(with_email(world.liaison))
    notice = Notice.objects.get()
    actions.mark_read(notice=notice, by=world.liaison)
    actions.send_email(notice_id=notice.pk)
    assert mail.outbox == []


def test_email_to_nobody_is_no_error(world):
    reader = with_email(world.liaison)
    tell(reader)
    type(reader).objects.filter(pk=reader.pk).update(email="")
    assert outbox.relay() == 1
    assert mail.outbox == []


def test_email_refused_by_the_server_is_tried_again(world, monkeypatch):
    tell(with_email(world.liaison))
    notice = Notice.objects.get()

    def refuse(**kwargs):
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr("alliance.core.mail.send", refuse)
        with pytest.raises(ConnectionRefusedError):
            actions.send_email(notice_id=notice.pk)
    notice.refresh_from_db()
    assert notice.emailed_at is None
    actions.send_email(notice_id=notice.pk)
    assert len(mail.outbox) == 1


def test_mark_read_is_for_the_reader_only_and_keeps_the_first_time(world):
    tell(world.liaison)
    notice = Notice.objects.get()
    with pytest.raises(PermissionDenied):
        actions.mark_read(notice=notice, by=world.doctor)
    actions.mark_read(notice=notice, by=world.liaison)
    notice.refresh_from_db()
    first = notice.read_at
    actions.mark_read(notice=notice, by=world.liaison)
    notice.refresh_from_db()
    assert notice.read_at == first is not None


def test_mark_all_read_touches_ones_own(world):
    tell(world.liaison, world.doctor)
    assert actions.mark_all_read(by=world.liaison) == 1
    assert actions.mark_all_read(by=world.liaison) == 0
    assert Notice.objects.unread().count() == 1


def test_preferences_are_kept_whole_and_recorded(world):
    actions.set_preferences(by=world.liaison, wanted=["account"])
    actions.set_preferences(by=world.liaison, wanted=["account", "system"])
    assert selectors.wanted_kinds(world.liaison) == {"account", "system"}
    assert AuditEntry.objects.filter(action="preferences.changed").count() == 2


def test_unread_count_stops_at_a_hundred(world):
    for number in range(3):
        tell(world.liaison, dedupe=str(number))
    assert selectors.unread_count(world.liaison) == 3
    Notice.objects.bulk_create(
        Notice(user=world.liaison, kind="system", text_key="x", dedupe=f"n{n}") for n in range(120)
    )
    assert selectors.unread_count(world.liaison) == 100


def test_forget_removes_what_was_read_long_ago(world):
    tell(world.liaison, world.doctor)
    actions.mark_all_read(by=world.doctor)
    assert actions.forget(read_before=timezone.now()) == 1
    assert Notice.objects.get().user == world.liaison
    type(world.liaison).objects.update(is_service=True)  # systems need not say what they read
    assert actions.forget(read_before=timezone.now()) == 1


@pytest.mark.parametrize(
    ("build", "constraint"),
    [
        (
            lambda user: Notice(user=user, kind="gossip", text_key="x", dedupe="1"),
            "notices_notice_kind",
        ),
        (
            lambda user: Notice(user=user, kind="system", text_key="x", dedupe="taken"),
            "notices_notice_once",
        ),
        (
            lambda user: Preference(user=user, kind="system", by_email=False),
            "notices_preference_once",
        ),
    ],
    ids=["unknown kind", "same thing twice", "two wishes for one kind"],
)
def test_constraints_refuse(world, build, constraint):
    Notice.objects.create(user=world.liaison, kind="system", text_key="x", dedupe="taken")
    Preference.objects.create(user=world.liaison, kind="system", by_email=True)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        build(world.liaison).save()
