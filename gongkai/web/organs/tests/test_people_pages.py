"""人员页面: what administrators and supervisors do and see there."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import authenticate
from django.test import Client, RequestFactory
from django.urls import reverse
from python_calamine import CalamineWorkbook

from gongkai.web.accounts import second_factor
from gongkai.web.accounts.models import Account
from gongkai.web.ledger.models import Event
from gongkai.web.organs import people_queries
from gongkai.web.organs.models import Appointment
from gongkai.web.organs.tests.doers import today
from gongkai.web.tests.cast import Cast

pytestmark = pytest.mark.django_db
PHONE, MAIL = "0571-88001234", "jia.jingban@example.invalid"


@pytest.fixture(autouse=True)
def _contacts(cast: Cast) -> None:
    Account.objects.filter(username="handler").update(phone=PHONE, email=MAIL)
    cast.accounts["handler"].refresh_from_db()


def url(name: str, *args: Any) -> str:
    return reverse(f"organs:{name}", args=args)


def body(answer: Any) -> str:
    content: bytes = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode()


def names(html: str) -> list[str]:
    """Who stands in the list, in its order."""
    return re.findall(r'<td[^>]*><a href="/organs/people/\d+/">([^<]+)</a>', html)


def offered(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found is not None, f"no {name} in the form"
    return found[1]


# -- the list


def test_the_list_has_a_row_for_each_post_in_the_order_of_the_tree(cast: Cast) -> None:
    html = body(cast.client("administrator").get(url("people")))
    found = names(html)
    assert found.count("辛两岗") == 2
    assert found.index("庚管理") < found.index("甲经办") < found.index("壬站员")
    assert "外经办" not in html and "陈示例" not in html


def test_the_list_takes_the_same_few_queries_however_long_it_is(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    client = cast.client("administrator")
    client.get(url("people"))
    with django_assert_max_num_queries(12):
        client.get(url("people"))


@pytest.mark.parametrize(
    ("query", "found", "missing"),
    [
        ("q=甲经办", "甲经办", "乙审核"),
        ("q=stationed", "壬站员", "甲经办"),
        ("q=教育局 乙", "乙审核", "甲经办"),
        ("q=LX-CG-01", "壬站员", "甲经办"),
        ("role=approver", "丙批准", "甲经办"),
        ("kind=dispatched", "壬站员", "甲经办"),
        ("state=suspended", "乙审核", "甲经办"),
        ("state=active", "甲经办", "乙审核"),
        ("state=no_second_factor", "甲经办", "癸双重"),
        ("state=password_due", "丑新来", "甲经办"),
        ("period=ended", "壬站员", "甲经办"),
        ("period=valid", "甲经办", "壬站员"),
    ],
)
def test_the_list_is_searched_and_filtered(
    cast: Cast, query: str, found: str, missing: str
) -> None:
    Account.objects.filter(username="reviewer").update(is_active=False)
    Account.objects.filter(username="newcomer").update(must_change_password=True)
    if "period" in query:
        Appointment.objects.filter(account__username="stationed").update(valid_to=today())
    second_factor.begin(account=cast.accounts["with_code"])
    second_factor.confirm(account=cast.accounts["with_code"])
    shown = names(body(cast.client("administrator").get(f"{url('people')}?{query}")))
    assert found in shown and missing not in shown


def test_a_name_locked_out_is_seen_found_and_let_in_again(cast: Cast) -> None:
    visitor = Client()
    for _try in range(settings.AXES_FAILURE_LIMIT):
        visitor.post(reverse("accounts:sign_in"), {"username": "handler", "password": "falsch"})
    client, handler = cast.client("administrator"), cast.accounts["handler"]
    assert names(body(client.get(url("people") + "?state=locked"))) == ["甲经办"]
    assert "锁定" in body(client.get(url("person", handler.pk)))
    client.post(url("person_unlock", handler.pk))
    assert names(body(client.get(url("people") + "?state=locked"))) == []
    assert Event.objects.filter(kind="person.unlocked").count() == 1


@pytest.mark.parametrize("few", [0, 1000], ids=["a tree of many", "a tree of few"])
@pytest.mark.parametrize("order", ["name", "-name", "username", "organ", "-organ"])
def test_the_list_is_sorted_by_what_an_index_has(
    cast: Cast, order: str, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people_queries, "FEW", few)
    found = names(body(cast.client("administrator").get(f"{url('people')}?order={order}")))
    posts = Appointment.objects.filter(organ__path__startswith=cast.organs["LX"].path)
    by = {"name": ["account__name", "account"], "username": ["account__username"]}
    by["organ"] = ["organ__path"]
    sign = "-" if order.startswith("-") else ""
    fields = [sign + field for field in (*by[order.lstrip("-")], "pk")]
    assert found == list(posts.order_by(*fields).values_list("account__name", flat=True))


# -- masks


@pytest.mark.parametrize("who", ["administrator", "supervisor"])
def test_contacts_are_masked_in_the_list_and_its_exports(cast: Cast, who: str) -> None:
    client = cast.client(who)
    table = body(client.get(url("people")))
    commas = body(client.get(url("people") + "?export=csv"))
    book = client.get(url("people") + "?export=xlsx").getvalue()
    rows = CalamineWorkbook.from_filelike(BytesIO(book)).get_sheet_by_index(0).to_python()
    for said in (table, commas, str(rows)):
        assert "0571-****1234" in said
        assert PHONE not in said and MAIL not in said
    kept = Event.objects.filter(kind="export.made", by=cast.accounts[who]).order_by("pk")
    assert [(e.new["file"], e.new["rows"]) for e in kept] == [
        ("csv", len(rows) - 1),
        ("xlsx", len(rows) - 1),
    ]


def test_a_supervisor_sees_a_person_masked_and_can_do_nothing(cast: Cast) -> None:
    client, handler = cast.client("supervisor"), cast.accounts["handler"]
    html = body(client.get(url("person", handler.pk)))
    assert "0571-****1234" in html and "j***@example.invalid" in html
    assert PHONE not in html and MAIL not in html
    for name in ("person_reveal", "person_edit", "person_password"):
        assert url(name, handler.pk) not in html
        assert client.post(url(name, handler.pk), {"purpose": "核实"}).status_code == 403


def test_an_administrator_sees_contacts_for_a_purpose_that_is_kept(cast: Cast) -> None:
    client, handler = cast.client("administrator"), cast.accounts["handler"]
    assert PHONE not in body(client.get(url("person", handler.pk)))
    refused = client.post(url("person_reveal", handler.pk), {"purpose": " "})
    assert refused.status_code == 422 and PHONE not in body(refused)
    shown = client.post(url("person_reveal", handler.pk), {"purpose": "通知补正材料"})
    assert PHONE in body(shown) and MAIL in body(shown)
    assert shown["Cache-Control"] == "no-store"
    event = Event.objects.get(kind="person.unmasked")
    assert event.new["purpose"] == "通知补正材料" and event.by == cast.accounts["administrator"]
    assert PHONE not in body(client.get(url("person", handler.pk)))


def test_contacts_left_masked_in_the_form_stay_as_they_are(cast: Cast) -> None:
    client, handler = cast.client("administrator"), cast.accounts["handler"]
    html = body(client.get(url("person_edit", handler.pk)))
    assert PHONE not in html and MAIL not in html
    said = {
        "name": "甲改名",
        "phone": offered(html, "phone"),
        "email": offered(html, "email"),
        "version": offered(html, "version"),
    }
    client.post(url("person_edit", handler.pk), said)
    handler.refresh_from_db()
    assert (handler.name, handler.phone, handler.email) == ("甲改名", PHONE, MAIL)


def test_contacts_are_replaced_emptied_and_never_kept_as_stars(cast: Cast) -> None:
    client, handler = cast.client("administrator"), cast.accounts["handler"]
    html = body(client.get(url("person_edit", handler.pk)))
    said = {"name": "甲经办", "version": offered(html, "version")}
    stars = client.post(
        url("person_edit", handler.pk), {**said, "phone": "138****0000", "email": ""}
    )
    assert stars.status_code == 422 and "请填写完整" in body(stars)
    client.post(url("person_edit", handler.pk), {**said, "phone": "0571-88005555", "email": ""})
    handler.refresh_from_db()
    assert (handler.phone, handler.email) == ("0571-88005555", "")


# -- one-time passwords


def slip(answer: Any) -> str:
    found = re.search(r'class="secret">([^<]+)<', answer.content.decode())
    assert found is not None, "no password is shown"
    return found[1]


def opens(username: str, password: str) -> bool:
    request = RequestFactory().post("/")
    return authenticate(request, username=username, password=password) is not None


def test_a_new_person_gets_a_slip_that_is_shown_once(cast: Cast) -> None:
    client = cast.client("administrator")
    html = body(client.get(url("person_new")))
    said = {
        "name": "午新人",
        "username": "wu.xinren",
        "organ": "临溪区教育局（LX-JY）",
        "role": "handler",
        "valid_from": today().isoformat(),
        "_once": offered(html, "_once"),
    }
    answer = client.post(url("person_new"), said)
    password = slip(answer)
    assert answer["Cache-Control"] == "no-store"
    assert opens("wu.xinren", password)
    made = Account.objects.get(username="wu.xinren")
    again = client.post(url("person_new"), said, follow=True)
    assert again.redirect_chain[-1][0] == url("person", made.pk)
    assert password not in body(again)
    assert Account.objects.filter(name="午新人").count() == 1


def test_a_reset_shows_a_new_password_once_and_ends_the_sessions(cast: Cast) -> None:
    handler = cast.accounts["handler"]
    elsewhere, client = cast.client("handler"), cast.client("administrator")
    assert elsewhere.get(reverse("home")).status_code == 200
    assert "重置密码" in body(client.get(url("person_password", handler.pk)))
    password = slip(client.post(url("person_password", handler.pk)))
    assert opens("handler", password)
    assert elsewhere.get(reverse("home")).status_code == 302
    kept = str(list(Event.objects.values("old", "new")))
    assert password not in kept


def test_a_lost_telephone_is_cleared(cast: Cast) -> None:
    account = cast.accounts["with_code"]
    second_factor.begin(account=account)
    second_factor.confirm(account=account)
    client = cast.client("administrator")
    assert url("person_second_factor", account.pk) in body(client.get(url("person", account.pk)))
    client.post(url("person_second_factor", account.pk))
    assert not second_factor.is_on(account)


# -- bulk acts


def ticked(client: Client, act: str, *usernames: str, query: str = "") -> Any:
    keys = Appointment.objects.filter(account__username__in=usernames)
    said = {"act": act, "key": [str(k) for k in keys.values_list("pk", flat=True)]}
    return client.post(url("people") + query, said, follow=True)


def test_many_are_suspended_after_their_names_were_shown_and_it_can_be_undone(cast: Cast) -> None:
    client = cast.client("administrator")
    asked = ticked(client, "suspend", "handler", "two_posts")
    html = body(asked)
    assert "停用 2 个账号？" in html and "甲经办" in html and "辛两岗" in html
    assert Account.objects.filter(is_active=False).count() == 0
    done = client.post(asked.redirect_chain[-1][0], {"_once": offered(html, "_once")}, follow=True)
    assert "已停用 2 个账号。" in body(done)
    assert set(Account.objects.filter(is_active=False).values_list("username", flat=True)) == {
        "handler",
        "two_posts",
    }
    undo = re.search(r'action="(/organs/people/undo/[^"]+)"', body(done))
    assert undo is not None
    assert "已撤销" in body(client.post(undo[1], follow=True))
    assert Account.objects.filter(is_active=False).count() == 0


def test_all_that_a_filter_leaves_are_meant_not_only_the_page(cast: Cast) -> None:
    client = cast.client("administrator")
    asked = client.post(
        url("people") + "?role=approver", {"act": "password", "all": "1"}, follow=True
    )
    approvers = Account.objects.filter(
        appointments__role="approver", appointments__organ__path__startswith="0001"
    )
    assert f"要求 {approvers.count()} 个账号改密？" in body(asked)
    client.post(asked.redirect_chain[-1][0])
    assert set(approvers) == set(Account.objects.filter(must_change_password=True))


def test_who_may_not_be_acted_on_is_named_and_left_out(cast: Cast) -> None:
    client = cast.client("administrator")
    html = body(ticked(client, "suspend", "handler", "administrator"))
    assert "停用 1 个账号？" in html
    assert "庚管理：这是您自己的账号" in html


def test_nobody_ticked_and_a_list_that_is_stale_are_told(cast: Cast) -> None:
    client = cast.client("administrator")
    assert "请先勾选人员" in body(ticked(client, "suspend"))
    assert "名单已失效" in body(client.get(url("people_bulk") + "?list=old", follow=True))


def test_a_supervisor_ticks_nothing(cast: Cast) -> None:
    client = cast.client("supervisor")
    assert 'name="key"' not in body(client.get(url("people")))
    ticked(client, "suspend", "handler")
    assert client.get(url("people_bulk")).status_code == 403
    assert Account.objects.filter(is_active=False).count() == 0


# -- one person


def test_a_suspension_is_undone_from_its_toast(cast: Cast) -> None:
    client, handler = cast.client("administrator"), cast.accounts["handler"]
    html = body(client.post(url("person_suspend", handler.pk), follow=True))
    assert "已停用 甲经办 的账号。" in html
    undo = re.search(r'action="(/organs/people/undo/[^"]+)"', html)
    assert undo is not None
    client.post(undo[1])
    handler.refresh_from_db()
    assert handler.is_active


def test_a_person_of_another_district_does_not_exist_here(cast: Cast) -> None:
    client, outside = cast.client("administrator"), cast.accounts["outside_handler"]
    held = cast.appointments["outside_handler", "WS-JY"]
    assert client.get(url("person", outside.pk)).status_code == 404
    for name in ("person_suspend", "person_password", "person_reveal", "person_edit"):
        assert client.post(url(name, outside.pk)).status_code == 404
    assert client.get(url("appointment_end", held.pk)).status_code == 404
    assert Account.objects.get(pk=outside.pk).is_active


def test_a_persons_page_tells_of_posts_here_and_only_counts_those_elsewhere(cast: Cast) -> None:
    Appointment.objects.create(
        account=cast.accounts["handler"],
        organ=cast.organs["WS-JY"],
        role="reviewer",
        valid_from=today(),
    )
    html = body(cast.client("administrator").get(url("person", cast.accounts["handler"].pk)))
    assert "临溪区教育局" in html and "望山区教育局" not in html
    assert "另有 1 项任职" in html
    assert "账号由共同的上级机关管理" in html


def test_appointing_by_exact_login_name_reaches_beyond_ones_own_tree(cast: Cast) -> None:
    client = cast.client("administrator")
    said = {
        "organ": "LX-CG",
        "role": "handler",
        "valid_from": today().isoformat(),
        "valid_to": today().isoformat(),
    }
    by_name = client.post(url("appoint"), {**said, "account": "陈示例"})
    assert by_name.status_code == 422 and "没有找到" in body(by_name)
    answer = client.post(url("appoint"), {**said, "account": "no_role"}, follow=True)
    assert "已任命 陈示例。" in body(answer)
    made = Appointment.objects.get(account=cast.accounts["no_role"])
    assert made.valid_to is not None and (made.valid_to - made.valid_from).days == 1


def test_a_refused_appointment_keeps_what_was_typed_and_says_why(cast: Cast) -> None:
    answer = cast.client("administrator").post(
        url("appoint"),
        {
            "account": "己审计（auditor）",
            "organ": "LX-JY",
            "role": "handler",
            "valid_from": today().isoformat(),
        },
    )
    assert answer.status_code == 422
    assert "审计员在其审计的机关范围内不能担任其他角色" in body(answer)
    assert 'value="己审计（auditor）"' in body(answer)


def test_names_are_proposed_while_typing_within_ones_own_government(cast: Cast) -> None:
    client = cast.client("approver")
    shown = body(client.get(url("people_suggest") + "?q=乙"))
    assert "乙审核（临溪区教育局）" in shown and "reviewer" not in shown
    assert "乙审核" not in body(client.get(url("people_suggest") + "?q=reviewer"))
    administrator = cast.client("administrator")
    assert "乙审核（reviewer）" in body(administrator.get(url("people_suggest") + "?q=乙"))
    assert "外审核" not in body(client.get(url("people_suggest") + "?q=审核"))
    nobody = cast.client("no_role").get(url("people_suggest") + "?q=乙")
    assert "乙审核" not in body(nobody)


def test_pages_of_people_speak_english(cast: Cast) -> None:
    client = cast.client("administrator")
    client.post(reverse("shell:language"), {"language": "en"})
    for address in (url("people"), url("person", cast.accounts["handler"].pk), url("person_new")):
        html = body(client.get(address))
        main = html[html.index("<main") : html.index("</main>")]
        known = [a.name for a in Account.objects.all()] + [o.name for o in cast.organs.values()]
        names_of = "|".join(sorted(known, key=len, reverse=True))
        left = re.sub(names_of, "", re.sub(r"<[^>]+>", "", main))
        assert re.findall(r"[\u4e00-\u9fff]+", left) == []
