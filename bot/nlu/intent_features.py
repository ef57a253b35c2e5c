"""What the intent classifier sees of a question: with and without diacritics."""

from __future__ import annotations

import itertools

from procedures_db.text.folding import fold, has_diacritics

_GRAM_LENGTHS = (3, 5)  # characters; pieces of words survive misspellings


def features(text: str, segmented: list[str]) -> list[str]:
    """Return the feature names of a question.

    ``text`` is written out (no shorthand); ``segmented``: underthesea words, used only when the writer
    used diacritics, because segmentation without them is a guess.
    """
    folded = fold(text).split()
    names = [f"w:{word}" for word in folded]
    names += [f"w:{a} {b}" for a, b in itertools.pairwise(folded)]
    names += [f"w:{a} {b} {c}" for a, b, c in zip(folded, folded[1:], folded[2:], strict=False)]
    names += [f"last:{' '.join(folded[-n:])}" for n in (1, 2, 3)]
    names += [f"first:{' '.join(folded[:n])}" for n in (1, 2)]
    for word in folded:
        padded = f"<{word}>"
        names += [
            f"c:{padded[i : i + n]}"
            for n in range(*_GRAM_LENGTHS)
            for i in range(len(padded) - n + 1)
        ]
    if has_diacritics(text):
        accented = text.lower().split()
        names += [f"a:{word}" for word in accented]
        names += [f"a:{a} {b}" for a, b in itertools.pairwise(accented)]
        names += [f"s:{word.lower()}" for word in segmented if "_" in word]
    return names
