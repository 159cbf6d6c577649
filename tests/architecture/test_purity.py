"""Rules and workflows are pure: facts in, answers out; no database, request or clock."""

import ast

from tests.architecture import source

# The arithmetic and the words that rules stand on are held to the same.
PURE_FILES = {
    "alliance/core/calendar.py",
    "alliance/core/errors.py",
    "alliance/core/identifiers.py",
    "alliance/core/masking.py",
    "alliance/core/pinyin.py",
    "alliance/catalogue/code_shapes.py",
}
PURE_NAMES = {"rules", "workflow", "holding", "choices"}
STANDARD = {
    "__future__", "bisect", "calendar", "collections", "dataclasses", "datetime", "decimal",
    "enum", "functools",
    "itertools", "math", "re", "types", "typing", "unicodedata", "zoneinfo",
}  # fmt: skip
# Tables of the law and of the language, no input or output: holidays, readings of characters; and
# arithmetic on arrays.
TABLES = {"chinese_calendar", "numpy", "pypinyin"}
WORDS = {
    "django.utils.translation": None,
    "django.db.models": {"TextChoices", "IntegerChoices"},
}
CLOCKS = {"now", "today", "utcnow", "localdate", "localtime", "time_ns", "monotonic"}


def is_pure(module):
    return module.path in PURE_FILES or module.parts[-1] in PURE_NAMES


PURE = [module for module in source.apps() if is_pure(module)]
PURE_PATHS = {module.path for module in PURE}


def imports(module):
    """(module name, imported names) of every import, relative ones made absolute."""
    package, unused = module.parts[:-1], for_types_only(module)
    for node in ast.walk(module.tree):
        if node in unused:
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name, set()) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            name = ".".join([*base, *([node.module] if node.module else [])])
            yield name, {alias.name for alias in node.names}


def for_types_only(module):
    """Imports that no running program makes."""
    guards = [node for node in ast.walk(module.tree) if isinstance(node, ast.If)]
    guards = [node for node in guards if ast.unparse(node.test) == "TYPE_CHECKING"]
    return {node for guard in guards for node in guard.body}


def is_ours(name, names):
    """Whether these are pure modules of ours, named as a module or as names of a package."""
    paths = {f"{name}.{one}".replace(".", "/") + ".py" for one in names}
    return name.replace(".", "/") + ".py" in PURE_PATHS or (bool(paths) and paths <= PURE_PATHS)


def may_import(name, names):
    top = name.split(".")[0]
    if top in STANDARD or top in TABLES or is_ours(name, names):
        return True
    return name in WORDS and (WORDS[name] is None or names <= WORDS[name])


def test_every_file_of_the_list_is_there():
    assert PURE_PATHS >= PURE_FILES


def test_pure_modules_import_only_pure_things():
    impure = [
        f"{module.path}: {name}"
        for module in PURE
        for name, names in imports(module)
        if not may_import(name, names)
    ]
    assert impure == []


def test_pure_modules_ask_no_clock():
    asked = [
        source.where(module, call)
        for module in PURE
        for call in ast.walk(module.tree)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in CLOCKS
    ]
    assert asked == []
