"""Machines as Markdown with a Mermaid diagram: docs/states/ is made from the tables that run.

A room says in its `diagram.py` (found once all apps are loaded) which page it writes:

    @diagrams.page("wards")
    def wards() -> str:
        return diagrams.Machine(title="Ward", made_from="wards/workflow.py", …).markdown()
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.module_loading import autodiscover_modules

Maker = Callable[[], str]
_pages: dict[str, Maker] = {}


def page(name: str) -> Callable[[Maker], Maker]:
    """Register what makes docs/states/<name>.md."""

    def register(maker: Maker) -> Maker:
        if name in _pages:
            raise ValueError(f"state page {name} is registered twice")
        _pages[name] = maker
        return maker

    return register


def pages() -> Mapping[str, Maker]:
    """Every page by its name."""
    autodiscover_modules("diagram")
    return dict(sorted(_pages.items()))


def head(title: str, made_from: str) -> Iterator[str]:
    """How every page begins."""
    yield f"# {title}: states and moves"
    yield ""
    yield f"Made from `{made_from}` by `./dev manage state_docs`; a test fails when it drifts."
    yield ""


def chinese(label: Any) -> str:
    """The Chinese name of a choice."""
    with translation.override("zh-hans"):
        return str(label.label)


@dataclass(frozen=True)
class Arrow:
    """A move from some states to one, and further cells of its row, by heading."""

    move: str
    sources: Iterable[str]
    target: str
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Machine:
    """A machine that one picture can show whole."""

    title: str
    made_from: str
    states: type[Any]
    first: str
    final: Iterable[str]
    arrows: Iterable[Arrow]

    def markdown(self) -> str:
        """The whole page, in English with the Chinese name of each state."""
        lines = [*head(self.title, self.made_from), *self._diagram(), *self._states()]
        return "\n".join([*lines, *self._moves()]) + "\n"

    def _diagram(self) -> Iterator[str]:
        yield "```mermaid"
        yield "stateDiagram-v2"
        yield f"    [*] --> {self.first}"
        for arrow in self.arrows:
            for source in sorted(arrow.sources):
                yield f"    {source} --> {arrow.target}: {arrow.move}"
        for state in sorted(self.final):
            yield f"    {state} --> [*]"
        yield "```"
        yield ""

    def _states(self) -> Iterator[str]:
        yield "## States"
        yield ""
        yield "| state | 中文 |"
        yield "|---|---|"
        for state in self.states:
            yield f"| {state} | {chinese(state)} |"
        yield ""

    def _moves(self) -> Iterator[str]:
        arrows = list(self.arrows)
        headings = list(arrows[0].cells)
        yield "## Moves"
        yield ""
        yield "| " + " | ".join(["move", "from", "to", *headings]) + " |"
        yield "|" + "---|" * (3 + len(headings))
        for arrow in arrows:
            cells = [arrow.move, " ".join(sorted(arrow.sources)), arrow.target]
            cells += [arrow.cells[heading] or "-" for heading in headings]
            yield "| " + " | ".join(str(cell) for cell in cells) + " |"
