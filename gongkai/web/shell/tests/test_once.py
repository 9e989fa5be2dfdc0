"""一次提交: sent twice, done once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.utils import timezone

from gongkai.web.accounts.models import Account
from gongkai.web.shell import once
from gongkai.web.shell.models import Submission
from gongkai.web.shell.tests import troubled

pytestmark = pytest.mark.urls("gongkai.web.shell.tests.troubled")
SAID = "这份表单已经提交过，这是上次的结果。"


@pytest.mark.django_db
def test_a_form_sent_twice_acts_once_and_leads_to_the_first_result(client: Client) -> None:
    sent = {"username": "chen", "_once": once.token()}
    first = client.post("/save-once", sent)
    again = client.post("/save-once", {**sent, "username": "other"})
    assert first["Location"] == again["Location"]
    assert [str(m) for m in get_messages(again.wsgi_request)] == [SAID]
    assert Account.objects.count() == 1


@pytest.mark.django_db
def test_a_form_that_was_refused_can_be_sent_again(client: Client) -> None:
    client.raise_request_exception = False
    Account.objects.create_user("chen")
    sent = {"username": "chen", "_once": once.token()}
    assert client.post("/save-once", sent).status_code == 500  # the name is taken
    assert not Submission.objects.exists()
    assert client.post("/save-once", {**sent, "username": "wang"}).status_code == 302


@pytest.fixture
def held_back() -> Iterator[threading.Event]:
    event = threading.Event()
    troubled.waiting.append(event)
    yield event
    event.set()
    troubled.waiting.clear()


@pytest.mark.django_db(transaction=True)
def test_of_two_sendings_at_the_same_moment_one_acts_and_both_lead_to_its_result(
    held_back: threading.Event,
) -> None:
    sent = {"username": "chen", "_once": once.token()}
    answers: list[Any] = []

    def send() -> None:
        try:
            answers.append(Client().post("/save-once", sent))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(3)]
    for thread in threads:
        thread.start()
    threading.Timer(0.5, held_back.set).start()  # by then all three are inside
    for thread in threads:
        thread.join()
    assert [a.status_code for a in answers] == [302, 302, 302]
    assert len({a["Location"] for a in answers}) == 1
    assert Account.objects.filter(username="chen").count() == 1
    said = [[str(m) for m in get_messages(a.wsgi_request)] for a in answers]
    assert sorted(said) == [[], [SAID], [SAID]]


def test_a_form_sent_again_under_another_account_is_refused(
    client_as: Callable[..., Client],
) -> None:
    sent = {"username": "chen", "_once": once.token()}
    assert client_as("handler").post("/save-once", sent).status_code == 302
    other = client_as("reviewer").post("/save-once", sent)
    assert other.status_code == 403
    assert Account.objects.filter(username="chen").count() == 1


@pytest.mark.django_db
def test_a_form_without_a_token_is_simply_done(client: Client) -> None:
    assert client.post("/save-once", {"username": "a"}).status_code == 302
    assert client.post("/save-once", {"username": "b", "_once": "odd"}).status_code == 302
    assert not Submission.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_token_claimed_outside_the_transaction_of_the_act_is_a_mistake(rf: Any) -> None:
    request = rf.post("/", {"_once": once.token()})
    with pytest.raises(RuntimeError):
        once.claim(request)


@pytest.mark.django_db
def test_a_long_address_is_kept_without_its_query(rf: Any) -> None:
    request = rf.post("/", {"_once": once.token()})
    once.claim(request)
    once.settle(request, "/list?" + "x" * 3000)
    assert Submission.objects.get().result == "/list"


@pytest.mark.django_db
def test_what_is_a_week_old_is_forgotten() -> None:
    from gongkai.web.shell import jobs

    now = timezone.now()
    for days in (6, 8):
        Submission.objects.create(token=f"t{days}", done_at=now - timedelta(days=days))
    assert jobs.cleaned(at=now)["submissions"] == 1
    assert Submission.objects.get().token == "t6"
