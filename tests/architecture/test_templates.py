"""Templates keep the content policy, and the component book knows every component."""

import re
from pathlib import Path

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


FRAMED = {"topbar", "user_menu", "footer", "language_switch"}
INCLUDED = re.compile(r"\{% include \"components/(\w+)\.html\"([^%]*)%\}")


def name_of(path):
    return str(path.relative_to(ROOT / "templates"))


def faults(html):
    """What the content policy forbids and this has."""
    bare = TAGS.sub("", COMMENTS.sub("", html))
    return [what for what, pattern in FORBIDDEN.items() if pattern.search(bare)]


def test_templates_keep_the_content_policy():
    found = {name_of(path): faults(path.read_text()) for path in TEMPLATES}
    assert {name: what for name, what in found.items() if what} == {}


def test_components_say_what_they_need():
    says = re.compile(r"Needs|Optional|Reads|Rendered by|Written")
    assert [path.stem for path in COMPONENTS if not says.search(path.read_text())] == []


def test_components_are_in_the_book():
    written = {path.stem for path in COMPONENTS} - INNER
    tags = {name: rf"components/{name}\.html|\{{% {name} " for name in written}
    missing = {name for name, tag in tags.items() if not re.search(tag, BOOK)}
    assert missing == set(), "missing in docs/components.md"


def test_components_are_included_with_nothing_but_their_arguments():
    loose = [
        f"{name_of(path)}: {name}"
        for path in TEMPLATES
        for name, rest in INCLUDED.findall(path.read_text())
        if name not in FRAMED and "only" not in rest
    ]
    assert loose == []
