"""附件在对象存储: the same with a server that speaks S3, also when it does not answer."""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from gongkai.web.environment import Environment
from gongkai.web.ledger import attachments, stored
from gongkai.web.ledger.models import Attachment
from gongkai.web.organs.tests import test_seals
from gongkai.web.shell import storage, uploads
from gongkai.web.shell.troubles import Trouble, trouble_of
from gongkai.web.tests.cast import Cast

pytest.importorskip("storages", reason="the extra [s3] is not installed")
moto = pytest.importorskip("moto.server", reason="moto is not installed")
boto3 = pytest.importorskip("boto3", reason="the extra [s3] is not installed")

NOW = datetime.now(UTC)  # the server stamps objects with its own clock
PAGE = "<html><body><p>政府信息公开工作年度报告</p></body></html>".encode()
SHA = hashlib.sha256(PAGE).hexdigest()
KEYS = {"GONGKAI_S3_KEY": "key", "GONGKAI_S3_SECRET": "secret"}


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(endpoint: str, settings: Any, tmp_path: Path) -> Iterator[Any]:
    """A bucket of its own, the store in use as the setting says it."""
    name = f"gongkai-{hashlib.sha256(str(tmp_path).encode()).hexdigest()[:12]}"
    made = boto3.resource(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="key",
        aws_secret_access_key="secret",
    ).create_bucket(Bucket=name)
    settings.HOME = tmp_path
    in_use(settings, f"s3://{name}?endpoint={endpoint}&region=us-east-1")
    yield made
    made.meta.client.close()


def in_use(settings: Any, address: str) -> None:
    made = Environment({"GONGKAI_STORE": address, **KEYS})
    assert made.problems() == ()
    settings.STORAGES = {**settings.STORAGES, "default": made.store(Path("unused"))}


def attach(cast: Cast, data: bytes = PAGE) -> Attachment:
    return attachments.attach(
        organ=cast.organs["LX-JY"],
        subject="report/1",
        file=SimpleUploadedFile("二〇二五年 年报.html", data),
        kinds=uploads.DOCUMENTS,
        by=cast.accounts["handler"],
        at=NOW,
    )


def objects(bucket: Any) -> list[str]:
    return sorted(one.key for one in bucket.objects.all())


def test_a_file_lies_in_the_bucket_under_its_hash(cast: Cast, bucket: Any) -> None:
    made = attach(cast)
    attach(cast)
    assert objects(bucket) == [f"kept/{SHA[:2]}/{SHA}"]
    assert attachments.verified(made) == PAGE
    response = attachments.serve(made)
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert b"".join(response.streaming_content) == PAGE  # type: ignore[arg-type]
    response.close()


def test_an_object_that_is_gone_or_altered_is_noticed_and_comes_back(
    cast: Cast, bucket: Any
) -> None:
    made = attach(cast)
    bucket.put_object(Key=attachments.address(SHA), Body=PAGE[:-1] + b" ")
    with pytest.raises(attachments.Damaged, match="other bytes"):
        attachments.verified(made)
    bucket.Object(attachments.address(SHA)).delete()
    with pytest.raises(attachments.Damaged, match="not in the store"):
        attachments.content(made)
    assert attachments.verified(attach(cast)) == PAGE


def test_objects_without_a_row_go_after_a_day(cast: Cast, bucket: Any) -> None:
    attach(cast)
    attachments.keep(SimpleUploadedFile("年报.html", PAGE + b" "), kinds=uploads.DOCUMENTS)
    assert stored.sweep(at=NOW).swept == 0
    assert stored.sweep(at=NOW + timedelta(days=2)) == stored.Held(1, ())
    assert objects(bucket) == [attachments.address(SHA)]
    bucket.Object(attachments.address(SHA)).delete()
    assert stored.sweep(at=NOW + timedelta(days=2)) == stored.Held(0, (SHA,))


def test_names_that_are_taken_are_not_written_over(bucket: Any) -> None:
    first = default_storage.save("seals/2026/章.png", SimpleUploadedFile("章.png", b"one"))
    second = default_storage.save("seals/2026/章.png", SimpleUploadedFile("章.png", b"two"))
    assert objects(bucket) == sorted([first, second]) and first != second


def test_what_other_apps_keep_lies_there_too(
    cast: Cast, bucket: Any, client_as: Callable[..., Client]
) -> None:
    seal = test_seals.add(cast, date(2024, 1, 1))
    assert objects(bucket) == [seal.picture.name]
    shown = client_as("administrator").get(reverse("organs:seal", args=["LX-JY", seal.pk]))
    assert shown.getvalue() == test_seals.GOOD


def test_a_store_that_does_not_answer_is_told_and_leaves_no_row(
    cast: Cast, bucket: Any, settings: Any
) -> None:
    made = attach(cast)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    in_use(settings, f"s3://bucket?endpoint=http://127.0.0.1:{port}&region=us-east-1")
    for act in (lambda: attach(cast, PAGE + b" "), lambda: attachments.content(made)):
        with pytest.raises(storage.Unavailable) as cause:
            act()
        assert trouble_of(cause.value) is Trouble.STORE
    assert Attachment.objects.count() == 1


def test_a_page_tells_of_a_store_that_does_not_answer_and_keeps_what_was_typed(
    client_as: Callable[..., Client], bucket: Any, endpoint: str, settings: Any
) -> None:
    in_use(settings, f"s3://another?endpoint={endpoint}&region=us-east-1")
    address = reverse("organs:seal_add", args=["LX-JY"])
    sent = {"valid_from": "2024-01-01", "picture": SimpleUploadedFile("章.png", test_seals.GOOD)}
    answer = client_as("administrator").post(address, sent)
    page = answer.content.decode()
    assert answer.status_code == 503
    assert "现在连接不上存放文件的对象存储" in page and 'value="2024-01-01"' in page


def test_a_bucket_that_is_not_there_loses_no_file(
    cast: Cast, bucket: Any, endpoint: str, settings: Any
) -> None:
    attach(cast)
    in_use(settings, f"s3://another?endpoint={endpoint}&region=us-east-1")
    with pytest.raises(storage.Unavailable):
        stored.sweep(at=NOW)  # and not: all of them are missing
    with pytest.raises(storage.Unavailable):
        attach(cast, PAGE + b" ")
