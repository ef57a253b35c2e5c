"""The staff's words on their way to the citizen: through the outbox of late messages."""

from __future__ import annotations

from sqlalchemy.orm import Session

from procedures_db import enquiries, outbox
from procedures_db.enquiries import Deliver


def through_outbox(session: Session, number: int, *, author: str) -> Deliver:
    """What ``enquiries.answer`` and ``say`` deliver with: in the same transaction, to the enquiry's channel.

    author: as the citizen reads it, "Cán bộ Lan". Raises EnquiryNotFound.
    """
    enquiries.hold(session, number)
    channel = enquiries.get(session, number).channel

    def deliver(conversation_id: str, text: str) -> None:
        outbox.put(session, conversation_id, channel, {"text": text}, author=author)

    return deliver
