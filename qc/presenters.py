"""What pages and the API say about findings and runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from alliance.core import compliance
from alliance.core.choices import Severity
from alliance.core.templatetags.times import day
from alliance.notices import texts

from . import selectors
from .choices import RunState, Standing
from .models import CheckRun, Finding

TONES: Mapping[str, str] = {
    Severity.NOTICE: "neutral",
    Severity.MINOR: "info",
    Severity.MAJOR: "warn",
    Severity.CRITICAL: "bad",
}
STANDING_TONES: Mapping[str, str] = {
    Standing.OPEN: "active",
    Standing.WAIVED: "neutral",
    Standing.CLEARED: "good",
}
_RUN_TONES: Mapping[str, str] = {
    RunState.WAITING: "active",
    RunState.DONE: "good",
    RunState.FAILED: "bad",
}


def title(code: str) -> str:
    """What a check is called; one that a later release dropped keeps its code."""
    one = compliance.checks().get(code)
    return str(one.title) if one else code


def sentence(finding: Finding) -> str:
    """What was found, in one sentence of the reader's language."""
    one = compliance.checks().get(finding.check_code)
    return texts.fill(one.says, finding.evidence) if one else finding.check_code


def citation(finding: Finding) -> str:
    """What the finding refers to: the alliance's own citation of that day, else the source."""
    one = compliance.checks().get(finding.check_code)
    return finding.citation or (str(one.source) if one else "")


def link(finding: Finding) -> str:
    """The page of the thing itself; empty where the check is no longer known."""
    one = compliance.checks().get(finding.check_code)
    if one is None:
        return ""
    try:
        return reverse(one.route, args=[finding.subject])
    except NoReverseMatch:
        return ""


@dataclass(frozen=True, slots=True)
class Row:
    """A finding as a list shows it."""

    finding: Finding
    title: str
    sentence: str
    tone: str
    standing: Standing
    standing_tone: str
    is_late: bool

    @property
    def url(self) -> str:
        """The finding's page."""
        return self.finding.get_absolute_url()


def row(finding: Finding, *, on: date) -> Row:
    """One finding as of a date."""
    standing = selectors.standing_of(finding, on=on) or Standing.OPEN
    return Row(
        finding,
        title(finding.check_code),
        sentence(finding),
        TONES[finding.severity],
        standing,
        STANDING_TONES[standing],
        standing == Standing.OPEN and finding.due_on is not None and finding.due_on < on,
    )


def rows(findings: Iterable[Finding], *, on: date) -> list[Row]:
    """Findings as of a date."""
    return [row(finding, on=on) for finding in findings]


def facts(finding: Finding) -> list[dict[str, Any]]:
    """Everything a finding's page says beside the sentence."""
    told: list[dict[str, Any]] = [
        {"label": _("Institution"), "value": str(finding.institution)},
        {"label": _("Wrong since"), "value": day(finding.opened_on)},
        {"label": _("Mend by"), "value": day(finding.due_on)},
        {"label": _("Right again since"), "value": day(finding.cleared_on)},
        {"label": _("Owner"), "value": finding.owner},
        {"label": _("Citation"), "value": citation(finding), "wide": True},
    ]
    if finding.waived_until:
        words = _("until %(day)s, by %(by)s: %(reason)s") % {
            "day": day(finding.waived_until),
            "by": finding.waived_by,
            "reason": finding.waiver_reason,
        }
        told.append({"label": _("Waived"), "value": words, "wide": True})
    return told


def run_row(run: CheckRun) -> dict[str, Any]:
    """A run as the history shows it; `took` is a timedelta or None."""
    took = run.finished_at - run.started_at if run.finished_at and run.started_at else None
    return {"run": run, "title": title(run.check_code), "tone": _RUN_TONES[run.state], "took": took}
