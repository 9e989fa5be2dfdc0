"""待发消息: mail and text messages, written in the transaction of what they tell of, sent after it.

At least once: a worker that dies after the other side took a message and before that is noted here
sends it again when its lease is over. Every mail carries a Message-ID made of its key, and a text
message an id, by which receivers and gateways can drop the second. Nothing is sent for a change
that was taken back.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Model

from gongkai.web.ledger.models import Message


def put(
    *,
    key: str,
    organ: Model,
    subject: str,
    channel: str,
    to: str,
    title: str,
    body: str,
    at: datetime,
) -> Message:
    """写入待发: one message; the same key twice is one message, whatever the second says.

    ``channel`` is "mail" or "sms". In the caller's transaction. Raises BadAddress.
    """
    raise NotImplementedError
