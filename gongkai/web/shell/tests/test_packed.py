"""压缩: pages are packed for who can unpack them, files go with their length."""

from __future__ import annotations

import gzip

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory

from gongkai.web.shell.packed import Packed

WORDS = "公开" * 2000


def answer(response: HttpResponse | StreamingHttpResponse) -> HttpResponse:
    request = RequestFactory().get("/", headers={"Accept-Encoding": "gzip"})
    return Packed(lambda _: response)(request)  # type: ignore[return-value]


@pytest.mark.django_db
def test_a_page_is_packed_for_who_asks(client: Client) -> None:
    plain = client.get("/account/sign-in/")
    packed = client.get("/account/sign-in/", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert plain.status_code == 200
    assert len(packed.content) < len(plain.content) * 2 / 3
    assert b"</html>" in gzip.decompress(packed.content)


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse(WORDS, content_type="application/pdf"),
        HttpResponse(WORDS, headers={"Content-Disposition": 'attachment; filename="a.html"'}),
        StreamingHttpResponse(iter([WORDS])),
    ],
    ids=["pdf", "attachment", "stream"],
)
def test_a_file_goes_as_it_is(response: HttpResponse) -> None:
    assert "Content-Encoding" not in answer(response)
