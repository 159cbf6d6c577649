"""What can go wrong in the domain, with a stable code and a sentence for people."""

from typing import Any


class DomainError(Exception):
    """A rule of the alliance refuses what was asked (HTTP 409 unless a subclass says otherwise).

    `code` is stable and machine-readable, `message` is a translated sentence, `details` are
    JSON-ready extras such as `alternatives`.
    """

    status = 409

    def __init__(self, code: str, message: Any, **details: Any) -> None:
        super().__init__(code, message)
        self.code, self.message, self.details = code, message, details

    def __str__(self) -> str:
        return str(self.message)


class TransitionNotAllowed(DomainError):
    """The move does not exist from the state the object is in."""


class StaleVersion(DomainError):
    """The caller saw an older version than the stored one (HTTP 412)."""

    status = 412


class VersionRequired(DomainError):
    """A change came without the version it saw (HTTP 428)."""

    status = 428


class KeyReused(DomainError):
    """The same idempotency key came with another body (HTTP 422)."""

    status = 422


class BadCursor(DomainError):
    """A page cursor that this service did not hand out (HTTP 400)."""

    status = 400
