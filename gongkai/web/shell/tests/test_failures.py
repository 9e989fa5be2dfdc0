"""失败页: whatever fails, the person learns what happened, what was kept and what to do."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.template import engines
from django.test import Client
from django.utils import translation

from gongkai.web.accounts.models import Account
from gongkai.web.organs.models import Appointment
from gongkai.web.shell import failure_words as words
from gongkai.web.shell import failures

pytestmark = pytest.mark.urls("gongkai.web.shell.tests.troubled")
SQLITE = connection.vendor == "sqlite"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
ID = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}")


@pytest.fixture
def browser() -> Client:
    return Client(raise_request_exception=False)


def text(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], list[tuple[str, str]]]]:
    """(request id, message) of every record, as the log file has them."""
    from gongkai.web.shell.requests import WithRequest

    caplog.handler.addFilter(WithRequest())
    yield lambda: [(getattr(r, "request_id", ""), r.getMessage()) for r in caplog.records]


def test_who_opens_an_unknown_address_and_who_may_not_see_one_read_the_same(
    browser: Client,
) -> None:
    response = browser.get("/no/such/page")
    assert response.status_code == 404
    assert "地址不存在，或者您无权查看。" in text(response)
    assert "没有改动任何数据。" in text(response)
    assert "/no/such/page" not in text(response)


def test_the_page_the_header_and_the_log_carry_one_id(
    browser: Client, log: Callable[[], list[tuple[str, str]]]
) -> None:
    shown = browser.get("/break")["X-Request-ID"]
    assert ID.fullmatch(shown)
    lines = log()
    assert any(id == shown and "a fault of ours" in said for id, said in lines)
    assert {id for id, said in lines if "/break" in said} == {shown}
    response = browser.get("/no/such/page")
    assert response["X-Request-ID"] in text(response)
    assert (response["X-Request-ID"], "404 GET /no/such/page") in log()


@pytest.mark.django_db
def test_a_fault_of_ours_offers_what_was_typed_and_takes_back_what_was_half_done(
    browser: Client,
) -> None:
    response = browser.post("/save", {"username": "chen<1>", "fail": "1", "password": "geheim"})
    assert response.status_code == 500
    assert not Account.objects.exists()
    assert '<input type="hidden" name="username" value="chen&lt;1&gt;">' in text(response)
    assert "geheim" not in text(response)
    assert re.search(r'<input type="password"[^>]* name="password"', text(response))
    assert "密码不保留" in text(response)


@pytest.mark.django_db
def test_a_full_disk_keeps_what_was_typed_and_writes_nothing(browser: Client) -> None:
    response = browser.post("/save", {"username": "chen", "full": "1"})
    assert response.status_code == 507
    assert "存储空间已满" in text(response)
    assert 'name="username" value="chen"' in text(response)
    assert not Account.objects.exists()


@pytest.mark.parametrize(
    ("code", "status", "said"),
    [
        (5, 503, "数据库正忙"),
        (261, 503, "数据库正忙"),  # SQLITE_BUSY_RECOVERY
        (8, 503, "数据库现在只能读"),
        (14, 503, "数据库暂时不能使用"),
        (26, 503, "数据库暂时不能使用"),
        (13, 507, "存储空间已满"),
        (1, 500, "系统出错"),  # no such table: one of ours
    ],
)
def test_each_trouble_of_the_database_has_its_page(
    browser: Client, monkeypatch: pytest.MonkeyPatch, code: int, status: int, said: str
) -> None:
    cause = sqlite3.OperationalError("trouble")
    cause.sqlite_errorcode = code

    def troubled(*args: Any, **kwargs: Any) -> None:
        from django.db.utils import OperationalError

        raise OperationalError("trouble") from cause

    monkeypatch.setattr(transaction, "atomic", troubled)
    response = browser.post("/save", {"username": "chen", "_once": "t" * 43})
    assert response.status_code == status
    assert said in text(response)
    assert f'name="_once" value="{"t" * 43}"' in text(response)  # the same sending, again
    assert ("Retry-After" in response) is (status == 503)


@pytest.mark.parametrize(
    ("state", "status"),
    [(None, 503), ("57P01", 503), ("53300", 503), ("55P03", 503), ("53100", 507), ("42P01", 500)],
)
def test_what_postgresql_says_has_its_page_too(
    browser: Client, monkeypatch: pytest.MonkeyPatch, state: str | None, status: int
) -> None:
    import psycopg
    from django.db.utils import OperationalError

    cause = psycopg.OperationalError("trouble")
    cause.sqlstate = state

    def troubled(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("trouble") from cause

    monkeypatch.setattr(transaction, "atomic", troubled)
    assert browser.post("/save", {"username": "chen"}).status_code == status


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_while_another_program_writes_is_offered_again_and_then_works(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not SQLITE:
        pytest.skip("PostgreSQL locks rows: nobody waits for another's whole database")
    connection.ensure_connection()
    connection.cursor().execute("PRAGMA busy_timeout = 50")
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    with contextlib.closing(other):
        other.execute("BEGIN IMMEDIATE")
        response = browser.post("/save", {"username": "chen"})
    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert "数据库正忙" in text(response)
    action, fields = form_of(text(response))
    assert browser.post(action, fields).status_code == 200
    assert Account.objects.filter(username="chen").count() == 1


def form_of(page: str) -> tuple[str, dict[str, str]]:
    """Where the form of a failure's page goes, and what it sends."""
    shown = page.partition('class="failure"')[2]
    action = re.findall(r'<form [^>]*action="([^"]*)"', shown)[0]
    fields = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', shown))
    return action, fields


def test_a_page_of_failure_asks_nothing_of_the_database(browser: Client) -> None:
    """pytest refuses every query here; the cookie would have a session looked up."""
    browser.cookies["sessionid"] = "x" * 32
    for address in ("/no/such/page", "/break", "/denied", "/only-post"):
        response = browser.get(address)
        assert response.status_code >= 400
        assert "请求编号" in text(response)


def test_where_even_the_template_fails_a_plain_page_says_the_same(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("no templates today")

    monkeypatch.setattr(engines["django"], "get_template", broken)
    response = browser.post("/break", {"username": "chen<1>"})
    assert response.status_code == 500
    assert response["X-Request-ID"] in text(response)
    assert 'value="chen&lt;1&gt;"' in text(response)
    assert "系统出错" in text(response)


def test_the_page_speaks_the_language_of_the_cookie(browser: Client) -> None:
    browser.cookies["django_language"] = "en"
    assert '<html lang="en">' in text(browser.get("/no/such/page"))


def test_every_sentence_of_a_failure_is_in_english_too() -> None:
    told = [w for w in vars(words).values() if isinstance(w, words.Words)]
    sentences = [s for w in told for s in (w.title, w.happened, w.todo)]
    sentences += [words.NOTHING_CHANGED, words.TYPED_STAYS, words.TYPED_IN_BROWSER]
    sentences += [words.FILES_AGAIN, words.SECRETS_AGAIN, *words.ROLES.values()]
    assert len(told) > 12
    with translation.override("en"):
        assert [s for s in map(str, sentences) if not s.isascii() and CHINESE.search(s)] == []


def test_opening_what_only_a_button_may_do_says_so(browser: Client) -> None:
    response = browser.get("/only-post")
    assert response.status_code == 405
    assert response["Allow"] == "POST"
    assert "请返回上一页，用页面上的按钮操作。" in text(response)


def test_an_upload_beyond_the_limit_is_told_before_it_is_read(
    browser: Client, settings: Any
) -> None:
    settings.UPLOAD_LIMIT = 1 << 20
    file = SimpleUploadedFile("扫描件.pdf", b"%PDF-" + b"x" * (3 << 20))
    response = browser.post("/save", {"username": "chen", "file": file})
    assert response.status_code == 413
    assert "这次提交超过了 1 MB 的上限，没有接收。" in text(response)
    assert "“后退”" in text(response)


@pytest.mark.django_db
def test_too_many_fields_are_told_as_such(browser: Client, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 10
    response = browser.post("/save", {f"f{n}": "x" for n in range(11)})
    assert response.status_code in (400, 413)
    assert "表单项太多" in text(response)


def test_a_file_sent_with_a_form_is_asked_for_again(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    response = browser.post("/break", {"a": "1", "scan": SimpleUploadedFile("a.pdf", b"%PDF-")})
    assert "附件不能保留" in text(response)
    assert re.search(r'<input type="file"[^>]* name="scan"', text(response))
    assert 'enctype="multipart/form-data"' in text(response)


def test_a_form_with_a_stale_token_can_be_sent_again(client_as: Callable[..., Client]) -> None:
    signed_in = client_as("handler")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = signed_in.cookies
    headers = {"Origin": "http://testserver"}
    first = strict.post(
        "/save", {"username": "chen", "csrfmiddlewaretoken": "x" * 64}, headers=headers
    )
    assert first.status_code == 403
    assert "您重新登录过" in text(first)
    action, fields = form_of(text(first))
    assert strict.post(action, fields, headers=headers).status_code == 200
    assert Account.objects.filter(username="chen").exists()


def test_a_form_from_elsewhere_is_refused_and_not_offered_again(
    client_as: Callable[..., Client],
) -> None:
    signed_in = client_as("handler")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = signed_in.cookies
    for headers in ({"Origin": "https://elsewhere.example"}, {}):
        response = strict.post("/save", {"username": "chen"}, headers=headers)
        assert response.status_code == 403
        assert "<form" not in text(response).partition('class="failure"')[2]
    assert not Account.objects.filter(username="chen").exists()


def test_a_form_sent_after_the_session_ended_leads_to_signing_in(cast: Any) -> None:
    author = signing.dumps(cast.accounts["handler"].pk, salt="gongkai.kept.author")
    sent = {"username": "chen", "_author": author}
    response = Client(enforce_csrf_checks=True).post("/save", sent)
    assert response.status_code == 302
    assert response["Location"].startswith("/account/sign")


def test_who_holds_the_role_in_another_capacity_can_switch(
    client_as: Callable[..., Client], cast: Any
) -> None:
    """辛两岗 is a handler at LX-CG and a reviewer at LX-JY."""
    browser = client_as("two_posts")
    session = browser.session
    reviewer = Appointment.objects.get(account__username="two_posts", role="reviewer")
    handler = Appointment.objects.get(account__username="two_posts", role="handler")
    session["capacity"] = f"a{reviewer.pk}"
    session.save()
    response = browser.get("/for-handlers")
    assert response.status_code == 403
    page = text(response)
    assert "这个页面由经办人使用。" in page
    assert f'name="capacity" value="a{handler.pk}"' in page
    assert "切换为临溪区城市管理局经办人" in page


def test_who_does_not_hold_the_role_learns_whose_it_is(client_as: Callable[..., Client]) -> None:
    page = text(client_as("auditor").get("/for-handlers"))
    assert "这个页面由经办人使用。" in page
    assert "切换为" not in page


def test_a_page_changed_in_place_gets_a_toast_and_keeps_its_form(browser: Client) -> None:
    response = browser.post("/break", {"a": "1"}, headers={"HX-Request": "true"})
    assert response.status_code == 500
    assert response["HX-Retarget"] == "#toasts"
    assert "<html" not in text(response)
    assert response["X-Request-ID"] in text(response)


def test_every_page_of_failure_carries_the_policy_of_contents(browser: Client) -> None:
    for address in ("/no/such/page", "/break", "/only-post"):
        assert "default-src 'none'" in browser.get(address)["Content-Security-Policy"]


def test_a_refused_body_is_read_to_its_end_but_not_for_ever(rf: Any, tmp_path: Path) -> None:
    class Endless:
        read_bytes = 0

        def read(self, size: int) -> bytes:
            self.read_bytes += size
            return b"x" * size

    endless = Endless()
    request = rf.post("/", data=b"", content_type="text/plain")
    request.META |= {"CONTENT_LENGTH": str(1 << 40), "wsgi.input": endless}
    failures._drain(request, most=1 << 20)
    assert endless.read_bytes == 1 << 20
