"""What notices say. A notice stores a key and values; the words come at reading time.

Rooms above fill the registry from their `apps.ready()`:

    texts.define({"referral.accepted": (_("%(number)s was accepted"), _("%(receiver)s expects …"))})

Values named `…_at` are moments and `…_on` days (ISO text), shown as the reader writes them, with
the year where it is another one. A body in several clauses leaves out those of whose values one is
not known; each but the first begins with the space that parts it. A value that is a code gets its label when its name is registered with `words`.
"""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime

from alliance.core.templatetags.times import day, when

from .choices import NoticeKind

Pair = tuple[Any, Any]
_texts: dict[str, Pair] = {}
_words: dict[str, Mapping[str, Any]] = {}
_UNKNOWN = "—"
_NAME = re.compile(r"%\((\w+)\)s")


def define(texts: Mapping[str, Pair]) -> None:
    """Add texts: key → (title, body), both lazily translated with `%(name)s` for values."""
    for key, pair in texts.items():
        if key in _texts:
            raise ValueError(f"notice text {key} is defined twice")
        _texts[key] = pair


def words(name: str, labels: Mapping[str, Any]) -> None:
    """Values called `name` are codes; `labels` says them (a choices class's `dict(X.choices)`)."""
    _words[name] = labels


def is_defined(key: str) -> bool:
    """Whether a notice may use this key."""
    return key in _texts


def title_of(notice: Any) -> str:
    """The notice's first line, in the language in force."""
    return _render(notice, 0) or str(NoticeKind(notice.kind).label)


def body_of(notice: Any) -> str:
    """The notice's second line, in the language in force; may be empty."""
    return _render(notice, 1)


def _render(notice: Any, part: int) -> str:
    """A text of a key that a later release dropped is empty, never an error on a page."""
    pair = _texts.get(notice.text_key)
    if pair is None:
        return ""
    text, values = pair[part], notice.values
    if isinstance(text, tuple):
        known = {name for name, value in values.items() if value not in ("", _UNKNOWN)}
        clauses = [str(one) for one in text]
        told = (one for one in clauses if known.issuperset(_NAME.findall(one)))
        return "".join(fill(one, values) for one in told).strip()
    return fill(text, values)


def fill(text: Any, values: Mapping[str, Any]) -> str:
    """A text with its `%(name)s` said as the reader would say them; an unknown one is a dash."""
    return str(text) % _Values({name: _say(name, value) for name, value in values.items()})


class _Values(dict[str, str]):
    """Values by name; one that an old notice does not hold shows as a dash."""

    def __missing__(self, name: str) -> str:
        return _UNKNOWN


def _say(name: str, value: Any) -> str:
    if name in _words:
        return str(_words[name].get(value, value))
    if name.endswith("_at") and (moment := parse_datetime(str(value))):
        return str(when(moment))
    is_day = name == "day" or name.endswith("_on")
    if is_day and (date := parse_date(str(value))):
        return str(day(date))
    return str(value)
