"""A check whose answers a test decides, day by day."""

from datetime import date, timedelta

import pytest
from django.db.models import CharField, DateField, F, Value
from django.db.models.functions import Cast, JSONObject

from alliance.core import compliance, policy
from alliance.core.choices import Severity
from alliance.institutions.models import Institution
from qc import actions

CODE = "tests.wished"
MONDAY = date(2026, 3, 2)


class Wished:
    """On each day, the institutions that are wrong; `run(day)` carries the check out."""

    def __init__(self, alliance):
        self.alliance, self.wrong, self.asked = alliance, {}, []

    def rows(self, question):
        self.asked.append(question)
        members = Institution.objects.members_of(question.alliance_ids, question.on)
        rows = members.filter(pk__in=self.wrong.get(question.on, ())).annotate(
            subject=Cast("public_id", CharField()),
            facet=Value(""),
            house_id=F("pk"),
            due_on=Value(None, DateField()),
            evidence=JSONObject(name="name"),
        )
        return rows.values(*compliance.COLUMNS)

    def run(self, day):
        """The nightly run of that day."""
        actions.carry_out_all(run_ids=actions.plan_runs(day=day))


@pytest.fixture
def wished(world, monkeypatch):
    """The only check there is."""
    found = Wished(world.alliance)
    one = compliance.Check(
        CODE, "Wished", "%(name)s is wrong", Severity.MAJOR, "Rule 7", False,
        "institutions:detail", (), found.rows,
    )  # fmt: skip
    for definition in compliance._definitions(one):
        monkeypatch.setitem(policy._definitions, definition.key, definition)
    monkeypatch.setattr(compliance, "_checks", {CODE: one})
    return found


def day(number):
    return MONDAY + timedelta(days=number)
