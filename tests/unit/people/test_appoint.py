"""`manage.py appoint`: the first administrators of a new platform."""

import io

import pytest
from django.core.management import CommandError, call_command

from alliance.people.models import User


def appoint(role="auditor", **options):
    out = io.StringIO()
    values = {"username": "audit", "name": "审计", "email": "audit@example.org"} | options
    call_command(
        "appoint", role, *[f"--{name}={value}" for name, value in values.items()], stdout=out
    )
    return out.getvalue()


def test_it_prints_a_first_password(db):
    password = appoint().strip().rpartition(" ")[2]
    assert User.objects.get(username="audit").check_password(password)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [({"username": "other"}, "already"), ({"role": "system_admin"}, "taken")],
    ids=["power taken", "name taken"],
)
def test_it_says_in_one_sentence_why_not(db, options, sentence):
    appoint()
    with pytest.raises(CommandError, match=sentence):
        appoint(**{"email": "other@example.org"} | options)
    assert User.objects.count() == 1
