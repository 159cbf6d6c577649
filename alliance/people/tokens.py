"""Invitation links. The token is derived from the secret key and stored only as a digest.

So neither the invitation's row nor the outbox message that sends the letter holds a usable link,
and a renewed invitation (another expiry) has another link.
"""

import hashlib

from django.utils.crypto import salted_hmac

from .models import Invitation

_SALT = "alliance.people.invitation"


def make(invitation: Invitation) -> str:
    """The token of an invitation's link."""
    text = f"{invitation.public_id}:{invitation.expires_at.timestamp():.6f}"
    return salted_hmac(_SALT, text, algorithm="sha256").hexdigest()


def digest(token: str) -> str:
    """What is stored of a token, and looked up."""
    return hashlib.sha256(token.encode()).hexdigest()
