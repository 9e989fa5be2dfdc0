"""收件箱: what calls on whom, read and taken back, counted in the bar."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.web.ledger import alerts, calendars
from gongkai.web.ledger.models import Alert, Seen
from gongkai.web.organs import clock_kinds, reminder_actions
from gongkai.web.organs import particulars_queries as particulars
from gongkai.web.organs.reminder_actions import Note
from gongkai.web.tests.cast import Cast
from gongkai.web.tests.particulars import acting
from gongkai.web.workbench import inbox

INBOX = "/inbox/"


def text_of(response: object) -> str:
    html = response.content.decode()  # type: ignore[attr-defined]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def look(days: int = 0) -> None:
    alerts.raise_due(
        at=timezone.now() + timedelta(days=days),
        calendar=calendars.current(),
        thresholds=clock_kinds.thresholds,
    )


@pytest.fixture
def reminded(cast: Cast) -> Cast:
    """临溪区教育局 and 城市管理局 have something to do by today."""
    for code in ("LX-JY", "LX-CG"):
        organ = cast.organs[code]
        reminder_actions.remind(
            by=acting(cast, "supervisor", "LX"),
            organ=organ,
            subject=particulars.matter(organ),
            note=Note("请核对。", timezone.localdate()),
        )
    look()
    return cast


def test_an_empty_inbox_says_so(client_as: Callable[..., Client]) -> None:
    assert "没有未读的事项" in text_of(client_as("handler").get(INBOX))
    assert "没有未读的事项" in text_of(client_as("no_role").get(INBOX))


def test_officers_see_what_calls_on_their_organ(
    reminded: Cast, client_as: Callable[..., Client]
) -> None:
    client = client_as("handler")
    page = text_of(client.get(INBOX))
    assert "监督提醒将于" in page
    assert "临溪区教育局 · 指南要素" in page
    assert "今天到期" in page
    assert "城市管理局 · 指南要素" not in page
    assert "未读 1" in page
    assert reverse("organs:particulars_of", args=["LX-JY"]) in client.get(INBOX).content.decode()


@pytest.mark.parametrize(
    "who", ["outside_handler", "outside_administrator", "auditor", "administrator", "no_role"]
)
def test_what_calls_on_others_is_nobody_elses(
    reminded: Cast, client_as: Callable[..., Client], who: str
) -> None:
    page = text_of(client_as(who).get(INBOX + "open/"))
    assert "监督提醒" not in page
    assert "· 指南要素" not in page
    assert "未读 1" not in page


def test_the_supervisor_hears_once_it_is_late(
    reminded: Cast, client_as: Callable[..., Client]
) -> None:
    client = client_as("supervisor")
    assert "监督提醒" not in text_of(client.get(INBOX))
    look(1)
    page = text_of(client.get(INBOX))
    assert page.count("尚未办结") >= 2
    assert "未读 2" in page


def test_the_capacity_in_hand_decides(reminded: Cast, client_as: Callable[..., Client]) -> None:
    here = text_of(client_as("two_posts", acting_at="LX-CG").get(INBOX))
    there = text_of(client_as("two_posts", acting_at="LX-JY").get(INBOX))
    assert "城市管理局 · 指南要素" in here
    assert "教育局 · 指南要素" not in here
    assert "教育局 · 指南要素" in there


def test_one_is_marked_read_and_taken_back(
    reminded: Cast, client_as: Callable[..., Client]
) -> None:
    client = client_as("handler")
    one = Alert.objects.get(organ__code="LX-JY")
    foreign = Alert.objects.get(organ__code="LX-CG")
    done = client.post(INBOX, {"act": "read", "key": [one.pk, foreign.pk]}, follow=True)
    assert "1 项已标为已读。" in text_of(done)
    assert [s.alert_id for s in Seen.objects.all()] == [one.pk]
    assert "没有未读的事项" in text_of(done)
    assert "监督提醒将于" in text_of(client.get(INBOX + "open/"))
    assert "未读 1" in text_of(client_as("reviewer").get(INBOX))  # each person's own

    undo = re.search(r"/inbox/unread/\d+/", done.content.decode())
    assert undo is not None
    assert client_as("reviewer").post(undo[0]).status_code == 404
    assert "已恢复为未读" in text_of(client.post(undo[0], follow=True))
    assert not Seen.objects.exists()
    assert client.post(undo[0]).status_code == 404


def test_all_are_marked_read(reminded: Cast, client_as: Callable[..., Client]) -> None:
    look(1)
    client = client_as("supervisor")
    client.post(INBOX, {"act": "read", "all": "1"})
    assert Seen.objects.count() == 2
    assert "没有未读的事项" in text_of(client.get(INBOX))


def test_what_was_answered_is_settled(reminded: Cast, client_as: Callable[..., Client]) -> None:
    subject = particulars.matter(reminded.organs["LX-JY"])
    reminder_actions.answer(subject=subject, at=timezone.now())
    client = client_as("handler")
    assert "没有未读的事项" in text_of(client.get(INBOX))
    settled = text_of(client.get(INBOX + "settled/"))
    assert "监督提醒将于" in settled
    assert "已办结" in settled


def test_filters_narrow_the_list(reminded: Cast, client_as: Callable[..., Client]) -> None:
    client = client_as("handler")
    assert "监督提醒将于" in text_of(client.get(INBOX + "?kind=deadline.near"))
    assert "没有符合条件的记录" in text_of(client.get(INBOX + "?kind=deadline.late"))


def test_the_count_costs_three_small_queries(
    reminded: Cast, django_assert_max_num_queries: Callable[..., object]
) -> None:
    held = acting(reminded, "handler").capacity
    with django_assert_max_num_queries(3):  # type: ignore[attr-defined]
        assert inbox.count(reminded.accounts["handler"], held) == 1
    above = acting(reminded, "supervisor", "LX").capacity
    with django_assert_max_num_queries(2):  # type: ignore[attr-defined]
        assert inbox.count(reminded.accounts["supervisor"], above) == 0
