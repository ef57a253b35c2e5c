"""What the actions share: database, finder, wording. Made on first use, refreshed in the background."""

from __future__ import annotations

import logging
import threading
from functools import lru_cache

from actions.doors import Doors
from actions.safety import Safety
from procedures_db import enquiries, feedback, procedures, working_hours
from procedures_db.connection import connect, reserve_writing, transaction
from procedures_db.enquiry import NewEnquiry
from procedures_db.feedback import Feedback
from procedures_db.kept_wording import KeptWording
from procedures_db.knowledge import KeptKnowledge, Knowledge
from procedures_db.record import ProcedureRecord
from procedures_db.search.finder import Finder
from procedures_db.search.language import NLU_DATA, Language
from procedures_db.settings import CLASSIFIER, database_url
from procedures_db.text.aspect_words import AspectWords
from procedures_db.wording import Wording
from procedures_db.working_hours import WorkingHours

REFRESH_SECONDS = 0.5  # an edit in the console is answered from within a second
RECORDS_KEPT = 500

logger = logging.getLogger(__name__)


class Service:
    """One per action process; all methods are safe to call from several threads."""

    def __init__(self) -> None:
        self._engine = connect(database_url())
        language = Language.load()
        self.finder = Finder(self._engine, language, classifier=CLASSIFIER)
        self.finder.refresh()
        self._knowledge = KeptKnowledge(self._engine, language)
        self.aspect_words = AspectWords.load(NLU_DATA / "aspect_words.yml")
        self.safety = Safety.load(language.shorthand)
        self.doors = Doors.load(language.shorthand)
        self._wording = KeptWording(self._engine)
        self._records: dict[str, ProcedureRecord] = {}
        threading.Thread(target=self._refresh_forever, name="refresh", daemon=True).start()

    @property
    def wording(self) -> Wording:
        return self._wording.latest

    @property
    def knowledge(self) -> Knowledge:
        return self._knowledge.latest

    def record(self, code: str) -> ProcedureRecord:
        """Return a published procedure. Raises ProcedureNotFound."""
        known = self._records
        if code not in known:
            if len(known) >= RECORDS_KEPT:
                known.clear()
            with transaction(self._engine) as session:
                known[code] = procedures.get(session, code)
        return known[code]

    def open_enquiry(self, given: NewEnquiry) -> tuple[int, WorkingHours]:
        """Hand a question to the staff; return its number and when they work."""
        with transaction(self._engine) as session:
            return enquiries.open_enquiry(session, given), working_hours.load(session)

    def remember(self, given: Feedback) -> None:
        """Store a verdict on an answer."""
        with transaction(self._engine) as session:
            reserve_writing(session)
            feedback.add(session, given)

    def _refresh_forever(self) -> None:
        wait = threading.Event()
        while not wait.wait(REFRESH_SECONDS):
            for refresh in (self._refresh_records, self._wording.refresh, self._knowledge.refresh):
                try:
                    refresh()
                except (
                    Exception
                ):  # the next round tries again; answers go on from the last good state
                    logger.exception("refresh_failed")

    def _refresh_records(self) -> None:
        if self.finder.is_stale():
            self._records = {}
            self.finder.refresh()
            self._records = {}


@lru_cache(maxsize=1)
def service() -> Service:
    """The process's service; the first call takes seconds."""
    return Service()
