"""Invitations: an administrator asks a colleague by e-mail to take up a role at the institution."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger, mail, outbox
from alliance.core.access import require
from alliance.core.choices import Permission
from alliance.core.errors import DomainError
from alliance.core.policy import policy
from alliance.core.saving import store
from alliance.institutions.models import Institution

from .. import rules, selectors, tokens
from ..models import Invitation, Practitioner, RoleGrant, User
from .accounts import build_user
from .grants import save_grant


@transaction.atomic
def invite(
    *,
    institution: Institution,
    email: str,
    name: str,
    role: str,
    by: Any,
    practitioner: Practitioner | None = None,
) -> Invitation:
    """Ask a colleague to take up a role here; the link goes out by e-mail after the commit."""
    require(by, Permission.COLLEAGUE_INVITE, institution_id=institution.pk)
    email = email.strip().lower()
    now = timezone.now()
    stale = Invitation.objects.open().filter(institution=institution, email=email)
    stale.filter(expires_at__lte=now).update(withdrawn_at=now)
    invitation = Invitation(
        institution=institution, email=email, name=name.strip(), role=role, invited_by=by,
        practitioner=practitioner, expires_at=_expiry(),
    )  # fmt: skip
    invitation.token_digest = tokens.digest(tokens.make(invitation))
    store(invitation, _errors(invitation))
    _record("invitation.sent", invitation, by)
    outbox.put("people.invitation", invitation_id=invitation.pk)
    return invitation


def _errors(invitation: Invitation) -> dict[str, Any]:
    errors: dict[str, Any] = {}
    if invitation.role not in rules.INVITABLE_ROLES:
        errors["role"] = _("People are not invited to this role.")
    practitioner = invitation.practitioner
    if practitioner is not None and practitioner.institution_id != invitation.institution_id:
        errors["practitioner"] = _("This practitioner belongs to another institution.")
    elif practitioner is not None and User.objects.filter(practitioner=practitioner).exists():
        errors["practitioner"] = _("This practitioner already has an account.")
    held = RoleGrant.objects.in_force(timezone.localdate()).filter(
        user__email__iexact=invitation.email,
        institution=invitation.institution,
        role=invitation.role,
    )
    if held.exists():
        errors["email"] = _("This person already holds this role here.")
    elif selectors.is_shut(invitation.email):
        errors["email"] = _(
            "The account with this address is disabled. Ask the system administrator to enable it."
        )
    return errors


def _expiry() -> Any:
    days = policy("security.invitation_days", on=timezone.localdate())
    return timezone.now() + timedelta(days=days)


@transaction.atomic
def renew_invitation(*, invitation: Invitation, by: Any) -> Invitation:
    """Send the link again, with a new period; the old link is dead."""
    invitation = _locked_open(invitation)
    require(by, Permission.COLLEAGUE_INVITE, institution_id=invitation.institution_id)
    invitation.expires_at, invitation.emailed_at = _expiry(), None
    invitation.token_digest = tokens.digest(tokens.make(invitation))
    invitation.save(update_fields=["expires_at", "emailed_at", "token_digest", "updated_at"])
    _record("invitation.renewed", invitation, by)
    outbox.put("people.invitation", invitation_id=invitation.pk)
    return invitation


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: Any) -> Invitation:
    """Take an invitation back before it is accepted."""
    invitation = _locked_open(invitation)
    require(by, Permission.COLLEAGUE_INVITE, institution_id=invitation.institution_id)
    invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["withdrawn_at", "updated_at"])
    _record("invitation.withdrawn", invitation, by)
    return invitation


def send_invitation(*, invitation_id: int) -> None:
    """Send the link by e-mail once; the claim and the sending succeed together."""
    with transaction.atomic():
        claimed = Invitation.objects.open().filter(pk=invitation_id, emailed_at=None)
        if not claimed.update(emailed_at=timezone.now()):
            return
        invitation = Invitation.objects.select_related("institution", "invited_by").get(
            pk=invitation_id
        )
        token = tokens.make(invitation)
        mail.send(
            to=invitation.email,
            language=invitation.invited_by.language,
            template="people/email/invitation",
            context={
                "invitation": invitation,
                "link": mail.absolute(reverse("people:accept_invitation", args=[token])),
            },
            once_id=f"invitation-{invitation.public_id}-{int(invitation.expires_at.timestamp())}",
        )


@transaction.atomic
def accept_invitation(*, token: str, username: str, name: str, password: str) -> User:
    """Open an account for whoever holds the link, with the role that was offered."""
    invitation = _locked_by_token(token)
    if User.objects.filter(email__iexact=invitation.email).exists():
        raise DomainError(
            "account_exists", _("This address already has an account. Sign in to accept.")
        )
    user = build_user(
        username=username,
        name=name,
        password=selectors.acceptable_password(password, username=username, email=invitation.email),
        email=invitation.email,
        language=invitation.invited_by.language,
    )
    ledger.record("user.created", by=user, subject=user, institution_id=invitation.institution_id)
    _take_up(invitation, user)
    return user


@transaction.atomic
def accept_invitation_as(*, token: str, by: User) -> User:
    """Somebody who has an account already takes up one more role."""
    invitation = _locked_by_token(token)
    if by.email.lower() != invitation.email:
        raise PermissionDenied(_("This invitation was sent to another address."))
    _take_up(invitation, User.objects.select_for_update().get(pk=by.pk))
    return by


def _take_up(invitation: Invitation, user: User) -> None:
    """Grant what was offered and close the invitation."""
    if invitation.practitioner_id and user.practitioner_id is None:
        user.practitioner_id = invitation.practitioner_id
        store(user, only=["practitioner"])
    grant = RoleGrant(
        user=user, role=invitation.role, institution_id=invitation.institution_id,
        valid_from=timezone.localdate(), granted_by_id=invitation.invited_by_id,
    )  # fmt: skip
    save_grant(grant, by=invitation.invited_by)
    invitation.accepted_at, invitation.accepted_by = timezone.now(), user
    invitation.save(update_fields=["accepted_at", "accepted_by", "updated_at"])
    _record("invitation.accepted", invitation, user)


def _locked_by_token(token: str) -> Invitation:
    """The invitation of a link that still counts; a twin request waits here and then finds it used."""
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("invited_by")
        .filter(token_digest=tokens.digest(token))
        .first()
    )
    if invitation is None:
        raise DomainError("invitation_unknown", _("This link is not valid. Ask for a new one."))
    _must_be_open(invitation)
    if invitation.expires_at <= timezone.now():
        raise DomainError(
            "invitation_expired", _("This invitation has expired. Ask for a new one.")
        )
    return invitation


def _locked_open(invitation: Invitation) -> Invitation:
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    _must_be_open(locked)
    return locked


def _must_be_open(invitation: Invitation) -> None:
    if invitation.accepted_at is not None:
        raise DomainError("invitation_used", _("This invitation has already been accepted."))
    if invitation.withdrawn_at is not None:
        raise DomainError("invitation_withdrawn", _("This invitation was taken back."))


def _record(action: str, invitation: Invitation, by: Any) -> None:
    ledger.record(
        action,
        by=by,
        subject=invitation,
        institution_id=invitation.institution_id,
        role=invitation.role,
    )
