"""Files and functions that fit a head, and a sentence for each thing that others may use."""

import ast

from tests.architecture import source

FILE, FUNCTION = 400, 40
# Statements, without the definition and its docstring.
VIEW = 15
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def functions(module):
    return [node for node in ast.walk(module.tree) if isinstance(node, DEFINITIONS)]


def public(body, prefix=""):
    """What a module or class offers: no names with an underscore, no overloads, no `Meta`."""
    for node in body:
        if not isinstance(node, (*DEFINITIONS, ast.ClassDef)) or node.name.startswith("_"):
            continue
        marks = [ast.unparse(mark) for mark in node.decorator_list]
        if node.name == "Meta" or any(m == "overload" or m.endswith(".setter") for m in marks):
            continue
        yield f"{prefix}{node.name}", node
        if isinstance(node, ast.ClassDef):
            yield from public(node.body, f"{node.name}.")


def test_a_module_fits():
    long = [
        f"{module.path} has {lines} lines: split it by noun"
        for module in source.everything()
        if (lines := len(module.text.splitlines())) > FILE
    ]
    assert not long, "\n".join(long)


def test_a_function_fits():
    long = [
        f"{source.where(module, node)} {node.name}: {size} lines"
        for module in source.everything()
        for node in functions(module)
        if (size := node.end_lineno - node.lineno + 1) > FUNCTION
    ]
    assert not long, "\n".join(long)


def test_a_module_says_what_it_is():
    spoken = [module for module in source.everything() if module.text.strip()]
    assert [module.path for module in spoken if not ast.get_docstring(module.tree)] == []


def test_what_is_public_says_what_it_is():
    silent = [
        f"{source.where(module, node)} {name}"
        for module in source.everything()
        for name, node in public(module.tree.body)
        if not ast.get_docstring(node)
    ]
    assert not silent, "\n".join(silent)


def test_a_view_loads_calls_one_action_and_answers():
    """What a URL leads to stays short; what a page shows is put together beside it."""
    long = []
    for module in source.apps():
        if module.parts[-1].startswith("views") or "views" in module.parts:
            for node in functions(module):
                asks = node.args.args and node.args.args[0].arg == "request"
                size = sum(isinstance(part, ast.stmt) for part in ast.walk(node)) - 2
                if asks and size > VIEW:
                    long.append(f"{source.where(module, node)} {node.name}: {size} statements")
    assert not long, "\n".join(long)
