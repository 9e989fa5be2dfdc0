"""网址: whatever somebody writes into an address or a list's form, the service answers it in words.

What one database takes another may refuse, so these run on both.
"""

from __future__ import annotations

import json
import re
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.web.accounts.models import Session
from gongkai.web.shell.models import KeptInput, SavedView
from gongkai.web.tests.cast import Cast
from gongkai.web.tests.routes import routes

PLAIN = [r.name for r in routes() if not r.arguments]
HUGE = "9" * 26
CURSORS: tuple[object, ...] = (
    ["x", 1],
    ["x", "abc"],
    ["0001", int(HUGE)],
    ["0001", HUGE],
    [1, 1],
    [True, 1],
    ["0001\0", 1],
    ["zz", 1],
    ["a", "zz", 1],
    ["²", 1],
    ["0001-01-01", 1],
    ["9999-12-31", 1],
    ["2026-02-31", 1],
    ["0001-01-01T00:00:00+08:00", 1],
    ["9999-12-31T23:59:59-08:00", 1],
    ["2026-01-01T00:00:00", 1],
    ["长" * 4000, 1],
)
NONSENSE = (
    *(f"{side}={day}" for side in ("from", "to") for day in ("0001-01-01", "9999-12-31")),
    *(f"{name}={HUGE}" for name in ("page", "view", "appointment", "organ", "account", "top")),
    *(f"{name}={quote('²')}" for name in ("page", "view", "appointment")),
    *(f"after={quote(json.dumps(one))}" for one in CURSORS),
    f"before={quote(json.dumps(CURSORS[0]))}",
    f"order=name&after={quote(json.dumps(['a', 'zz', 1]))}",
    "after=" + "[" * 5000,
    "after=" + "1" * 5000,
)
NULLS = ("q", "organ", "person", "account", "top", "kept", "next", "list", "of", "after", "order")


def asked(client: Client, address: str) -> int:
    answer = client.get(address)
    answer.getvalue()  # to its end: what streams is closed by that
    return answer.status_code


@pytest.mark.parametrize("name", PLAIN)
def test_nonsense_in_an_address_is_no_failure(name: str, cast: Cast) -> None:
    client = cast.client("administrator")
    client.raise_request_exception = False
    found = {query: asked(client, f"{reverse(name)}?{query}") for query in NONSENSE}
    assert {query: status for query, status in found.items() if status >= 500} == {}


@pytest.mark.parametrize("name", PLAIN)
def test_a_null_character_in_an_address_is_refused(name: str, cast: Cast) -> None:
    client = cast.client("administrator")
    client.raise_request_exception = False
    found = {one: asked(client, f"{reverse(name)}?{one}=%00") for one in NULLS}
    assert found == dict.fromkeys(NULLS, 400)


def test_a_null_character_is_refused_wherever_it_stands(cast: Cast) -> None:
    client = cast.client("administrator")
    client.raise_request_exception = False
    answer = client.get("/organs/people/undo/%00/")
    assert answer.status_code == 400 and "空字符" in answer.content.decode()
    for address, sent in (
        ("/organs/", {"save_view": "a\0"}),
        ("/organs/switch/", {"capacity": "\0"}),
        ("/organs/people/", {"act": "suspend", "key": "1\0"}),
        ("/account/sign-in/", {"username": "a\0", "password": "x"}),
        ("/account/", {"a\0b": "x"}),
    ):
        assert client.post(address, sent).status_code == 400, address


def test_a_null_character_is_not_kept_when_the_session_has_ended(cast: Cast) -> None:
    client = cast.client("handler")
    client.raise_request_exception = False
    page = client.get(reverse("accounts:profile")).content.decode()
    hidden = dict(re.findall(r'name="(_\w+)" value="([^"]+)"', page))
    Session.objects.all().delete()
    sent = {"phone": "1\0", **hidden}
    assert client.post(reverse("accounts:profile"), sent).status_code == 400
    assert not KeptInput.objects.exists()


@pytest.mark.parametrize("number", ["²", HUGE, "-1", "1e3", ""])
def test_a_list_is_sent_numbers_that_are_none(number: str, cast: Cast) -> None:
    client = cast.client("administrator")
    client.raise_request_exception = False
    for address in ("/organs/", "/organs/people/"):
        for sent in (
            {"drop_view": number},
            {"default_view": number},
            {"act": "suspend", "key": number},
            {"act": "reconsideration", "key": number},
        ):
            assert client.post(address, sent).status_code in (302, 422), (address, sent)


def test_a_saved_view_too_long_to_keep_is_refused_in_words(cast: Cast) -> None:
    client = cast.client("administrator")
    long = quote("测" * 100)
    address = f"{reverse('organs:events')}?q={long}&organ={long}&person={long}"
    answer = client.post(address, {"save_view": "长"}, follow=True)
    assert answer.status_code == 200 and "太长，没有存为常用视图" in answer.content.decode()
    assert answer.request["QUERY_STRING"], "what was searched for still stands"
    assert not SavedView.objects.exists()
