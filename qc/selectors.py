"""What pages and the API ask about findings and runs."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from alliance.core.choices import INSTITUTION_ROLES, Role
from alliance.people.models import User
from alliance.people.selectors import staff_with_roles

from . import rules
from .choices import Standing
from .models import Finding


def standing_of(finding: Finding, *, on: date) -> Standing | None:
    """How a finding stands on a date."""
    return rules.standing(
        rules.Dates(finding.opened_on, finding.cleared_on, finding.waived_until), on
    )


def owners_for(finding: Finding) -> QuerySet[User]:
    """Who may own a finding: people who work at its institution today."""
    roles = sorted(INSTITUTION_ROLES - {Role.INTERFACE})
    staff = staff_with_roles(
        institution_ids=[finding.institution_id], roles=roles, on=timezone.localdate()
    )
    return User.objects.filter(pk__in=staff).order_by("name", "pk")


def history_of(finding: Finding) -> QuerySet[Finding]:
    """Earlier and later findings of the same check about the same thing, the newest first."""
    same = Finding.objects.filter(
        alliance=finding.alliance_id,
        check_code=finding.check_code,
        subject=finding.subject,
        facet=finding.facet,
    )
    return same.exclude(pk=finding.pk).order_by("-opened_on", "-pk")
