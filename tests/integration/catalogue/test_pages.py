"""Editions drafted, searched, compared, published; grades looked up for a day."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from alliance.catalogue import actions
from alliance.catalogue.models import CatalogueEdition
from tests.factories import alliance as make

HTMX = {"HX-Request": "true"}


def here(route, *args):
    return reverse(f"catalogue:{route}", args=args)


def today():
    return timezone.localdate()


@pytest.fixture
def draft(world):
    return actions.draft_edition(alliance=world.alliance, name="第二版", by=world.office)


def shown(answer):
    return [row["technique"].name for row in answer.context["rows"]]


def test_editions_show_which_is_in_force(sign_in, world, draft):
    actions.publish(edition=draft, effective_from=today() + timedelta(days=9), by=world.office)
    third = actions.draft_edition(alliance=world.alliance, name="第三版", by=world.office)
    page = sign_in(world.office).get(here("editions")).content.decode()
    for words in ("in force", "to come", third.name, "Compare and publish"):
        assert words in page


def test_editions_hide_drafts_from_others(sign_in, world, draft):
    answer = sign_in(world.doctor).get(here("editions"))
    assert draft.name not in answer.content.decode()
    assert world.edition.name in answer.content.decode()


def test_editions_superseded_ones_say_so(sign_in, world, draft):
    actions.publish(edition=draft, effective_from=today(), by=world.office)
    assert "superseded" in sign_in(world.doctor).get(here("editions")).content.decode()


def test_editions_of_nobody_and_of_none(sign_in, world):
    assert "no alliance" in sign_in(world.outsider).get(here("editions")).content.decode()
    office = make.staff("alliance_office", alliance=make.AllianceFactory())
    page = sign_in(office).get(here("editions")).content.decode()
    assert "No edition is published yet" in page


def test_new_begins_with_a_copy_once(sign_in, world):
    browser = sign_in(world.office)
    for _again in range(2):
        answer = browser.post(here("edition-new"), {"name": "2027 版", "idempotency_key": "k"})
    made = CatalogueEdition.objects.get(name="2027 版")
    assert answer.url == made.get_absolute_url()
    assert made.entries.count() == 3


def test_new_without_a_name_comes_back(sign_in, world):
    answer = sign_in(world.office).post(here("edition-new"), {"name": " "})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["name"]


def test_rename_keeps_what_was_there(sign_in, world, draft):
    browser = sign_in(world.office)
    url = here("edition-rename", draft.public_id)
    assert browser.get(url).context["form"]["name"].value() == "第二版"
    assert browser.post(url, {"name": "第二版（修）", "note": "征求意见"}).status_code == 302
    assert "征求意见" in browser.get(draft.get_absolute_url()).content.decode()


def test_discard_throws_the_draft_away(sign_in, world, draft):
    answer = sign_in(world.office).post(here("edition-discard", draft.public_id), follow=True)
    assert "is thrown away" in answer.content.decode()
    assert not CatalogueEdition.objects.filter(pk=draft.pk).exists()


def test_edition_is_searched_by_pinyin_and_grade(sign_in, world):
    browser = sign_in(world.doctor)
    url = world.edition.get_absolute_url()
    assert shown(browser.get(url, {"search": "lwqc"})) == ["腹腔镜下阑尾切除术"]
    assert shown(browser.get(url, {"grade": "complex"})) == ["腹腔镜胃大部切除术"]
    assert shown(browser.get(url, {"tier": "township"})) == ["清创缝合术"]
    assert shown(browser.get(url, {"search": "没有"})) == []


def test_draft_search_finds_what_is_not_graded_yet(sign_in, world, draft):
    make.TechniqueFactory(code="45.2300", name="结肠镜检查")
    browser = sign_in(world.office)
    answer = browser.get(draft.get_absolute_url(), {"search": "jcj"})
    assert shown(answer) == ["结肠镜检查"]
    assert "Grade it" in answer.content.decode()
    assert "结肠镜检查" not in shown(browser.get(draft.get_absolute_url()))
    assert shown(browser.get(world.edition.get_absolute_url(), {"search": "jcj"})) == []


def test_draft_marks_what_differs(sign_in, world, draft):
    actions.set_entry(
        edition=draft,
        technique=world.appendectomy,
        grade="complex",
        tiers=["tertiary"],
        by=world.office,
    )
    answer = sign_in(world.office).get(draft.get_absolute_url())
    marks = {row["technique"].code: row["change"] for row in answer.context["rows"]}
    assert marks["47.0100"] == "changed"
    assert marks["43.7x03"] == ""


def test_edition_costs_the_same_with_many_rows(
    sign_in, world, draft, django_assert_num_queries, django_assert_max_num_queries
):
    browser = sign_in(world.office)
    url = draft.get_absolute_url()
    browser.get(url)  # what is read once, such as the session, is read here
    with django_assert_max_num_queries(15) as few:
        browser.get(url)
    for _each in range(20):
        make.EntryFactory(
            edition=draft, technique=make.TechniqueFactory(), grade="basic", tiers=["township"]
        )
    with django_assert_num_queries(len(few)):
        browser.get(url)


def test_editions_and_techniques_cost_the_same_with_many_rows(
    sign_in, world, django_assert_num_queries, django_assert_max_num_queries
):
    browser = sign_in(world.office)
    for route in ("editions", "techniques"):
        browser.get(here(route))  # what is read once, such as the session, is read here
        with django_assert_max_num_queries(15) as few:
            browser.get(here(route))
        for _each in range(20):
            actions.draft_edition(alliance=world.alliance, name="草稿", by=world.office)
            make.TechniqueFactory()
        with django_assert_num_queries(len(few)):
            browser.get(here(route))


def entry_url(draft, technique):
    return here("entry", draft.public_id, technique.code)


def test_entry_is_graded_with_the_usual_tiers(sign_in, world, draft):
    technique = make.TechniqueFactory(code="45.2300")
    browser = sign_in(world.office)
    assert browser.get(entry_url(draft, technique)).context["form"]["usual"].value() is True
    answer = browser.post(entry_url(draft, technique), {"grade": "advanced", "usual": "on"})
    assert (answer.status_code, answer.url) == (302, draft.get_absolute_url())
    assert draft.entries.get(technique=technique).tiers == ["county", "tertiary"]


def test_entry_by_htmx_gives_form_then_row(sign_in, world, draft):
    browser = sign_in(world.office)
    url = entry_url(draft, world.appendectomy)
    form = browser.get(url, headers=HTMX).content.decode()
    assert "<form" in form
    assert "<html" not in form
    row = browser.post(url, {"grade": "basic", "usual": "on"}, headers=HTMX).content.decode()
    assert "is-new" in row
    assert "changed" in row
    again = browser.get(url + "?row=1", headers=HTMX).content.decode()
    assert "<form" not in again
    assert "is-new" not in again


def test_entry_unusual_tiers_are_kept_and_explained(sign_in, world, draft):
    browser = sign_in(world.office)
    url = entry_url(draft, world.gastrectomy)
    sent = {"grade": "complex", "tiers": ["county", "tertiary"]}
    refused = browser.post(url, sent, headers=HTMX)
    assert refused.status_code == 422
    assert "say why" in refused.content.decode()
    browser.post(url, {**sent, "note": "县院与市院共建"})
    form = browser.get(url).context["form"]
    assert (form["usual"].value(), form["tiers"].value()) == (False, ["county", "tertiary"])


def test_entry_is_taken_out_in_place(sign_in, world, draft):
    url = here("entry-remove", draft.public_id, world.gastrectomy.code)
    row = sign_in(world.office).post(url, headers=HTMX).content.decode()
    assert "not graded" in row
    assert "taken out" in row


def test_compare_shows_every_change_and_filters_by_kind(sign_in, world, draft):
    actions.remove_entry(edition=draft, technique=world.gastrectomy, by=world.office)
    actions.set_entry(
        edition=draft,
        technique=world.appendectomy,
        grade="basic",
        tiers=["township", "county", "tertiary"],
        by=world.office,
    )
    browser = sign_in(world.office)
    url = here("edition-compare", draft.public_id)
    answer = browser.get(url)
    assert answer.context["counts"] == {"": 2, "added": 0, "changed": 1, "removed": 1}
    page = answer.content.decode()
    assert "<del>" in page
    assert "<ins>" in page
    (row,) = browser.get(url, {"kind": "removed"}).context["rows"]
    assert row["technique"] == world.gastrectomy
    assert len(browser.get(url, {"kind": "nonsense"}).context["rows"]) == 2


def test_compare_of_the_first_edition_adds_everything(sign_in, world):
    answer = sign_in(world.doctor).get(here("edition-compare", world.edition.public_id))
    assert answer.context["counts"]["added"] == 3
    assert "the first edition" in answer.content.decode()


def test_compare_without_difference_says_so(sign_in, world, draft):
    page = sign_in(world.office).get(here("edition-compare", draft.public_id)).content.decode()
    assert "No difference" in page


def test_publish_takes_effect_on_its_day(sign_in, world, draft):
    browser = sign_in(world.office)
    url = here("edition-publish", draft.public_id)
    assert browser.get(url).context["form"]["effective_from"].value() == today()
    answer = browser.post(url, {"effective_from": today() + timedelta(days=5)}, follow=True)
    assert "is published" in answer.content.decode()
    draft.refresh_from_db()
    assert (draft.status, draft.published_by) == ("published", world.office)


def test_publish_in_the_past_comes_back_at_the_field(sign_in, world, draft):
    answer = sign_in(world.office).post(
        here("edition-publish", draft.public_id), {"effective_from": "2020-06-01"}
    )
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["effective_from"]


def test_publish_empty_edition_is_409(sign_in, world, draft):
    draft.entries.all().delete()
    answer = sign_in(world.office).post(
        here("edition-publish", draft.public_id), {"effective_from": today()}
    )
    assert answer.status_code == 409


def test_techniques_as_of_today_and_of_another_day(sign_in, world, draft):
    actions.set_entry(
        edition=draft,
        technique=world.appendectomy,
        grade="basic",
        tiers=["township", "county", "tertiary"],
        by=world.office,
    )
    day = today() + timedelta(days=10)
    actions.publish(edition=draft, effective_from=day, by=world.office)
    browser = sign_in(world.doctor)

    def grade(**query):
        (row,) = browser.get(here("techniques"), {"search": "47.0100", **query}).context["rows"]
        return row["entry"].grade

    assert grade() == "advanced"
    assert grade(on=day) == "basic"
    assert grade(on="nonsense") == "advanced"


def test_techniques_search_tells_what_is_not_graded(sign_in, world):
    make.TechniqueFactory(code="45.2300", name="结肠镜检查")
    page = sign_in(world.doctor).get(here("techniques"), {"search": "jcj"}).content.decode()
    assert "not graded" in page


def test_techniques_before_the_first_edition_are_none(sign_in, world):
    answer = sign_in(world.doctor).get(here("techniques"), {"on": "2019-01-01"})
    assert "No edition of the catalogue was in force" in answer.content.decode()


def test_techniques_of_a_house_in_no_alliance_are_none(sign_in, world):
    answer = sign_in(world.outsider).get(here("techniques"), {"grade": "basic", "tier": "county"})
    assert answer.status_code == 200
    assert answer.context["edition"] is None
