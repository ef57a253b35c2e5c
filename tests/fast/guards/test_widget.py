"""The widget that is served is what its source builds, stays small, and is free of what policies forbid."""

import gzip
import json
import re
import shutil
import subprocess

import pytest

from tests.fast.guards.source import PROJECT

WIDGET = PROJECT / "widget"
BUILT = PROJECT / "bot/static/widget.js"
MOST_BYTES = 20_000  # gzip: two seconds on a poor 2G connection
LONGEST = 300


def installed() -> bool:
    return shutil.which("node") is not None and (WIDGET / "node_modules/esbuild").is_dir()


needs_node = pytest.mark.skipif(
    not installed(), reason="node and widget/node_modules are not here: `make widget` installs them"
)


def test_the_script_stays_small():
    assert len(gzip.compress(BUILT.read_bytes(), 9)) < MOST_BYTES


@needs_node
def test_the_served_script_is_what_the_source_builds(tmp_path):
    out = tmp_path / "widget.js"
    subprocess.run(["node", "build.mjs", str(out)], cwd=WIDGET, check=True, timeout=60)
    assert out.read_text("utf-8") == BUILT.read_text("utf-8"), "run `make widget` and commit"


@needs_node
def test_the_types_are_right():
    checked = subprocess.run(
        ["node", "node_modules/typescript/bin/tsc", "--noEmit"],
        cwd=WIDGET, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert checked.stdout == ""


def test_nothing_in_the_source_reads_text_as_markup_or_runs_it():
    forbidden = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
    )
    found = [path.name for path in (WIDGET / "src").glob("*.ts") if forbidden.search(path.read_text("utf-8"))]  # fmt: skip
    assert found == []


def test_the_script_names_no_other_host():
    assert set(re.findall(r"https?://[\w.]+", BUILT.read_text("utf-8"))) <= {"http://www.w3.org"}


def test_versions_are_exact_and_the_lock_names_no_registry():
    package = json.loads((WIDGET / "package.json").read_text("utf-8"))
    assert "dependencies" not in package, "the script brings nothing along"
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", v) for v in package["devDependencies"].values())
    lock = json.loads((WIDGET / "package-lock.json").read_text("utf-8"))
    assert not any("resolved" in entry for entry in lock["packages"].values())


def test_modules_of_the_widget_are_short_enough_to_read():
    long = {p.name: len(p.read_text("utf-8").splitlines()) for p in (WIDGET / "src").iterdir()}
    assert {name: lines for name, lines in long.items() if lines > LONGEST} == {}


def test_every_attribute_is_documented():
    documented = (PROJECT / "docs/widget.md").read_text("utf-8")
    source = (WIDGET / "src/config.ts").read_text("utf-8")
    attributes = re.findall(r'"(\w+)"', source.split("ATTRIBUTES = [")[1].split("]")[0])
    assert len(attributes) > 5
    assert [name for name in attributes if f"`data-{name}`" not in documented] == []
