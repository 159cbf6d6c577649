"""System checks: wrong settings stop the start with an id and a sentence."""

import base64
import binascii
import logging
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import Error, Tags, register, run_checks
from django.core.management.base import SystemCheckError
from django.db import DEFAULT_DB_ALIAS, OperationalError, ProgrammingError

from .proxies import networks

log = logging.getLogger(__name__)


@register()
def keys(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Encryption and look-up keys are there and of the right size."""
    errors = []
    if not settings.FIELD_ENCRYPTION_KEYS or not all(map(_is_key, settings.FIELD_ENCRYPTION_KEYS)):
        hint = "Each key is urlsafe base64 of 32 bytes, the newest first."
        errors.append(
            Error("FIELD_ENCRYPTION_KEYS is missing or malformed.", hint=hint, id="core.E001")
        )
    if len(settings.LOOKUP_KEY) < 16:
        errors.append(Error("LOOKUP_KEY needs at least 16 characters.", id="core.E002"))
    return errors


@register()
def proxies(app_configs: Any, **kwargs: Any) -> list[Error]:
    """The trusted proxies are addresses or networks."""
    try:
        networks(tuple(settings.TRUSTED_PROXIES))
    except ValueError as error:
        hint = "List addresses and networks such as 10.0.0.5 or 172.16.0.0/12."
        return [Error(f"TRUSTED_PROXIES is malformed: {error}.", hint=hint, id="core.E005")]
    return []


def _is_key(text: str) -> bool:
    try:
        return len(base64.urlsafe_b64decode(text.encode())) == 32
    except (binascii.Error, ValueError):
        return False


@register(Tags.database)
def accounts_fit_the_mode(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[Error]:
    """Invented accounts live in a demonstration only, and real ones never.

    A check of the database: `migrate`, `check --database default` and the start of the web
    process run it; a plain `check` needs no database.
    """
    if DEFAULT_DB_ALIAS not in (databases or ()):
        return []
    try:
        strangers = get_user_model()._default_manager.filter(is_demo=not settings.DEMO_MODE)
        if not strangers.exists():
            return []
    except ProgrammingError:  # the tables are not there yet
        return []
    if settings.DEMO_MODE:
        hint = "Point DATABASE_URL at a database of its own, or leave demo mode."
        return [Error("Demo mode found real accounts in the database.", hint=hint, id="core.E004")]
    hint = "Demo accounts can be entered by anybody. Use an empty database."
    return [Error("The database holds demo accounts outside demo mode.", hint=hint, id="core.E003")]


def refuse_unsafe_start() -> None:
    """Called by the web process, which no management command checks: raise SystemCheckError.

    A database that is away does not stop the start: readiness tells, and sign-in itself refuses
    accounts that do not fit the mode.
    """
    try:
        errors = run_checks(tags=[Tags.database], databases=[DEFAULT_DB_ALIAS])
    except OperationalError as error:
        log.warning("could not look for demo accounts, the database is away: %s", error)
        return
    if serious := [error for error in errors if error.is_serious()]:
        raise SystemCheckError("\n".join(str(error) for error in serious))
