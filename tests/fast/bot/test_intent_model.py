"""The one table of weights answers as scikit-learn's own parts would."""

from __future__ import annotations

import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bot.nlu.intent_model import ASPECTS, Example, IntentModel

GREETINGS = [("xin", "chào"), ("chào", "bạn"), ("xin", "chào", "bạn")]
EXAMPLES = [
    *(Example((word, word, "gì"), f"ask_{word}", frozenset({word})) for word in ASPECTS * 2),
    *(Example(words, "greet", frozenset()) for words in GREETINGS),
]


@pytest.mark.parametrize("question", [("fee", "gì"), ("fee", "fee", "time"), ("chào", "lạ")])
def test_chances_are_those_of_the_models_asked_one_by_one(question):
    prediction = IntentModel.train(EXAMPLES).predict(question)
    tfidf = TfidfVectorizer(analyzer=lambda features: features, min_df=2, sublinear_tf=True)
    table = tfidf.fit_transform([example.features for example in EXAMPLES])
    one = tfidf.transform([question])
    separate = LogisticRegression(C=20, solver="liblinear")
    separate.fit(table, [example.intent for example in EXAMPLES])
    told = dict(zip(separate.classes_, separate.predict_proba(one)[0], strict=True))
    assert dict(prediction.ranking) == pytest.approx(
        {intent: told[intent] for intent, _ in prediction.ranking}, abs=1e-6
    )
    asking = [row for row, example in enumerate(EXAMPLES) if example.aspects]
    for aspect in ASPECTS:
        model = LogisticRegression(C=20, solver="liblinear")
        model.fit(table[asking], [aspect in EXAMPLES[row].aspects for row in asking])
        assert prediction.aspects[aspect] == pytest.approx(model.predict_proba(one)[0, 1], abs=1e-6)


def test_a_question_of_unknown_words_gets_what_is_usual():
    model = IntentModel.train(EXAMPLES)
    assert model.predict(("lạ",)) == model.predict(())


def test_an_aspect_that_no_example_asks_for_cannot_be_learned():
    with pytest.raises(ValueError):
        IntentModel.train([e for e in EXAMPLES if "form" not in e.aspects])
