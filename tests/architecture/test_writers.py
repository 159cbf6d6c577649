"""Only actions write, and the few modules that are the means by which actions write."""

import ast
import re

import pytest

from tests.architecture import source

# Why each of these may write although it is no `actions` module.
WRITERS = {
    "alliance/core/ledger.py": "the audit ledger itself",
    "alliance/core/outbox.py": "the outbox itself",
    "alliance/core/saving.py": "how actions store a checked row",
    "alliance/core/idempotency.py": "the memory of repeatable creates itself",
    "alliance/core/rotation.py": "key rotation touches every encrypted column, by a command",
    "alliance/core/exchange/jobs.py": "the states of import jobs, by their own workflow",
    "alliance/core/exchange/staging.py": "writes imported rows in bulk, called by actions",
    "alliance/people/passwords.py": "Django calls it inside the save that stores a password",
}
FOLDERS = dict.fromkeys(
    ["referrals/demo/", "training/demo/", "equipment/demo/"],
    "invents a demonstration in bulk, inside one action of its own",
)
WRITING = {"save", "delete", "create", "update", "get_or_create", "update_or_create"}
WRITING |= {"bulk_create", "bulk_update", "asave", "adelete", "acreate", "aupdate"}
STATEMENT = re.compile(r"\s*(INSERT|UPDATE|DELETE|TRUNCATE|ALTER|DROP|COPY)\b", re.IGNORECASE)


def may_write(module):
    return (
        "actions" in module.parts
        or module.path in WRITERS
        or module.path.startswith(tuple(FOLDERS))
    )


def is_write(call):
    """Whether a call writes rows, as far as its shape tells.

    `dict.update(other)`, `book.save(file)` and `cache.delete(key)` take positional arguments;
    the writing methods of models and querysets take keywords or nothing (bulk ones take rows).
    """
    name = call.func.attr
    if name not in WRITING:
        return False
    if isinstance(call.func.value, ast.Call) and ast.unparse(call.func.value) == "super()":
        return False
    if name in {"update", "save", "delete"} and call.args:
        return False
    return name != "update" or (bool(call.keywords) and not is_dict(call.func.value))


def is_dict(node):
    """Whether this is what a form begins with, a dictionary by Django's own naming."""
    return isinstance(node, ast.Attribute) and node.attr == "initial"


def writes(module):
    calls = [node for node in ast.walk(module.tree) if isinstance(node, ast.Call)]
    for call in calls:
        if isinstance(call.func, ast.Attribute) and (is_write(call) or is_statement(call)):
            yield f"{source.where(module, call)}: {ast.unparse(call)[:80]}"


def is_statement(call):
    """Whether SQL that changes rows is sent by hand."""
    if call.func.attr not in {"execute", "executemany"} or not call.args:
        return False
    first = call.args[0]
    text = first.value if isinstance(first, ast.Constant) else ast.unparse(first).strip("f'\"")
    return bool(STATEMENT.match(str(text)))


def test_only_actions_write():
    others = [module for module in source.apps() if not may_write(module)]
    assert [write for module in others for write in writes(module)] == []


@pytest.mark.parametrize("path", WRITERS)
def test_a_named_writer_still_writes(path):
    """So that the list does not outlive its reasons."""
    module = next(module for module in source.apps() if module.path == path)
    shown = list(writes(module)) or "COPY" in module.text
    assert shown


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("Referral.objects.create(a=1)", True),
        ("referral.save()", True),
        ("referral.save(update_fields=['a'])", True),
        ("rows.update(a=1)", True),
        ("rows.filter(a=1).delete()", True),
        ("rows.bulk_create(found)", True),
        ("user.grants.get_or_create(role=role)", True),
        ("values.update(other)", False),
        ("self.initial.update(grade=grade)", False),
        ("digest.update(b'a')", False),
        ("book.save(file)", False),
        ("cache.delete('key')", False),
        ("super().create(request)", False),
    ],
)
def test_writes_are_told_from_their_namesakes(code, expected):
    assert is_write(ast.parse(code, mode="eval").body) is expected


def test_sql_by_hand_is_seen():
    seen = ast.parse('cursor.execute("UPDATE t SET a = 1")', mode="eval").body
    asked = ast.parse('cursor.execute("SELECT 1")', mode="eval").body
    assert is_statement(seen)
    assert not is_statement(asked)
