"""``python -m procedures_db.learning_loop.worker``: does the jobs, one after the other, then waits a while.

A process of its own, at a low priority: measuring and learning take whole seconds of a core, and
citizens are answered meanwhile. It ends when nothing was asked for ten minutes; the web application
starts another when there is work.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from procedures_db.connection import connect, reserve_writing, transaction
from procedures_db.learning_loop import cases, classifiers, effect, jobs, wordings
from procedures_db.learning_loop.cases import ANSWER, KeptCase
from procedures_db.learning_loop.jobs import EFFECT, Job
from procedures_db.learning_loop.wordings import WORD, WordingNotFound
from procedures_db.search.citizens_language import CitizensLanguage
from procedures_db.search.finder import Finder
from procedures_db.search.language import Language
from procedures_db.settings import CLASSIFIER, database_url

IDLE_SECONDS = 600.0
_POLL_SECONDS = 0.5
_NICE = 10
_DAILY, _MOST_BUILT_IN = "hằng ngày", 200

logger = logging.getLogger(__name__)


class Worker:
    """Holds a finder, so that the second effect is measured at once."""

    def __init__(self, engine: Engine, *, classifier: Path = CLASSIFIER) -> None:
        self._engine, self._classifier = engine, classifier
        self._finder: Finder | None = None
        self._language: Language | None = None

    def work(self) -> bool:
        """Do the oldest job, if there is one; whether there was. What goes wrong is noted with the job."""
        with transaction(self._engine) as session:
            if not jobs.is_wanted(session):
                return False
        with self._changing() as session:
            job = jobs.claim(session)
        if job is None:
            return False
        try:
            result = self._effect(job) if job.kind == EFFECT else self._retrain(job)
        except WordingNotFound:
            self._fail(job, "cách nói này không còn")
        except MemoryError:
            self._fail(job, "không đủ bộ nhớ để học")
        except Exception:  # the worker goes on with the next job; whoever asked is told
            logger.exception("learning_job_failed: %s", job.id)
            self._fail(job, "lỗi khi xử lý, xem nhật ký của máy chủ")
        else:
            with self._changing() as session:
                jobs.finish(session, job.id, result)
        return True

    @contextmanager
    def _changing(self) -> Iterator[Session]:
        with transaction(self._engine) as session:
            reserve_writing(session)
            yield session

    def _fail(self, job: Job, why: str) -> None:
        with self._changing() as session:
            jobs.fail(session, job.id, why)

    def _effect(self, job: Job) -> dict:
        finder = self._fresh()
        assert job.wording_id is not None
        with transaction(self._engine) as session:
            wording = wordings.get(session, job.wording_id)
            kept = [*cases.sample(session), *self._built_in(finder)]
        own = KeptCase("own", wording.text, ANSWER, (wording.code,))
        others = [c for c in kept if c.question != own.question or wording.code not in c.codes]
        if wording.kind == WORD:
            tried = finder.trying(words=[(wording.text, wording.terms)])
        else:
            tried = finder.trying((wording.code, wording.text))
        found = effect.measure(finder, tried, others, own=own).as_dict()
        with self._changing() as session:
            wordings.note_effect(session, job.wording_id, found)
        return found

    def _retrain(self, job: Job) -> dict:
        finder = self._fresh()
        with transaction(self._engine) as session:
            taught = wordings.accepted(session)
            kept = [*cases.sample(session), *self._built_in(finder)]
        file = f"{self._classifier.stem}-{job.id}.npz"
        started = time.perf_counter()
        assert self._language is not None
        learned = CitizensLanguage(
            self._language, kept_at=self._classifier.parent / file, taught=taught
        )
        seconds = round(time.perf_counter() - started, 1)
        measured = effect.measure(finder, finder.answering_with(learned), kept).as_dict()
        figures = {**measured, "seconds": seconds, "wordings": len(taught)}
        with self._changing() as session:
            number = classifiers.add(session, file, taught, figures, by=job.asked_by)
            old = classifiers.forget_old(session)
        for name in old:
            (self._classifier.parent / name).unlink(missing_ok=True)
        return {**figures, "classifier": number}

    def _built_in(self, finder: Finder) -> list[KeptCase]:
        """Known ways to ask for what is asked every day: a new installation has no cases of its own,
        and a wording that takes questions away shows on these too."""
        assert self._language is not None
        daily = [known for known in self._language.paraphrases.values() if known.asked == _DAILY]
        asked = [(known.code, known.questions[0]) for known in daily if known.questions]
        published = [(code, text) for code, text in asked if finder.candidate(code)]
        return [KeptCase(f"built-in-{c}", t, ANSWER, (c,)) for c, t in published[:_MOST_BUILT_IN]]

    def _fresh(self) -> Finder:
        if self._finder is None:
            self._language = Language.load()
            self._finder = Finder(self._engine, self._language, classifier=self._classifier)
        if self._finder.is_stale():
            self._finder.refresh()
        return self._finder


def main() -> None:
    """Work until nothing was asked for ``IDLE_SECONDS``, or who started it is gone."""
    os.nice(_NICE)
    logging.basicConfig(level=logging.INFO)
    worker = Worker(connect(database_url()))
    last, parent = time.monotonic(), os.getppid()
    while time.monotonic() - last < IDLE_SECONDS and os.getppid() == parent:
        if worker.work():
            last = time.monotonic()
        else:
            time.sleep(_POLL_SECONDS)


if __name__ == "__main__":
    main()
