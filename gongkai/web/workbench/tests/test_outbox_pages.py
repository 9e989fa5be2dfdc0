"""待发消息页面: an administrator sees what did not go and why, sends it again, drops it, looks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.web.ledger import events, outbox
from gongkai.web.ledger.models import Event, Message
from gongkai.web.tests.cast import Cast

pytestmark = pytest.mark.django_db
ClientAs = Callable[..., Client]
TO = "chen@example.com"


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Path:
    settings.HOME, settings.VAULT_KEYS = tmp_path, tmp_path / "vault.keys"
    return tmp_path


def put(cast: Cast, code: str = "LX-JY", **other: Any) -> Message:
    given = {
        "channel": "mail",
        "to": TO,
        "title": f"{code} 的答复",
        "body": f"请回电 13800005678，{code}",
    }
    made = outbox.put(
        key=f"test/{code}/{Message.objects.count()}",
        organ=cast.organs[code],
        subject="application/1",
        at=timezone.now(),
        **{**given, **other},
    )
    return made


def failed(cast: Cast, code: str = "LX-JY", **other: Any) -> Message:
    one = put(cast, code, **other)
    Message.objects.filter(pk=one.pk).update(
        state=Message.State.GIVEN_UP, attempts=8, error="refused|550 no such user"
    )
    one.refresh_from_db()
    return one


def page(client: Client, name: str, *args: Any, **query: str) -> str:
    answer = client.get(reverse(f"outbox:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_shows_what_did_not_go_and_why_with_the_address_masked(
    cast: Cast, client_as: ClientAs
) -> None:
    failed(cast)
    failed(cast, "WS-JY")
    said = page(client_as("administrator"), "list")
    assert "LX-JY 的答复" in said and "未能发出" in said
    assert "对方服务器拒收（550 no such user）" in said
    assert "c***@example.com" in said and TO not in said
    assert "WS-JY" not in said


def test_a_message_is_found_by_its_whole_address(cast: Cast, client_as: ClientAs) -> None:
    put(cast)
    put(cast, to="li@example.com", title="另一封")
    said = page(client_as("administrator"), "list", q="Chen@Example.com")
    assert "LX-JY 的答复" in said and "另一封" not in said
    assert "LX-JY 的答复" not in page(client_as("administrator"), "list", q="chen@example")


def test_filters_narrow_by_state_channel_and_organ(cast: Cast, client_as: ClientAs) -> None:
    failed(cast)
    put(cast, "LX-CG", channel="sms", to="13800005678", title="", body="城管的短信")
    client = client_as("administrator")
    for query in ({"state": "given_up"}, {"channel": "mail"}, {"organ": "教育局"}):
        said = page(client, "list", **query)
        assert "LX-JY 的答复" in said and "城管的短信" not in said


def test_one_or_many_are_sent_again_at_once(cast: Cast, client_as: ClientAs, home: Path) -> None:
    one, other, foreign = failed(cast), failed(cast, "LX-CG"), failed(cast, "WS-JY")
    client = client_as("administrator")
    client.post(reverse("outbox:retry", args=[one.pk]))
    one.refresh_from_db()
    assert one.state == Message.State.WAITING
    answer = client.post(
        reverse("outbox:list"),
        {"act": "retry", "key": [str(other.pk), str(foreign.pk)]},
        follow=True,
    )
    assert "条消息马上再发" in answer.content.decode()
    other.refresh_from_db()
    foreign.refresh_from_db()
    assert other.state == Message.State.WAITING
    assert foreign.state == Message.State.GIVEN_UP
    assert outbox.send_due(now=timezone.now) == 2


def test_a_message_is_dropped_for_a_reason(cast: Cast, client_as: ClientAs) -> None:
    one, client = failed(cast), client_as("administrator")
    address = reverse("outbox:drop", args=[one.pk])
    assert client.post(address, {"reason": "无"}).status_code == 422
    assert client.post(address, {"reason": "已电话告知"}).status_code == 302
    one.refresh_from_db()
    assert one.state == Message.State.DROPPED
    assert "不再发送" in page(client, "message", one.pk)


def test_an_address_is_shown_for_a_purpose_once_and_told_of(
    cast: Cast, client_as: ClientAs
) -> None:
    one, client = failed(cast), client_as("administrator")
    before = page(client, "message", one.pk)
    assert TO not in before and "13800005678" not in before
    address = reverse("outbox:reveal", args=[one.pk])
    refused = client.post(address, {"purpose": "看看"})
    assert refused.status_code == 422 and TO not in refused.content.decode()
    assert not Event.objects.filter(kind="secret.unmasked").exists()
    shown = client.post(address, {"purpose": "核对退信的邮箱"})
    assert TO in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    told = Event.objects.get(kind="secret.unmasked")
    assert events.sentence(told) == "查看电子邮箱，事由：核对退信的邮箱"
    assert told.organ == cast.organs["LX-JY"]
    assert TO not in page(client, "message", one.pk)


def test_the_front_page_tells_administrators_of_what_did_not_go(
    cast: Cast, client_as: ClientAs
) -> None:
    client = client_as("administrator")
    assert "未能发出的消息" not in client.get("/").content.decode()
    one = failed(cast)
    said = client.get("/").content.decode()
    assert "未能发出的消息" in said and reverse("outbox:message", args=[one.pk]) in said
    assert "未能发出的消息" not in client_as("supervisor").get("/").content.decode()


def test_the_page_opens_without_keys(cast: Cast, client_as: ClientAs, home: Path) -> None:
    one, client = failed(cast), client_as("administrator")
    (home / "vault.keys").unlink()
    assert "打不开，缺密钥" in page(client, "list", q="答复")
    answer = client.post(reverse("outbox:reveal", args=[one.pk]), {"purpose": "核对退信的邮箱"})
    assert answer.status_code == 422
    assert "从备份恢复密钥文件" in answer.content.decode()
