"""Rules about sets of patients."""

from typing import Any

from django.db import models
from django.db.models import Q

from alliance.core.access import access_of
from alliance.core.choices import Permission


class PatientQuerySet(models.QuerySet[Any]):
    """The master index."""

    def visible_to(self, user: Any) -> "PatientQuerySet":
        """Patients in the care of an institution where the user may see patients."""
        mine = access_of(user).institutions_with(Permission.PATIENT_VIEW)
        return self.filter(
            pk__in=self.model.access_rows().filter(institution__in=mine).values("patient")
        )

    def current(self) -> "PatientQuerySet":
        """Patients that were not merged into another."""
        return self.filter(merged_into=None)

    def search(self, text: str) -> "PatientQuerySet":
        """Patients whose name begins with `text` or whose pinyin initials do."""
        text = text.strip()
        return self.filter(Q(name__startswith=text) | Q(pinyin__startswith=text.lower()))


class ConsentQuerySet(models.QuerySet[Any]):
    """Consents."""

    def visible_to(self, user: Any) -> "ConsentQuerySet":
        """Consents of patients the user may see."""
        mine = access_of(user).institutions_with(Permission.PATIENT_VIEW)
        return self.filter(patient__accesses__institution__in=mine).distinct()

    def standing(self) -> "ConsentQuerySet":
        """Consents not withdrawn."""
        return self.filter(withdrawn_at=None)
