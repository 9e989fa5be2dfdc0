"""发送: one message to where the settings say: files, an SMTP server, a gateway for text messages.

Nothing is remembered here and nothing retried: `outbox` does both.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import http.client
import json
import os
import smtplib
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings

from gongkai.web.ledger.models import Message

STAY = timedelta(days=60)  # files of what was sent: the addresses in them stand nowhere else
TIMEOUT = 20  # seconds for each step of a conversation; `outbox.LEASE` outlasts them all together
_NO_SUCH = {550, 551, 553}  # said of who shall get it: no try will change it


class Failed(Exception):
    """未能发出: ``why`` is a key of `outbox.WHY`; ``final`` where trying again is in vain."""

    def __init__(self, why: str, detail: str = "", *, final: bool = False) -> None:
        super().__init__(f"{why}: {detail}")
        self.why, self.detail, self.final = why, " ".join(detail.split()), final


def send(message: Message, to: str) -> None:
    """Sends it; raises Failed."""
    (_mail if message.channel == Message.Channel.MAIL else _sms)(message, to)


def digest(message: Message) -> str:
    """The same for the same key, however often it is sent."""
    return hashlib.sha256(message.key.encode()).hexdigest()[:40]


# -- mail


def _mail(message: Message, to: str) -> None:
    name, at, host = to.rpartition("@")
    to = f"{name}{at}{host.encode('idna').decode('ascii')}"  # as every server understands it
    made = _letter(message, to)
    if settings.MAIL == "file":
        _kept("mail", f"{digest(message)}.eml", made.as_bytes(policy=SMTP))
        return
    with _conversation() as server:
        _handed_over(server, made, to)


def _letter(message: Message, to: str) -> EmailMessage:
    sender = settings.MAIL_FROM or "gongkai@localhost"
    made = EmailMessage(policy=SMTP)
    made["From"] = Address(addr_spec=sender)
    made["To"] = Address(addr_spec=to)
    made["Subject"] = message.title
    made["Date"] = format_datetime(message.made_at)
    made["Message-ID"] = f"<{digest(message)}@{sender.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(message.body)
    return made


@contextlib.contextmanager
def _conversation() -> Iterator[smtplib.SMTP]:
    """The server, encrypted and signed in as the setting says."""
    parts = urlsplit(settings.MAIL)
    tls = parse_qs(parts.query).get("tls", ["starttls"])[0]
    host, port = parts.hostname or "", parts.port or {"ssl": 465, "none": 25}.get(tls, 587)
    try:
        server = (
            smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=ssl.create_default_context())
            if tls == "ssl"
            else smtplib.SMTP(host, port, timeout=TIMEOUT)
        )
    except (OSError, smtplib.SMTPException) as cause:
        raise Failed("unreachable", str(cause)) from None
    try:
        _let_in(server, tls, unquote(parts.username or ""), unquote(parts.password or ""))
        yield server
    finally:
        # What was taken was taken, however the goodbye goes.
        with contextlib.suppress(OSError, smtplib.SMTPException):
            server.quit()
        server.close()


def _let_in(server: smtplib.SMTP, tls: str, user: str, password: str) -> None:
    try:
        if tls == "starttls":
            server.starttls(context=ssl.create_default_context())
        if user:
            server.login(user, password)
    except smtplib.SMTPAuthenticationError as cause:
        raise Failed("signed_out", str(cause.smtp_code)) from None
    except (smtplib.SMTPNotSupportedError, ssl.SSLError) as cause:
        raise Failed("no_tls", str(cause)) from None
    except (OSError, smtplib.SMTPException) as cause:
        raise Failed("unreachable", str(cause)) from None


def _handed_over(server: smtplib.SMTP, made: EmailMessage, to: str) -> None:
    try:
        server.send_message(made, settings.MAIL_FROM, [to])
    except smtplib.SMTPRecipientsRefused as refused:
        code, said = refused.recipients[to]
        raise Failed("refused", _answer(code, said), final=code in _NO_SUCH) from None
    except smtplib.SMTPResponseException as refused:
        raise Failed("refused", _answer(refused.smtp_code, refused.smtp_error)) from None
    except (OSError, smtplib.SMTPException) as cause:
        raise Failed("broken_off", str(cause)) from None


def _answer(code: int, said: Any) -> str:
    words = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
    return f"{code} {words}"


# -- text messages


def _sms(message: Message, to: str) -> None:
    told = {"id": digest(message), "to": to, "text": message.body}
    data = json.dumps(told, ensure_ascii=False).encode()
    if settings.SMS == "file":
        _kept("sms", f"{digest(message)}.json", data)
        return
    try:
        with _STRAIGHT.open(_asked(data), timeout=TIMEOUT) as answer:
            answer.read(1)
    except urllib.error.HTTPError as cause:
        cause.close()
        raise Failed("signed_out" if cause.code in (401, 403) else "refused", str(cause)) from None
    except urllib.error.URLError as cause:
        raise Failed("unreachable", str(cause.reason)) from None
    except (OSError, http.client.HTTPException) as cause:
        raise Failed("broken_off", str(cause)) from None


def _asked(data: bytes) -> urllib.request.Request:
    """The setting's user and password go into a header, never into the address that is asked."""
    parts = urlsplit(settings.SMS)
    user = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
    headers = {"Content-Type": "application/json; charset=utf-8"}
    if parts.username:
        headers["Authorization"] = "Basic " + base64.b64encode(user.encode()).decode("ascii")
    plain = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    return urllib.request.Request(plain, data=data, headers=headers, method="POST")


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


_STRAIGHT = urllib.request.build_opener(_NoRedirects)


# -- files


def _kept(folder: str, name: str, data: bytes) -> None:
    """Whole or not at all; the same message again is the same file."""
    place: Path = settings.HOME / "outbox" / folder
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary = place / f".{name}.{os.getpid()}"
        out = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(out, "wb") as made:
            made.write(data)
            made.flush()
            os.fsync(made.fileno())
        os.replace(temporary, place / name)
    except OSError as cause:
        raise Failed("not_written", cause.strerror or str(cause)) from None


def sweep(at: datetime) -> int:
    """Deletes files that have served their time; says how many."""
    gone = 0
    for file in (settings.HOME / "outbox").glob("*/*"):
        with contextlib.suppress(OSError):
            if file.stat().st_mtime < (at - STAY).timestamp():
                file.unlink()
                gone += 1
    return gone
