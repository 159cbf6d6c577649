"""How a row of the tables is written: a route, a method, its address, and who gets which answer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from tests.access.cast import ANONYMOUS, PEOPLE, SYSTEMS

# Sent to the page where people sign in.
LOGIN = "login"


@dataclass(frozen=True)
class Row:
    """What everybody gets who knocks at one route with one method.

    `answers` maps a status (or LOGIN) to those who get it; `rest` is for everybody else. `shows`
    is a text that the answer holds for `to` and for nobody else.
    """

    route: str
    method: str
    answers: dict[Any, frozenset[str]]
    rest: Any
    args: tuple[Any, ...] = ()
    cast: frozenset[str] = field(default=ANONYMOUS | PEOPLE | frozenset({"system"}))
    query: Callable[[Any], dict[str, Any]] = lambda things: {}
    sent: Callable[[Any], dict[str, Any]] = lambda things: {}
    headers: Callable[[Any], dict[str, str]] = lambda things: {}
    as_json: bool = False
    shows: Callable[[Any], str] | None = None
    to: frozenset[str] = frozenset()
    note: str = ""

    @property
    def name(self):
        """What the test is called."""
        return " ".join(filter(None, [self.method.upper(), self.route, self.note]))

    def body(self, things):
        """What is sent, as the client takes it."""
        sent = self.sent(things)
        kind = {"content_type": "application/json"} if self.as_json else {}
        return {"data": sent, **kind} if sent or self.as_json else {}

    def path(self, things):
        """The address knocked at."""
        args = [arg(things) if callable(arg) else arg for arg in self.args]
        return reverse(self.route, args=args)

    def expected(self):
        """The answer for each of the cast."""
        found = dict.fromkeys(self.cast, self.rest)
        for answer, group in self.answers.items():
            assert group <= self.cast, (self.name, group - self.cast)
            for part in group:
                assert found[part] == self.rest, (self.name, part, "has two answers")
                found[part] = answer
        return found


def page(route, method, answers, rest, *args, **more):
    """A page: strangers, and other systems, are sent to sign in."""
    strangers = ANONYMOUS | {"system"}
    return Row(route, method, {**answers, LOGIN: strangers}, rest, args, **more)


def public(route, method, answers, rest, *args, **more):
    """A page that needs no sign-in."""
    return Row(route, method, answers, rest, args, **more)


def api(route, method, answers, rest, *args, **more):
    """An endpoint: asked by people in a browser and by other systems; strangers get 401."""
    cast = ANONYMOUS | PEOPLE | SYSTEMS
    return Row(route, method, {**answers, 401: ANONYMOUS}, rest, args, cast, **more)


class _Each:
    """`of.leg` is the public id of the leg once there is one; `pk.day` the key of the day."""

    def __init__(self, key):
        self._key = key

    def __getattr__(self, name):
        return lambda things: getattr(getattr(things, name), self._key)


of, pk = _Each("public_id"), _Each("pk")


def day(offset):
    """A day from today on, as forms take it."""
    return str(timezone.localdate() + timedelta(days=offset))
