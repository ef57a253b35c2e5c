"""Who listens where, and what happens when a process dies."""

from __future__ import annotations

import httpx
import pytest

from tests.installation import Chat, Installation, eventually, listeners

LOOPBACK = "0100007F"  # 127.0.0.1 as /proc/net/tcp writes it
RESTART_SECONDS = 240  # Rasa imports TensorFlow: 12–45 s, more on a busy machine
ACTIONS_SECONDS = 180  # they build the search index first: 5–15 s
ANSWER_SECONDS = 15  # ten for Rasa, and some for a busy machine


def test_rasa_and_the_actions_listen_on_loopback_only(installation: Installation) -> None:
    for port in (installation.rasa_port, installation.actions_port):
        assert {address for address, p in listeners() if p == port} == {LOOPBACK}


@pytest.mark.parametrize(
    "path", ["/conversations/x/tracker", "/model", "/domain", "/conversations/x/messages"]
)
def test_rasa_does_not_hand_out_trackers_or_models(installation: Installation, path: str) -> None:
    url = f"http://127.0.0.1:{installation.rasa_port}{path}"
    assert httpx.get(url, timeout=10).status_code == 404
    assert httpx.put(url, json={}, timeout=10).status_code == 404


def test_health_and_readiness_are_told(installation: Installation) -> None:
    assert httpx.get(f"{installation.url}/healthz", timeout=10).json() == {"status": "ok"}
    ready = httpx.get(f"{installation.url}/readyz", timeout=10)
    assert ready.status_code == 200
    assert ready.json()["checks"] == {"rasa": True, "actions": True, "database": True}


def test_after_rasa_is_killed_the_same_conversation_goes_on(
    installation: Installation, chat: Chat
) -> None:
    assert chat("đăng ký tạm trú cần gì").codes == ["1.004194"]
    old = installation.kill("rasa")
    broken = chat("mất bao lâu?")
    assert (broken.status, broken.outcome) == (200, "unavailable")
    assert "thử gửi lại" in broken.text
    assert broken.seconds < ANSWER_SECONDS
    assert httpx.get(f"{installation.url}/readyz", timeout=10).status_code == 503
    assert eventually(installation.is_ready, within=RESTART_SECONDS, every=0.5)
    assert installation.pid_of("rasa") not in (None, old)
    again = chat("mất bao lâu?")
    assert (again.outcome, again.codes, again.aspects) == ("answer", ["1.004194"], ["time"])


def test_after_the_actions_are_killed_the_same_conversation_goes_on(
    installation: Installation, chat: Chat
) -> None:
    assert chat("đăng ký tạm trú cần gì").codes == ["1.004194"]
    old = installation.kill("actions")
    broken = chat("mất bao lâu?")
    assert (broken.status, broken.outcome) == (200, "unavailable")
    assert "thử gửi lại" in broken.text
    assert broken.seconds < ANSWER_SECONDS
    again = eventually(
        lambda: (answer := chat("mất bao lâu?")).outcome == "answer" and answer,
        within=ACTIONS_SECONDS,
        every=0.5,
    )
    assert again, "the actions did not come back"
    assert (again.codes, again.aspects) == (["1.004194"], ["time"])
    assert installation.pid_of("actions") not in (None, old)


def test_a_conversation_that_began_without_the_actions_is_answered_once_they_are_back(
    installation: Installation, chat: Chat
) -> None:
    installation.kill("actions")
    for _ in range(4):  # a citizen, or her phone, tries again and again
        assert chat("đăng ký tạm trú cần gì").outcome == "unavailable"
    again = eventually(
        lambda: (answer := chat("đăng ký tạm trú cần gì")).outcome == "answer" and answer,
        within=ACTIONS_SECONDS,
        every=0.5,
    )
    assert again, "the conversation stayed broken"
    assert (len(again.replies), again.codes) == (1, ["1.004194"])
    assert chat("mất bao lâu?").aspects == ["time"]
