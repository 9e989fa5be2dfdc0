"""暂存的文件: a file chosen in an act that is asked twice is on file once it is confirmed; going
back, a refusal and a day that passes lose nothing without a word."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.statute import remedy_events as r
from gongkai.web.ledger import queries as ledger
from gongkai.web.remedies import life
from gongkai.web.remedies.models import Remedy
from gongkai.web.remedies.tests.test_life import answered, begun, does
from gongkai.web.shell import held, storage
from gongkai.web.tests.cast import Cast
from gongkai.web.tests.particulars import PDF, file

pytestmark = pytest.mark.django_db


def heard(cast: Cast) -> Remedy:
    return does(cast, begun(cast, answered(cast)), r.Admitted(date(2026, 4, 7)))


def send(client: Client, remedy: Remedy, **more: Any) -> Any:
    remedy.refresh_from_db()
    typed = {
        "on": "2026-06-01", "result": "upheld", "number": "示例复决〔2026〕9号",
        "version": remedy.version, **more,
    }  # fmt: skip
    return client.post(reverse("remedies:do", args=[remedy.pk, "conclude"]), typed)


def words(page: Any) -> list[str]:
    return re.findall(r'name="_held" value="([^"]+)"', page.content.decode())


def on_file(remedy: Remedy) -> list[str]:
    return [one.name for one in ledger.attachments_of(life.address(remedy))]


def kept() -> list[str]:
    return [name for name, _written in storage.names(held.FOLDER)]


@pytest.fixture(autouse=True)
def _empty() -> None:
    for name in kept():
        default_storage.delete(name)


def test_the_decision_is_on_file_once_it_is_confirmed(cast: Cast) -> None:
    remedy = heard(cast)
    client = cast.client("handler", acting_at="LX-JY")
    asked = send(client, remedy, files=[file(PDF, "决定书.pdf"), file(PDF, "送达回证.pdf")])
    assert "请核对将要发生的事" in asked.content.decode()
    assert "决定书.pdf" in asked.content.decode()
    assert on_file(remedy) == [] and len(kept()) == 2
    done = send(client, remedy, _held=words(asked), _sure="1")
    assert done.status_code == 302
    assert on_file(remedy) == ["决定书.pdf", "送达回证.pdf"]
    assert kept() == []


def test_back_to_the_form_they_are_still_chosen(cast: Cast) -> None:
    remedy = heard(cast)
    client = cast.client("handler", acting_at="LX-JY")
    asked = send(client, remedy, files=[file(PDF, "决定书.pdf")])
    back = send(client, remedy, _held=words(asked), _back="1")
    assert "决定书.pdf" in back.content.decode() and len(words(back)) == 1
    again = send(client, remedy, _held=words(back), files=[file(PDF, "附件.pdf")])
    assert len(words(again)) == 2
    send(client, remedy, _held=words(again), _sure="1")
    assert on_file(remedy) == ["决定书.pdf", "附件.pdf"]


def test_a_refusal_after_the_question_keeps_them(cast: Cast) -> None:
    remedy = heard(cast)
    client = cast.client("handler", acting_at="LX-JY")
    asked = send(client, remedy, files=[file(PDF, "决定书.pdf")])
    late = (timezone.localdate() + timedelta(days=1)).isoformat()
    refused = send(client, remedy, _held=words(asked), _sure="1", on=late)
    assert refused.status_code == 422 and len(words(refused)) == 1


def test_nobody_else_gets_them_and_what_is_gone_is_said(cast: Cast) -> None:
    remedy = heard(cast)
    client = cast.client("handler", acting_at="LX-JY")
    asked = send(client, remedy, files=[file(PDF, "决定书.pdf")])
    elsewhere = client.post(reverse("remedies:file_add", args=[remedy.pk]), {"_held": words(asked)})
    assert elsewhere.status_code == 422 and on_file(remedy) == []
    assert held.sweep(at=timezone.now()) == 0
    assert held.sweep(at=timezone.now() + timedelta(days=2)) == 1
    gone = send(client, remedy, _held=words(asked), _sure="1")
    assert gone.status_code == 422
    assert "“决定书.pdf”暂存超过一天" in gone.content.decode()
    remedy.refresh_from_db()
    assert remedy.is_open


@pytest.mark.parametrize("act", ["conclude", "opinion-letter"])
def test_a_file_that_is_not_taken_is_said_at_its_field(cast: Cast, act: str) -> None:
    remedy = heard(cast)
    client = cast.client("handler", acting_at="LX-JY")
    typed = {
        "on": "2026-06-01", "result": "upheld", "number": "示例复决〔2026〕9号",
        "version": remedy.version, "files": [file(b"MZ\x90", "程序.exe")],
    }  # fmt: skip
    page = client.post(reverse("remedies:do", args=[remedy.pk, act]), typed)
    assert page.status_code == 422
    assert "程序.exe" in page.content.decode() and kept() == []
