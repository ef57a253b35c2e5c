"""Conversations are told apart in logs and tables by a hash: whoever reads those cannot join one."""

from __future__ import annotations

import hashlib


def hashed(conversation_id: str) -> str:
    """First 12 hex digits of the id's SHA-256."""
    return hashlib.sha256(conversation_id.encode()).hexdigest()[:12]
