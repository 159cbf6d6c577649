"""Keys of second factors survive a change of the encryption keys."""

import io

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.management import CommandError, call_command

from alliance.core import crypto
from alliance.people import actions


@pytest.fixture
def keys(settings):
    """Change to a new newest key, or drop the old one."""
    old, new = settings.FIELD_ENCRYPTION_KEYS, crypto.generate_key()

    class Keys:
        def add(self):
            settings.FIELD_ENCRYPTION_KEYS = [new, *old]

        def drop_old(self):
            settings.FIELD_ENCRYPTION_KEYS = [new]

    return Keys()


@pytest.fixture
def secret(world):
    text = generate_totp_secret()
    TOTP.activate(world.doctor, text)
    RecoveryCodes.activate(world.doctor)
    return text


def test_rotating_reseals_devices_and_codes_once(world, secret, keys):
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    assert actions.rotate_second_factors() == 0
    keys.add()
    out = io.StringIO()
    call_command("rotate_field_keys", stdout=out)
    assert "mfa.Authenticator.data: 2" in out.getvalue()
    assert actions.rotate_second_factors() == 0
    keys.drop_old()
    device = Authenticator.objects.get(type="totp")
    assert crypto.decrypt(device.data["secret"]) == secret
    assert Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes() == codes


def test_codes_brought_from_elsewhere_are_resealed_too(world, keys):
    sealed = [crypto.encrypt("11111111"), crypto.encrypt("22222222")]
    row = Authenticator.objects.create(
        user=world.doctor, type="recovery_codes", data={"migrated_codes": sealed}
    )
    keys.add()
    assert actions.rotate_second_factors() == 1
    keys.drop_old()
    row.refresh_from_db()
    assert [crypto.decrypt(text) for text in row.data["migrated_codes"]] == ["11111111", "22222222"]


def test_a_key_that_is_gone_is_named(world, secret, keys):
    keys.drop_old()
    with pytest.raises(CommandError, match=r"mfa\.Authenticator\.data"):
        call_command("rotate_field_keys", stdout=io.StringIO())
