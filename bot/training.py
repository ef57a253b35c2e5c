"""Train Rasa's model when what it learns from has changed."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

MODEL = Path("models/motcua.tar.gz")
_FINGERPRINT = Path("models/motcua.fingerprint")
_DATA = ("nlu_data/intents", "nlu_data/rules.yml")
_STRUCTURE = "# PHẦN 2"  # in domain.yml: what comes before is wording, which trains nothing


class TrainingFailed(RuntimeError):
    """``rasa train`` ended with an error; its output tells why."""


def is_current() -> bool:
    """Whether the model on disk was trained from the files as they are."""
    return MODEL.exists() and _FINGERPRINT.exists() and _FINGERPRINT.read_text() == fingerprint()


def train() -> None:
    """Train and put the model in place. Raises TrainingFailed."""
    before = fingerprint()
    command = [sys.executable, "-m", "rasa", "train", "--force", "--fixed-model-name", "motcua",
               "--out", str(MODEL.parent), "--data", *_DATA]  # fmt: skip
    environment = {
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "PYTHONWARNINGS": "ignore",
    }
    done = subprocess.run(
        command,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise TrainingFailed(done.stdout[-4000:])
    _FINGERPRINT.write_text(before)


def fingerprint() -> str:
    """SHA-256 over everything the model depends on."""
    digest = hashlib.sha256()
    files = [Path("config.yml"), Path("nlu_data/shorthand.yml"), Path("nlu_data/aspect_words.yml"), Path("nlu_data/rules.yml"),
             *sorted(Path("nlu_data/intents").glob("*.yml")), *sorted(Path("nlu_data/paraphrases").glob("*.yml")), *sorted(Path("bot/nlu").glob("*.py"))]  # fmt: skip
    for path in files:
        digest.update(path.read_bytes())
    digest.update(Path("domain.yml").read_text(encoding="utf-8").split(_STRUCTURE)[-1].encode())
    return digest.hexdigest()
