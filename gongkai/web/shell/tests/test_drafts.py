"""自动保存: what is typed into a long form is there again, for its author alone, until sent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.web.shell.models import Draft
from gongkai.web.tests import particulars as samples
from gongkai.web.tests.cast import Cast

pytestmark = pytest.mark.django_db
FORM = "/organs/LX-JY/particulars/draft/"
SAVE = reverse("shell:draft")


def typing(client: Client, **values: str) -> Any:
    """What the page sends while somebody types."""
    return client.post(SAVE, {"_draft_of": FORM, "_once": "x" * 43, **values})


def page(client: Client, address: str = FORM) -> str:
    return str(client.get(address).content.decode())


def test_what_was_typed_is_there_again_and_the_page_says_so(cast: Cast) -> None:
    client = cast.client("handler")
    assert "已自动保存" in typing(client, hours="周一至周五 9:00—16:00").json()["said"]
    again = page(cast.client("handler"))
    assert "周一至周五 9:00—16:00" in again
    assert "尚未提交的内容" in again


def test_nobody_else_gets_it(cast: Cast) -> None:
    typing(cast.client("handler"), hours="只有甲经办看得到")
    other = samples.colleague(cast)
    assert "只有甲经办看得到" not in page(cast.client(other))
    assert typing(cast.client(None), hours="x").status_code == 302


def test_only_the_last_of_a_form_is_kept(cast: Cast) -> None:
    client = cast.client("handler")
    typing(client, hours="第一次")
    typing(client, hours="第二次")
    assert [one.data["hours"] for one in Draft.objects.all()] == [["第二次"]]


def test_submitting_ends_it(cast: Cast) -> None:
    client = cast.client("handler")
    typing(client, hours="x")
    assert client.post(FORM, samples.VALUES).status_code == 302
    assert not Draft.objects.exists()


def test_a_refused_form_keeps_it(cast: Cast) -> None:
    client = cast.client("handler")
    typing(client, hours="x")
    assert client.post(FORM, samples.VALUES | {"phone": ""}).status_code == 422
    assert Draft.objects.count() == 1


def test_it_can_be_given_up(cast: Cast) -> None:
    client = cast.client("handler")
    typing(client, hours="不要了的时间")
    answer = client.post(reverse("shell:draft_drop"), {"_draft_of": FORM})
    assert answer["Location"] == FORM
    assert "不要了的时间" not in page(client)


def test_giving_up_leads_to_no_other_host(cast: Cast) -> None:
    client = cast.client("handler")
    for path in ("https://example.com/", "//example.com/", "javascript:alert(1)"):
        answer = client.post(reverse("shell:draft_drop"), {"_draft_of": path})
        assert answer["Location"] == "/"


def test_passwords_and_tokens_are_never_kept(cast: Cast) -> None:
    typing(cast.client("handler"), hours="x", password="geheim", otp_token="123456")
    (one,) = Draft.objects.all()
    assert set(one.data) == {"hours"}


def test_what_is_too_long_is_not_kept_and_said(cast: Cast) -> None:
    answer = typing(cast.client("handler"), remarks="长" * 200_001)
    assert (answer.status_code, Draft.objects.count()) == (413, 0)
    assert "没有自动保存" in answer.json()["said"]


def test_a_draft_typed_against_an_older_state_shows_both(cast: Cast) -> None:
    one = samples.drafted(cast)
    address = "/organs/LX-JY/particulars/edit/"
    client = cast.client("handler")
    kept = samples.VALUES | {"phone": "0000-00009999", "version": str(one.version)}
    client.post(SAVE, {"_draft_of": address, **kept})
    by = samples.colleague(cast)
    other = samples.VALUES | {"phone": "0000-00008888", "version": str(one.version)}
    assert cast.client(by).post(address, other).status_code == 302
    again = client.get(address).context["form"]
    sent = {name: again[name].value() for name in (*samples.VALUES, "version")}
    shown = client.post(address, sent)
    assert shown.status_code == 422
    assert "<td>0000-00008888</td><td>0000-00009999</td>" in shown.content.decode()


def test_after_a_month_it_is_removed(cast: Cast) -> None:
    from gongkai.web.shell import drafts

    typing(cast.client("handler"), hours="x")
    now = timezone.now()
    assert drafts.sweep(now + timedelta(days=29)) == 0
    assert drafts.sweep(now + timedelta(days=31)) == 1


def test_what_was_still_on_its_way_when_the_form_was_sent_is_not_kept(cast: Cast) -> None:
    client = cast.client("handler")
    once = "o" * 43
    assert client.post(FORM, {**samples.VALUES, "_once": once}).status_code == 302
    assert typing(client, hours="慢了一步", _once=once).status_code == 200
    assert not Draft.objects.exists()


def test_what_was_typed_lies_sealed(cast: Cast, settings: Any) -> None:
    client = cast.client("handler")
    typing(client, hours="申请人陈示例 13800012345")
    with connection.cursor() as cursor:
        cursor.execute("SELECT CAST(data AS text) FROM shell_draft")
        ((stored,),) = cursor.fetchall()
    assert stored.startswith('{"sealed":')
    assert "13800012345" not in stored and "hours" not in stored
    assert "13800012345" in page(cast.client("handler"))
    before = settings.SECRET_KEY
    settings.SECRET_KEY = "another" * 10
    assert Draft.objects.get().data == {}
    assert "尚未提交的内容" not in page(cast.client("handler"))
    settings.SECRET_KEY_FALLBACKS = [before]
    assert "13800012345" in Draft.objects.get().data["hours"][0]
