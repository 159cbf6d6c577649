"""What pages say about privileges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from alliance.catalogue.models import Technique
from alliance.core.templatetags.times import day
from alliance.institutions.models import Institution

from . import rules, selectors, texts
from .choices import EventKind, Level, Standing, Verdict
from .models import Override, Privilege, PrivilegeEvent

TONES: Mapping[str, str] = {
    Standing.IN_FORCE: "good",
    Standing.SUSPENDED: "bad",
    Standing.NOT_YET: "info",
    Standing.EXPIRED: "neutral",
    Standing.REPLACED: "neutral",
    Standing.WITHDRAWN: "bad",
}
VERDICT_TONES: Mapping[str, str] = {
    Verdict.YES: "good",
    Verdict.SUPERVISED: "warn",
    Verdict.NO: "bad",
}
# How `components/why.html` calls the three verdicts.
WHY: Mapping[str, str] = {Verdict.YES: "yes", Verdict.SUPERVISED: "partly", Verdict.NO: "no"}
_EVENT_TONES: Mapping[str, str] = {
    EventKind.GRANTED: "good",
    EventKind.RESTORED: "good",
    EventKind.SUSPENDED: "bad",
    EventKind.WITHDRAWN: "bad",
}
# Papers are read by Chinese authorities, whoever prints them.
PAPER_LANGUAGE = "zh-hans"


@dataclass(frozen=True, slots=True)
class Row:
    """A privilege as a list shows it."""

    privilege: Privilege
    standing: Standing
    tone: str
    ends_soon: bool

    @property
    def is_current(self) -> bool:
        """Whether it counts, will, or would if it were not suspended."""
        return self.standing in (Standing.IN_FORCE, Standing.SUSPENDED, Standing.NOT_YET)

    @property
    def last_day(self) -> date:
        """The last day on which it counts."""
        return self.privilege.last_day

    @property
    def level_tone(self) -> str:
        """Colour of the level."""
        return "active" if self.privilege.level == Level.INDEPENDENT else "info"


def row(privilege: Privilege, *, on: date) -> Row:
    """One privilege, read `with_suspension`, as of a date."""
    now = standing_of(privilege, on=on)
    soon = now == Standing.IN_FORCE and privilege.ends_on <= on + selectors.SOON
    return Row(privilege, now, TONES[now], soon)


def rows(privileges: Iterable[Privilege], *, on: date) -> list[Row]:
    """Privileges as of a date."""
    return [row(one, on=on) for one in privileges]


def standing_of(privilege: Privilege, *, on: date) -> Standing:
    """How a privilege, read `with_suspension`, stands on a date."""
    return rules.standing(
        valid_from=privilege.valid_from,
        ends_on=privilege.ends_on,
        withdrawn_on=privilege.withdrawn_on,
        replaced_on=privilege.replaced_on,
        is_suspended=getattr(privilege, "is_suspended", False),
        on=on,
    )


def facts(privilege: Privilege) -> list[dict[str, Any]]:
    """What a privilege's page says beside its standing."""
    told: list[dict[str, Any]] = [
        {"label": _("Practitioner"), "value": privilege.practitioner},
        {"label": _("Institution"), "value": privilege.institution},
        {"label": _("Technique"), "value": privilege.technique, "wide": True},
        {"label": _("Level"), "value": privilege.get_level_display()},
        {"label": _("Ground"), "value": privilege.get_ground_display()},
        {"label": _("From"), "value": day(privilege.valid_from)},
        {"label": _("Last day"), "value": day(privilege.valid_until - timedelta(days=1))},
    ]
    if privilege.conditions:
        told.append({"label": _("Conditions"), "value": privilege.conditions, "wide": True})
    return told


def evidence(privilege: Privilege) -> list[dict[str, Any]]:
    """The evidence as it was at the decision; requirements with what was met."""
    told = []
    for name, value in privilege.evidence.items():
        if name == "requirements" and isinstance(value, list):
            told += [
                _requirement(one) for one in value if isinstance(one, dict) and one.get("label")
            ]
        elif name == "on":
            told.append({"label": _("As of"), "value": day(parse_date(str(value)))})
        elif isinstance(value, str | int | float) and name != _APPLICATION:
            told.append({"label": str(_EVIDENCE.get(name, name)), "value": value})
    return told


def application_url(privilege: Privilege) -> str:
    """The application it was granted on, kept by a room above this one; empty where none was."""
    try:
        return reverse("granting:application", args=[privilege.evidence[_APPLICATION]])
    except (KeyError, NoReverseMatch):
        return ""


def renewal_url(privilege: Privilege) -> str:
    """Where its holder applies for its renewal."""
    query = urlencode({"privilege": str(privilege.public_id), "kind": "renewal"})
    return f"{reverse('granting:apply')}?{query}"


def _requirement(one: Mapping[str, Any]) -> dict[str, Any]:
    said = [str(one[key]) for key in ("value", "source") if one.get(key) not in (None, "")]
    return {"label": one["label"], "value": " · ".join(said)}


_APPLICATION = "application"
_EVIDENCE = {
    "note": _lazy("Note"),
    "source": _lazy("Source"),
    "programme": _lazy("Programme"),
    "stage": _lazy("Stage"),
    "cases": _lazy("Cases"),
    "file": _lazy("File"),
}


def history(events: Iterable[PrivilegeEvent]) -> list[dict[str, Any]]:
    """What happened, the newest first, for the timeline."""
    return [
        {
            "at": event.at,
            "who": event.by or _("The platform"),
            "what": event.get_kind_display(),
            "quote": event.reason,
            "note": _until(event),
            "tone": _EVENT_TONES.get(event.kind, ""),
        }
        for event in events
    ]


def _until(event: PrivilegeEvent) -> str:
    until = event.data.get("valid_until")
    if event.kind == EventKind.CERTIFIED:
        return str(event.data.get("number", ""))
    if not until:
        return ""
    return _("until %(day)s") % {"day": day(date.fromisoformat(until) - timedelta(days=1))}


@dataclass(frozen=True, slots=True)
class Told:
    """One answer on the page *Who may do what*."""

    answer: selectors.Answer
    technique: Technique
    institution: Institution
    privilege: Privilege | None = None

    @property
    def tone(self) -> str:
        """Colour of the verdict."""
        return VERDICT_TONES[self.answer.verdict]

    @property
    def label(self) -> str:
        """The verdict in words."""
        return str(Verdict(self.answer.verdict).label)

    @property
    def last_day(self) -> date | None:
        """The last day of the privilege it rests on."""
        until = self.answer.valid_until
        return until - timedelta(days=1) if until else None

    @property
    def why(self) -> str:
        """The verdict as `components/why.html` calls it."""
        return WHY[self.answer.verdict]

    @property
    def said(self) -> list[str]:
        """Reasons and notes."""
        return [one.text for one in (*self.answer.reasons, *self.answer.notes)]

    @property
    def steps(self) -> list[str]:
        """What may be done, each once."""
        return list(dict.fromkeys(one.next_step for one in self.answer.reasons if one.next_step))


def override_facts(override: Override) -> list[dict[str, Any]]:
    """What the page of an emergency says."""
    return [
        {"label": _("Who operated"), "value": override.practitioner},
        {"label": _("Institution"), "value": override.institution},
        {"label": _("Technique"), "value": override.technique, "wide": True},
        {"label": _("When"), "value": _moment(override.at)},
        {"label": _("Case number"), "value": override.case_number},
        {"label": _("Why it could not wait"), "value": override.reason, "wide": True},
        {
            "label": _("What was missing"),
            "value": "; ".join(texts.lacked(override.lacked)),
            "wide": True,
        },
        {"label": _("Recorded by"), "value": override.recorded_by},
        {"label": _("Report due"), "value": _moment(override.report_due_at)},
    ]


def _moment(at: Any) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""
