"""The repository itself: nothing of this machine in it, modules short, settings documented."""

import re

import pytest

from bot.settings import PREFIX, Settings
from tests.fast.guards.source import PACKAGES, PROJECT, modules, name, tracked

# Written in parts, so that this file does not hold what it looks for.
_REGISTRIES = re.compile(
    r"[\w.-]*(?:py" + r"pi\.org|python" + r"hosted\.org|npm" + r"js\.(?:org|com)|yarn" + r"pkg\.com|arti"
    + r"factory|jf" + r"rog)"
)  # fmt: skip
_MACHINE_PATHS = re.compile(
    r"(?<![\w.])(?:/wo" + r"rk/|/ro" + r"ot/|/ho" + r"me/[a-z]|/Us" + r"ers/[a-z]|/tm" + r"p/[a-z])"
)
_TEXT = {".py", ".yml", ".yaml", ".md", ".toml", ".txt", ".lock", ".json", ".jsonl", ".html", ".css", ".js", ".ts",
         ".ini", ".cfg", ".conf", ".service", ".timer", ".sh", ".mako", ".svg", ".csv", ""}  # fmt: skip
LONGEST = 400


def texts():
    for path in tracked():
        if path.suffix in _TEXT:
            yield path, path.read_text(encoding="utf-8")


@pytest.mark.parametrize("pattern", [_REGISTRIES, _MACHINE_PATHS], ids=["registry", "path"])
def test_nothing_of_one_machine_stands_in_a_tracked_file(pattern):
    found = {
        (name(path), match.group()) for path, text in texts() for match in pattern.finditer(text)
    }
    assert found == set()


def test_the_guard_sees_the_files_that_git_would_and_no_others():
    names = {name(path) for path in tracked()}
    assert {"domain.yml", "bot/app.py", "requirements.lock", "tests/fast/conftest.py"} <= names
    assert not any(one.startswith((".venv/", "data/", "models/", ".git/")) for one in names)
    assert "uv.lock" not in names


def test_modules_are_short_enough_to_read():
    folders = [*PACKAGES, *(f for f in ("tests", "benchmarks") if (PROJECT / f).is_dir())]
    long = {name(p): len(p.read_text(encoding="utf-8").splitlines()) for p in modules(*folders)}
    assert {path: lines for path, lines in long.items() if lines >= LONGEST} == {}


def test_every_setting_is_documented():
    path = PROJECT / "docs" / "operations.md"
    if not path.exists():
        pytest.skip("docs/operations.md is not written yet")
    text = path.read_text(encoding="utf-8")
    settings = [f"{PREFIX}{field.upper()}" for field in Settings.model_fields]
    assert [setting for setting in settings if setting not in text] == []
    assert set(re.findall(rf"{PREFIX}[A-Z_]+", text)) <= set(settings)


def test_every_setting_says_what_it_is_for():
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []
