"""The paper of a privilege."""

import secrets
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core.errors import DomainError
from alliance.core.transactions import one_transaction
from alliance.institutions.policies import insist

from .. import policies
from ..choices import EventKind
from ..models import Certificate, Privilege
from .events import note


@one_transaction
def issue_certificate(*, privilege: Privilege, by: Any) -> Certificate:
    """Give a privilege its certificate; asked again, it is the same one."""
    row: Privilege = Privilege.objects.select_for_update().get(pk=privilege.pk)
    insist(policies.may_manage(by, row))
    known = Certificate.objects.filter(privilege=row).first()
    if known is not None:
        return known
    today = timezone.localdate()
    if row.ends_on <= today:
        raise DomainError("privilege_ended", _("This privilege has ended."))
    made = Certificate.objects.create(
        privilege=row, number=_number(today.year), token=secrets.token_urlsafe(18), issued_by=by
    )
    note(row, EventKind.CERTIFIED, by=by, number=made.number)
    return made


def _number(year: int) -> str:
    """The next number; a sequence never gives one twice, whoever asks at the same time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('privileges_certificate_number')")
        (serial,) = cursor.fetchone()
    return f"JS{year}-{serial:06d}"
