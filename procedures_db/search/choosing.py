"""Which of the options shown a citizen means, told by a part of its name ("cái làm lại ấy")."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence

OTHER_WORDS = 2  # words that no option has: with more of them the message is about something else


def choose(words: Collection[str], options: Sequence[Collection[str]]) -> int | None:
    """The position of the option that the words speak for most; None when none or several do.

    words: folded words of the message, fillers left out. options: the folded words of each option.
    """
    said = set(words)
    held_by = Counter(word for option in options for word in set(option))
    if sum(word not in held_by for word in said) > OTHER_WORDS:
        return None
    scores = [
        sum(math.log(len(options) / held_by[word]) for word in said & set(option))
        for option in options
    ]
    best = max(scores, default=0.0)
    return scores.index(best) if best > 0 and scores.count(best) == 1 else None
