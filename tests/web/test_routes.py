"""准入矩阵: every route asked for by every role, within and without one's own organ."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.apps import apps
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from gongkai.web.shell.access import Role
from gongkai.web.tests.cast import VISITORS, Cast
from gongkai.web.tests.pages import address_of
from gongkai.web.tests.routes import Outcome, outcome, routes
from gongkai.web.tests.samples import OTHERWISE, SAMPLES
from tools import permissions_page

ROOT = Path(__file__).parents[2]
ROUTES = routes()


@contextmanager
def undone() -> Iterator[None]:
    """Whatever a request changes is gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def asked(client: Client, address: str) -> HttpResponseBase:
    """The answer to a GET, or of a route that takes none, to an empty POST. The browser stays as it
    was: whoever was signed out by it is not."""
    cookies = client.cookies.output()
    with undone():
        answer = client.get(address)
        if answer.status_code == 405:
            answer = client.post(address)
    answer.getvalue()  # to its end: what streams is closed by that
    client.cookies.clear()
    client.cookies.load(cookies.replace("Set-Cookie: ", ""))
    return answer


# -- every route


def test_every_route_states_its_rule_and_its_title() -> None:
    assert [r.name for r in ROUTES if r.rule is None] == [], "@public, @signed_in or @acting(...)"
    assert [r.name for r in ROUTES if not r.title] == [], (
        "a view's docstring begins with its Chinese title"
    )
    assert len({r.name for r in ROUTES}) == len(ROUTES), "a name leads to one address"


def test_every_route_with_arguments_has_a_sample() -> None:
    wanted = {r.name for r in ROUTES if r.arguments}
    assert wanted - set(SAMPLES) == set(), "add the route to gongkai/web/tests/samples.py"
    assert set(SAMPLES) - wanted == set(), "no such route"
    assert [name for name, s in SAMPLES.items() if not s.foreign and not s.why] == []
    names = {r.name for r in ROUTES}
    assert {(n, who) for n, who in OTHERWISE if n not in names or who not in VISITORS} == set()


def test_the_page_of_permissions_is_up_to_date() -> None:
    kept = (ROOT / "docs" / "permissions.md").read_text(encoding="utf-8")
    assert kept == permissions_page.page(), "make docs"


# -- roles by routes


@pytest.mark.parametrize("who", VISITORS, ids=lambda who: who or "visitor")
def test_a_route_opens_to_whom_its_rule_admits_and_to_nobody_else(
    who: str | None, cast: Cast
) -> None:
    client = cast.client(who)
    client.raise_request_exception = False
    role = cast.role_of(who)
    wrong = {}
    for route in ROUTES:
        address = address_of(route, cast)
        found = outcome(asked(client, address))
        wanted = route.expected(role, signed_in=who is not None)
        wanted, _ = OTHERWISE.get((route.name, who), (wanted, ""))
        if found is not wanted:
            wrong[route.name] = f"{found}, not {wanted}"
    assert wrong == {}


# Written by hand, so that a rule changed by mistake is not believed: who, and nobody else, gets in.
SENSITIVE: dict[str, set[str]] = {
    "/organs/people/": {"supervisor", "administrator"},
    "/organs/people/new/": {"administrator"},
    "/organs/people/{handler}/contacts/": {"administrator"},
    "/organs/people/{handler}/password/": {"administrator"},
    "/organs/people/appoint/": {"administrator"},
    "/organs/imports/export/": {"administrator"},
    "/organs/events/": {"auditor", "administrator"},
    "/organs/LX-CG/close/": {"administrator"},
    "/organs/LX-JY/particulars/draft/": {"handler"},
    "/organs/LX-JY/particulars/review/": {"reviewer"},
    "/organs/LX-JY/particulars/approve/": {"approver", "delegate"},
    "/organs/LX-JY/preferences/": {"supervisor", "administrator"},
}


@pytest.mark.parametrize("path", SENSITIVE)
def test_what_is_sensitive_opens_to_these_alone(path: str, cast: Cast) -> None:
    address = path.format(**{name: account.pk for name, account in cast.accounts.items()})
    let_in = set()
    for who in VISITORS:
        client = cast.client(who)
        answer = asked(client, address)
        if who is None:
            assert answer.status_code == 302 and "/account/sign-in/" in answer["Location"]
        elif answer.status_code != 403:
            let_in.add(who)
            # Opened, or led on within the service because nothing of the kind is due.
            assert answer.status_code in (200, 302), (who, answer.status_code)
            assert "/account/sign-in/" not in answer.get("Location", "")
    assert let_in == SENSITIVE[path]


@pytest.mark.parametrize("role", Role)
def test_what_belongs_to_another_tree_is_not_found(role: Role, cast: Cast) -> None:
    client = cast.client(role.value)
    wrong = {}
    for route in ROUTES:
        sample = SAMPLES.get(route.name)
        if sample is None or sample.foreign is None or route.rule is None:
            continue
        if not route.rule.admits(role, signed_in=True):
            continue
        address = reverse(route.name, kwargs=sample.foreign(cast))
        for method in (client.get, client.post):
            with undone():
                status = method(address).status_code
            if status not in (404, 405):
                wrong[f"{method.__name__} {route.name}"] = status
    assert wrong == {}


def test_what_belongs_to_another_tree_is_found_by_its_own_people(cast: Cast) -> None:
    client = cast.client("outside_administrator")
    wrong = {}
    for route in ROUTES:
        sample = SAMPLES.get(route.name)
        if sample is None or sample.foreign is None or route.rule is None:
            continue
        if route.rule.admits(Role.ADMINISTRATOR, signed_in=True):
            address = reverse(route.name, kwargs=sample.foreign(cast))
            found = outcome(asked(client, address))
            if found is not Outcome.OK:
                wrong[route.name] = found
    assert wrong == {}, "the sample is none: nobody can open it"


# -- what a request may do


def test_a_form_without_its_token_is_refused_everywhere(cast: Cast) -> None:
    accepted = {}
    for who in ("administrator", "handler", "operator", None):
        client = cast.client(who, strict=True)
        for route in ROUTES:
            with undone():
                answer = client.post(address_of(route, cast))
            if answer.status_code != 403 and route.name not in SHOWN_ANEW:
                accepted[route.name, who] = answer.status_code
    assert accepted == {}


# Answered with the same page again instead, each with its reason.
SHOWN_ANEW = {"accounts:sign_in": "whoever let it stand too long has signed in nowhere yet"}

# Rows that reading may change, each with its reason.
MOVING = {
    "accounts.Session": "when the session was last seen",
}
# Routes that reading leaves an event of: who reads, and why.
TRACED = {
    "organs:import_export": ("administrator", "who took the data along is kept"),
    "desk:file": ("handler", "who took a report along is kept"),
    "applications:check_export": ("supervisor", "who took the scores along is kept"),
    "remedies:evidence_file": ("handler", "who took the list of evidence along is kept"),
}


def contents() -> dict[str, tuple[int, str]]:
    """How many rows every table has, and what they amount to."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.label not in MOVING and model._meta.managed:
            rows = [repr(row) for row in model._default_manager.order_by("pk").values_list()]
            digest = hashlib.sha256("\n".join(rows).encode()).hexdigest()
            found[model._meta.label] = (len(rows), digest)
    return found


@pytest.mark.parametrize("who", [w for w in VISITORS if w], ids=str)
def test_reading_changes_nothing(who: str, cast: Cast) -> None:
    client = cast.client(who)
    addresses = [address_of(r, cast) for r in ROUTES if r.name not in TRACED]
    before = contents()
    for address in addresses:
        client.get(address).getvalue()
    after = contents()
    assert {k: (before[k], after[k]) for k in before if before[k] != after[k]} == {}


@pytest.mark.parametrize("name", TRACED)
def test_reading_leaves_its_trace_where_it_is_meant_to(name: str, cast: Cast) -> None:
    route = next(r for r in ROUTES if r.name == name)
    client = cast.client(TRACED[name][0])
    before = contents()
    client.get(address_of(route, cast)).getvalue()
    after = contents()
    changed = {k for k in before if before[k] != after[k]}
    assert changed == {"ledger.Event", "ledger.Chain"}


def test_no_view_is_free_of_tokens() -> None:
    assert [r.name for r in ROUTES if getattr(r.view, "csrf_exempt", False)] == []


def test_addresses_end_alike() -> None:
    """One form of address: lower case words, closed by a slash; files end as files do."""
    odd = [
        r.address
        for r in ROUTES
        if not re.fullmatch(r"/(?:(?:[a-z0-9-]+|<\w+>)/)*(?:[a-z-]+\.[a-z]+)?", r.address)
    ]
    assert [a for a in odd if a not in ADDRESSES_AS_THEY_ARE] == []


# Addresses others have fixed.
ADDRESSES_AS_THEY_ARE = {"/healthz"}
