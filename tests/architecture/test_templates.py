"""Templates keep the content policy, and the component book knows every component."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
COMPONENTS = sorted((ROOT / "templates" / "components").glob("*.html"))
BOOK = (ROOT / "docs" / "components.md").read_text()

# Rendered by a tag or another component, never written by a page.
INNER = {"field_error", "chart_scripts", "logo", "nav", "topbar", "user_menu", "footer"}
INNER |= {"language_switch", "messages", "clock", "field"}

TAGS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
COMMENTS = re.compile(r"\{% comment.*?endcomment %\}|\{#.*?#\}", re.DOTALL)
FORBIDDEN = {
    "an inline style": re.compile(r"<[a-z][^>]*\sstyle\s*=", re.IGNORECASE),
    "an inline handler": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "htmx code to evaluate": re.compile(r"hx-on|hx-vals\s*=\s*[\"']js:|hx-trigger=\"[^\"]*\w\["),
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)"),
    "a style block": re.compile(r"<style\b"),
    "an address of another host": re.compile(r"(?:src|href)\s*=\s*[\"'](?:https?:)?//"),
}


def name_of(path):
    return str(path.relative_to(ROOT / "templates"))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_template_keeps_the_content_policy(path):
    html = TAGS.sub("", COMMENTS.sub("", path.read_text()))
    assert [what for what, pattern in FORBIDDEN.items() if pattern.search(html)] == []


@pytest.mark.parametrize("path", COMPONENTS, ids=name_of)
def test_component_says_what_it_needs(path):
    assert re.search(r"Needs|Optional|Reads|Rendered by|Written", path.read_text())


@pytest.mark.parametrize("path", COMPONENTS, ids=name_of)
def test_component_is_in_the_book(path):
    if path.stem not in INNER:
        tag = re.compile(rf"components/{path.stem}\.html|\{{% {path.stem} ")
        assert tag.search(BOOK), f"{path.stem} is missing in docs/components.md"


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_component_is_included_with_nothing_but_its_arguments(path):
    calls = re.findall(r"\{% include \"components/(\w+)\.html\"([^%]*)%\}", path.read_text())
    framed = {"topbar", "user_menu", "footer", "language_switch"}
    assert [name for name, rest in calls if name not in framed and "only" not in rest] == []
