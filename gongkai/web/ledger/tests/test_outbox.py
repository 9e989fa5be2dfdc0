"""待发消息: written once with what it tells of, sent to a real server, tried again, given up."""

from __future__ import annotations

import email
import email.policy
import json
import os
import signal
import socket
import stat
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from django.db import transaction

from gongkai.web.ledger import events, outbox, senders, vault
from gongkai.web.ledger.models import Event, Message, Secret
from gongkai.web.ledger.tests import children
from gongkai.web.tests.cast import Cast

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 1, 2, 3, tzinfo=UTC)
State = Message.State


class Server:
    """邮件服务器: takes mail, or does what a test tells it to."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.answers: Callable[[], str | None] = lambda: None  # to RCPT
        self.after: Callable[[], str | None] = lambda: None  # to the message, once it is here

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        refused = self.answers()
        if refused:
            return refused
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return self.after() or "250 OK"


@pytest.fixture
def mail(settings: Any, tmp_path: Path) -> Iterator[Server]:
    """A mail server on this machine, and the service set to use it."""
    settings.HOME = tmp_path
    settings.VAULT_KEYS = tmp_path / "vault.keys"
    server = Server()
    controller = Controller(server, hostname="127.0.0.1", port=_free())
    controller.start()
    settings.MAIL = f"smtp://127.0.0.1:{controller.port}?tls=none"
    settings.MAIL_FROM = "xxgk@example.gov.cn"
    yield server
    controller.stop()


def _free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as tried:
        port: int = tried.getsockname()[1]
        return port


@pytest.fixture
def files(settings: Any, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    settings.VAULT_KEYS = tmp_path / "vault.keys"
    settings.MAIL = settings.SMS = "file"
    return tmp_path / "outbox"


def put(cast: Cast, key: str = "reply/1", **other: Any) -> Message:
    given = {
        "organ": cast.organs["LX-JY"],
        "subject": "application/1",
        "channel": "mail",
        "to": "chen@example.com",
        "title": "您的申请已答复",
        "body": "陈示例：\n\n答复书见附件。\n",
        "at": AT,
    }
    return outbox.put(key=key, **{**given, **other})


def _same(at: datetime) -> datetime:
    return at


def now(message: Message) -> Message:
    message.refresh_from_db()
    return message


# -- written


def test_the_same_key_twice_is_one_message(cast: Cast, files: Path) -> None:
    first = put(cast)
    assert put(cast, body="另一封").pk == first.pk
    assert Message.objects.count() == Secret.objects.count() == 1
    assert put(cast, "reply/2").pk != first.pk


def test_the_address_stands_in_the_vault_alone(cast: Cast, files: Path) -> None:
    one = put(cast)
    assert vault.shown(one.to) == "c***@example.com"
    row = Message.objects.values().get(pk=one.pk)
    assert "chen@example" not in json.dumps(row, default=str)


@pytest.mark.parametrize(
    ("channel", "to"),
    [
        ("mail", "chen"),
        ("mail", "a@b.cn\nBcc: x@y.cn"),
        ("mail", "=?utf-8?q?x?=@example.com"),  # may be one, but not in the head of a mail
        ("sms", "请电话"),
        ("sms", "12"),
    ],
)
def test_an_address_that_cannot_be_one_is_refused(
    cast: Cast, files: Path, channel: str, to: str
) -> None:
    with pytest.raises(outbox.BadAddress):
        put(cast, channel=channel, to=to)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sent_for_a_change_taken_back(cast: Cast, files: Path) -> None:
    class TakenBack(Exception):
        pass

    with pytest.raises(TakenBack), transaction.atomic():
        put(cast)
        raise TakenBack
    assert outbox.send_due(now=lambda: AT) == 0
    assert not files.exists()


# -- files


def test_mail_lies_in_a_folder_where_no_server_is_named(cast: Cast, files: Path) -> None:
    one = put(cast)
    assert outbox.send_due(now=lambda: AT) == 1
    (file,) = (files / "mail").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    letter = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert letter["To"] == "chen@example.com"
    assert letter["Subject"] == "您的申请已答复"
    assert "答复书见附件" in letter.get_content()
    assert now(one).state == State.SENT and one.sent_at == AT
    assert outbox.send_due(now=lambda: AT + timedelta(days=1)) == 0


def test_a_text_message_lies_beside_it(cast: Cast, files: Path) -> None:
    put(cast, channel="sms", to="138 0000 5678", title="", body="您的申请已答复。")
    outbox.send_due(now=lambda: AT)
    (file,) = (files / "sms").iterdir()
    said = json.loads(file.read_text())
    assert (said["to"], said["text"]) == ("13800005678", "您的申请已答复。")


def test_a_folder_that_cannot_be_written_to_is_told_and_tried_again(
    cast: Cast, files: Path
) -> None:
    files.write_text("no folder")
    one = put(cast)
    outbox.send_due(now=lambda: AT)
    assert now(one).state == State.WAITING
    assert outbox.why(one).startswith("文件不能写入")
    files.unlink()
    assert outbox.send_due(now=lambda: AT + timedelta(minutes=1)) == 1


# -- SMTP


def test_a_mail_reaches_the_server(cast: Cast, mail: Server) -> None:
    one = put(cast)
    assert outbox.send_due(now=lambda: AT) == 1
    (letter,) = mail.taken
    assert letter["From"] == "xxgk@example.gov.cn"
    assert letter["Message-ID"] == f"<{senders.digest(one)}@example.gov.cn>"
    assert letter.get_content().replace("\r\n", "\n") == "陈示例：\n\n答复书见附件。\n"


def test_who_does_not_exist_is_given_up_at_once(cast: Cast, mail: Server) -> None:
    mail.answers = lambda: "550 5.1.1 <chen@example.com> no such user"
    one = put(cast)
    outbox.send_due(now=lambda: AT)
    assert now(one).state == State.GIVEN_UP
    assert outbox.why(one) == "对方服务器拒收（550 5.1.1 <c***@example.com> no such user）"
    assert mail.taken == []


def test_a_server_that_is_busy_is_asked_again_ever_later_and_then_no_more(
    cast: Cast, mail: Server
) -> None:
    mail.answers = lambda: "451 try again later"
    one, at, pauses = put(cast), AT, []
    for _ in range(outbox.TRIES):
        assert outbox.send_due(now=partial(_same, at)) == 0
        assert outbox.send(one.pk, at=at + timedelta(seconds=59)) == ""  # not before its time
        pauses.append(now(one).next_at - at)
        at = one.next_at
    assert pauses[:-1] == list(outbox.PAUSES) == sorted(outbox.PAUSES)
    assert one.state == State.GIVEN_UP and one.attempts == 8
    assert outbox.send_due(now=lambda: at + timedelta(days=9)) == 0


def test_a_server_that_hangs_keeps_nobody_for_long(
    cast: Cast, settings: Any, mail: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(senders, "TIMEOUT", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes calls, says nothing
        settings.MAIL = f"smtp://127.0.0.1:{silent.getsockname()[1]}?tls=none"
        found = [put(cast, f"reply/{n}") for n in range(9)]
        outbox.send_due(now=lambda: AT)
    tried = [now(m).attempts for m in found]
    assert sum(tried) == 3  # and the rest keep their tries
    assert outbox.why(found[0]).startswith("连不上发送服务")
    assert {m.state for m in found} == {State.WAITING}


def test_a_server_that_is_not_there_is_told(cast: Cast, settings: Any, mail: Server) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        settings.MAIL = f"smtp://127.0.0.1:{gone.getsockname()[1]}?tls=none"
    one = put(cast)
    outbox.send_due(now=lambda: AT)
    assert outbox.why(now(one)).startswith("连不上发送服务")


def test_a_server_that_dies_midway_is_asked_again(cast: Cast, settings: Any, mail: Server) -> None:
    at_work = settings.MAIL
    with socket.create_server(("127.0.0.1", 0)) as dying:
        settings.MAIL = f"smtp://127.0.0.1:{dying.getsockname()[1]}?tls=none"
        thread = threading.Thread(target=_until_data, args=(dying,))
        thread.start()
        one = put(cast)
        outbox.send_due(now=lambda: AT)
        thread.join()
    assert outbox.why(now(one)).startswith("连接中断")
    settings.MAIL = at_work
    assert outbox.send_due(now=lambda: AT + timedelta(minutes=1)) == 1
    assert len(mail.taken) == 1


def _until_data(listening: socket.socket) -> None:
    call, _who = listening.accept()
    with call, call.makefile("rb") as lines:
        call.sendall(b"220 dying\r\n")
        for line in lines:
            if line.upper().startswith(b"DATA"):
                call.sendall(b"354 go on\r\n")
                lines.readline()
                return
            call.sendall(b"250 OK\r\n")


def test_a_password_that_is_wrong_is_told(cast: Cast, settings: Any, mail: Server) -> None:
    controller = Controller(
        mail,
        hostname="127.0.0.1",
        port=_free(),
        auth_require_tls=False,
        authenticator=lambda *given: AuthResult(
            success=given[4].password == b"p@ss", handled=False
        ),
    )
    controller.start()
    try:
        one = put(cast)
        settings.MAIL = f"smtp://user:wrong@127.0.0.1:{controller.port}?tls=none"
        outbox.send_due(now=lambda: AT)
        assert outbox.why(now(one)).startswith("发送服务不接受用户名或密码")
        settings.MAIL = f"smtp://user:p%40ss@127.0.0.1:{controller.port}?tls=none"
        assert outbox.send_due(now=lambda: AT + timedelta(minutes=1)) == 1
    finally:
        controller.stop()


def test_a_server_without_encryption_is_not_trusted_unless_told_so(
    cast: Cast, settings: Any, mail: Server
) -> None:
    settings.MAIL = settings.MAIL.partition("?")[0]
    one = put(cast)
    outbox.send_due(now=lambda: AT)
    assert outbox.why(now(one)).startswith("发送服务不支持所要求的加密")
    assert mail.taken == []


# -- several workers, and workers that die


def test_who_lost_the_message_does_not_mark_it(cast: Cast, mail: Server) -> None:
    """A worker that comes back after its lease changes nothing any more."""
    one = put(cast)

    def taken_over() -> None:
        Message.objects.filter(pk=one.pk).update(attempts=2)

    monkey = senders.send
    try:
        senders.send = lambda message, to: taken_over()
        outbox.send(one.pk, at=AT)
    finally:
        senders.send = monkey
    assert now(one).state == State.SENDING


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_nothing_twice(cast: Cast, mail: Server) -> None:
    for number in range(20):
        put(cast, f"reply/{number}")
    pks = list(Message.objects.values_list("pk", flat=True))

    def work() -> None:
        from django.db import connection

        for pk in pks:
            outbox.send(pk, at=AT)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(mail.taken) == len({m["Message-ID"] for m in mail.taken}) == 20
    assert set(Message.objects.values_list("state", flat=True)) == {State.SENT}


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_after_sending_has_it_sent_again_under_the_same_id(
    cast: Cast, settings: Any, mail: Server, tmp_path: Path
) -> None:
    """At least once: what the server took and nobody noted comes again after the lease."""
    one = put(cast)

    def kill() -> str:
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        return "250 OK"

    mail.after = kill
    child = children.started(
        f"from datetime import datetime\nfrom gongkai.web.ledger import outbox\n"
        f"outbox.send({one.pk}, at=datetime.fromisoformat({AT.isoformat()!r}))",
        tmp_path,
        GONGKAI_MAIL=settings.MAIL,
        GONGKAI_MAIL_FROM=settings.MAIL_FROM,
    )

    assert child.wait(60) == -signal.SIGKILL
    mail.after = lambda: None
    assert now(one).state == State.SENDING and one.attempts == 1
    assert outbox.send_due(now=lambda: AT + timedelta(minutes=9)) == 0  # its lease
    assert outbox.send_due(now=lambda: AT + timedelta(minutes=11)) == 1
    first, second = mail.taken
    assert first["Message-ID"] == second["Message-ID"]
    assert now(one).state == State.SENT and one.attempts == 2


# -- text messages by a gateway


class Gateway(BaseHTTPRequestHandler):
    """短信网关: of one answer, that remembers what it was asked."""

    asked: list[tuple[dict[str, str], dict[str, str]]] = []
    code = 200

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.asked.append((dict(self.headers), json.loads(body)))
        self.send_response(self.code)
        self.end_headers()

    def log_message(self, *said: Any) -> None:
        pass


@pytest.fixture
def gateway(settings: Any, files: Path) -> Iterator[type[Gateway]]:
    class Ours(Gateway):
        asked = []

    server = HTTPServer(("127.0.0.1", 0), Ours)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.SMS = f"http://user:p%40ss@127.0.0.1:{server.server_port}/send"
    yield Ours
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_text_message_goes_to_the_gateway_with_its_id(cast: Cast, gateway: type[Gateway]) -> None:
    one = put(cast, channel="sms", to="13800005678", title="", body="您的申请已答复。")
    assert outbox.send_due(now=lambda: AT) == 1
    ((headers, said),) = gateway.asked
    told = {"id": senders.digest(one), "to": "13800005678", "text": "您的申请已答复。"}
    assert said == told
    assert headers["Authorization"] == "Basic dXNlcjpwQHNz"


@pytest.mark.parametrize(
    ("code", "why"),
    [(500, "对方服务器拒收"), (302, "对方服务器拒收"), (401, "发送服务不接受用户名或密码")],
)
def test_what_the_gateway_refuses_is_tried_again(
    cast: Cast, gateway: type[Gateway], code: int, why: str
) -> None:
    gateway.code = code
    one = put(cast, channel="sms", to="13800005678")
    assert outbox.send_due(now=lambda: AT) == 0
    assert outbox.why(now(one)).startswith(why)
    assert one.state == State.WAITING


# -- by people


def test_who_retries_or_drops_a_message_is_told_of(cast: Cast, mail: Server) -> None:
    mail.answers = lambda: "550 no"
    one, act = put(cast), events.Act(cast.accounts["administrator"], AT, "administrator")
    outbox.send_due(now=lambda: AT)
    outbox.retry(now(one), act=act)
    assert now(one).state == State.WAITING and one.attempts == 0
    with pytest.raises(vault.NoPurpose):
        outbox.drop(one, act=act, reason="无")
    outbox.drop(one, act=act, reason="已改为邮寄答复")
    assert outbox.send_due(now=lambda: AT) == 0
    assert [events.sentence(e) for e in Event.objects.order_by("pk")] == [
        "再次发送邮件“您的申请已答复”",
        "不再发送邮件“您的申请已答复”，理由：已改为邮寄答复",
    ]
    outbox.retry(now(one), act=act)
    mail.answers = lambda: None
    assert outbox.send_due(now=lambda: AT) == 1
    with pytest.raises(outbox.NotWaiting, match="已发"):
        outbox.drop(now(one), act=act, reason="已改为邮寄答复")


def test_an_erased_address_is_written_to_no_more(cast: Cast, mail: Server) -> None:
    one = put(cast)
    act = events.Act(cast.accounts["handler"], AT)
    vault.erase([one.to], act=act, reason="申请人要求删除")
    outbox.send_due(now=lambda: AT)
    assert now(one).state == State.GIVEN_UP
    assert outbox.why(one) == "收件地址已删除"


def test_without_keys_a_message_waits_for_them(cast: Cast, mail: Server, tmp_path: Path) -> None:
    one = put(cast)
    kept = (tmp_path / "vault.keys").rename(tmp_path / "elsewhere")
    outbox.send_due(now=lambda: AT)
    assert now(one).state == State.WAITING
    assert outbox.why(one) == "收件地址打不开，缺密钥"
    kept.rename(tmp_path / "vault.keys")
    assert outbox.send_due(now=lambda: AT + timedelta(minutes=1)) == 1


def test_a_number_in_wide_digits_is_one_all_the_same(cast: Cast, files: Path) -> None:
    one = put(cast, channel="sms", to="１３８ ０００１ ２３４５")
    assert vault.open_(one.to) == "13800012345"


def test_a_message_that_cannot_be_written_keeps_no_other_waiting(
    cast: Cast, files: Path, settings: Any
) -> None:
    settings.MAIL_FROM = "no address"  # every mail fails, in a way nobody foresaw
    mails = [put(cast, f"reply/{n}") for n in range(4)]
    text = put(cast, "reply/9", channel="sms", to="13800012345")
    assert outbox.send_due(now=lambda: AT) == 1
    assert now(text).state == State.SENT
    assert {now(one).state for one in mails} == {State.WAITING}
    assert outbox.why(mails[0]).startswith("程序出错，详见日志")


def test_files_of_mail_and_text_messages_go_after_their_time(cast: Cast, files: Path) -> None:
    put(cast)
    put(cast, "reply/2", channel="sms", to="13800012345")
    outbox.send_due(now=lambda: AT)
    made = [file for folder in ("mail", "sms") for file in (files / folder).iterdir()]
    written = AT.timestamp()
    for file in made:
        os.utime(file, (written, written))
    assert senders.sweep(AT + senders.STAY - timedelta(minutes=1)) == 0
    assert senders.sweep(AT + senders.STAY + timedelta(minutes=1)) == 2
    assert not any(file.exists() for file in made)


def test_a_host_with_a_chinese_name_is_written_as_servers_know_it(cast: Cast, mail: Server) -> None:
    one = put(cast, to="chen@例子.中国")
    assert outbox.send(one.pk, at=AT) == outbox.SENT
    assert mail.taken[0]["To"] == "chen@xn--fsqu00a.xn--fiqs8s"
