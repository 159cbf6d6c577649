"""Password rules by policy (GB/T 22239-2019 8.1.4.1 a)."""

import re
import secrets
from typing import Any

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance.core.policy import PolicySet, policies

_CLASSES = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^A-Za-z0-9]")
# Without characters that look alike on paper: somebody reads a first password out or writes it down.
_ALPHABETS = ("abcdefghijkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789", "-+=%@#")
_GENERATED_LENGTH = 14
# The longest history that policy can ask for; older hashes are of no use to anybody.
_HISTORY_KEPT = 24


def _rules() -> PolicySet:
    return policies(alliance_id=None, on=timezone.localdate(), prefix="security.")


def generate() -> str:
    """A random first password that satisfies every rule."""
    length = max(_GENERATED_LENGTH, _rules()["security.password_length"])
    letters = [secrets.choice(alphabet) for alphabet in _ALPHABETS]
    everything = "".join(_ALPHABETS)
    letters += [secrets.choice(everything) for _place in range(length - len(letters))]
    secrets.SystemRandom().shuffle(letters)
    return "".join(letters)


class PolicyPasswordValidator:
    """Length, kinds of characters and reuse, as the settings in force demand."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError with one sentence for each rule that is broken."""
        rules = _rules()
        errors = []
        length, classes = rules["security.password_length"], rules["security.password_classes"]
        if len(password) < length:
            message = ngettext(
                "Use at least %(n)d character.", "Use at least %(n)d characters.", length
            )
            errors.append(message % {"n": length})
        if sum(bool(re.search(kind, password)) for kind in _CLASSES) < classes:
            message = _("Use at least %(n)d of: small letters, capitals, digits, signs.")
            errors.append(message % {"n": classes})
        if (
            user is not None
            and user.pk
            and _used_before(user, password, rules["security.password_history"])
        ):
            errors.append(_("You have used this password before. Choose a new one."))
        if errors:
            raise ValidationError(errors)

    def get_help_text(self) -> str:
        """What to type, for the form."""
        rules = _rules()
        message = _(
            "At least %(length)d characters, %(classes)d of: small letters, capitals, digits, signs."
        )
        return message % {
            "length": rules["security.password_length"],
            "classes": rules["security.password_classes"],
        }

    def password_changed(self, password: str, user: Any = None) -> None:
        """Remember the hash once the password is set, so that it is not used again.

        Django calls this after every save that stored a new password; whoever set it for
        somebody else demands a change afterwards.
        """
        if user is None or not user.pk:
            return
        user.former_passwords.create(password=user.password)
        kept = user.former_passwords.order_by("-id").values("pk")[:_HISTORY_KEPT]
        user.former_passwords.exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()
        user.password_changed_at, user.must_change_password = timezone.now(), False
        type(user).objects.filter(pk=user.pk).update(
            password_changed_at=user.password_changed_at, must_change_password=False
        )


def _used_before(user: Any, password: str, kept: int) -> bool:
    former = user.former_passwords.order_by("-id").values_list("password", flat=True)[:kept]
    return any(check_password(password, hashed) for hashed in former)
