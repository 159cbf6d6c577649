"""Whatever the code records in the ledger has a name that people read."""

import ast

from alliance.core import acts
from referrals.choices import Move
from tests.architecture import source

_RECORDERS = {"record", "_record", "_record_entry", "_announce"}


def _codes(module):
    """What stands first in calls that write ledger lines: one code, or one of two."""
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name not in _RECORDERS:
            continue
        first = node.args[0]
        for part in (first.body, first.orelse) if isinstance(first, ast.IfExp) else (first,):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield part.value


def test_every_recorded_act_has_a_name():
    codes = {code for module in source.apps() for code in _codes(module)}
    assert {"login", "patient.read", "relation.closed", "membership.joined"} <= codes
    codes |= {f"referral.{move}" for move in Move}
    assert sorted(code for code in codes if not acts.is_named(code)) == []
