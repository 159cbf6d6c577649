"""Encryption of single values at rest, and digests to find them again.

GB/T 22239-2019 §8.1.4.8 asks for personal data to be encrypted in storage. Values are sealed with
AES-256-GCM under the first of ``settings.FIELD_ENCRYPTION_KEYS`` (URL-safe base64 of 32 bytes,
newest first); every listed key still opens what it sealed, so a key is changed by putting a new
one in front and rewriting at leisure. A sealed value names its key by a fingerprint, so opening
never tries keys in turn, and a missing key is reported as such and not as damage.

A sealed value is ``v1.<fingerprint>.<base64url of nonce, ciphertext and tag>``. Nonces are random;
NIST SP 800-38D allows 2³² of them for one key, far more values than an alliance will ever write.

The same text is sealed differently each time and cannot be searched. ``lookup_digest`` gives what
can: HMAC-SHA256 under ``settings.LOOKUP_KEY`` of the tidied value. That key cannot be rotated
without recomputing every digest; it must never be one of the encryption keys.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from .identifiers import squeeze

_VERSION: Final = "v1"
_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_FINGERPRINT_LENGTH: Final = 8
DIGEST_LENGTH: Final = 64
"""Characters of a look-up digest, for the column that keeps it."""


class DecryptionError(Exception):
    """A sealed value cannot be opened: damaged, or sealed by a key that is not listed any more."""


def encrypt(text: str) -> str:
    """Seal a text under the newest key."""
    fingerprint, cipher = next(iter(_keyring().items()))
    nonce = os.urandom(_NONCE_BYTES)
    sealed = cipher.encrypt(nonce, text.encode(), _label(fingerprint))
    return f"{_VERSION}.{fingerprint}.{urlsafe_b64encode(nonce + sealed).decode()}"


def decrypt(token: str) -> str:
    """Open a sealed text, whichever listed key sealed it."""
    fingerprint, payload = _parts(token)
    cipher = _keyring().get(fingerprint)
    if cipher is None:
        raise DecryptionError(f"no key {fingerprint} in FIELD_ENCRYPTION_KEYS")
    nonce, sealed = payload[:_NONCE_BYTES], payload[_NONCE_BYTES:]
    try:
        return cipher.decrypt(nonce, sealed, _label(fingerprint)).decode()
    except InvalidTag as error:
        raise DecryptionError("sealed value is damaged") from error


def newest_prefix() -> str:
    """How every value begins that is sealed under the newest key."""
    return f"{_VERSION}.{next(iter(_keyring()))}."


def needs_rotation(token: str) -> bool:
    """Whether a sealed value still hangs on an older key."""
    return not token.startswith(newest_prefix())


def rotate(token: str) -> str:
    """Seal again under the newest key; unchanged where it is sealed under that already."""
    return encrypt(decrypt(token)) if needs_rotation(token) else token


def lookup_digest(value: str, *, purpose: str = "") -> str:
    """Keyed digest by which an encrypted value is found: same value, same 64 hexadecimal digits.

    Case, blanks and full-width forms do not matter. ``purpose`` keeps digests of different kinds
    of values apart, so that a phone number never meets a document number.
    """
    tidy = squeeze(value)
    if not tidy:
        raise ValueError("nothing to look up")
    if not settings.LOOKUP_KEY:
        raise ImproperlyConfigured("LOOKUP_KEY is not set.")
    message = f"{purpose}\0{tidy}".encode()
    return hmac.new(settings.LOOKUP_KEY.encode(), message, hashlib.sha256).hexdigest()


def generate_key() -> str:
    """A new random key in the form that ``FIELD_ENCRYPTION_KEYS`` takes."""
    return urlsafe_b64encode(os.urandom(_KEY_BYTES)).decode()


def _keyring() -> dict[str, AESGCM]:
    """Ciphers by fingerprint, newest first, for the settings of this moment."""
    return _make_keyring(tuple(settings.FIELD_ENCRYPTION_KEYS))


@lru_cache(maxsize=8)
def _make_keyring(keys: tuple[str, ...]) -> dict[str, AESGCM]:
    if not keys:
        raise ImproperlyConfigured("FIELD_ENCRYPTION_KEYS is not set.")
    ring = {}
    for place, key in enumerate(keys, start=1):
        raw = _key_bytes(key)
        if raw is None:
            raise ImproperlyConfigured(
                f"FIELD_ENCRYPTION_KEYS: key {place} is not URL-safe base64 of {_KEY_BYTES} bytes."
            )
        ring[hashlib.sha256(raw).hexdigest()[:_FINGERPRINT_LENGTH]] = AESGCM(raw)
    return ring


def _key_bytes(key: str) -> bytes | None:
    try:
        raw = urlsafe_b64decode(key)
    except (Base64Error, ValueError):
        return None
    return raw if len(raw) == _KEY_BYTES else None


def _parts(token: str) -> tuple[str, bytes]:
    version, _, rest = token.partition(".")
    fingerprint, _, payload = rest.partition(".")
    if version != _VERSION or not payload:
        raise DecryptionError("not a sealed value")
    try:
        sealed = urlsafe_b64decode(payload)
    except (Base64Error, ValueError) as error:
        raise DecryptionError("sealed value is damaged") from error
    if urlsafe_b64encode(sealed).decode() != payload:  # decoding skips what it does not know
        raise DecryptionError("sealed value is damaged")
    return fingerprint, sealed


def _label(fingerprint: str) -> bytes:
    """Bound into the seal, so that its visible front cannot be exchanged."""
    return f"{_VERSION}.{fingerprint}".encode()
