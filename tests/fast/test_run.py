"""``python -m tests.run`` over small tiers of its own."""

import pytest

from tests.run import main

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


def test_a_file_that_cannot_be_read_is_a_failure(project, capfd):
    assert main(project(fast="import nichts_da\n")) == 1
    assert capfd.readouterr().out.splitlines()[-1] == "0 passed, 1 failed, 0 skipped"


def test_when_nothing_fails_the_exit_code_is_0(project, capfd):
    assert main(project(nlu=PASS)) == 0
    assert capfd.readouterr().out.splitlines()[-1] == "1 passed, 0 failed, 0 skipped"
