"""Scores, diseases and requirements of editions on pages, in the API and in files."""

import pytest
from django.test import RequestFactory
from django.urls import reverse

from alliance.catalogue import actions
from alliance.core.exchange.spec import BadFilter, find
from tests.access.cast import system_of


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
