"""Rules about sets of privileges."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from alliance.core.access import access_of
from alliance.core.choices import Permission
from alliance.institutions.querysets import InForceQuerySet

from .choices import Level, Standing


def _in_sight(user: Any, house: str = "institution", group: str = "alliance") -> Q:
    """Rows of the houses and alliances whose privileges one may look up."""
    access = access_of(user)
    houses = {f"{house}__in": access.institutions_with(Permission.PRIVILEGE_VIEW)}
    groups = {f"{group}__in": access.alliances_with(Permission.PRIVILEGE_VIEW)}
    return Q(**houses) | Q(**groups)


def _own(user: Any, path: str = "practitioner") -> Q:
    """Rows about the user as a practitioner."""
    pk = getattr(user, "practitioner_id", None)
    return Q(**{path: pk}) if pk else Q(pk__in=[])


class PrivilegeQuerySet(models.QuerySet[Any]):
    """Privileges; whether one is in force is a question about a date."""

    def visible_to(self, user: Any) -> "PrivilegeQuerySet":
        """One's own, those at one's institutions, or of the alliances one oversees."""
        return self.filter(_in_sight(user) | _own(user))

    def in_period(self, on: date) -> "PrivilegeQuerySet":
        """Those whose period holds `on`, suspended or not."""
        return self.filter(valid_from__lte=on, ends_on__gt=on)

    def suspended(self, on: date) -> "PrivilegeQuerySet":
        """Those whose period holds `on` and that are suspended on it."""
        return self.in_period(on).filter(self._suspension(on))

    def in_force(self, on: date) -> "PrivilegeQuerySet":
        """Those that count on a date."""
        return self.in_period(on).filter(~self._suspension(on))

    def with_suspension(self, on: date) -> "PrivilegeQuerySet":
        """Each with `is_suspended` on a date."""
        return self.annotate(is_suspended=self._suspension(on))

    def standing(self, standing: str, on: date) -> "PrivilegeQuerySet":
        """Those that stand so on a date (see `rules.standing`)."""
        if standing == Standing.IN_FORCE:
            return self.in_force(on)
        if standing == Standing.SUSPENDED:
            return self.suspended(on)
        if standing == Standing.NOT_YET:
            return self.filter(valid_from__gt=on, ends_on__gt=on)
        ended = self.filter(ends_on__lte=on)
        if standing == Standing.WITHDRAWN:
            return ended.filter(withdrawn_on__lte=on)
        if standing == Standing.REPLACED:
            return ended.filter(withdrawn_on=None, replaced_on__lte=on)
        return ended.filter(
            Q(withdrawn_on=None) | Q(withdrawn_on__gt=on),
            Q(replaced_on=None) | Q(replaced_on__gt=on),
        )

    def independent(self) -> "PrivilegeQuerySet":
        """Those to operate without a supervisor."""
        return self.filter(level=Level.INDEPENDENT)

    def for_list(self) -> "PrivilegeQuerySet":
        """With what a row shows."""
        return self.select_related("practitioner", "technique", "institution")

    def _suspension(self, on: date) -> Exists:
        suspensions = self.model._meta.get_field("suspensions").related_model.objects
        return Exists(suspensions.in_force(on).filter(privilege=OuterRef("pk")))


class SuspensionQuerySet(InForceQuerySet):
    """Times in which a privilege did not count."""

    def visible_to(self, user: Any) -> "SuspensionQuerySet":
        """Of the privileges one may see."""
        return self.filter(
            _in_sight(user, "privilege__institution", "privilege__alliance")
            | _own(user, "privilege__practitioner")
        )


class EventQuerySet(models.QuerySet[Any]):
    """What happened to privileges."""

    def visible_to(self, user: Any) -> "EventQuerySet":
        """Of the privileges one may see."""
        return self.filter(
            _in_sight(user, "privilege__institution", "privilege__alliance")
            | _own(user, "privilege__practitioner")
        )


class OverrideQuerySet(models.QuerySet[Any]):
    """Emergencies in which somebody went beyond their privilege."""

    def visible_to(self, user: Any) -> "OverrideQuerySet":
        """One's own, those of the houses one manages, or of the alliances one oversees."""
        access = access_of(user)
        return self.filter(
            _own(user)
            | Q(recorded_by=user)
            | Q(institution__in=access.institutions_with(Permission.PRIVILEGE_SUSPEND))
            | Q(alliance__in=access.alliances_with(Permission.PRIVILEGE_VIEW))
        )

    def owing(self) -> "OverrideQuerySet":
        """Those whose report nobody has written yet."""
        return self.filter(reported_at=None)

    def for_list(self) -> "OverrideQuerySet":
        """With what a row shows."""
        return self.select_related("practitioner", "technique", "institution")


class CertificateQuerySet(models.QuerySet[Any]):
    """Certificates."""

    def for_paper(self) -> "CertificateQuerySet":
        """With what the paper says."""
        return self.select_related(
            "privilege__practitioner",
            "privilege__technique",
            "privilege__institution",
            "privilege__alliance",
        )

    def visible_to(self, user: Any) -> "CertificateQuerySet":
        """Of the privileges one may see."""
        return self.filter(
            _in_sight(user, "privilege__institution", "privilege__alliance")
            | _own(user, "privilege__practitioner")
        )
