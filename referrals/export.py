"""Referrals as an Excel table, as filtered and as masked as the list."""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any, NoReturn

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.core.choices import Permission
from alliance.core.exchange.kinds import Choice, Day, Text
from alliance.core.exchange.spec import Column, Table
from alliance.institutions.choices import Direction

from .choices import Status, Urgency
from .filters import ReferralListFilter
from .models import Referral
from .presenters.rows import who

_NAME, _LONG = Text(100), Text(400)


def _when(name: str) -> Any:
    """A moment as local text, to the minute: Excel knows no time zones."""

    def show(leg: Referral) -> str:
        moment = getattr(leg, name)
        return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""

    return show


def _person(leg: Referral) -> str:
    return leg.patient.masked_name if leg.patient else ""


def _sex_and_age(leg: Referral) -> str:
    return who(leg.patient, timezone.localdate())


def _column(name: str, label: Any, kind: Any = _NAME, source: Any = "") -> Column:
    return Column(name, label, kind, source=source, shown_only=True)


class ReferralTable(Table):
    """What leaves the platform of a list of referrals; nothing comes in this way."""

    name = "referrals"
    label = gettext_lazy("Referrals")
    keepers = {}
    readers = frozenset({Permission.REFERRAL_VIEW})
    titled = ("number",)
    columns: Sequence[Column] = (
        _column("number", gettext_lazy("Referral number")),
        _column("status", gettext_lazy("Status"), Choice(Status)),
        _column("direction", gettext_lazy("Direction"), Choice(Direction)),
        _column("urgency", gettext_lazy("Urgency"), Choice(Urgency)),
        _column("patient", gettext_lazy("Patient"), source=_person),
        _column("person", gettext_lazy("Sex and age"), source=_sex_and_age),
        _column("diagnosis", gettext_lazy("Diagnosis"), source="diagnosis.name"),
        _column("diagnosis_code", gettext_lazy("Diagnosis code"), source="diagnosis.code"),
        _column("technique", gettext_lazy("Technique"), source="technique.name"),
        _column("sender", gettext_lazy("Sender"), source="sender.name"),
        _column("receiver", gettext_lazy("Receiver"), source="receiver.name"),
        _column("department", gettext_lazy("Department"), source="receiver_department.name"),
        _column("filed", gettext_lazy("Filed"), source=_when("created_at")),
        _column("sent", gettext_lazy("Reached the receiver"), source=_when("sent_at")),
        _column("due", gettext_lazy("Due"), source=_when("due_at")),
        _column("holder", gettext_lazy("Waits for"), source="holder.name"),
        _column("ended", gettext_lazy("Ended"), source=_when("closed_at")),
        _column("next_visit", gettext_lazy("Next follow-up"), Day(), source="next_follow_up_on"),
    )

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """The rows of the list with the same query string, the newest first."""
        house = getattr(request, "institution", None)
        branches = Referral.objects.branches_for(by, house.pk if house else None)
        if not branches or request is None:
            return Referral.objects.none()
        filters = ReferralListFilter(request.GET, request=request)
        found = reduce(or_, filters.narrowed(branches))
        return found.for_list().order_by("-created_at", "-pk")

    def plan(self, *args: Any, **options: Any) -> NoReturn:
        """Referrals are filed one by one."""
        raise PermissionDenied(_("Referrals are filed, never imported."))

    def save(self, *args: Any, **options: Any) -> NoReturn:
        """Referrals are filed one by one."""
        raise PermissionDenied(_("Referrals are filed, never imported."))
