"""故障: real errors of a real SQLite and a real disk, told for what they are."""

from __future__ import annotations

import contextlib
import errno
import gc
import resource
import sqlite3
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from gongkai.web.accounts.models import Account
from gongkai.web.shell.troubles import Trouble, trouble_of

FULL_SAID = "存储空间已满"


def opened(file: Path | str, *, uri: bool = False) -> contextlib.closing[sqlite3.Connection]:
    return contextlib.closing(sqlite3.connect(file, timeout=0, isolation_level=None, uri=uri))


def locked(file: Path) -> None:
    with opened(file) as one, opened(file) as other:
        one.execute("BEGIN IMMEDIATE")
        other.execute("INSERT INTO t VALUES (1)")


def read_only(file: Path) -> None:
    with opened(f"file:{file}?mode=ro", uri=True) as database:
        database.execute("INSERT INTO t VALUES (1)")


def full(file: Path) -> None:
    with opened(file) as database:
        database.execute("PRAGMA max_page_count = 2")
        database.execute("INSERT INTO t VALUES (zeroblob(100000))")


def no_database(file: Path) -> None:
    file.write_bytes(b"no database at all" * 1000)
    with opened(file) as database:
        database.execute("SELECT * FROM t")


def cannot_open(file: Path) -> None:
    with opened(file.parent / "none" / "x") as database:
        database.execute("SELECT 1")


def no_table(file: Path) -> None:
    with opened(file) as database:
        database.execute("SELECT * FROM none")


@pytest.mark.parametrize(
    ("act", "trouble"),
    [
        (locked, Trouble.BUSY),
        (read_only, Trouble.READ_ONLY),
        (full, Trouble.FULL),
        (no_database, Trouble.GONE),
        (cannot_open, Trouble.GONE),
        (no_table, None),
    ],
)
def test_what_sqlite_raises_is_known(
    tmp_path: Path, act: Callable[[Path], None], trouble: Trouble | None
) -> None:
    file = tmp_path / "x.sqlite3"
    with opened(file) as database:
        database.execute("CREATE TABLE t (a)")
    with pytest.raises(sqlite3.Error) as raised:
        act(file)
    assert trouble_of(raised.value) is trouble
    try:
        raise RuntimeError("wrapped") from raised.value
    except RuntimeError as wrapped:
        assert trouble_of(wrapped) is trouble


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_what_a_full_disk_raises_is_known() -> None:
    with pytest.raises(OSError) as raised, Path("/dev/full").open("wb", buffering=0) as full_disk:
        full_disk.write(b"x")
    assert raised.value.errno == errno.ENOSPC
    assert trouble_of(raised.value) is Trouble.FULL


def test_an_ordinary_error_is_none_of_these() -> None:
    assert trouble_of(FileNotFoundError(errno.ENOENT, "none")) is None
    assert trouble_of(ValueError()) is None
    round_about = ValueError()
    round_about.__cause__ = round_about
    assert trouble_of(round_about) is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.urls("gongkai.web.shell.tests.troubled")
def test_a_database_that_can_grow_no_more_keeps_what_was_typed() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no limit to set")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # tests before this one may have left pages that are free
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages}")
    try:
        response = _until_full(Client(raise_request_exception=False))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1073741823")
    assert response.status_code == 507
    page = response.content.decode()
    assert FULL_SAID in page
    name = f"{_count():03}" + "长" * 50
    assert f'name="username" value="{name}"' in page
    assert not Account.objects.filter(username=name).exists()


def _count() -> int:
    return Account.objects.count()


def _until_full(browser: Client) -> Any:
    for n in range(1000):
        response = browser.post("/save", {"username": f"{n:03}" + "长" * 50})
        if response.status_code != 200:
            return response
    raise AssertionError("never full")


@pytest.fixture
def small_files() -> Iterator[None]:
    """No file may grow beyond 3 MB: what a full disk does to an upload on its way in."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3 << 20, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.django_db
@pytest.mark.urls("gongkai.web.shell.tests.troubled")
def test_an_upload_the_disk_has_no_room_for_is_told(small_files: None) -> None:
    file = SimpleUploadedFile("扫描件.pdf", b"%PDF-" + b"x" * (4 << 20))
    browser = Client(raise_request_exception=False)
    status, page = _answered(browser.post("/save", {"username": "chen", "file": file}))
    with warnings.catch_warnings():
        # Django leaves the file it was writing to be closed with the memory of the request.
        warnings.simplefilter("ignore", ResourceWarning)
        del browser
        gc.collect()
    assert status == 507
    assert FULL_SAID in page


def _answered(response: Any) -> tuple[int, str]:
    return response.status_code, response.content.decode()
