"""The page on which a question is asked says where it is: the answers and the dashboard know."""

import pytest
from starlette.testclient import TestClient

from bot.app import create_app
from bot.conversation import Reply
from bot.settings import Settings

SITE = "https://hoanhan.example.vn"


@pytest.fixture
def asked(rasa, tmp_path):
    """Post to the chat API; return the question that the conversation was told."""
    told = []
    settings = Settings(
        rasa_url=rasa.url, database_url=f"sqlite:///{tmp_path}/motcua.db", log_level="ERROR",
        allowed_origins=SITE,
    )  # fmt: skip

    class Recorder:
        async def answer(self, question):
            told.append(question)
            return [Reply("vâng", "smalltalk")]

    with TestClient(create_app(settings)) as client:
        client.app.state.conversation = Recorder()

        def asked(body, **headers):
            assert client.post("/api/chat", json=body, headers=headers).status_code == 200
            return told[-1]

        yield asked


@pytest.mark.parametrize(
    ("body", "origin", "commune", "site"),
    [
        ({"text": "a", "commune": " Xã  Hoa Nhãn "}, SITE, "Xã Hoa Nhãn", "hoanhan.example.vn"),
        ({"text": "a"}, SITE, "", "hoanhan.example.vn"),
        ({"text": "a"}, "http://testserver", "", ""),
        ({"text": "a", "commune": "x" * 500}, SITE, "x" * 120, "hoanhan.example.vn"),
        ({"text": "a", "commune": {"name": "x"}}, SITE, "", "hoanhan.example.vn"),
    ],
)
def test_the_page_says_whose_it_is_or_its_address_does(asked, body, origin, commune, site):
    question = asked(body, origin=origin)
    assert (question.commune, question.site) == (commune, site)


def test_without_a_page_there_is_no_place(asked):
    question = asked({"text": "a"})
    assert (question.commune, question.site, question.page) == ("", "", {})


def test_what_the_page_says_of_its_place_goes_along_and_its_address_does_not(asked):
    place = {"commune": "Xã Hoa Nhãn", "province": "Bắc Ninh"}
    assert asked({"text": "a", **place}, origin=SITE).page == place
    assert asked({"text": "a"}, origin=SITE).page == {}
