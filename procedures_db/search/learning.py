"""Learn the ranking's weights from the paraphrases: ``python -m procedures_db.search.learning``.

Every paraphrase is a question whose answer is known. Each is asked twice: without itself (as if a new
question about a known procedure) and without all paraphrases of its procedure (as if about a procedure
nobody wrote paraphrases for: the long tail). Weights follow how often citizens ask. Needs a database
with all national procedures; writes ``ranking_weights.json`` beside this module.
"""

from __future__ import annotations

import json
import zlib
from datetime import date
from typing import Any

import numpy as np
import yaml
from sklearn.linear_model import LogisticRegression

from procedures_db.connection import connect, transaction
from procedures_db.search.catalogue import Entry, load_entries
from procedures_db.search.citizens_language import CitizensLanguage
from procedures_db.search.evidence import FEATURES, Evidence, EvidenceBuilder, Hidden
from procedures_db.search.fitting import Asked, fit, fit_temperature
from procedures_db.search.language import NLU_DATA, Language
from procedures_db.search.paraphrase_classifier import leave_one_out
from procedures_db.search.query import Query, make_query
from procedures_db.search.ranking import WEIGHTS_FILE, Network, Ranking
from procedures_db.search.scope import SCOPE_FEATURES, scope_features
from procedures_db.settings import database_url

# How much a question counts, by how often citizens ask for its procedure.
_BY_ASKED = {"hằng ngày": 6.0, "thường xuyên": 2.5, "thỉnh thoảng": 1.0, "hiếm": 0.5}
_LONG_TAIL = 0.6  # … and one about a procedure that has no paraphrases
_ELSEWHERE = (
    "out_of_scope", "smalltalk", "insult", "bot_challenge", "help", "emergency", "self_harm",
    "manipulate", "greet", "goodbye", "thanks", "complaint",
)  # fmt: skip
_HELD_OUT_FOLD, _FOLDS = 0, 5  # procedures of one fold in five are never learned from


def questions(
    language: Language, entries: list[Entry], citizens: CitizensLanguage, builder: EvidenceBuilder
) -> list[Asked]:
    """Evidence for every paraphrase, twice; ``right`` is −1 where the procedure is no candidate."""
    positions = {entry.code: i for i, entry in enumerate(entries)}
    unlearned = leave_one_out(citizens.index)
    asked = []
    for row, (number, query) in enumerate(_rows(language)):
        code = citizens.codes[number]
        if code not in positions or query.is_bare or query.codes:
            continue
        similarities = citizens.similarities(citizens.views(query))
        similarities[row] = 0.0
        scores = citizens.scores(similarities, unlearned[row])
        by_asked = _BY_ASKED[language.paraphrases[code].asked]
        for long_tail in (False, True):
            seen = scores.without(number) if long_tail else scores
            hidden = Hidden(code, None if long_tail else query.words)
            evidence = builder.gather_with(query, seen, hidden=hidden)
            right = np.flatnonzero(evidence.positions == positions[code])
            weight = _LONG_TAIL if long_tail else by_asked
            place = int(right[0]) if len(right) else -1
            asked.append(Asked(code, evidence, place, weight, long_tail))
    return asked


def _rows(language: Language) -> list[tuple[int, Query]]:
    """The paraphrases in the order of ``CitizensLanguage``'s index."""
    return [
        (number, query)
        for number, known in enumerate(language.paraphrases.values())
        for question in (*known.questions, known.label)
        if (query := make_query(question, language)).words
    ]


def fit_scope(
    asked: list[Asked], elsewhere: list[Evidence], ranking: Ranking
) -> LogisticRegression:
    """Learn to tell questions about procedures from talk about anything else; both count alike."""
    inside = [scope_features(q.evidence, ranking.probabilities(q.evidence)) for q in asked]
    outside = [scope_features(evidence, ranking.probabilities(evidence)) for evidence in elsewhere]
    weights = [question.weight for question in asked]
    weights += [sum(weights) / len(outside)] * len(outside)
    labels = [1] * len(inside) + [0] * len(outside)
    model = LogisticRegression(max_iter=2000)
    return model.fit(np.array(inside + outside), labels, sample_weight=weights)


def talk(language: Language, builder: EvidenceBuilder) -> list[Evidence]:
    """Evidence for the example sentences of intents that are about no procedure."""
    found = []
    for intent in _ELSEWHERE:
        content = yaml.safe_load((NLU_DATA / "intents" / f"{intent}.yml").read_text("utf-8"))
        for line in content["nlu"][0]["examples"].splitlines():
            query = make_query(line.strip().removeprefix("- "), language)
            evidence = None if query.is_bare else builder.gather(query)
            if evidence and len(evidence.positions):
                found.append(evidence)
    return found


def share_right(asked: list[Asked], network: Network, *, first: int) -> float:
    """Share of questions whose right answer is among the ``first`` candidates."""
    hits = [
        question.right in np.argsort(-network.scores(question.evidence.table))[:first]
        for question in asked
    ]
    return float(np.mean(hits)) if hits else 0.0


def held_out(code: str) -> bool:
    """Whether a procedure belongs to the fifth that the weights are never learned from."""
    return zlib.crc32(code.encode()) % _FOLDS == _HELD_OUT_FOLD


def main() -> None:
    with transaction(connect(database_url())) as session:
        entries = load_entries(session)
    language = Language.load()
    citizens = CitizensLanguage(language)
    builder = EvidenceBuilder(entries, language, citizens)
    asked = questions(language, entries, citizens, builder)
    content = learn(asked, talk(language, builder))
    WEIGHTS_FILE.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")
    shown = {name: content[name] for name in ("questions", "held out", "temperature", "scope")}
    print(json.dumps(shown, ensure_ascii=False, indent=1))


def learn(asked: list[Asked], elsewhere: list[Evidence]) -> dict[str, Any]:
    """Return what ``ranking.load`` reads, and the figures on procedures not learned from."""
    learned_from = [q for q in asked if q.right >= 0 and not held_out(q.code)]
    judged = [q for q in asked if held_out(q.code)]
    network = fit(learned_from)
    temperature = fit_temperature([q for q in judged if q.right >= 0], network)
    scope = fit_scope(learned_from, elsewhere, Ranking(network, temperature))
    names = {False: "known procedures", True: "procedures without paraphrases"}
    return {
        "made": date.today().isoformat(),
        "questions": len(learned_from),
        "held out": {
            name: _figures([q for q in judged if q.long_tail is tail], network)
            for tail, name in names.items()
        },
        "features": list(FEATURES),
        "temperature": temperature,
        "network": network.as_json(),
        "scope": {
            "intercept": round(float(scope.intercept_[0]), 4),
            "weights": {
                name: round(float(w), 4)
                for name, w in zip(SCOPE_FEATURES, scope.coef_[0], strict=True)
            },
        },
    }


def _figures(judged: list[Asked], network: Network) -> dict[str, float]:
    return {
        "questions": len(judged),
        "first": round(share_right(judged, network, first=1), 4),
        "among five": round(share_right(judged, network, first=5), 4),
    }


if __name__ == "__main__":
    main()
