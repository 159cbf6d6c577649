"""Memberships: who belongs to an alliance, in which role, with which help, from when to when."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from alliance.core import ledger
from alliance.core.access import require
from alliance.core.choices import Permission
from alliance.core.errors import DomainError
from alliance.core.saving import assign, validated

from ..choices import HelpForm, MemberRole
from ..models import Alliance, Institution, Membership
from ..signals import membership_changed


@transaction.atomic
def join_alliance(
    *,
    alliance: Alliance,
    institution: Institution,
    valid_from: date,
    by: Any,
    role: str = MemberRole.MEMBER,
    help_form: str = HelpForm.NONE,
    valid_until: date | None = None,
    agreement: str = "",
) -> Membership:
    """Take an institution into an alliance from a date on."""
    _lock(alliance, by)
    membership = Membership(
        alliance=alliance,
        institution=institution,
        role=role,
        help_form=help_form,
        valid_from=valid_from,
        valid_until=valid_until,
        agreement=agreement,
    )
    _save(membership)
    _announce("membership.joined", membership, by, role=role, valid_from=str(valid_from))
    return membership


@transaction.atomic
def change_membership(
    *,
    membership: Membership,
    role: str,
    help_form: str,
    effective_from: date,
    by: Any,
    agreement: str = "",
) -> Membership:
    """Give a member another role or form of help from a date on; what was before stays on record."""
    _lock(membership.alliance, by)
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    _refuse_outside(membership, effective_from, "effective_from")
    values = {"role": role, "help_form": help_form, "agreement": agreement}
    if not any(getattr(membership, field) != value for field, value in values.items()):
        return membership
    if effective_from != membership.valid_from:
        membership = _successor(membership, effective_from)
    changed = assign(membership, values)
    _save(membership)
    _announce(
        "membership.changed", membership, by, changed=changed, effective_from=str(effective_from)
    )
    return membership


@transaction.atomic
def leave_alliance(*, membership: Membership, on: date, by: Any, reason: str) -> Membership:
    """End a membership: `on` is the first day on which the institution is no member any more."""
    _lock(membership.alliance, by)
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the institution leaves.")})
    if on <= membership.valid_from:
        raise ValidationError({"on": _("The end must be after the start.")})
    _refuse_outside(membership, on, "on")
    membership.valid_until = on
    membership.save(update_fields=["valid_until", "updated_at"])
    _announce("membership.left", membership, by, on=str(on), reason=reason.strip())
    return membership


def _lock(alliance: Alliance, by: Any) -> None:
    """One change of an alliance's members at a time, by its office."""
    require(by, Permission.ALLIANCE_MANAGE, alliance_id=alliance.pk)
    Alliance.objects.select_for_update().get(pk=alliance.pk)


def _successor(membership: Membership, effective_from: date) -> Membership:
    """End the row on a date and give an unsaved copy that begins there."""
    until = membership.valid_until
    Membership.objects.filter(pk=membership.pk).update(valid_until=effective_from)
    return Membership(
        alliance_id=membership.alliance_id,
        institution_id=membership.institution_id,
        role=membership.role,
        help_form=membership.help_form,
        agreement=membership.agreement,
        valid_from=effective_from,
        valid_until=until,
    )


def _refuse_outside(membership: Membership, day: date, field: str) -> None:
    until = membership.valid_until
    if until is not None and day >= until:
        raise DomainError(
            "membership_ended",
            _("This membership already ends on %(day)s.")
            % {"day": date_format(until, "DATE_FORMAT")},
        )
    if day < membership.valid_from:
        raise ValidationError({field: _("The membership begins later than that.")})


def _save(membership: Membership) -> None:
    _refuse_overlaps(membership)
    # Fields first: Django cannot evaluate a constraint's condition without the fields it names.
    membership.clean_fields()
    validated(membership, {})
    membership.save()


def _refuse_overlaps(membership: Membership) -> None:
    """Name the membership in the way; the database holds the same rule for races."""
    if membership.valid_until is not None and membership.valid_until <= membership.valid_from:
        raise ValidationError({"valid_until": _("The end must be after the start.")})
    others = (
        Membership.objects.filter(
            Q(valid_until=None) | Q(valid_until__gt=membership.valid_from),
            alliance_id=membership.alliance_id,
        )
        .exclude(pk=membership.pk)
        .select_related("institution")
        .order_by("valid_from")
    )
    if membership.valid_until is not None:
        others = others.filter(valid_from__lt=membership.valid_until)
    if others.filter(institution_id=membership.institution_id).exists():
        raise DomainError(
            "already_a_member",
            _("%(name)s is already a member in that period.") % {"name": membership.institution},
        )
    lead = others.filter(role=MemberRole.LEAD).first()
    if membership.role == MemberRole.LEAD and lead is not None:
        message = _("%(name)s leads the alliance in that period. Change its role first.")
        raise DomainError("alliance_has_a_lead", message % {"name": lead.institution})


def _announce(action: str, membership: Membership, by: Any, **data: Any) -> None:
    ledger.record(
        action,
        by=by,
        subject=membership,
        institution_id=membership.institution_id,
        alliance_id=membership.alliance_id,
        **data,
    )
    membership_changed.send(sender=Membership, membership_id=membership.pk)
