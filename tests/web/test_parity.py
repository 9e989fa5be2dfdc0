"""可见性一致: what somebody may not see changes nothing of what they get to see.

Everything that each role of 临溪区 can ask for is asked for twice: as it is, and with the objects
of `gongkai.web.tests.parity` hidden in 望山区. Both worlds must look alike to the letter.
"""

from __future__ import annotations

import hashlib
import html
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import unified_diff

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from python_calamine import CalamineWorkbook

from gongkai.web.shell.access import Role
from gongkai.web.tests.cast import Cast
from gongkai.web.tests.pages import address_of
from gongkai.web.tests.parity import HIDDEN, WORD, Secret
from gongkai.web.tests.routes import routes

# What differs from one answer to the next by itself: tokens, the time of day, request ids.
_MOVING = re.compile(
    r"""name="(?:csrfmiddlewaretoken|_once|_author)" value="[^"]*"|"X-CSRFToken":"[^"]*" """.strip()
    + r"""|\d\d:\d\d(?::\d\d)?|\b[A-Z2-9]{4}-[A-Z2-9]{4}\b|"(?:worker|disk_free_mb)": ?[\d.]+"""
)
ROLES = [role.value for role in Role]
OUTSIDE = ["outside_administrator", "outside_handler", "outside_reviewer", "outside_approver"]


@contextmanager
def undone() -> Iterator[None]:
    """Whatever it changes is gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def asked(client: Client, address: str) -> tuple[int, str]:
    """The answer to a GET as text, without what moves by itself."""
    cookies = client.cookies.output()
    with undone():
        answer = client.get(address)
        said = text(answer)
    client.cookies.clear()
    client.cookies.load(cookies.replace("Set-Cookie: ", ""))
    return answer.status_code, _MOVING.sub("…", said)


def text(answer: HttpResponseBase) -> str:
    """What a person or a program gets to read of an answer, whatever kind of file it is."""
    data = answer.getvalue()
    kind = answer.headers.get("Content-Type", "")
    if data.startswith(b"PK"):
        return package(data)
    if kind.startswith(("text/", "application/json")):
        return html.unescape(data.decode("utf-8-sig"))
    return hashlib.sha256(data).hexdigest()


def package(data: bytes) -> str:
    """The cells of a workbook; the names and contents of another archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        names = opened.namelist()
        if "xl/workbook.xml" not in names:
            return "\n".join(f"{n} {opened.read(n).decode(errors='replace')}" for n in names)
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    rows = (row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python())
    return "\n".join("\t".join(map(str, row)) for row in rows)


def surfaces(cast: Cast, client: Client) -> dict[str, tuple[int, str]]:
    """Everything that a person can ask for, by its address: each route, each list searched for
    what is hidden, each of its exports, each suggestion."""
    found: dict[str, tuple[int, str]] = {}
    for route in routes():
        address = address_of(route, cast)
        found[address] = asked(client, address)
        status, said = found[address]
        more = []
        if 'name="q"' in said or route.name.endswith("suggest"):
            more.append(f"q={WORD}")
        more += [f"export={kind}" for kind in ("xlsx", "csv") if f"export={kind}" in said]
        if status == 200:
            for query in more:
                found[f"{address}?{query}"] = asked(client, f"{address}?{query}")
    return found


def secrets(cast: Cast) -> list[Secret]:
    """Everything hidden, made."""
    return [one for make in HIDDEN.values() for one in make(cast)]


@pytest.mark.parametrize("who", ROLES)
def test_what_is_hidden_changes_nothing(who: str, cast: Cast) -> None:
    client = cast.client(who)
    before = surfaces(cast, client)
    hidden = secrets(cast)
    after = surfaces(cast, client)
    assert len(before) > len(routes()), "no list was searched or exported"
    wrong = {
        address: "\n".join(
            unified_diff(before[address][1].splitlines(), said.splitlines(), lineterm="", n=0)
        )[:800]
        for address, (status, said) in after.items()
        if (status, said) != before.get(address)
    }
    assert wrong == {}
    for one in hidden:  # the words of a search are shown to whoever searches
        searched = one.address.endswith(f"?q={WORD}")
        assert searched or WORD not in asked(client, one.address)[1], one


def test_what_is_hidden_is_there_for_its_own_people(cast: Cast) -> None:
    for name, make in HIDDEN.items():
        for one in make(cast):
            status, said = asked(cast.client(one.reader), one.address)
            assert status == 200, (name, one)
            assert WORD in said, (name, one)


def test_what_is_hidden_would_be_noticed(cast: Cast) -> None:
    """What this file walks through does show it, to somebody: else the walk proves nothing."""
    clients = {who: cast.client(who) for who in OUTSIDE}
    before = {who: surfaces(cast, client) for who, client in clients.items()}
    secrets(cast)
    after = {who: surfaces(cast, client) for who, client in clients.items()}
    noticed = {
        address
        for who, found in after.items()
        for address, said in found.items()
        if said != before[who].get(address)
    }
    kinds = {"list": "/", "search": f"?q={WORD}", "workbook": "?export=xlsx", "file": "?export=csv"}
    assert {kind for kind, end in kinds.items() if any(a.endswith(end) for a in noticed)} == {
        *kinds
    }
    assert len(noticed) > len(HIDDEN)
