"""What a message leans on: the options shown, the procedure under discussion, the story told before."""

from __future__ import annotations

from actions.service import Service
from actions.turn import Turn
from procedures_db.search.resolution import (
    Ambiguous,
    Context,
    Found,
    NothingFits,
    Question,
    Reason,
    Resolution,
)

_LIKELY_ELSEWHERE = 0.5
_CERTAINLY = 0.97  # "dẹp luôn": chance from which a twin is told of, however few the words
_SURE_OF_IT, _SURELY_THIS = 0.95, 0.85  # strength and chance that need no more words
_LIKELY_TWIN = 0.7  # chance of a twin in the story as a whole
_FEW = 1  # words beside a phrase that asks for an aspect: too few to name another procedure
_CLEARLY_ANOTHER = 0.5  # strength or chance from which a message is about another procedure


def is_clear(turn: Turn, shared: Service) -> bool:
    """Whether the words find one procedure for sure, or go on with what is under discussion: "chuyển qua
    nhận thẻ ATM" is the bank's business, but not in a talk about pensions."""
    found = shared.finder.resolve(Question(turn.text), turn.context)
    if not isinstance(found, Found) or found.from_context:
        return False
    if found.strength >= _SURE_OF_IT and found.candidate.score >= _SURELY_THIS:
        return True
    goes_on = turn.procedure and shared.finder.are_kin(turn.procedure, found.candidate.code)
    return bool(goes_on) and found.candidate.score >= _CERTAINLY


def names_more(turn: Turn, shared: Service) -> bool:
    """Whether a message that rejects options names another procedure too."""
    more = shared.finder.resolve(Question(turn.text), turn.context)
    if isinstance(more, NothingFits) or (isinstance(more, Found) and more.from_context):
        return False
    return more.strength >= _CLEARLY_ANOTHER


def chosen(turn: Turn, resolution: Resolution, shared: Service) -> str | None:
    """The option shown that is meant: named in part ("cái làm lại ấy"), or found with more of the story."""
    if not turn.options or turn.is_button:
        return None
    if told := shared.finder.told(Question(turn.text), turn.options):
        return told
    if isinstance(resolution, Found) and resolution.named and not resolution.from_context:
        code = resolution.candidate.code
        return code if code in turn.options else None
    if chosen := shared.finder.choose(Question(turn.text), turn.options):
        return chosen
    if _is_certain(resolution):  # of something else: "à không, tui nghỉ hẳn luôn"
        return None
    whole = _with_question_before(turn, shared, Context())
    return whole.candidate.code if whole and whole.candidate.code in turn.options else None


def _with_question_before(turn: Turn, shared: Service, context: Context) -> Found | None:
    """What the question before this message and the message, read together, are about."""
    if not turn.talk.lately:
        return None
    whole = shared.finder.resolve(Question(f"{turn.talk.lately[-1]}. {turn.text}"), context)
    return whole if isinstance(whole, Found) else None


def returned_to(turn: Turn, shared: Service) -> str | None:
    """The procedure discussed before that "quay lại vụ …" names in part."""
    if not turn.goes_back or not turn.recent:
        return None
    return shared.finder.choose(Question(turn.text), turn.recent)


def goes_on(turn: Turn, resolution: Resolution, shared: Service) -> Found | None:
    """What the story is about when the message adds to it and names nothing ("nhà hai tầng, đất có sổ
    rồi", "còn nếu bị mất thì cấp lại cần gì"): the question before it, read together with it."""
    if not turn.procedure or _is_named(resolution):
        return None
    whole = _with_question_before(turn, shared, turn.context)
    if not (turn.asked or turn.is_follow_up):
        return whole
    if _is_certain(resolution):
        return None
    if whole is None or not turn.is_follow_up:
        return None
    return whole if shared.finder.are_kin(turn.procedure, whole.candidate.code) else None


def _is_named(resolution: Resolution) -> bool:
    return isinstance(resolution, Found | Ambiguous) and resolution.named


def _is_certain(resolution: Resolution) -> bool:
    """Whether the message by itself finds a procedure."""
    if not isinstance(resolution, Found) or resolution.from_context:
        return False
    return resolution.strength * resolution.candidate.score >= _CLEARLY_ANOTHER


def asks_further(turn: Turn, procedure: str, resolution: Resolution, shared: Service) -> bool:
    """Whether the message asks something about the procedure under discussion, whatever words it adds
    ("à quên hỏi phí nữa", "mấy hôm có ạ"): an aspect is asked and no other procedure is named."""
    if not turn.asked or turn.goes_back or _is_named(resolution):
        return False
    if isinstance(resolution, NothingFits) and resolution.reason is Reason.UNKNOWN_CODE:
        return False
    if _is_another(procedure, resolution, turn, shared):
        return False
    said_so = bool(shared.aspect_words.find(turn.text))
    if said_so and not _tells_more(turn, shared):
        return True
    if isinstance(resolution, Found) and shared.finder.are_kin(
        procedure, resolution.candidate.code
    ):
        # "bao lâu có sổ mới": of its kind, and no twin is named
        return said_so or not _is_certain(resolution)
    strength = 0.0 if isinstance(resolution, NothingFits) else resolution.strength
    return turn.elsewhere < _LIKELY_ELSEWHERE and strength < _CLEARLY_ANOTHER


def twin_told(turn: Turn, shared: Service) -> str | None:
    """The twin of what is under discussion that more of the story tells: "nhưng em đang sống bên Đức thì
    cần gì", after a question about the same paper."""
    whole = _with_question_before(turn, shared, turn.context) if _tells_more(turn, shared) else None
    if whole is None or whole.from_context or whole.candidate.code == turn.procedure:
        return None
    is_sure = whole.strength >= _SURELY_THIS and whole.candidate.score >= _LIKELY_TWIN
    is_kin = shared.finder.are_kin(turn.procedure or "", whole.candidate.code)
    return whole.candidate.code if is_sure and is_kin else None


def _tells_more(turn: Turn, shared: Service) -> bool:
    """Whether the message says more than which aspect it asks for."""
    beside = set(shared.finder.content_words(turn.text)) - shared.aspect_words.words(turn.text)
    return len(beside) > _FEW


def _is_another(procedure: str, resolution: Resolution, turn: Turn, shared: Service) -> bool:
    """Whether the words find another procedure that was talked about ("tạm vắng thì nộp ở đâu"), or a
    twin for certain ("dẹp luôn")."""
    if not isinstance(resolution, Found) or resolution.from_context:
        return False
    code = resolution.candidate.code
    if code == procedure:
        return False
    is_told = resolution.candidate.score >= _CERTAINLY and shared.finder.are_kin(procedure, code)
    return is_told or code in turn.recent


def discussed(resolution: Ambiguous, turn: Turn) -> str | None:
    """The one of the candidates that was talked about, the last of several."""
    known = {candidate.code for candidate in resolution.candidates}
    return next((code for code in reversed(turn.recent) if code in known), None)
