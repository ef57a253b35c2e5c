"""What a backup says about itself: ``manifest.json`` inside the archive."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from procedures_db.backup.errors import DamagedBackup, NewerBackup

FORMAT = 1  # of the archive; a reader refuses higher ones
NAME = "manifest.json"

PROCEDURES = "procedures"
CONVERSATIONS = "conversations"


@dataclass(frozen=True)
class DatabaseFacts:
    """One database in the archive, as it was when it was copied."""

    file: str  # name inside the archive
    sha256: str
    size: int  # bytes
    rows: dict[str, int]  # table → rows
    revision: str | None  # migration; None: not a database of procedures
    data_version: int | None


@dataclass(frozen=True)
class Manifest:
    """``databases`` has PROCEDURES, and CONVERSATIONS if they were asked for."""

    made_at: datetime  # UTC
    databases: dict[str, DatabaseFacts]

    def to_json(self) -> str:
        content = {
            "format": FORMAT,
            "made_at": self.made_at.isoformat(),
            "databases": {name: asdict(facts) for name, facts in self.databases.items()},
        }
        return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)

    @classmethod
    def from_json(cls, text: str | bytes) -> Manifest:
        """Raises DamagedBackup or NewerBackup."""
        try:
            content = json.loads(text)
            if content["format"] > FORMAT:
                raise NewerBackup(
                    f"Bản sao lưu có khuôn dạng {content['format']}, của một bản motcua mới hơn:"
                    " cập nhật motcua rồi khôi phục."
                )
            return cls(
                made_at=datetime.fromisoformat(content["made_at"]),
                databases={
                    name: DatabaseFacts(**facts) for name, facts in content["databases"].items()
                },
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DamagedBackup("Bản kê trong tệp sao lưu không đọc được.") from error
