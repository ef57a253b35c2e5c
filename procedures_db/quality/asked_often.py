"""How often citizens ask about a procedure, as officials estimated it beside the paraphrases."""

from __future__ import annotations

from pathlib import Path

from procedures_db.quality.report import Weight
from procedures_db.search.language import HOW_OFTEN, NLU_DATA, read_paraphrases


def everyday_weight(folder: Path = NLU_DATA) -> Weight:
    """Return ``weight(code)``: 1.0 asked daily … 0.1 rarely, 0.0 not an everyday procedure.

    Raises OSError, yaml.YAMLError or KeyError when the paraphrases cannot be read.
    """
    known = {
        code: HOW_OFTEN.get(entry.asked, 0.0)
        for code, entry in read_paraphrases(folder / "paraphrases").items()
    }
    return lambda code: known.get(code, 0.0)
