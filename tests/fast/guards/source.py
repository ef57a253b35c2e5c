"""The repository as the guards see it: its files, without what git ignores."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).parents[3]
PACKAGES = ("bot", "actions", "procedures_db")


@cache
def tracked() -> tuple[Path, ...]:
    """Files that are or would be tracked: everything that .gitignore does not name."""
    lines = (PROJECT / ".gitignore").read_text(encoding="utf-8").splitlines()
    patterns = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    return tuple(_files(PROJECT, [*patterns, ".git/"]))


def _files(folder: Path, patterns: list[str]) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if any(_ignores(pattern, path) for pattern in patterns):
            continue
        if path.is_dir():
            yield from _files(path, patterns)
        else:
            yield path


def _ignores(pattern: str, path: Path) -> bool:
    if pattern.endswith("/") and not path.is_dir():
        return False
    bare = pattern.strip("/")
    if pattern.startswith("/"):
        return path.parent == PROJECT and fnmatch(path.name, bare)
    return fnmatch(path.name, bare)


def modules(*packages: str) -> list[Path]:
    """Python files of our packages."""
    return [path for package in packages for path in sorted((PROJECT / package).rglob("*.py"))]


@cache  # of all modules: each guard looks at every one
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Everything in a module."""
    return tuple(ast.walk(tree(path)))


def name(path: Path) -> str:
    return str(path.relative_to(PROJECT))
