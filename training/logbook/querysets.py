"""Rules about sets of cases, scales and reviews."""

from datetime import date, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Case, F, Q, When

from alliance.core.access import access_of
from alliance.core.choices import Permission
from alliance.institutions.querysets import may_look_up

from .choices import OPERATING, STANDING, CaseStatus, ReviewCause

# A name shared by more people says too little to look for cases by it.
_MOST_PEOPLE = 200


class CaseQuerySet(models.QuerySet[Any]):
    """Logbook entries."""

    def branches_for(self, user: Any) -> list[Self]:
        """The ranges of entries a reader sees, each read by an index of its own.

        One's own as operator, supervisor or writer; those of the houses whose logbook one may see;
        those of the alliances one oversees.
        """
        access = access_of(user)
        if Permission.REFERENCE_VIEW not in access.everywhere():
            return [self.none()]
        found = []
        if user.practitioner_id is not None:
            found.append(self.filter(operator=user.practitioner_id))
            found.append(self.filter(supervisor=user.practitioner_id))
        houses = access.institutions_with(Permission.CASE_VIEW)
        alliances = access.alliances_with(Permission.CASE_VIEW)
        found += [self.filter(institution__in=houses)] if houses else []
        found += [self.filter(alliance__in=alliances)] if alliances else []
        return found or [self.none()]

    def visible_to(self, user: Any) -> Self:
        """The same as one set: for one row, or for a list narrowed by something rarer."""
        access = access_of(user)
        if Permission.REFERENCE_VIEW not in access.everywhere():
            return self.none()
        seen = Q(institution__in=access.institutions_with(Permission.CASE_VIEW)) | Q(
            alliance__in=access.alliances_with(Permission.CASE_VIEW)
        )
        if user.practitioner_id is not None:
            seen |= Q(operator=user.practitioner_id) | Q(supervisor=user.practitioner_id)
        return self.filter(seen)

    def search(self, text: str) -> Self:
        """Those of people of that name or with those initials, or with that case number.

        The people are looked up first: one OR over joined names would read every case there is.
        """
        text = text.strip()
        if any(character.isdigit() for character in text):
            return self.filter(Q(external_case_number=text) | Q(technique__code__startswith=text))
        people = self.model._meta.get_field("operator").related_model.objects
        named = people.filter(Q(name__startswith=text) | Q(pinyin__startswith=text.lower()))
        found = list(named.values_list("pk", flat=True)[:_MOST_PEOPLE])
        return self.filter(Q(operator__in=found) | Q(supervisor__in=found))

    def confirmed(self) -> Self:
        """Those that count."""
        return self.filter(status=CaseStatus.CONFIRMED)

    def standing(self) -> Self:
        """Those that were neither sent back nor made void."""
        return self.filter(status__in=STANDING)

    def waiting(self) -> Self:
        """Those that nobody has confirmed or sent back."""
        return self.filter(status=CaseStatus.RECORDED)

    def operated(self) -> Self:
        """Those whose outcome is the operator's own, supervised or not."""
        return self.filter(role__in=OPERATING)

    def between(self, since: date | None, until: date) -> Self:
        """Those performed in [since, until)."""
        rows = self.filter(performed_on__lt=until)
        return rows if since is None else rows.filter(performed_on__gte=since)

    def for_list(self) -> Self:
        """With what a row shows."""
        return self.select_related(
            "technique", "institution", "operator", "supervisor", "patient", "scale"
        )


class CaseVersionQuerySet(models.QuerySet[Any]):
    """What cases said before."""

    def visible_to(self, user: Any) -> Self:
        """Those of the cases one sees."""
        cases = self.model._meta.get_field("case").related_model.objects
        return self.filter(case__in=cases.visible_to(user))


class CaseDraftQuerySet(models.QuerySet[Any]):
    """Half-typed cases."""

    def visible_to(self, user: Any) -> Self:
        """One's own."""
        return self.filter(user=user.pk)


class RatingScaleQuerySet(models.QuerySet[Any]):
    """Scales by which mentors rate."""

    def visible_to(self, user: Any) -> Self:
        """Whoever may look things up sees all of them."""
        return self if may_look_up(user) else self.none()

    def offered(self, alliance_id: int) -> Self:
        """The scales in use in an alliance: its own, and those of the platform."""
        return self.filter(Q(alliance=alliance_id) | Q(alliance=None), is_active=True)


class CurveReviewQuerySet(models.QuerySet[Any]):
    """Reviews of what curves signalled."""

    def visible_to(self, user: Any) -> Self:
        """One's own, those of one's staff, those of the alliances one oversees."""
        access = access_of(user)
        seen = Q(
            practitioner__institution__in=access.institutions_with(Permission.TRAINING_VIEW)
        ) | Q(alliance__in=access.alliances_with(Permission.TRAINING_VIEW))
        if getattr(user, "practitioner_id", None) is not None:
            seen |= Q(practitioner=user.practitioner_id)
        return self.filter(seen)

    def by_gravity(self) -> Self:
        """Each with `gravity` to sort by: slipping results first, then competence; newest first."""
        above_all = F("opened_at") + timedelta(days=36_500)
        return self.annotate(
            gravity=Case(
                When(cause=ReviewCause.LOSS, then=above_all),
                default=F("opened_at"),
                output_field=models.DateTimeField(),
            )
        )

    def open(self) -> Self:
        """Those about which nobody has decided."""
        return self.filter(decided_at=None)

    def for_list(self) -> Self:
        """With what a row shows."""
        return self.select_related(
            "practitioner", "practitioner__institution", "technique", "decided_by"
        )
