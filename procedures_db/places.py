"""Provinces (tỉnh, thành phố) since 1/7/2025 and the old ones merged into them, from ``nlu_data/places.yml``."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from procedures_db.text.folding import fold
from procedures_db.text.phrases import Phrases
from procedures_db.yaml_file import read_yaml

PLACES = Path(__file__).parents[1] / "nlu_data" / "places.yml"
_AFTER_LEVEL = re.compile(r"(?:tỉnh|thành phố)\s+(.+)$", re.IGNORECASE)
_LEVEL = re.compile(r"^(?:tỉnh|thành phố|tp\.?)\s+", re.IGNORECASE)
_CITY = "thanh pho "


class Places:
    """Names of provinces, today's and yesterday's."""

    def __init__(self, entries: list[dict]) -> None:
        self._by_name = {_bare(entry["tên"]): entry["tên"] for entry in entries}
        self._merged = Phrases(
            (fold(old).split(), (old, entry["tên"]))
            for entry in entries
            for old in entry.get("tỉnh cũ", ())
        )

    @classmethod
    def load(cls, path: Path = PLACES) -> Places:
        """Raises OSError, yaml.YAMLError or KeyError."""
        return cls(read_yaml(path))

    def province_of(self, agency: str) -> str:
        """The province whose agency this is ("UBND tỉnh Bắc Ninh"); empty for a ministry."""
        named = _AFTER_LEVEL.search(agency)
        return self._by_name.get(_bare(named.group(1)), "") if named else ""

    def province_named(self, words: str) -> str:
        """Today's name of the province that is all the words say ("Bắc Ninh", "tỉnh Bắc Giang"); else empty."""
        name = _LEVEL.sub("", words.strip())
        if today := self._by_name.get(_bare(name)):
            return today
        old = self._merged.find(fold(name).split())
        return old[0].value[1] if old and fold(old[0].value[0]) == fold(name) else ""

    def merged(self, text: str) -> tuple[str, str] | None:
        """(old province, today's) when the text names a province that was merged."""
        found = self._merged.find(fold(text).split())
        return found[0].value if found else None


def _bare(name: str) -> str:
    return fold(name).removeprefix(_CITY)


@lru_cache(maxsize=1)
def places() -> Places:
    return Places.load()
