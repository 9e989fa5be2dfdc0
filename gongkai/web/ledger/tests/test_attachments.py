"""附件: content is kept once and whole, under its hash; what was stored in vain is swept."""

from __future__ import annotations

import hashlib
import os
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from huey.contrib.djhuey import HUEY

from gongkai.web.ledger import attachments, jobs, queries, stored
from gongkai.web.ledger.models import Attachment, StoredFile
from gongkai.web.shell import storage, uploads
from gongkai.web.tests import cast as district
from gongkai.web.tests.cast import Cast

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PAGE = "<html><body><p>政府信息公开工作年度报告</p></body></html>".encode()
SHA = hashlib.sha256(PAGE).hexdigest()


@pytest.fixture(autouse=True)
def store(settings: Any, tmp_path: Path) -> Path:
    """A store of its own."""
    settings.HOME = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "gongkai.web.shell.storage.Disk",
            "OPTIONS": {"location": tmp_path / "files", "directory_permissions_mode": 0o700},
        },
    }
    return tmp_path / "files"


def attach(cast: Cast, name: str = "年报.html", data: bytes = PAGE, **more: Any) -> Attachment:
    given = {
        "organ": cast.organs["LX-JY"],
        "subject": "report/1",
        "file": SimpleUploadedFile(name, data),
        "kinds": uploads.DOCUMENTS,
        "by": cast.accounts["handler"],
        "at": AT,
    }
    return attachments.attach(**{**given, **more})


def files(store: Path) -> list[str]:
    return sorted(f.relative_to(store).as_posix() for f in store.rglob("*") if f.is_file())


def test_a_file_is_kept_under_its_hash_with_its_own_name_beside_it(cast: Cast, store: Path) -> None:
    made = attach(cast, "../二〇二五年 年报.html")
    assert made.name == "二〇二五年 年报.html"
    assert (made.file.kind, made.file.size, made.file.sha256) == ("html", len(PAGE), SHA)
    assert files(store) == [f"kept/{SHA[:2]}/{SHA}"]
    assert (store / "kept" / SHA[:2] / SHA).read_bytes() == PAGE
    assert all(f.stat().st_mode & 0o077 == 0 for f in store.rglob("*"))
    assert attachments.verified(made) == PAGE


def test_the_same_content_is_kept_once_however_often_it_comes(cast: Cast, store: Path) -> None:
    one, other = attach(cast, "年报.html"), attach(cast, "年报（盖章）.html", subject="report/2")
    assert one.file == other.file and one != other
    assert (one.name, other.name) == ("年报.html", "年报（盖章）.html")
    assert len(files(store)) == 1
    assert list(queries.attachments_of("report/2")) == [other]


def test_what_is_refused_leaves_no_row_and_lies_in_quarantine(cast: Cast, store: Path) -> None:
    with pytest.raises(uploads.Refused):
        attach(cast, "程序.docx", b"MZ\x90\0" + bytes(range(256)) * 4)
    assert not Attachment.objects.exists() and not StoredFile.objects.exists()
    assert files(store) == []
    assert len(list(uploads.quarantine().glob("*.bin"))) == 1


def test_a_download_has_its_own_name_and_is_run_by_no_browser(cast: Cast) -> None:
    response = attachments.serve(attach(cast))
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''%E5%B9%B4%E6%8A%A5.html"
    )
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Cache-Control"] == "private, no-store"
    assert b"".join(response.streaming_content) == PAGE  # type: ignore[arg-type]
    response.close()


def test_other_bytes_in_the_store_are_noticed(cast: Cast, store: Path) -> None:
    made = attach(cast)
    (store / attachments.address(SHA)).write_bytes(PAGE[:-1] + b" ")
    with pytest.raises(attachments.Damaged, match="other bytes"):
        attachments.verified(made)
    (store / attachments.address(SHA)).unlink()
    with pytest.raises(attachments.Damaged, match="not in the store"):
        attachments.serve(made)


@pytest.mark.parametrize("left", [b"", PAGE[:20], None])
def test_content_that_is_gone_comes_back_with_the_next_upload_of_it(
    cast: Cast, store: Path, left: bytes | None
) -> None:
    attach(cast)
    place = store / attachments.address(SHA)
    place.unlink() if left is None else place.write_bytes(left)
    assert attachments.verified(attach(cast)) == PAGE


def test_a_removed_one_is_in_no_list_and_stays_on_record(cast: Cast, store: Path) -> None:
    made = attach(cast)
    attachments.remove(made, at=AT)
    attachments.remove(made, at=AT + timedelta(days=1))
    assert made.removed_at == AT  # the first time counts
    assert list(queries.attachments_of("report/1")) == []
    assert attachments.verified(Attachment.objects.get()) == PAGE


def test_a_transaction_undone_takes_the_row_back(cast: Cast) -> None:
    with transaction.atomic():
        attach(cast)
        transaction.set_rollback(True)
    assert not Attachment.objects.exists() and not StoredFile.objects.exists()


def test_two_attach_the_same_at_the_same_moment(transactional_db: None, store: Path) -> None:
    cast = district.build()
    together = threading.Barrier(4)
    made: list[Attachment] = []

    def one(number: int) -> None:
        try:
            kept = attachments.keep(
                SimpleUploadedFile(f"{number}.html", PAGE), kinds=uploads.DOCUMENTS
            )
            together.wait()
            made.append(
                attachments.attach_kept(
                    kept, organ=cast.organs["LX-JY"], subject="report/1", by=None, at=AT
                )
            )
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert StoredFile.objects.count() == 1 and Attachment.objects.count() == 4
    assert {a.file_id for a in made} == {StoredFile.objects.get().pk}
    assert {a.name for a in Attachment.objects.all()} == {f"{n}.html" for n in range(4)}
    assert files(store) == [attachments.address(SHA)]


# -- what was stored in vain


def stored_in_vain(data: bytes, *, days: float) -> str:
    attachments.keep(SimpleUploadedFile("年报.html", data), kinds=uploads.DOCUMENTS)
    sha256 = hashlib.sha256(data).hexdigest()
    aged(attachments.address(sha256), days)
    return sha256


def aged(name: str, days: float) -> None:
    then = (AT - timedelta(days=days)).timestamp()
    os.utime(default_storage.path(name), (then, then))


def test_content_without_a_row_goes_after_a_day(cast: Cast, store: Path) -> None:
    attach(cast)
    aged(attachments.address(SHA), 9)
    old = stored_in_vain(PAGE + b"old", days=1.1)
    new = stored_in_vain(PAGE + b"new", days=0.9)
    half = store / "kept" / "ab" / f"{'ab' * 32}.1f{storage.PARTIAL}"
    half.parent.mkdir(exist_ok=True)
    half.write_bytes(b"cut")
    aged(half.relative_to(store).as_posix(), 2)
    assert stored.sweep(at=AT) == stored.Held(swept=2, missing=())
    assert files(store) == sorted([attachments.address(SHA), attachments.address(new)])
    assert old != new and StoredFile.objects.count() == 1


def test_a_row_without_content_is_told_and_stays(cast: Cast, store: Path) -> None:
    attach(cast)
    (store / attachments.address(SHA)).unlink()
    assert stored.sweep(at=AT + timedelta(hours=1)) == stored.Held(0, (SHA,))
    assert StoredFile.objects.count() == 1


def test_what_is_attached_while_it_is_swept_is_there(cast: Cast, store: Path) -> None:
    """Checked and stored, but long before its row: the sweep comes in between."""
    kept = attachments.keep(SimpleUploadedFile("年报.html", PAGE), kinds=uploads.DOCUMENTS)
    aged(attachments.address(SHA), 2)
    assert stored.sweep(at=AT).swept == 1
    made = attachments.attach_kept(
        kept, organ=cast.organs["LX-JY"], subject="report/1", by=None, at=AT
    )
    assert attachments.verified(made) == PAGE
    aged(attachments.address(SHA), 2)
    assert stored.sweep(at=AT + timedelta(days=1)).swept == 0


# -- the store itself


def test_a_name_that_is_taken_is_not_written_over(store: Path) -> None:
    first = default_storage.save("seals/2026/章.png", SimpleUploadedFile("章.png", b"one"))
    second = default_storage.save("seals/2026/章.png", SimpleUploadedFile("章.png", b"two"))
    assert first != second
    with default_storage.open(first) as one, default_storage.open(second) as two:
        assert (one.read(), two.read()) == (b"one", b"two")


class Broken(SimpleUploadedFile):
    def chunks(self, chunk_size: int | None = None) -> Any:
        yield b"half"
        raise OSError("the disk is full")


@pytest.mark.parametrize("name", ["seals/2026/章.png", "kept/ab/abcdef"])
def test_a_file_that_could_not_be_written_is_not_there(store: Path, name: str) -> None:
    disk: Any = default_storage
    write = disk.save if name.startswith("seals") else disk.put
    with pytest.raises(OSError, match="full"):
        write(name, Broken("章.png", b"x"))
    assert files(store) == []


# -- once a day


def test_the_store_is_held_against_the_rows_once_a_day(
    cast: Cast, store: Path, caplog: pytest.LogCaptureFixture
) -> None:
    made = attach(cast, at=AT - timedelta(days=400))
    stored_in_vain(PAGE + b"old", days=400)
    (store / attachments.address(SHA)).unlink()
    caplog.set_level("INFO", "gongkai.jobs")
    HUEY.storage.flush_all()
    for _time in range(2):
        jobs.hold_the_store.call_local()
    HUEY.storage.flush_all()
    said = [record.getMessage() for record in caplog.records]
    assert said == [
        "the store of attachments: 1 swept, 1 missing",
        f"1 attachments lack their content: {made.file.sha256}",
    ]
    assert files(store) == []
