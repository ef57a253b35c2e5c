"""One core, three channels: the chat API, the widget in a real browser and Telegram give the same facts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from procedures_db.connection import connect
from procedures_db.telegram import inbox, outgoing
from tests.e2e_browser.conftest import ANSWER_MS, ChatPage
from tests.fake_telegram import BOT, FakeTelegram, Sent
from tests.installation import PROJECT, Answer, Installation, eventually

OpenChat = Callable[..., ChatPage]
CONVERSATIONS = 30
_CODE = re.compile(r"\d\.\d{6}(?!\d)")
_NUMBER = re.compile(r"\d(?:[\d.,/:]*\d)?")
_ADDRESS = re.compile(r"https?://\S*[^\s.,;)]")
_HTML_ADDRESS = re.compile(r'<a href="([^"]+)">[^<]*</a>')
_LONGEST_TITLE = 60  # a longer button is shortened on Telegram

# What a citizen sees below her last question, read from the page itself.
_SHOWN = """() => {
  const root = document.querySelector("motcua-chat").shadowRoot;
  const all = [...root.querySelectorAll(".message:not(.greeting)")];
  const asked = all.map(one => one.classList.contains("me")).lastIndexOf(true);
  const texts = (one, what) => [...one.querySelectorAll(what)].map(found => found.innerText.trim());
  return all.slice(asked + 1).map(one => ({
    text: one.querySelector(".body").innerText,
    headings: texts(one, ".body :is(h2, h3, h4)"),
    papers: texts(one, ".papers label"),
    links: [...one.querySelectorAll(".body a")].map(link => link.href),
    buttons: texts(one, ".buttons button"),
  }));
}"""
_ANSWERED = """() => {
  const key = Object.keys(localStorage).find(one => one.startsWith("motcua:"));
  const mine = JSON.parse(localStorage[key]).entries.filter(one => one.from === "me");
  return mine.length && mine[mine.length - 1].state === "answered";
}"""


@dataclass(frozen=True)
class Facts:
    """What a citizen learns from the answers to one message."""

    codes: frozenset[str]
    numbers: frozenset[str]
    sections: tuple[str, ...]
    papers: tuple[str, ...]
    links: frozenset[str]
    buttons: tuple[str, ...]


def facts(
    text: str, sections: list[str], papers: list[str], links: list[str], buttons: list[str]
) -> Facts:
    plain = _ADDRESS.sub(" ", text)
    return Facts(
        codes=frozenset(_CODE.findall(plain)),
        numbers=frozenset(_NUMBER.findall(plain)),
        sections=tuple(sections),
        papers=tuple(" ".join(paper.split()) for paper in papers),
        links=frozenset(links),
        # A question back numbers its options, in the text or on the buttons.
        buttons=tuple(
            re.sub(r"^\d\. ", "", title)[: _LONGEST_TITLE - 1].rstrip() for title in buttons
        ),
    )


def papers_of(text: str) -> list[str]:
    return [line[2:] for line in text.split("\n") if line.startswith("☐ ")]


def of_the_api(answer: Answer) -> Facts:
    text = "\n".join(reply["text"] for reply in answer.replies)
    entries = [entry for reply in answer.replies for entry in reply["card"].values()]
    titles = [entry["title"] for entry in entries if isinstance(entry, dict) and "title" in entry]
    buttons = [button["title"] for button in answer.buttons]
    return facts(text, titles, papers_of(text), _ADDRESS.findall(text), buttons)


def of_the_widget(shown: list[dict[str, Any]], titles: tuple[str, ...]) -> Facts:
    """``titles``: only these headings are compared, the widget may show more things as headings."""
    every = {name: [item for one in shown for item in one[name]] for name in shown[0] if name != "text"}  # fmt: skip
    text = "\n".join([one["text"] for one in shown] + every["buttons"])
    headings = [heading for heading in every["headings"] if heading in titles]
    return facts(text, headings, every["papers"], every["links"], every["buttons"])


def of_telegram(sent: list[Sent], titles: tuple[str, ...]) -> Facts:
    text = "\n".join(one.text for one in sent)
    html = "\n".join(one.html for one in sent)
    bold = [heading for heading in re.findall(r"<b>([^<]+):</b>", html) if heading in titles]
    links = [link.replace("&amp;", "&") for link in _HTML_ADDRESS.findall(html)]
    buttons = [button["text"] for one in sent for button in one.buttons]
    return facts(text, bold, papers_of(text), links, buttons)


def over_the_widget(chat: ChatPage, text: str) -> list[dict[str, Any]]:
    chat.type(text)
    chat.page.wait_for_function(_ANSWERED, timeout=ANSWER_MS)
    return chat.page.evaluate(_SHOWN)


class OverTelegram:
    """Chats on Telegram; an answer is whole once nothing of the chat waits in the inbox or the outbox."""

    def __init__(self, telegram: FakeTelegram, engine: Engine) -> None:
        self.telegram, self.engine = telegram, engine

    def say(self, chat_id: int, text: str) -> list[Sent]:
        return self.after(self.telegram.message(chat_id, text), chat_id)

    def press(self, chat_id: int, key: str) -> list[Sent]:
        return self.after(self.telegram.press(chat_id, key), chat_id)

    def after(self, update: dict[str, Any], chat_id: int) -> list[Sent]:
        before = len(self.telegram.sent_to(chat_id))
        self.telegram.deliver(update)
        assert eventually(lambda: self._is_answered(chat_id, before), within=120), update
        return self.telegram.sent_to(chat_id)[before:]

    def _is_answered(self, chat_id: int, before: int) -> bool:
        return (
            len(self.telegram.sent_to(chat_id)) > before
            and inbox.first_of(self.engine, BOT["id"], chat_id) is None
            and outgoing.first_of(self.engine, chat_id) is None
        )


@pytest.fixture(scope="module")
def over_telegram(installation: Installation, telegram: FakeTelegram) -> Iterator[OverTelegram]:
    engine = connect(installation.database_url)
    yield OverTelegram(telegram, engine)
    engine.dispose()


def numbers_in(card: object) -> set[str]:
    return set(_NUMBER.findall(json.dumps(card, ensure_ascii=False))) | _grouped(card)


def _grouped(card: object) -> set[str]:
    """Amounts as they are written: "7000" is shown as "7.000"."""
    amounts = re.findall(r'"amount": "(\d+)', json.dumps(card))
    return {f"{int(amount):,}".replace(",", ".") for amount in amounts}


def conversations() -> list[tuple[str, list[str]]]:
    path = PROJECT / "benchmarks" / "questions" / "conversations.jsonl"
    cases = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [(case["id"], case["turns"]) for case in cases[:CONVERSATIONS]]


@pytest.mark.parametrize("number", range(CONVERSATIONS))
def test_thirty_conversations_give_the_same_facts_on_all_three(
    installation: Installation, over_telegram: OverTelegram, open_chat: OpenChat, number: int
) -> None:
    _, turns = conversations()[number]
    api, chat = installation.chat(), open_chat()
    for text in turns:
        answer = api(text)
        told = of_the_api(answer)
        sent = of_telegram(over_telegram.say(7000 + number, text), told.sections)
        # The source's address is shown by its host's name: the text then has no number more.
        assert sent == told, f"Telegram: {text}"
        seen = of_the_widget(over_the_widget(chat, text), told.sections)
        # Its fee table shows conditions whole that the text cuts: nothing less, and nothing but the card's.
        more = seen.numbers - told.numbers
        assert more <= numbers_in([reply["card"] for reply in answer.replies]), f"widget: {text}"
        assert told.numbers <= seen.numbers, f"widget: {text}"
        without_numbers = {**vars(told), "numbers": None}
        assert {**vars(seen), "numbers": None} == without_numbers, f"widget: {text}"
    assert chat.errors == []


def test_the_conversations_are_about_something() -> None:
    assert len(conversations()) == CONVERSATIONS
    assert sum(len(turns) for _, turns in conversations()) > 2 * CONVERSATIONS


def test_a_button_does_the_same_on_all_three(
    installation: Installation, over_telegram: OverTelegram, open_chat: OpenChat
) -> None:
    chat_id, question = 7999, "đăng ký tạm trú cần giấy tờ gì"
    api, chat = installation.chat(), open_chat()
    first = api(question)
    (button, *_) = over_telegram.say(chat_id, question)[-1].buttons
    over_the_widget(chat, question)
    title = first.buttons[0]["title"]
    assert button["text"] == title
    told = of_the_api(api(first.buttons[0]["payload"]))
    assert of_telegram(over_telegram.press(chat_id, button["callback_data"]), told.sections) == told
    chat.answers.last.get_by_role("button", name=title).click()
    chat.page.wait_for_function(_ANSWERED, timeout=ANSWER_MS)
    assert of_the_widget(chat.page.evaluate(_SHOWN), told.sections).codes == told.codes
    assert told.codes == {"1.004194"}
