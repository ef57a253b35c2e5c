"""How much a file may hold before it is refused: guards against floods and zip bombs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from procedures_db import settings
from procedures_db.sync.file_errors import TooLarge

_MB = 1024 * 1024

# The national data unpacks from 3.4 to 76 MB (22×); Office parts reach 60×, bombs 1,000× and more.
UNPACKED_TIMES = 8
MAX_RATIO = 300
RATIO_MATTERS_FROM = _MB
MAX_MEMBERS = 10_000
MAX_CELLS = 3_000_000
XZ_MEMORY = 256 * _MB


@dataclass(frozen=True)
class Limits:
    """In bytes: of a file on disk (also of an Office file unpacked, held in memory), and unpacked."""

    on_disk: int
    unpacked: int

    @classmethod
    def of_settings(cls) -> Limits:
        size = settings.max_import_bytes()
        return cls(on_disk=size, unpacked=UNPACKED_TIMES * size)

    def check_file(self, path: Path) -> None:
        """Raises TooLarge before anything is read, OSError if the file is not there."""
        size = path.stat().st_size
        if size > self.on_disk:
            raise TooLarge(
                f"tệp nặng {size / _MB:.0f} MB, giới hạn là {self.on_disk / _MB:.0f} MB "
                "(đổi bằng cấu hình MOTCUA_MAX_IMPORT_MB)"
            )

    def check_unpacked(self, size: int) -> None:
        if size > self.unpacked:
            raise TooLarge(
                f"tệp nén mở ra lớn hơn {self.unpacked / _MB:.0f} MB: có thể là bom nén, không đọc"
            )
