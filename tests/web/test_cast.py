"""演员表: the cast holds who the other tests rely on."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.test import Client
from django.urls import reverse

from gongkai.web.shell.access import Role
from gongkai.web.tests.cast import VISITORS, Cast
from tests.home import HOME


def test_the_tests_have_a_home_of_their_own() -> None:
    assert settings.HOME == HOME
    assert "gongkai-tests-" in str(HOME)


def test_every_role_is_played(cast: Cast) -> None:
    assert {cast.role_of(role.value) for role in Role} == set(Role)
    assert cast.role_of("delegate") is Role.APPROVER
    assert cast.role_of("no_role") is cast.role_of("operator") is cast.role_of(None) is None
    assert {who for who in VISITORS if who} <= set(cast.accounts)


def test_the_cast_signs_in(cast: Cast, client_as: Callable[..., Client]) -> None:
    home = reverse("home")
    assert client_as(None).get(home).status_code == 302
    assert client_as("handler").get(home).wsgi_request.user == cast.accounts["handler"]


def test_who_holds_two_posts_acts_in_the_chosen_one(client_as: Callable[..., Client]) -> None:
    for code, role in {"LX-JY": Role.REVIEWER, "LX-CG": Role.HANDLER}.items():
        request = client_as("two_posts", acting_at=code).get(reverse("home")).wsgi_request
        acting = request.capacity  # type: ignore[attr-defined]
        assert (acting.organ.code, acting.role) == (code, role)
