"""Arrows between the packages go one way (docs/architecture.md)."""

import ast

import pytest

from tests.fast.guards.source import PACKAGES, modules, name, nodes, tree

MAY_IMPORT = {
    "bot": {"bot", "procedures_db"},
    "actions": {"actions", "procedures_db"},
    "procedures_db": {"procedures_db"},
}


def imported(path) -> set[str]:
    """Top-level packages that a module imports anywhere in it."""
    found = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(path)}: relative import"
            found.add((node.module or "").split(".")[0])
    return found


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_imports_only_what_it_may(package):
    ours = {*PACKAGES, "tests", "benchmarks"}
    wrong = {name(p): imported(p) & ours - MAY_IMPORT[package] for p in modules(package)}
    assert {path: names for path, names in wrong.items() if names} == {}


def test_the_guard_sees_imports_inside_functions():
    inside = [p for p in modules("bot") if name(p) == "bot/cli.py"]
    assert "procedures_db" in imported(inside[0])


def test_only_the_database_package_writes_sql():
    sql = ("select", "insert", "update", "delete")
    wrong = []
    for path in modules("bot", "actions"):
        for node in nodes(path):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy"):
                wrong += [name(path) for alias in node.names if alias.name in sql]
    assert wrong == []


def test_no_module_opens_the_database_while_it_is_imported():
    wrong = []
    for path in modules(*PACKAGES):
        if "migrations" in path.parts:
            continue
        for node in tree(path).body:
            value = getattr(node, "value", None)
            if isinstance(node, ast.Assign | ast.Expr) and isinstance(value, ast.Call):
                called = getattr(value.func, "id", getattr(value.func, "attr", ""))
                if called in {"connect", "create_engine", "transaction", "service", "migrate"}:
                    wrong.append(name(path))
    assert wrong == []
