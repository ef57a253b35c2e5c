"""Every change of a procedure is in the history: nobody writes the tables around ``changes``."""

import ast

from tests.fast.guards.source import PACKAGES, modules, name, nodes

_WRITERS = {"storing.store", "storing.remove", "procedures.save"}
_ALLOWED = {"procedures_db/changes.py", "procedures_db/procedures.py", "procedures_db/storing.py"}


def test_procedures_are_written_by_changes_alone():
    found = {
        (name(path), call)
        for path in modules(*PACKAGES)
        for node in nodes(path)
        if isinstance(node, ast.Call) and (call := ast.unparse(node.func)) in _WRITERS
    }
    assert {path for path, _ in found} <= _ALLOWED
    assert ("procedures_db/changes.py", "storing.store") in found
