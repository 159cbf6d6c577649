"""What lines of the ledger say in words; the ledger itself keeps codes.

Each room names what it records in its own `acts.py`, found once all apps are loaded:

    acts.define({"ward.closed": _("Closed a ward")}, names={"beds": _("Beds")})

`names` are of what a line holds beside, `words` say values that are codes. What nobody named any
more (a later release dropped it) shows as it stands.
"""

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

_acts: dict[str, Any] = {}
_names: dict[str, Any] = {}
_words: dict[str, Mapping[Any, Any]] = {}
# What is recorded as names of fields of the thing itself.
_FIELDS = frozenset({"fields", "changed"})


def define(
    acts: Mapping[str, Any],
    *,
    names: Mapping[str, Any] | None = None,
    words: Mapping[str, Mapping[Any, Any]] | None = None,
) -> None:
    """Name acts; a code has one name."""
    for code, label in acts.items():
        if code in _acts:
            raise ValueError(f"ledger act {code} is named twice")
        _acts[code] = label
    _names.update(names or {})
    for name, labels in (words or {}).items():
        _words[name] = {**_words.get(name, {}), **labels}


def is_named(code: str) -> bool:
    """Whether people can read this act."""
    return code in _acts


def act_label(code: str) -> str:
    """An act as people read it."""
    return str(_acts.get(code, code))


def kind_label(model: str) -> str:
    """What people call a kind of thing, for its model label."""
    try:
        return str(capfirst(apps.get_model(model)._meta.verbose_name))
    except LookupError:  # a model that a later release dropped; the line stays
        return model


def details(model: str, data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a line holds beside, in words: pairs of name and value."""
    return [
        (str(_names.get(name, name)), _say(model, name, value))
        for name, value in sorted(data.items())
        if value not in (None, "", [], {})
    ]


def _say(model: str, name: str, value: Any) -> str:
    if isinstance(value, dict):
        parts = [f"{_inner(model, name, one)} {_change(two)}" for one, two in value.items()]
        return "; ".join(parts)
    if isinstance(value, list):
        return ", ".join(_inner(model, name, one) for one in value)
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    words = _words.get(name, {})
    if isinstance(value, str) and value not in words:
        several = [words.get(one) for one in value.split()]
        return ", ".join(map(str, several)) if several and all(several) else value
    return str(words.get(value, value))


def _inner(model: str, name: str, value: Any) -> str:
    """One of several values: of a field the name that forms give it."""
    if name not in _FIELDS:
        return str(_words.get(name, {}).get(value, value))
    try:
        return str(apps.get_model(model)._meta.get_field(value).verbose_name)
    except (LookupError, FieldDoesNotExist, AttributeError, TypeError, ValueError):
        return str(value)


def _change(pair: Any) -> str:
    """Before and after."""
    if not isinstance(pair, list):
        return str(pair)
    return " → ".join("—" if one in (None, "") else str(one) for one in pair)


define(
    {
        "import.uploaded": _("Uploaded a file to import"),
        "import.confirmed": _("Confirmed an import"),
        "import.done": _("Import done"),
        "export.done": _("Exported a list"),
    },
    names={
        "reason": _("Reason"),
        "fields": _("Fields"),
        "changed": _("Changed"),
        "table": _("Table"),
        "rows": _("Rows"),
        "created": _("New"),
        "updated": _("Changed"),
        "unchanged": _("Unchanged"),
        "effective_from": _("From"),
        "alliance": _("Alliance"),
        "alliance_id": _("Alliance"),
        "sha256": "SHA-256",
        "all": _("All"),
        "code": _("Code"),
        "name": _("Name"),
    },
)
