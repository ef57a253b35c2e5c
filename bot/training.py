"""Train Rasa's model when what it learns from has changed."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from procedures_db.search.citizens_language import CitizensLanguage
from procedures_db.search.language import Language
from procedures_db.settings import CLASSIFIER

MODEL = Path("models/motcua.tar.gz")
_FINGERPRINT = Path("models/motcua.fingerprint")
_DATA = ("nlu_data/intents", "nlu_data/rules.yml")
_SINGLE_FILES = ("shorthand.yml", "aspect_words.yml", "rules.yml")
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
    CitizensLanguage(
        Language.load(), kept_at=CLASSIFIER
    )  # so that the action server starts at once
    _FINGERPRINT.write_text(before)


def fingerprint() -> str:
    """SHA-256 over everything the model depends on."""
    digest = hashlib.sha256()
    folders = (("nlu_data/intents", "*.yml"), ("nlu_data/paraphrases", "*.yml"),
               ("bot/nlu", "*.py"), ("procedures_db/text", "*.py"))  # fmt: skip
    files = [Path("config.yml"), *(Path("nlu_data") / name for name in _SINGLE_FILES)]
    for folder, pattern in folders:
        files += sorted(Path(folder).glob(pattern))
    for path in files:
        digest.update(path.read_bytes())
    digest.update(Path("domain.yml").read_text(encoding="utf-8").split(_STRUCTURE)[-1].encode())
    return digest.hexdigest()
