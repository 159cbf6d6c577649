"""The first administrators of a new platform, when nobody is there yet to appoint them."""

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger
from alliance.core.choices import SEPARATED_POWERS, Role
from alliance.core.errors import DomainError

from ..models import RoleGrant, User
from .accounts import open_account

_LOCK = 0x41_50_50_4F  # two appointments at once must not both find the post vacant


@transaction.atomic
def appoint(*, role: str, username: str, name: str, email: str) -> tuple[User, str]:
    """Give a vacant separated power to a new account; return its first password, shown once."""
    if role not in SEPARATED_POWERS:
        raise DomainError(
            "not_a_power", _("Only the three separated powers are appointed this way.")
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    today = timezone.localdate()
    if RoleGrant.objects.in_force(today).filter(role=role, user__is_active=True).exists():
        message = _(
            "There is a %(role)s already. They, or the security administrator, go on from here."
        )
        raise DomainError("power_taken", message % {"role": Role(role).label})
    user, password = open_account(by=None, username=username, name=name, email=email)
    RoleGrant.objects.create(user=user, role=role, valid_from=today)
    ledger.record("role.granted", by=None, subject=user, role=role)
    return user, password
