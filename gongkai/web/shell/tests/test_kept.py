"""What was typed when the session had ended comes back to its author, and to nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import Client
from django.urls import path
from django.utils import timezone

from gongkai.web.shell import kept
from gongkai.web.shell.access import public, signed_in
from gongkai.web.shell.models import KeptInput
from gongkai.web.tests.cast import PASSWORD, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
SIGN_IN = "/account/sign-in/"
PAGE = "/form/"


@signed_in
def form(request: HttpRequest) -> HttpResponse:
    """表单: a page that tells what it was given back."""
    if request.method == "POST":
        kept.forget(request)
        return HttpResponse("done")
    data = kept.restored(request)
    other = kept.restored(request, "/other/")
    return JsonResponse(
        {
            "author": kept.author_token(request),
            "data": dict(data.lists()) if data is not None else None,
            "other": dict(other.lists()) if other is not None else None,
            "notice": kept.notice(request),
        }
    )


@signed_in
def other(request: HttpRequest) -> HttpResponse:
    """另一处: takes the second form of the page."""
    return HttpResponse("done")


@public
def open_page(request: HttpRequest) -> HttpResponse:
    """公开页"""
    return HttpResponse(kept.author_token(request) or "nobody")


def _urls() -> Iterator[Any]:
    from gongkai.web.urls import urlpatterns as real

    yield path("form/", form)
    yield path("other/", other)
    yield path("open/", open_page)
    yield from real


urlpatterns = list(_urls())


def opened(cast: Cast, who: str = "handler") -> tuple[Client, str]:
    """A browser with the form open, and the form's hidden field."""
    client = cast.client(who)
    return client, client.get(PAGE).json()["author"]


def sign_in(client: Client, address: str, who: str = "handler") -> Any:
    """Signs in at the page one was led to; returns the page one comes back to."""
    answer = client.post(address, {"username": who, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    return client.get(answer["Location"])


def sent(client: Client, author: str, address: str = PAGE, **more: Any) -> str:
    """Sends the form after the session ended; returns where one is led."""
    client.logout()
    fields = {"title": "标题", "tags": ["一", "二"], "_author": author, "_once": "x", **more}
    answer = client.post(address, fields)
    assert answer.status_code == 302
    return str(answer["Location"])


def test_the_author_gets_it_back_after_signing_in(cast: Cast) -> None:
    client, author = opened(cast)
    led = sent(client, author)
    assert led.startswith(SIGN_IN)
    assert "您填写的内容已保留" in client.get(led).content.decode()
    page = sign_in(client, led).json()
    assert page["data"] == {"title": ["标题"], "tags": ["一", "二"]}
    assert page["notice"] == "登录已过期；您填写的内容已保留，请核对后重新提交。"


def test_somebody_else_at_the_same_machine_does_not(cast: Cast) -> None:
    client, author = opened(cast)
    page = sign_in(client, sent(client, author), "reviewer").json()
    assert page["data"] is None and page["notice"] == ""
    assert KeptInput.objects.count() == 1


def test_passwords_codes_and_tokens_are_not_kept(cast: Cast) -> None:
    client, author = opened(cast)
    secrets = {"password": "p1", "new_password": "p2", "otp_code": "123456", "secret_key": "s"}
    sent(client, author, **secrets, csrfmiddlewaretoken="t", code="LX-JY")
    stored = KeptInput.objects.get()
    assert set(stored.data) == {"title", "tags", "code", "_files"}
    assert len(stored.key) == 43


def test_files_are_named_to_be_chosen_again(cast: Cast) -> None:
    client, author = opened(cast)
    led = sent(client, author, scan=SimpleUploadedFile("签批.pdf", b"%PDF"))
    page = sign_in(client, led).json()
    assert "请重新选择：签批.pdf。" in page["notice"]
    assert page["data"] == {"title": ["标题"], "tags": ["一", "二"]}


def test_a_form_of_nothing_but_a_file_leads_back_to_it(cast: Cast) -> None:
    client = cast.client("administrator")
    form = "/organs/imports/new/"
    page = client.get(form).content.decode()
    author = page.partition('name="_author" value="')[2].partition('"')[0]
    client.logout()
    file = SimpleUploadedFile("机关 2026.xlsx", b"PK secret", "application/octet-stream")
    answer = client.post(form, {"file": file, "_author": author, "_once": "x"})
    before = client.get(answer["Location"]).content.decode()
    assert "登录已过期" in before and "刚才的文件没有提交，登录后请重新选择。" in before
    back = sign_in(client, answer["Location"], "administrator")
    assert back.wsgi_request.path == form
    assert "请重新选择后再提交：机关 2026.xlsx。" in back.content.decode()
    assert KeptInput.objects.get().data == {"_files": ["机关 2026.xlsx"]}, "never what is in it"


def test_what_could_not_be_kept_is_said(cast: Cast) -> None:
    client, author = opened(cast)
    client.logout()
    led = client.post(PAGE, {"_author": author, "_once": "x"})["Location"]
    assert "刚才的操作没有办理" in client.get(led).content.decode()
    assert "刚才的操作没有办理" not in Client().get(f"{SIGN_IN}?next=/form/").content.decode()


def test_a_form_that_did_its_work_is_forgotten(cast: Cast) -> None:
    client, author = opened(cast)
    led = sent(client, author)
    sign_in(client, led)
    back = parse_qs(urlsplit(led).query)["next"][0]
    assert client.get(back).json()["data"] is not None, "until then it may be loaded again"
    client.post(back, {"title": "标题"})
    assert not KeptInput.objects.exists()
    assert client.get(back).json()["data"] is None


def test_of_two_forms_on_a_page_the_right_one_gets_it(cast: Cast) -> None:
    client, author = opened(cast)
    client.logout()
    answer = client.post(
        "/other/",
        {"reason": "事由", "_author": author},
        HTTP_REFERER="http://testserver/form/?tab=2",
    )
    page = sign_in(client, answer["Location"])
    assert page.wsgi_request.path == PAGE and page.wsgi_request.GET["tab"] == "2"
    assert page.json()["data"] is None
    assert page.json()["other"] == {"reason": ["事由"]}


@pytest.mark.parametrize("author", ["", "1:forged", "not signed"])
def test_without_a_true_author_nothing_is_kept(author: str, cast: Cast) -> None:
    led = sent(Client(), author)
    assert led == f"{SIGN_IN}?next=/form/"
    assert not KeptInput.objects.exists()


def test_a_field_signed_for_something_else_is_no_author(cast: Cast) -> None:
    sent(Client(), signing.dumps(cast.accounts["handler"].pk, salt="another"))
    assert not KeptInput.objects.exists()


def test_a_page_that_stood_open_for_weeks_is_no_author(cast: Cast, monkeypatch: Any) -> None:
    client, author = opened(cast)
    monkeypatch.setattr(kept, "PAGE_OPEN", timedelta(seconds=-1))
    sent(client, author)
    assert not KeptInput.objects.exists()


def test_after_a_day_it_is_gone(cast: Cast) -> None:
    client, author = opened(cast)
    led = sent(client, author)
    KeptInput.objects.update(kept_at=F("kept_at") - kept.KEEP - timedelta(minutes=1))
    assert sign_in(client, led).json()["data"] is None
    assert kept.sweep(timezone.now()) == 1
    assert not KeptInput.objects.exists()


def test_what_is_still_wanted_is_not_swept(cast: Cast) -> None:
    client, author = opened(cast)
    sent(client, author)
    assert kept.sweep(timezone.now()) == 0


def test_one_account_cannot_fill_the_database(cast: Cast) -> None:
    client, author = opened(cast)
    for n in range(kept.MOST + 3):
        sent(client, author, title=str(n))
    assert KeptInput.objects.count() == kept.MOST
    assert KeptInput.objects.latest("pk").data["title"] == [str(kept.MOST + 2)]
    before = KeptInput.objects.count()
    assert "kept" not in sent(client, author, title="x" * (kept.LARGEST + 1))
    assert KeptInput.objects.count() == before


def test_htmx_is_led_with_the_whole_page(cast: Cast) -> None:
    client, author = opened(cast)
    client.logout()
    answer = client.post(
        PAGE,
        {"title": "标题", "_author": author},
        HTTP_HX_REQUEST="true",
        HTTP_HX_CURRENT_URL="http://testserver/form/",
    )
    assert answer.status_code == 200
    assert sign_in(client, answer["HX-Redirect"]).json()["data"] == {"title": ["标题"]}


def test_a_page_of_another_host_is_no_way_back(cast: Cast) -> None:
    answer = Client().post(PAGE, {}, HTTP_REFERER="https://evil.example/form/")
    assert answer["Location"] == f"{SIGN_IN}?next=/form/"


def test_a_form_made_stale_by_signing_in_elsewhere_is_not_lost(cast: Cast) -> None:
    """The session ended, the person signed in again in a second tab, then sent the first."""
    client, author = opened(cast)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    answer = strict.post(
        PAGE,
        {"title": "标题", "_author": author, "csrfmiddlewaretoken": "a" * 64},
        HTTP_ORIGIN="http://testserver",
    )
    assert client.get(answer["Location"]).json()["data"] == {"title": ["标题"]}


def test_a_form_opened_by_another_account_is_not_sent_in_ones_name(cast: Cast) -> None:
    client, author = opened(cast)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = cast.client("reviewer").cookies
    answer = strict.post(
        PAGE,
        {"title": "标题", "_author": author, "csrfmiddlewaretoken": "a" * 64},
        HTTP_ORIGIN="http://testserver",
    )
    page = strict.get(answer["Location"])
    assert page.json()["data"] is None
    assert client.get(answer["Location"]).json()["data"] == {"title": ["标题"]}, "its author may"


def test_a_sign_in_page_that_stood_open_too_long_is_shown_anew(cast: Cast) -> None:
    strict = Client(enforce_csrf_checks=True)
    address = f"{SIGN_IN}?next=/form/"
    answer = strict.post(address, {"username": "handler", "password": PASSWORD})
    assert answer["Location"] == address
    assert "这一页打开得太久" in strict.get(address).content.decode()


def test_a_form_without_session_and_with_a_stale_token_is_kept(cast: Cast) -> None:
    _client, author = opened(cast)
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(
        PAGE,
        {"title": "标题", "_author": author, "csrfmiddlewaretoken": "a" * 64},
        HTTP_ORIGIN="http://testserver",
    )
    assert answer["Location"].startswith(SIGN_IN)
    assert KeptInput.objects.get().data["title"] == ["标题"]


def test_nobody_signed_in_has_no_field(cast: Cast) -> None:
    assert Client().get("/open/").content.decode() == "nobody"
