"""What a notice says, in the language of whoever reads it."""

import pytest
from django.utils import translation

from alliance.notices import texts
from alliance.notices.models import Notice


@pytest.fixture(autouse=True)
def registry(monkeypatch):
    monkeypatch.setattr(texts, "_texts", {})
    monkeypatch.setattr(texts, "_words", {})
    texts.define(
        {"test.moved": ("%(number)s moved", "%(way)s, due %(due_at)s, since %(began_on)s")}
    )


def notice(**values):
    return Notice(kind="referral_news", text_key="test.moved", values=values)


def test_values_fill_the_text():
    assert texts.title_of(notice(number="R-1")) == "R-1 moved"


def test_moments_and_days_are_shown_as_the_reader_writes_them():
    row = notice(way="up", due_at="2026-11-21T01:02:03Z", began_on="2026-11-20")
    with translation.override("zh-hans"):
        chinese = texts.body_of(row)
    assert "09:02" in texts.body_of(row)
    assert ("11月21日 09:02" in chinese, "11月20日" in chinese) == (True, True)


def test_what_is_called_a_day_is_one():
    with translation.override("zh-hans"):
        assert texts.fill("%(day)s", {"day": "2041-11-20"}) == "2041年11月20日"
        assert texts.fill("%(day)s", {"day": "周一"}) == "周一"


def test_a_day_of_another_year_says_which():
    row = notice(way="up", due_at="2041-11-21T01:02:03Z", began_on="2041-11-20")
    with translation.override("zh-hans"):
        chinese = texts.body_of(row)
    assert ("2041年11月21日 09:02" in chinese, "2041年11月20日" in chinese) == (True, True)


def test_codes_are_said_by_their_registered_words():
    texts.words("way", {"up": "upward"})
    assert texts.body_of(notice(way="up")).startswith("upward, ")
    assert texts.body_of(notice(way="sideways")).startswith("sideways, ")


def test_a_value_that_an_old_notice_lacks_shows_as_a_dash():
    assert texts.title_of(notice()) == "— moved"


def test_a_text_that_is_gone_leaves_the_kind():
    row = Notice(kind="account", text_key="gone", values={})
    assert (texts.title_of(row), texts.body_of(row)) == ("My account", "")


def test_two_texts_of_one_key_are_refused():
    with pytest.raises(ValueError, match="twice"):
        texts.define({"test.moved": ("a", "b")})


def test_a_percent_sign_in_a_value_is_only_a_sign():
    assert texts.title_of(notice(number="100%s")) == "100%s moved"


def test_a_clause_of_which_nothing_is_known_is_left_out(monkeypatch):
    body = ("Next: %(next_at)s.", " Others: %(others)s.")
    monkeypatch.setitem(texts._texts, "test.clauses", ("lost", body))

    def said(**values):
        return texts.body_of(Notice(text_key="test.clauses", values=values))

    assert said(next_at="soon", others="two") == "Next: soon. Others: two."
    assert said(next_at="—", others="two") == "Others: two."
    assert said(next_at="soon", others="") == "Next: soon."
    assert said() == ""
