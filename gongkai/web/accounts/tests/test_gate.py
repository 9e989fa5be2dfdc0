"""The gate: what stays open while a step is due."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.web.accounts.tests.people import PROFILE, make, signed_in
from gongkai.web.shell import kept
from gongkai.web.shell.models import KeptInput

pytestmark = pytest.mark.django_db
CHANGE = "/account/password/"


@pytest.fixture
def due() -> Client:
    """Somebody who must change the password."""
    return signed_in(make(must_change_password=True))


def test_public_pages_are_never_blocked(due: Client) -> None:
    assert due.get(reverse("shell:healthz")).status_code in (200, 503)
    assert due.head("/static/app.css").status_code == 200
    assert due.get("/account/forgotten/").status_code == 200
    answer = due.post(reverse("shell:language"), {"language": "en", "next": CHANGE})
    assert answer["Location"] == CHANGE


def test_everything_else_leads_to_the_step(due: Client) -> None:
    for address in ("/", PROFILE, "/account/sessions/"):
        assert due.get(address)["Location"].startswith(CHANGE + "?next=")
    assert due.post("/account/sessions/end-others/")["Location"].startswith(CHANGE)


def test_a_part_of_a_page_leads_the_whole_page_there(due: Client) -> None:
    answer = due.get(
        "/account/sessions/",
        HTTP_HX_REQUEST="true",
        HTTP_HX_CURRENT_URL="http://testserver/account/?page=2",
    )
    assert answer.status_code == 200
    assert answer["HX-Redirect"] == f"{CHANGE}?next=%2Faccount%2F%3Fpage%3D2"


def test_what_was_typed_when_the_step_fell_due_is_kept(due: Client) -> None:
    answer = due.post(PROFILE, {"name": "改名", "phone": "", "email": ""})
    stored = KeptInput.objects.get()
    assert stored.data["name"] == ["改名"]
    assert f"{kept.PARAMETER}%3D{stored.key}" in answer["Location"]
