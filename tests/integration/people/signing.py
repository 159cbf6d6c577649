"""What the tests of signing in share."""

from allauth.mfa.totp.internal import auth as totp
from django.urls import reverse
from django.utils import timezone

from alliance.core.models import PolicySetting

from .conftest import PASSWORD

LOGIN = "/accounts/login/"


def log_in(client, name, password=PASSWORD):
    return client.post(LOGIN, {"login": name, "password": password})


def set_policy(key, value):
    PolicySetting.objects.create(
        key=key, value=value, effective_from=timezone.localdate(), source="test"
    )


def is_in(client):
    return client.get(reverse("people:profile")).status_code == 200


def give_totp(user):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    return secret


def code_of(secret, *, at=None):
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return totp.format_hotp_value(totp.hotp_value(secret, counter))
