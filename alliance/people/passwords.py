"""Password rules by policy (GB/T 22239-2019 8.1.4.1 a)."""

import re
from typing import Any

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance.core.policy import policies

_CLASSES = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^A-Za-z0-9]")


class PolicyPasswordValidator:
    """Length, kinds of characters and reuse, as the settings in force demand."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError with one sentence for each rule that is broken."""
        rules = policies(alliance_id=None, on=timezone.localdate(), prefix="security.")
        errors = []
        if len(password) < rules["security.password_length"]:
            errors.append(
                ngettext(
                    "Use at least %(n)d character.",
                    "Use at least %(n)d characters.",
                    rules["security.password_length"],
                )
                % {"n": rules["security.password_length"]}
            )
        if sum(bool(re.search(kind, password)) for kind in _CLASSES) < rules["security.password_classes"]:
            errors.append(
                _("Use at least %(n)d of: small letters, capitals, digits, signs.")
                % {"n": rules["security.password_classes"]}
            )
        if user is not None and user.pk and _used_before(user, password, rules["security.password_history"]):
            errors.append(_("You have used this password before. Choose a new one."))
        if errors:
            raise ValidationError(errors)

    def get_help_text(self) -> str:
        """What to type, for the form."""
        rules = policies(alliance_id=None, on=timezone.localdate(), prefix="security.")
        return _("At least %(length)d characters, %(classes)d of: small letters, capitals, digits, signs.") % {
            "length": rules["security.password_length"],
            "classes": rules["security.password_classes"],
        }

    def password_changed(self, password: str, user: Any = None) -> None:
        """Remember the hash once the password is set, so that it is not used again."""
        if user is not None and user.pk:
            user.former_passwords.create(password=user.password)
            type(user).objects.filter(pk=user.pk).update(password_changed_at=timezone.now())


def _used_before(user: Any, password: str, kept: int) -> bool:
    former = user.former_passwords.order_by("-id").values_list("password", flat=True)[:kept]
    return any(check_password(password, hashed) for hashed in former)
