"""Scores, diseases and requirements of editions on pages, in the API and in files."""

import pytest
from django.test import RequestFactory
from django.urls import reverse
from django.utils.timezone import localdate

from alliance.catalogue import actions
from alliance.catalogue.models import Requirement
from alliance.core.exchange.spec import BadFilter, find
from tests.access.cast import system_of
from tests.integration.core.importing import bring_in, counts, reasons, speak_english
from tests.integration.core.test_import_round_trip import exported


def here(route, *args):
    return reverse(f"catalogue:{route}", args=args)


@pytest.fixture
def draft(world):
    return actions.draft_edition(alliance=world.alliance, name="第二版", by=world.office)


SENT = {
    "grade": "advanced",
    "usual": "on",
    "operation": "1",
    "risk": "1",
    "equipment": "2",
    "township": "K35.800x001",
}


def test_an_entry_is_scored_and_the_office_says_why_it_differs(sign_in, world, draft):
    office = sign_in(world.office)
    url = here("entry", draft.public_id, "47.0100")
    assert "Score the difficulty" in office.get(url).content.decode()
    refused = office.post(url, SENT)
    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == ["reason"]
    assert office.post(url, SENT | {"reason": "县级集中开展"}).status_code == 302
    page = office.get(url).content.decode()
    assert "Proposed: Basic" in page
    assert 'value="K35.800x001"' in page
    listed = office.get(draft.get_absolute_url()).content.decode()
    assert "县级集中开展" in listed
    assert "急性阑尾炎（Township hospital）" in listed
    compared = office.get(here("edition-compare", draft.public_id)).content.decode()
    assert "县级集中开展" in compared
    assert "Operation complexity" in compared


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"county": "K99.999"}, "county"),
        ({"county": "K35.800x001"}, "county"),
        ({"risk": "9"}, "risk"),
    ],
)
def test_an_entry_with_a_wrong_score_or_disease_comes_back(sign_in, world, draft, sent, field):
    url = here("entry", draft.public_id, "47.0100")
    answer = sign_in(world.office).post(url, SENT | sent)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_requirements_are_asked_and_taken_out_and_differ_visibly(sign_in, world, draft):
    office = sign_in(world.office)
    url = here("requirements", draft.public_id)
    sent = {"side": "operator", "kind": "mdt", "minimum": 1, "source": "联盟规定"}
    refused = office.post(url, sent)
    assert list(refused.context["form"].errors) == ["technique"]
    page = office.post(url, sent | {"technique": "43.7x03"}, follow=True).content.decode()
    assert "腹腔镜胃大部切除术" in page
    compared = office.get(here("edition-compare", draft.public_id)).content.decode()
    assert "Multidisciplinary discussion" in compared
    first = draft.requirements.get(kind="years")
    office.post(here("requirement-remove", draft.public_id, first.pk))
    compared = office.get(here("edition-compare", draft.public_id)).content.decode()
    assert "≥ 5 年" in compared
    empty = sign_in(world.doctor).get(here("requirements", world.edition.public_id))
    assert "Ask something" not in empty.content.decode()


def test_an_edition_that_asks_nothing_says_so(sign_in, world, draft):
    draft.requirements.all().delete()
    page = sign_in(world.office).get(here("requirements", draft.public_id)).content.decode()
    assert "asks nothing" in page


def test_systems_read_scores_and_requirements(world, draft):
    client = system_of(world.county).client
    shown = client.get("/api/v1/techniques/47.0100/").json()
    assert shown["needs_admission"] is True
    assert shown["scores"]["risk"] is None
    (need,) = shown["requirements"]
    assert (need["kind"], need["minimum"], need["unit"]) == ("beds", 20, "张")


def test_grades_go_out_of_the_edition_shown(world, draft):
    table = find("grades")
    actions.set_entry(
        edition=draft, technique=world.debridement, grade="basic",
        tiers=["township", "county", "tertiary"], scores={"risk": 2},
        diseases={world.appendicitis.pk: "township"}, by=world.office,
    )  # fmt: skip

    def asked(**query):
        request = RequestFactory().get("/", query)
        request.institution = None
        return table.found(by=world.office, request=request)

    assert [row.risk for row in asked()] == [None] * 3
    row = asked(edition=draft.public_id).get(technique=world.debridement)
    cells = {column.name: column.show(row) for column in table.columns}
    assert (cells["code"], cells["risk"]) == ("86.2200x011", 2)
    assert "K35.800x001" in cells["diseases"]
    with pytest.raises(BadFilter):
        asked(edition="x")


ASKED = ["grade", "technique", "side", "kind", "subject", "minimum", "unit", "source"]


def test_an_office_brings_its_requirements_as_a_file(world, draft):
    speak_english(world.office)
    rows = [
        ["basic", "", "operator", "years", "", "5", "", "推广方案"],
        ["", "47.0100", "institution", "beds", "04.01", "20", "张", "质控委员会 2026-3"],
    ]
    # The draft began with what the last edition asks: the first of these is asked otherwise.
    assert counts(bring_in(world.office, "requirements", ASKED, *rows)) == (1, 1, 0)
    row = draft.requirements.get(technique=world.appendectomy)
    assert (row.kind, row.subject, row.minimum, row.unit) == ("beds", "04.01", 20, "张")
    assert (row.is_verified, row.source) == (False, "质控委员会 2026-3")
    # A column that the file leaves out leaves alone what stands.
    Requirement.objects.filter(pk=row.pk).update(is_verified=True)
    without_unit = [name for name in ASKED if name != "unit"]
    more = ["", "47.0100", "institution", "beds", "04.01", "30", "质控委员会 2026-3"]
    assert counts(bring_in(world.office, "requirements", without_unit, more)) == (0, 1, 0)
    row.refresh_from_db()
    assert (row.minimum, row.unit, row.is_verified) == (30, "张", True)
    actions.publish(edition=draft, effective_from=localdate(draft.created_at), by=world.office)
    actions.draft_edition(alliance=world.alliance, name="第三版", by=world.office)
    file = exported(world.office, "requirements")
    new, changed, same = counts(bring_in(world.office, "requirements", make=lambda: file))
    assert (new, changed, same) == (0, 0, draft.requirements.count())


def test_requirements_are_refused_as_on_the_page(world, draft):
    speak_english(world.office)
    good = ["basic", "", "operator", "years", "", "5", "", "推广方案"]
    asked = draft.requirements.count()
    job = bring_in(
        world.office, "requirements", ASKED,
        good, good,
        ["basic", "", "operator", "beds", "", "5", "", "x"],
        ["basic", "47.0100", "operator", "years", "", "5", "", "x"],
        ["", "", "operator", "years", "", "5", "", "x"],
        ["", "99.99", "operator", "years", "", "5", "", "x"],
        ["basic", "", "operator", "years", "", "0", "", "x"],
    )  # fmt: skip
    assert reasons(job) == [
        (3, "subject"), (4, "kind"), (5, "technique"), (6, "technique"), (7, "technique"),
        (8, "minimum"),
    ]  # fmt: skip
    assert draft.requirements.count() == asked
    actions.discard_draft(edition=draft, by=world.office)
    job = bring_in(world.office, "requirements", ASKED, good)
    assert "Begin a draft edition first" in job.errors[0]["reason"]
    assert [table.name for table in (find("requirements"),) if table.may_import(world.qc)] == []


def test_a_file_shows_what_it_would_change_in_a_draft(world, draft):
    """The rows of a draft are not those that a download of today holds."""
    speak_english(world.office)
    actions.set_entry(
        edition=draft, technique=world.debridement, grade="basic",
        tiers=["township", "county", "tertiary"], by=world.office,
    )  # fmt: skip
    head = ["code", "grade", "note"]
    job = bring_in(world.office, "grades", head, ["86.2200x011", "basic", "门诊开展"])
    assert counts(job) == (0, 1, 0)
