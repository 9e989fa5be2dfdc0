"""病毒检查: an infected upload is set aside, and none is taken while the scanner does not answer.

Against a socket that speaks the protocol, and against clamd itself where it is installed, with one
signature of our own: the published ones are a download of their own.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gongkai.web.shell import scanning, uploads
from gongkai.web.shell.tests import clamd
from gongkai.web.shell.tests.test_uploads import PNG, sent

INFECTED = PNG[:20] + clamd.EICAR + PNG[20:]
CLAMD = shutil.which("clamd", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    return tmp_path


def refused(data: bytes) -> str:
    with pytest.raises(uploads.Refused) as why:
        uploads.accept(sent("印章.png", data), kinds=("png",))
    assert "印章.png" in why.value.text.en
    return why.value.text.zh


def test_without_the_setting_nothing_is_scanned() -> None:
    assert uploads.accept(sent("印章.png", INFECTED), kinds=("png",)).scanned == ""


def test_a_clean_upload_is_heard_whole_and_marked(settings: Any) -> None:
    large = PNG[:20] + bytes(range(256)) * 1000 + PNG[20:]
    with clamd.listening() as (settings.CLAMD, heard):
        assert uploads.accept(sent("印章.png", large), kinds=("png",)).scanned == "clamd"
        assert heard == [large]


def test_an_infected_upload_is_set_aside_and_told(settings: Any) -> None:
    with clamd.listening() as (settings.CLAMD, _heard):
        said = refused(INFECTED)
    assert "含有病毒（Eicar-Test-Signature）" in said and "已隔离" in said
    (note,) = uploads.quarantine().glob("*.json")
    assert json.loads(note.read_text(encoding="utf-8"))["why"]["zh"] == said
    assert note.with_suffix(".bin").read_bytes() == INFECTED


@pytest.mark.parametrize(
    "spoken",
    [
        {"most": 16},  # clamd's StreamMaxLength is below the size of the file
        {"answer": b"stream: Can't allocate memory ERROR\0"},
        {"answer": b"\0"},
        {"answer": b"stream: OK and something\0"},
    ],
)
def test_a_scanner_that_finds_nothing_out_lets_nothing_through(
    settings: Any, spoken: dict[str, Any]
) -> None:
    with clamd.listening(**spoken) as (settings.CLAMD, _heard):
        assert "病毒检查暂时不能用" in refused(PNG)
    assert not uploads.quarantine().exists()  # there is nothing wrong with the file


@pytest.mark.parametrize("address", ["unix:/nowhere/clamd.ctl", "port"])
def test_a_scanner_that_is_not_there_lets_nothing_through(settings: Any, address: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    settings.CLAMD = address if address != "port" else f"127.0.0.1:{port}"
    assert "请稍后再上传" in refused(PNG)


def test_a_scanner_that_says_nothing_is_not_waited_for_for_ever(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.CLAMD = f"127.0.0.1:{silent.getsockname()[1]}"
        assert "请稍后再上传" in refused(PNG)


@pytest.fixture
def real(settings: Any, tmp_path: Path) -> Iterator[None]:
    if CLAMD is None:
        pytest.skip("clamd is not installed")
    known = tmp_path / "signatures"
    known.mkdir()
    (known / "own.ndb").write_text(f"Own.Test:0:*:{clamd.EICAR.hex()}\n")
    path = tmp_path / "clamd.ctl"
    (tmp_path / "clamd.conf").write_text(
        f"LocalSocket {path}\nDatabaseDirectory {known}\nForeground yes\nStreamMaxLength 1M\n"
    )
    with (tmp_path / "clamd.log").open("wb") as log:
        process = subprocess.Popen(
            [CLAMD, "-c", str(tmp_path / "clamd.conf")], stdout=log, stderr=log
        )
        try:
            until = time.monotonic() + 30
            while not path.exists() and process.poll() is None and time.monotonic() < until:
                time.sleep(0.05)
            assert path.exists(), (tmp_path / "clamd.log").read_text()
            settings.CLAMD = f"unix:{path}"
            yield
        finally:
            process.kill()
            process.wait()


def test_clamd_itself_says_the_same(real: None) -> None:
    assert uploads.accept(sent("印章.png", PNG), kinds=("png",)).scanned == "clamd"
    assert "含有病毒（Own.Test" in refused(INFECTED)
    larger = PNG[:20] + bytes(3 << 20) + PNG[20:]
    assert "病毒检查暂时不能用" in refused(larger)
