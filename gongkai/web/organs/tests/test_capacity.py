"""履职身份: what a person may act as, and switching to it where everybody can see it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from gongkai.web.ledger.models import Event
from gongkai.web.organs import capacity
from gongkai.web.organs.models import Appointment
from gongkai.web.organs.tests.doers import today
from gongkai.web.tests.cast import Cast

pytestmark = pytest.mark.django_db


def switched(client: Client, key: str, to: str = "", **more: Any) -> Any:
    return client.post(reverse("organs:switch"), {"capacity": key, "next": to}, **more)


def in_hand(client: Client) -> tuple[str, str]:
    held = client.get(reverse("home")).wsgi_request.capacity  # type: ignore[attr-defined]
    return held.organ.code, held.role.value


def body(answer: Any) -> str:
    content: bytes = answer.content
    return content.decode()


def key_of(cast: Cast, who: str, code: str) -> str:
    return f"a{cast.appointments[who, code].pk}"


def test_a_switch_is_seen_said_and_kept(cast: Cast) -> None:
    client = cast.client("two_posts")
    assert in_hand(client) == ("LX-JY", "reviewer")
    answer = switched(client, key_of(cast, "two_posts", "LX-CG"), "/", follow=True)
    assert "现在以 临溪区城市管理局经办人 的身份办理。" in body(answer)
    assert in_hand(client) == ("LX-CG", "handler")
    event = Event.objects.get(kind="capacity.switched")
    assert (event.organ, event.acting_as) == (cast.organs["LX-CG"], "handler")
    assert event.subject == f"person/{cast.accounts['two_posts'].pk}"


def test_switching_to_what_is_in_hand_is_no_event(cast: Cast) -> None:
    client = cast.client("two_posts")
    switched(client, key_of(cast, "two_posts", "LX-JY"), "/")
    assert not Event.objects.filter(kind="capacity.switched").exists()


def test_who_acts_for_another_is_told_so(cast: Cast) -> None:
    Appointment.objects.create(
        account=cast.accounts["delegate"],
        organ=cast.organs["LX-CG"],
        role="handler",
        valid_from=today(),
    )
    client = cast.client("delegate")
    assert in_hand(client) == ("LX-CG", "handler")
    answer = switched(client, f"d{cast.delegation.pk}", "/", follow=True)
    assert "现在代 丙批准 以 临溪区教育局批准人 的身份办理。" in body(answer)
    assert Event.objects.get(kind="capacity.switched").acting_for == "丙批准"


@pytest.mark.parametrize("key", ["", "a0", "x", "a1 or 1=1", "d999999"])
def test_what_one_does_not_hold_is_refused(cast: Cast, key: str) -> None:
    client = cast.client("two_posts")
    answer = switched(client, key, "/", follow=True)
    assert answer.redirect_chain[-1][0] == reverse("organs:capacities")
    assert "您没有这个身份" in body(answer)
    assert in_hand(client) == ("LX-JY", "reviewer")


def test_anothers_post_and_one_that_has_ended_are_refused(cast: Cast) -> None:
    client = cast.client("two_posts")
    switched(client, key_of(cast, "handler", "LX-JY"))
    switched(client, f"d{cast.delegation.pk}")
    assert in_hand(client) == ("LX-JY", "reviewer")
    own = cast.appointments["two_posts", "LX-CG"]
    Appointment.objects.filter(pk=own.pk).update(valid_to=today())
    switched(client, f"a{own.pk}")
    assert in_hand(client) == ("LX-JY", "reviewer")


def test_a_post_that_ends_while_it_is_in_hand_is_in_hand_no_more(cast: Cast) -> None:
    client = cast.client("two_posts", acting_at="LX-CG")
    assert in_hand(client) == ("LX-CG", "handler")
    own = cast.appointments["two_posts", "LX-CG"]
    Appointment.objects.filter(pk=own.pk).update(valid_to=today())
    said = "您选用的身份已经结束，现在以 临溪区教育局审核人 的身份办理。"
    page = reverse("organs:capacities")
    assert said in body(client.get(page)), "nobody acts as somebody else unawares"
    assert said not in body(client.get(page))
    assert in_hand(client) == ("LX-JY", "reviewer")


@pytest.mark.parametrize(
    ("to", "leads_to"),
    [
        ("/", "/"),
        ("/organs/?q=JY", "/organs/?q=JY"),  # a list is the same page for both
        ("/organs/LX-JY/", "/"),  # an organ the other post does not see
        ("/organs/people/", "/"),  # not for this role
        ("/organs/switch/", "/"),
        ("/no/such/page/", "/"),
        ("https://example.com/", "/"),
        ("//example.com/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_a_switch_leads_back_where_the_new_capacity_may_be(
    cast: Cast, to: str, leads_to: str
) -> None:
    answer = switched(cast.client("two_posts"), key_of(cast, "two_posts", "LX-CG"), to)
    assert answer["Location"] == leads_to


def test_who_was_refused_a_page_switches_and_is_there(cast: Cast) -> None:
    post = Appointment.objects.create(
        account=cast.accounts["no_role"],
        organ=cast.organs["LX"],
        role="administrator",
        valid_from=today(),
    )
    Appointment.objects.create(
        account=cast.accounts["no_role"],
        organ=cast.organs["LX"],
        role="supervisor",
        valid_from=today() - timedelta(days=1),
    )
    client = cast.client("no_role")
    switched(client, f"a{Appointment.objects.get(role='supervisor', account=post.account).pk}")
    page = reverse("organs:person_edit", args=[cast.accounts["handler"].pk])
    assert client.get(page).status_code == 403
    answer = switched(client, f"a{post.pk}", page, follow=True)
    assert answer.status_code == 200 and answer.redirect_chain[-1][0] == page


def test_one_sees_what_each_capacity_may_do(cast: Cast) -> None:
    html = body(cast.client("two_posts").get(reverse("organs:capacities")))
    assert "审核他人起草的事项" in html and "起草本机关的指南要素" in html
    assert key_of(cast, "two_posts", "LX-CG") in html


def test_who_holds_none_is_told_whom_to_ask(cast: Cast) -> None:
    html = body(cast.client("no_role").get(reverse("organs:capacities")))
    assert "您还没有任职" in html and "庚管理" in html
    served = cast.appointments["stationed", "LX-CG-01"]
    Appointment.objects.filter(pk=served.pk).update(valid_to=today())
    html = body(cast.client("stationed").get(reverse("organs:capacities")))
    assert "庚管理" in html and "外管理" not in html


def test_capacities_are_one_query_and_in_the_order_of_the_tree(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        held = capacity.of_account(cast.accounts["two_posts"], today())
    assert [c.organ.code for c in held] == ["LX-JY", "LX-CG"]
    assert held[0].organ.name == "临溪区教育局"


def test_the_next_session_begins_with_the_capacity_used_last(cast: Cast) -> None:
    client = cast.client("two_posts")
    answer = switched(client, key_of(cast, "two_posts", "LX-CG"))
    cookie = answer.cookies[capacity.COOKIE]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and not cookie["secure"]
    assert cookie["max-age"] == 365 * 24 * 3600
    client.session.flush()
    client.force_login(cast.accounts["two_posts"])
    assert in_hand(client) == ("LX-CG", "handler")


def test_with_https_the_cookie_is_sent_by_https_only(cast: Cast, settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = True
    cookie = capacity.COOKIE
    response = HttpResponse()
    held = capacity.of_account(cast.accounts["two_posts"], today())
    capacity.remember(response, held[0])
    assert response.cookies[cookie]["secure"]


def test_somebody_elses_cookie_gives_nothing(cast: Cast) -> None:
    for key in (key_of(cast, "administrator", "LX"), f"d{cast.delegation.pk}", "a1 or 1=1", ""):
        client = cast.client("two_posts")
        client.cookies[capacity.COOKIE] = key
        page = client.get(reverse("home"))
        assert in_hand(client) == ("LX-JY", "reviewer")
        assert "您选用的身份已经结束" not in body(page)


def test_a_cookie_of_a_post_that_has_ended_is_passed_over(cast: Cast) -> None:
    client = cast.client("two_posts")
    switched(client, key_of(cast, "two_posts", "LX-CG"))
    own = cast.appointments["two_posts", "LX-CG"]
    Appointment.objects.filter(pk=own.pk).update(valid_to=today())
    client.session.flush()
    client.force_login(cast.accounts["two_posts"])
    assert in_hand(client) == ("LX-JY", "reviewer")


def test_what_the_session_chose_goes_before_the_cookie(cast: Cast) -> None:
    client = cast.client("two_posts")
    switched(client, key_of(cast, "two_posts", "LX-JY"))
    client.cookies[capacity.COOKIE] = key_of(cast, "two_posts", "LX-CG")
    assert in_hand(client) == ("LX-JY", "reviewer")
