"""What people keep about themselves."""

from django.db import transaction

from alliance.core import ledger
from alliance.core.saving import assign, store

from ..models import User


@transaction.atomic
def update_profile(*, by: User, name: str, phone: str, language: str) -> User:
    """Change one's own name, telephone and language."""
    user = User.objects.select_for_update().get(pk=by.pk)
    values = {"name": name.strip(), "phone": phone.strip(), "language": language}
    if changed := assign(user, values):
        store(user, only=list(values))
        ledger.record("profile.changed", by=user, subject=user, fields=sorted(changed))
    return user
