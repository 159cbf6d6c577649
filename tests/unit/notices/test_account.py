"""People hear what was done to their account."""

from datetime import timedelta

from django.utils import timezone

from alliance.core.choices import Role
from alliance.notices import tasks, texts
from alliance.notices.models import Notice
from alliance.people import actions


def said(user):
    return [texts.title_of(notice) for notice in Notice.objects.filter(user=user).order_by("id")]


def test_roles_granted_and_withdrawn_are_told(world):
    grant = actions.grant_role(
        user=world.doctor, role=Role.LIAISON, institution=world.county, by=world.security_admin
    )
    actions.withdraw_role(grant=grant, by=world.security_admin)
    assert said(world.doctor) == [
        "You were given a role: Liaison officer",
        "A role of yours has ended: Liaison officer",
    ]


def test_a_password_replaced_by_somebody_else_is_told(world):
    actions.reset_password(user=world.doctor, by=world.system_admin)
    assert said(world.doctor) == ["Your password was replaced"]


def test_a_shut_account_is_told_nothing_until_it_is_opened(world):
    actions.disable_user(user=world.doctor, by=world.system_admin)
    assert said(world.doctor) == []
    actions.enable_user(user=world.doctor, by=world.system_admin)
    assert said(world.doctor) == ["Your account was enabled again"]


def test_the_task_forgets_what_was_read_a_year_ago(world):
    actions.reset_password(user=world.doctor, by=world.system_admin)
    Notice.objects.update(read_at=timezone.now() - timedelta(days=364))
    assert tasks.forget_read() == 0
    Notice.objects.update(read_at=timezone.now() - timedelta(days=366))
    assert tasks.forget_read() == 1
