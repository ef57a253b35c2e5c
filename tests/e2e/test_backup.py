"""Backing up and restoring beside a running installation."""

from __future__ import annotations

from pathlib import Path

from procedures_db.backup.making import backups
from tests.installation import Chat, Installation


def test_a_backup_is_made_while_citizens_ask(
    installation: Installation, chat: Chat, tmp_path: Path
) -> None:
    assert chat("đăng ký tạm trú cần gì").codes == ["1.004194"]
    done = installation.motcua("backup", str(tmp_path), "--with-conversations")
    assert done.returncode == 0, done.stderr
    assert "thủ tục" in done.stdout and "sự kiện" in done.stdout
    assert len(backups(tmp_path)) == 1
    assert chat("mất bao lâu?").codes == ["1.004194"]


def test_a_restore_is_refused_while_motcua_serves(
    installation: Installation, chat: Chat, tmp_path: Path
) -> None:
    assert installation.motcua("backup", str(tmp_path)).returncode == 0
    (path,) = backups(tmp_path)
    done = installation.motcua("restore", str(path))
    assert done.returncode == 1
    assert "motcua serve đang chạy" in done.stderr and "--force" in done.stderr
    assert installation.motcua("restore", str(path), "--check").returncode == 0
    assert chat("đăng ký tạm trú cần gì").codes == ["1.004194"]


def test_a_forced_restore_is_answered_from_at_once(
    installation: Installation, chat: Chat, tmp_path: Path
) -> None:
    assert installation.motcua("backup", str(tmp_path)).returncode == 0
    done = installation.motcua("restore", str(backups(tmp_path)[0]), "--force")
    assert done.returncode == 0, done.stderr
    assert chat("phi dang ky thuong tru bao nhieu").codes == ["1.004222"]
    assert installation.is_ready()
