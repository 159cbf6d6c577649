"""Marks between the statements of a module, and what each of them tells when it was passed.

A mark is `_marks_[7] = 1`, an assignment to a list of the module: a few nanoseconds, no lock, and
no name that a class body would keep. Counting them again in the same source gives the same numbers.
"""

import ast
from collections.abc import Iterable
from typing import NamedTuple

NAME = "_marks_"


class Lines(NamedTuple):
    """These lines began to be carried out: a statement, or the head of a compound one."""

    first: int
    last: int


class Branch(NamedTuple):
    """The decision at a line led into its body, or `away` from it: past it, into else, case, end."""

    line: int
    body: int
    away: bool


Fact = Lines | Branch


class Marked:
    """A tree with marks in it; `facts[number]` is what passing that mark tells."""

    def __init__(self, source: bytes) -> None:
        self.facts: list[list[Fact]] = []
        self.tree = ast.parse(source)
        self.tree.body = self._block(self.tree.body)
        ast.fix_missing_locations(self.tree)

    def _block(self, body: list[ast.stmt], *before: Fact) -> list[ast.stmt]:
        """Put a mark before every statement; the first also tells how one came `before` it."""
        made: list[ast.stmt] = []
        facts = list(before)
        for statement in body:
            facts.append(Lines(first_line(statement), _head(statement)))
            self._inside(statement)
            if not _must_stay_first(statement, body):
                made.append(self._mark(statement, *facts))
                facts = []
            made.append(statement)
        if facts:  # nothing but a docstring
            made.append(self._mark(body[-1], *facts))
        return made

    def _inside(self, node: ast.stmt) -> None:
        """Mark what a statement holds."""
        if isinstance(node, ast.If | ast.For | ast.AsyncFor | ast.While):
            taken, away = self._both_ways(node.lineno, node.body)
            node.body = self._block(node.body, taken)
            node.orelse = (
                self._block(node.orelse, away) if node.orelse else [self._mark(node, away)]
            )
        elif isinstance(node, ast.Match):
            self._cases(node)
        else:
            for part in ("body", "orelse", "finalbody"):
                if held := getattr(node, part, None):
                    setattr(node, part, self._block(held))
            for handler in getattr(node, "handlers", []):
                self._handler(handler)

    def _handler(self, handler: ast.ExceptHandler) -> None:
        """`except Problem` becomes `except <mark> or Problem`: asked, whether it fits or not."""
        if handler.type is not None:
            asked = self._mark_in_passing(handler, Lines(handler.lineno, _head(handler)))
            handler.type = ast.BoolOp(ast.Or(), [asked, handler.type])
            handler.body = self._block(handler.body)
        else:
            handler.body = self._block(handler.body, Lines(handler.lineno, _head(handler)))

    def _cases(self, node: ast.Match) -> None:
        """Whoever is in one case was led away from those before it."""
        passed: list[Fact] = []
        for case in node.cases:
            asked = Lines(case.pattern.lineno, case.body[0].lineno - 1)
            taken, away = self._both_ways(case.pattern.lineno, case.body)
            case.body = self._block(case.body, *passed, asked, taken)
            passed += [asked, away]
        last = node.cases[-1]
        if last.guard is not None or not _fits_all(last.pattern):
            node.cases.append(ast.match_case(ast.MatchAs(), body=[self._mark(node, *passed)]))

    @staticmethod
    def _both_ways(line: int, body: list[ast.stmt]) -> tuple[Branch, Branch]:
        first = first_line(body[0])
        return Branch(line, first, away=False), Branch(line, first, away=True)

    def _mark(self, near: ast.AST, *facts: Fact) -> ast.stmt:
        place = ast.Subscript(ast.Name(NAME, ast.Load()), self._number(facts), ast.Store())
        return ast.copy_location(ast.Assign([place], ast.Constant(1)), near)  # type: ignore[type-var]

    def _mark_in_passing(self, near: ast.AST, *facts: Fact) -> ast.expr:
        """A mark that is an expression, and None."""
        store = ast.Attribute(ast.Name(NAME, ast.Load()), "__setitem__", ast.Load())
        return ast.copy_location(
            ast.Call(store, [self._number(facts), ast.Constant(1)], []),
            near,  # type: ignore[type-var]
        )

    def _number(self, facts: Iterable[Fact]) -> ast.Constant:
        self.facts.append(list(facts))
        return ast.Constant(len(self.facts) - 1)


def first_line(node: ast.stmt) -> int:
    """Where a statement begins: a decorated one at its first decorator."""
    return min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])


def _head(node: ast.stmt | ast.ExceptHandler) -> int:
    """The last line before what a compound statement holds; of any other, its last line."""
    if isinstance(node, ast.Match):
        return max(node.lineno, node.cases[0].pattern.lineno - 1)
    if body := getattr(node, "body", None):
        return max(node.lineno, first_line(body[0]) - 1)
    return node.end_lineno or node.lineno


def _must_stay_first(node: ast.stmt, body: list[ast.stmt]) -> bool:
    """Docstrings and imports from the future stand before anything else."""
    if isinstance(node, ast.ImportFrom) and node.module == "__future__":
        return True
    text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return node is body[0] and text and isinstance(node.value.value, str)  # type: ignore[attr-defined]


def _fits_all(pattern: ast.pattern) -> bool:
    while isinstance(pattern, ast.MatchOr):
        pattern = pattern.patterns[-1]
    return isinstance(pattern, ast.MatchAs) and pattern.pattern is None
