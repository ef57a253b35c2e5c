"""Rasa's default pipeline with one intent a procedure, next to ours on the same subset.

Slow, so it runs only when named. The 150 most asked procedures are its intents, their paraphrases its
examples; it is scored on the everyday questions about them, and so is ours (over all procedures).
``MOTCUA_BENCH_EPOCHS`` changes DIET's epochs.
"""

from __future__ import annotations

import asyncio
import logging
import os
import tempfile
import warnings
from pathlib import Path

import yaml

from benchmarks import workbench
from benchmarks.result import Figure, Result, Skipped
from bot.evaluation import Case
from procedures_db.search.language import Language, Paraphrases

INTENTS = 150
EPOCHS = 30
_ASKED = ("hằng ngày", "thường xuyên", "thỉnh thoảng", "hiếm")  # most to least

# What `rasa init` of Rasa 3.6 suggests for a language without pretrained vectors.
_PIPELINE = [
    {"name": "WhitespaceTokenizer"},
    {"name": "RegexFeaturizer"},
    {"name": "LexicalSyntacticFeaturizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
    {"name": "DIETClassifier", "entity_recognition": False, "constrain_similarities": True},
]


def run() -> Result:
    """Raises Skipped where no everyday question is about one of the procedures."""
    chosen = most_asked(Language.load(), INTENTS)
    codes = {known.code for known in chosen}
    cases = [case for case in workbench.answerable("everyday") if case.codes & codes]
    if not cases:
        raise Skipped("no everyday question is about one of the most asked procedures")
    epochs = int(os.environ.get("MOTCUA_BENCH_EPOCHS") or EPOCHS)
    found = workbench.in_child(_train_and_parse, chosen, [c.turns[0] for c in cases], epochs)
    theirs = [first in case.codes for first, case in zip(found, cases, strict=True)]
    ours = [_ours_right(case) for case in cases]
    return Result(
        figures=(
            Figure("questions", len(cases)),
            Figure("procedures it chooses from", len(chosen)),
            Figure("DIET epochs", epochs),
            Figure("right first, Rasa's default pipeline", 100 * sum(theirs) / len(cases), "%"),
            Figure("right first, motcua over all procedures", 100 * sum(ours) / len(cases), "%"),
        )
    )


def most_asked(language: Language, count: int) -> list[Paraphrases]:
    """The procedures with paraphrases, most asked first; the files' order where asked alike."""
    return sorted(language.paraphrases.values(), key=lambda p: _ASKED.index(p.asked))[:count]


def _ours_right(case: Case) -> bool:
    found = workbench.candidates(workbench.finder(), case.turns[0])
    return bool(found) and found[0].code in case.codes


def _train_and_parse(chosen: list[Paraphrases], questions: list[str], epochs: int) -> list[str]:
    with warnings.catch_warnings(record=True):  # TensorFlow's and keras' own
        from rasa.core.agent import Agent
        from rasa.model_training import train_nlu
        from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.ERROR)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write_project(folder, chosen, epochs)
        model = train_nlu(str(folder / "config.yml"), str(folder / "nlu.yml"), str(folder))
        agent = Agent.load(model)

        async def parse() -> list[str]:
            parsed = [await agent.parse_message(text) for text in questions]
            return [result["intent"]["name"] or "" for result in parsed]

        return asyncio.run(parse())


def _write_project(folder: Path, chosen: list[Paraphrases], epochs: int) -> None:
    pipeline = [*_PIPELINE[:-1], {**_PIPELINE[-1], "epochs": epochs, "random_seed": 1}]
    config = {"recipe": "default.v1", "language": "vi", "pipeline": pipeline}
    nlu = [
        {"intent": known.code, "examples": "".join(f"- {q}\n" for q in _examples(known))}
        for known in chosen
    ]
    for file, content in (("config.yml", config), ("nlu.yml", {"version": "3.1", "nlu": nlu})):
        (folder / file).write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


def _examples(known: Paraphrases) -> list[str]:
    # Rasa reads [word](entity) and {"…"} as markup.
    return [q.translate(str.maketrans("", "", "[](){}")) for q in (*known.questions, known.label)]
