"""待发消息: mail and text messages, written in the transaction of what they tell of, sent after it.

At least once: a worker that dies after the other side took a message and before that is noted here
has it sent again when its lease is over. Every mail carries a Message-ID made of its key, and a
text message an id, by which receivers and gateways can drop the second. Nothing is sent for a
change that was taken back.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta
from email.errors import MessageError
from email.headerregistry import Address
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import F, Model, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gongkai.web.ledger import events, keys, senders, vault
from gongkai.web.ledger.models import Message
from gongkai.web.shell import masking
from gongkai.web.shell.refusals import Refusal

log = logging.getLogger("gongkai.jobs")
# After each failure; who failed once more after the last is given up.
PAUSES: Final = tuple(timedelta(minutes=m) for m in (1, 5, 15, 30, 60, 180, 360))
TRIES: Final = len(PAUSES) + 1
LEASE: Final = timedelta(minutes=10)  # longer than `senders` takes at the most
LABEL: Final = {"mail": "email", "sms": "phone"}
State = Message.State
SENT: Final = "sent"
_PATIENCE, _MOST = 3, 500  # failures to answer in a row, and messages, that end a round

# Why a message did not go, as stored: the word before the first "|"; what follows is the detail.
WHY: dict[str, Promise] = {
    "refused": _("对方服务器拒收"),
    "unreachable": _("连不上发送服务"),
    "broken_off": _("连接中断，没有收到回执"),
    "signed_out": _("发送服务不接受用户名或密码"),
    "no_tls": _("发送服务不支持所要求的加密"),
    "not_written": _("文件不能写入"),
    "no_key": _("收件地址打不开，缺密钥"),
    "erased": _("收件地址已删除"),
    "died": _("后台进程中断"),
    "fault": _("程序出错，详见日志"),
}
KINDS: dict[str, Promise] = {
    "message.retried": _("再次发送%(channel)s“%(title)s”"),
    "message.dropped": _("不再发送%(channel)s“%(title)s”，理由：%(reason)s"),
}
GROUPS: dict[str, Promise] = {"message": _("待发消息")}


class BadAddress(Refusal):
    """收件地址有误: nothing could be sent there."""


class NotWaiting(Refusal):
    """已不在等待: sent, being sent or dropped in the meantime."""


def register() -> None:
    """Tells the ledger of its own kinds, when the app is ready."""
    events.register(KINDS, GROUPS, words={"channel": dict(Message.Channel.choices)})


# -- putting


@transaction.atomic
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

    ``channel`` is "mail" or "sms". In the caller's transaction; sent when that is over. Raises
    BadAddress, `keys.Unreadable`.
    """
    known = Message.objects.filter(key=key).first()
    if known is not None:
        return known
    to = _address(channel, to)
    try:
        with transaction.atomic():
            label = LABEL[channel]
            sealed = vault.put(organ=organ, subject=subject, label=label, value=to, at=at)
            made = Message.objects.create(
                key=key,
                organ_id=organ.pk,
                subject=subject,
                channel=channel,
                to=sealed,
                title=" ".join(title.split())[:200],
                body=body,
                next_at=at,
                made_at=at,
            )
    except IntegrityError:  # another was quicker with this key
        return Message.objects.get(key=key)
    transaction.on_commit(_enqueue, robust=True)
    return made


def _address(channel: str, given: str) -> str:
    said = given.strip()
    if channel == Message.Channel.MAIL:
        try:
            validate_email(said)
            Address(addr_spec=said)  # as the mail will be written
            said.rpartition("@")[2].encode("idna")
        except (ValidationError, ValueError, IndexError, MessageError):
            raise BadAddress(_("邮箱地址有误，没有写入待发的邮件。"), field="to") from None
        return said
    digits = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", said))
    if not re.fullmatch(r"\+?[0-9]{5,15}", digits):
        raise BadAddress(_("手机号码有误，没有写入待发的短信。"), field="to")
    return digits


def _enqueue() -> None:
    from gongkai.web.ledger import jobs

    jobs.send_messages()


# -- sending


def due(at: datetime) -> QuerySet[Message]:
    """What waits to be sent, and what a worker that died left half way; the longest due first."""
    open_ = Q(state=State.WAITING) | Q(
        state=State.SENDING
    )  # of the second ``next_at`` is its lease
    return Message.objects.filter(open_, next_at__lte=at).order_by("next_at", "pk")


def send_due(*, now: Callable[[], datetime], beat: Callable[[], None] = lambda: None) -> int:
    """Sends what is due, one after another; returns how many went.

    Stops where the other side does not answer at all: the rest keep their tries and wait.
    """
    went, silent = 0, 0
    tried: set[int] = set()
    while silent < _PATIENCE:
        pk = due(now()).exclude(pk__in=tried).values_list("pk", flat=True).first()
        if pk is None:
            break
        tried.add(pk)
        answer = send(pk, at=now())
        went += answer == SENT
        silent = silent + 1 if answer in ("unreachable", "broken_off") else 0
        beat()
        if len(tried) >= _MOST:
            break
    return went


def send(pk: int, *, at: datetime) -> str:
    """Sends one message if it is due and nobody else is at it: ``sent``, why not, or nothing.

    Outside of any transaction: that this worker has it must stand before anything is sent.
    """
    message = _claimed(pk, at)
    if message is None:
        return ""
    try:
        senders.send(message, vault.open_(message.to))
    except senders.Failed as failed:
        return _not_sent(message, failed, at)
    except keys.Unreadable:
        return _not_sent(message, senders.Failed("no_key"), at)
    except vault.Erased:
        return _not_sent(message, senders.Failed("erased", final=True), at)
    except Exception as fault:
        # One message never keeps the others waiting, whatever is the matter with it.
        log.exception("message %d could not be sent", pk)
        return _not_sent(message, senders.Failed("fault", type(fault).__name__), at)
    _settle(message, state=State.SENT, sent_at=at, error="")
    return SENT


def _claimed(pk: int, at: datetime) -> Message | None:
    """The message, where it is this worker that changed it to being sent."""
    found = due(at).filter(pk=pk).select_related("to").first()
    if found is None:
        return None
    if found.attempts >= TRIES:  # workers died at it again and again
        _settle(found, state=State.GIVEN_UP, error=found.error or "died|")
        return None
    mine = Message.objects.filter(
        pk=pk, state=found.state, attempts=found.attempts, next_at=found.next_at
    ).update(
        state=State.SENDING,
        attempts=F("attempts") + 1,
        next_at=at + LEASE,
        error="died|" if found.state == State.SENDING else found.error,
    )
    if not mine:
        return None
    found.state, found.attempts = State.SENDING, found.attempts + 1
    return found


def _not_sent(message: Message, failed: senders.Failed, at: datetime) -> str:
    error = f"{failed.why}|{masking.text(failed.detail)}"[:400]
    if failed.final or message.attempts >= TRIES:
        _settle(message, state=State.GIVEN_UP, error=error)
    else:
        pause = PAUSES[message.attempts - 1]
        _settle(message, state=State.WAITING, error=error, next_at=at + pause)
    return failed.why


def _settle(message: Message, **changed: object) -> None:
    """Only while it is still this worker's: after its lease another may have taken it."""
    Message.objects.filter(pk=message.pk, state=message.state, attempts=message.attempts).update(
        **changed
    )


# -- by people


@transaction.atomic
def retry(message: Message, *, act: events.Act) -> Message:
    """再次发送: at once, with all tries anew. Raises NotWaiting."""
    one = _held(message, State.WAITING, State.GIVEN_UP, State.DROPPED)
    one.state, one.attempts, one.next_at = State.WAITING, 0, act.at
    one.save(update_fields=["state", "attempts", "next_at"])
    _tell("message.retried", one, act)
    transaction.on_commit(_enqueue, robust=True)
    return one


@transaction.atomic
def drop(message: Message, *, act: events.Act, reason: str) -> Message:
    """不再发送: for a reason. Raises NotWaiting, `vault.NoPurpose`."""
    reason = vault.said(reason, _("请写明不再发送的理由，至少 %d 个字。"), "reason")
    one = _held(message, State.WAITING, State.GIVEN_UP)
    one.state = State.DROPPED
    one.save(update_fields=["state"])
    _tell("message.dropped", one, act, reason=reason)
    return one


def _held(message: Message, *states: Message.State) -> Message:
    one = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if one.state not in states:
        raise NotWaiting(
            _("这条消息现在是“%(state)s”，没有改动。") % {"state": one.get_state_display()}
        )
    return one


def _tell(kind: str, one: Message, act: events.Act, **more: str) -> None:
    new = {"channel": one.channel, "title": masking.text(one.title) or one.key, **more}
    events.record_many(act, [events.What(kind, one.organ_id, one.subject, {}, new)])


# -- telling


def why(message: Message) -> str:
    """Why it has not gone, in words."""
    word, _bar, detail = message.error.partition("|")
    said = str(WHY.get(word, word))
    return str(_WITH_DETAIL) % {"why": said, "detail": detail} if detail else said


_WITH_DETAIL = _("%(why)s（%(detail)s）")
