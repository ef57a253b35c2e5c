"""``python -m tests.run`` over small tiers of its own."""

import pytest

from tests.run import PROJECT, main

PASS = "def test_a(): pass\n"
FAIL = "def test_b(): assert 0\n"
SKIP = "import pytest\ndef test_c(): pytest.skip('không có')\n"
ERROR = "import pytest\n@pytest.fixture\ndef x(): raise OSError\ndef test_d(x): pass\n"


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # plain tests need no plugin

    def project(**tiers):
        for tier, content in tiers.items():
            folder = tmp_path / "tests" / tier
            folder.mkdir(parents=True)
            if content is not None:
                (folder / f"test_{tier}.py").write_text(content)
        return tmp_path

    return project


def test_the_tiers_are_summed_in_one_last_line_and_empty_ones_left_out(project, capfd):
    assert main(project(fast=PASS + FAIL + SKIP + ERROR, nlu=PASS, e2e=None)) == 1
    out = capfd.readouterr().out
    assert out.splitlines()[-1] == "2 passed, 2 failed, 1 skipped"
    assert "── nlu ──" in out and "── e2e ──" not in out
    assert "test_b" in out  # what failed is shown


def test_a_tier_in_two_parts_runs_each_test_once(project, capfd):
    marks = "import pytest\n@pytest.mark.installation\n" + PASS
    folder = project(e2e=marks + FAIL)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = installation\n")
    assert main(folder) == 1
    out = capfd.readouterr().out
    assert out.splitlines()[-1] == "1 passed, 1 failed, 0 skipped"
    assert "── e2e (installation) ──" in out and "── e2e (not installation) ──" in out


def test_two_parts_run_side_by_side_where_there_is_room(project, capfd, monkeypatch):
    """Each waits for the other: one after the other they would not meet."""
    meet = "from pathlib import Path\nfrom tests.installation import eventually\n"
    meet += "def test_meet():\n    Path({mine!r}).touch()\n"
    meet += "    assert eventually(Path({other!r}).exists, within=60)\n"
    folder = project(fast=meet.format(mine="a", other="b"), nlu=meet.format(mine="b", other="a"))
    monkeypatch.setenv("PYTHONPATH", str(PROJECT))
    monkeypatch.setattr("tests.run.side_by_side", lambda: 2)
    assert main(folder) == 0
    assert capfd.readouterr().out.splitlines()[-1] == "2 passed, 0 failed, 0 skipped"


def test_a_file_that_cannot_be_read_is_a_failure(project, capfd):
    assert main(project(fast="import nichts_da\n")) == 1
    assert capfd.readouterr().out.splitlines()[-1] == "0 passed, 1 failed, 0 skipped"


def test_when_nothing_fails_the_exit_code_is_0(project, capfd):
    assert main(project(nlu=PASS)) == 0
    assert capfd.readouterr().out.splitlines()[-1] == "1 passed, 0 failed, 0 skipped"
