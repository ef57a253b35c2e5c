"""Who may do what: one table of roles and actions. Every route of a console declares its action."""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum

from procedures_db.account import Role


class Action(str, Enum):
    """What a route does. The first four need no role; ``routing`` says when they are allowed."""

    LOG_IN = "log in"  # anybody
    CONFIRM_CODE = "confirm code"  # whose password was right and who owes the second factor
    LOG_OUT = "log out"  # whoever has a session
    OWN_PASSWORD = "own password"  # whoever is logged in, also before the first password is changed

    OWN_ACCOUNT = "own account"
    VIEW_ENQUIRIES = "view enquiries"  # questions handed over, with what the citizen said
    ANSWER_ENQUIRIES = "answer enquiries"  # take, take over, answer, close
    USE_COUNTER = "use counter"  # look up and print for somebody at the counter
    SET_WORKING_HOURS = "set working hours"
    WRITE_CANNED_ANSWERS = "write canned answers"
    VIEW_PROCEDURES = "view procedures"
    EDIT_PROCEDURES = "edit procedures"  # drafts, handing over for review
    PUBLISH_PROCEDURES = "publish procedures"  # publish, send back, roll back, withdraw
    IMPORT_PROCEDURES = "import procedures"  # upload, apply, undo
    VIEW_QUALITY = "view quality"
    VIEW_FAQS = "view faqs"
    EDIT_FAQS = "edit faqs"
    PUBLISH_FAQS = "publish faqs"
    VIEW_WORDS = "view words"  # citizens' words, paraphrases, life events, wording
    SUGGEST_WORDS = "suggest words"
    ACCEPT_WORDS = "accept words"
    REVIEW_QUESTIONS = "review questions"  # masked questions, the right procedure for each
    RETRAIN = "retrain"
    VIEW_DASHBOARD = "view dashboard"
    SWITCH_CHANNELS = "switch channels"
    ANNOUNCE = "announce"
    VIEW_SETTINGS = "view settings"  # without secrets
    MANAGE_ACCOUNTS = "manage accounts"
    READ_AUDIT = "read audit"


EVERYBODY = frozenset({Action.LOG_IN, Action.CONFIRM_CODE, Action.LOG_OUT, Action.OWN_PASSWORD})

_READING = {
    Action.OWN_ACCOUNT,
    Action.VIEW_PROCEDURES,
    Action.VIEW_FAQS,
    Action.VIEW_WORDS,
    Action.VIEW_DASHBOARD,
}
_EDITING = {
    *_READING,
    Action.EDIT_PROCEDURES,
    Action.VIEW_QUALITY,
    Action.EDIT_FAQS,
    Action.SUGGEST_WORDS,
    Action.REVIEW_QUESTIONS,
}
_APPROVING = {
    *_EDITING,
    Action.PUBLISH_PROCEDURES,
    Action.IMPORT_PROCEDURES,
    Action.PUBLISH_FAQS,
    Action.ACCEPT_WORDS,
    Action.ANNOUNCE,
}

TABLE: dict[Role, frozenset[Action]] = {
    Role.STAFF: frozenset(
        {
            *_READING,
            Action.VIEW_ENQUIRIES,
            Action.ANSWER_ENQUIRIES,
            Action.USE_COUNTER,
            Action.WRITE_CANNED_ANSWERS,
            Action.EDIT_FAQS,
            Action.SUGGEST_WORDS,
        }
    ),
    Role.EDITOR: frozenset(_EDITING),
    Role.APPROVER: frozenset(_APPROVING),
    # Runs the office and the system, but reads no citizen's conversation.
    Role.ADMINISTRATOR: frozenset(
        {
            *_APPROVING,
            Action.USE_COUNTER,
            Action.SET_WORKING_HOURS,
            Action.WRITE_CANNED_ANSWERS,
            Action.RETRAIN,
            Action.SWITCH_CHANNELS,
            Action.VIEW_SETTINGS,
            Action.MANAGE_ACCOUNTS,
            Action.READ_AUDIT,
        }
    ),
    # Sees what was done and changes nothing.
    Role.AUDITOR: frozenset(
        {*_READING, Action.VIEW_QUALITY, Action.VIEW_SETTINGS, Action.READ_AUDIT}
    ),
}

ROLE_LABELS = {
    Role.STAFF: "cán bộ một cửa",
    Role.EDITOR: "biên tập",
    Role.APPROVER: "người duyệt",
    Role.ADMINISTRATOR: "quản trị",
    Role.AUDITOR: "kiểm tra",
}


def may(roles: Collection[Role], action: Action) -> bool:
    """Whether one of the roles allows the action; what everybody may needs no role."""
    return action in EVERYBODY or any(action in TABLE[role] for role in roles)
