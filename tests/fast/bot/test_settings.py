"""Settings: one error names everything that is wrong."""

import pytest

from bot.settings import SettingsError, read


def test_without_any_variable_the_installation_is_for_one_machine():
    settings = read({})
    assert settings.host == "127.0.0.1"
    assert settings.database_url.startswith("sqlite:///")
    assert settings.rasa_address.startswith("http://127.0.0.1:")


def test_values_are_read_and_empty_ones_count_as_not_given():
    settings = read({"MOTCUA_PORT": "9000", "MOTCUA_HOST": "", "HOST": "khác"})
    assert (settings.port, settings.host) == (9000, "127.0.0.1")


def test_one_error_lists_all_that_is_wrong_and_all_that_is_unknown():
    wrong = {
        "MOTCUA_PORT": "chín nghìn", "MOTCUA_LOG_LEVEL": "ồn ào", "MOTCUA_RASA_TIMEOUT_SECONDS": "-1",
        "MOTCUA_COLOUR": "đỏ", "MOTCUA_HOST": "127.0.0.1",
    }  # fmt: skip
    with pytest.raises(SettingsError) as error:
        read(wrong)
    lines = str(error.value).splitlines()[1:]
    assert {line.split(":")[0] for line in lines} == set(wrong) - {"MOTCUA_HOST"}
    assert "MOTCUA_COLOUR: không có cấu hình này" in lines


@pytest.mark.parametrize("port", ["0", "65536", "80.5", "-1"])
def test_an_impossible_port_is_refused(port):
    with pytest.raises(SettingsError, match="MOTCUA_PORT"):
        read({"MOTCUA_PORT": port})


def test_settings_cannot_be_changed_by_mistake():
    settings = read({})
    with pytest.raises(ValueError):
        settings.port = 1
