"""Switching channels."""

import pytest

from procedures_db import channels


def states(engine):
    return {state.channel: (state.is_on, state.message) for state in channels.switches(engine)}


def test_channels_are_on_until_they_are_switched_off_and_on_again(engine):
    assert states(engine) == {"web": (True, ""), "telegram": (True, "")}
    channels.switch(engine, "telegram", on=False, message=" Bảo trì đến 14 giờ. ", by="an")
    assert states(engine)["telegram"] == (False, "Bảo trì đến 14 giờ.")
    channels.switch(engine, "telegram", on=False, message="Đến 15 giờ.", by="binh")
    found = {state.channel: state for state in channels.switches(engine)}["telegram"]
    assert (found.message, found.changed_by) == ("Đến 15 giờ.", "binh") and found.changed_at
    channels.switch(engine, "telegram", on=True, message="bỏ qua", by="an")
    assert states(engine)["telegram"] == (True, "")


def test_an_unknown_channel_is_refused(engine):
    with pytest.raises(channels.UnknownChannel):
        channels.switch(engine, "fax", on=False)
