"""The documented machines are the machines that run."""

import pytest
from django.conf import settings

from alliance.core import diagrams

FOLDER = settings.BASE_DIR / "docs" / "states"
PAGES = diagrams.pages()


@pytest.mark.parametrize("name", PAGES)
def test_state_docs_are_current(name):
    path = FOLDER / f"{name}.md"
    assert path.read_text(encoding="utf-8") == PAGES[name](), "run ./dev manage state_docs"


def test_no_page_outlives_its_machine():
    assert {path.stem for path in FOLDER.glob("*.md")} == set(PAGES)


def test_a_page_is_registered_once():
    with pytest.raises(ValueError, match="twice"):
        diagrams.page("referral")(str)
