"""上传下载: the content tells what a file is; what is refused is set aside and said."""

from __future__ import annotations

import gzip
import io
import json
import os
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from gongkai.convert import reading
from gongkai.statute.readers import sniff
from gongkai.web.shell import uploads

EXAMPLES = Path(__file__).parents[4] / "examples"

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40 + b"IEND\xaeB`\x82"
JPG = b"\xff\xd8\xff\xe0" + b"\0" * 40 + b"\xff\xd9"
PDF = b"%PDF-1.7\n%%EOF"


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    return tmp_path


def workbook() -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    book.add_worksheet().write(0, 0, "机关")
    book.close()
    return out.getvalue()


def with_member(data: bytes, name: str, content: bytes) -> bytes:
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, content)
    return out.getvalue()


def sent(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("印章.png", PNG, "png"),
        ("扫描件.jpg", JPG, "jpg"),
        ("扫描件.pdf", PDF, "pdf"),
        ("机关.xlsx", workbook(), "xlsx"),
        ("机关.txt", workbook(), "xlsx"),  # the name tells nothing
        ("印章", PNG, "png"),
    ],
)
def test_a_file_is_what_its_content_is(name: str, data: bytes, kind: str) -> None:
    file = sent(name, data)
    found = uploads.accept(file, kinds=("png", "jpg", "pdf", "xlsx"))
    assert (found.kind, found.size, found.name) == (kind, len(data), name)
    assert len(found.sha256) == 64
    assert file.read() == data  # it stands at its beginning
    assert not uploads.quarantine().exists()


def test_every_carrier_a_report_comes_in_is_taken_by_who_takes_documents() -> None:
    taken = {
        uploads.accept(sent(file.name, file.read_bytes()), kinds=uploads.DOCUMENTS).kind
        for file in sorted(EXAMPLES.rglob("*"))
        if file.is_file() and reading.may_be_report(file.name)
    }
    assert taken >= {"docx", "pdf", "xlsx", "html", "text"}


def test_documents_are_all_that_is_told_apart_in_reading() -> None:
    told_apart = {*sniff.READABLE, *sniff.CONVERTIBLE, *sniff.OTHER}
    assert set(uploads.DOCUMENTS) == told_apart | {"png", "jpg", "tif"}
    assert all(len(kind) <= 10 for kind in uploads.DOCUMENTS)  # a column holds it


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"II*\0" + (20).to_bytes(4, "little") + bytes(40), "tif"),
        (b"MM\0*" + (20).to_bytes(4, "big") + bytes(40), "tif"),
        (b"Rar!\x1a\x07\x01\0" + bytes(40), "rar"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(40), "7z"),
        (b'[{"unit": "x"}]', "json"),
        (gzip.compress(b"<html>", mtime=0), "gzip"),
        ("{\\rtf1 年报}".encode(), "rtf"),
        ("名称\t数量\n甲\t1\n乙\t2\n".encode(), "csv"),
        ("年报正文。".encode("gb18030"), "text"),
    ],
)
def test_other_carriers_are_told_by_content_too(data: bytes, kind: str) -> None:
    assert uploads.accept(sent("年报", data), kinds=uploads.DOCUMENTS).kind == kind


def packed(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members:
            made.writestr(name, content)
    return out.getvalue()


def tarred(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as made:
        member = tarfile.TarInfo(name)
        member.size = len(content)
        made.addfile(member, io.BytesIO(content))
    return out.getvalue()


LARGE = packed(("年报.txt", (os.urandom(1 << 10) + bytes(99 << 10)) * 600))  # 60 MB, soundly packed
BOMB = packed(("年报.txt", bytes(20 << 20)))
WIDE = packed(*((f"{n}.txt", b"x") for n in range(2001)))


@pytest.mark.parametrize(
    "data",
    [
        BOMB,
        WIDE,
        packed(("内层.zip", BOMB)),
        packed(("内层.zip", packed(("又一层.zip", BOMB)))),
        packed(("内层.tar.gz", tarred("年报.txt", bytes(30 << 20)))),
        tarred("内层.zip", BOMB),
        packed(*((f"{n}.zip", LARGE) for n in range(4))),
    ],
    ids=["bomb", "wide", "nested", "twice", "tar in zip", "zip in tar", "together"],
)
def test_an_archive_that_swells_is_refused_however_deep_it_lies(data: bytes) -> None:
    with pytest.raises(uploads.Refused) as refused:
        uploads.accept(sent("年报.zip", data), kinds=uploads.DOCUMENTS)
    assert "年报.zip" in refused.value.text.zh and "文件过大" in refused.value.text.zh


def test_an_archive_of_much_that_is_sound_is_taken() -> None:
    data = packed(*((f"{n}.zip", LARGE) for n in range(3)))
    assert uploads.accept(sent("年报.zip", data), kinds=uploads.DOCUMENTS).kind == "zip"


def test_an_archive_of_reports_is_taken_whatever_one_of_them_is() -> None:
    inner = packed(("年报.html", b"<html><body>x</body></html>"), ("内.zip", b"PK\x03\x04broken"))
    found = uploads.accept(
        sent("年报.zip", packed(("内层.zip", inner), ("坏.docx", b"PK\x03\x04"))),
        kinds=uploads.DOCUMENTS,
    )
    assert found.kind == "zip"


def test_macros_are_taken_only_by_who_never_runs_them() -> None:
    book = with_member(workbook(), "xl/vbaProject.bin", b"x")
    assert uploads.accept(sent("年报.xlsm", book), kinds=("xlsx",), macros=True).kind == "xlsx"
    with pytest.raises(uploads.Refused):
        uploads.accept(sent("年报.xlsm", book), kinds=("xlsx",))


def test_what_no_report_comes_in_is_told_in_few_words() -> None:
    with pytest.raises(uploads.Refused) as refused:
        uploads.accept(
            sent("程序.docx", b"MZ\x90\0" + bytes(range(256)) * 4), kinds=uploads.DOCUMENTS
        )
    assert "这里只收 Word、WPS、Excel、PDF、OFD、网页、文本、图片和压缩包" in refused.value.text.zh


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("空.png", b"", "是空的"),
        ("网页.xlsx", b"<html><body><table></table></body></html>", "内容是网页"),
        ("印章.png", JPG, "内容是 JPG 图片，这里只收 PNG 图片"),
        ("印章.png", PNG[:-8], "不完整"),
        ("程序.png", b"MZ\x90\0" + bytes(range(256)) * 4, "无法辨认的类型"),
        ("图.png", b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "这里只收"),
        ("机关.xlsx", workbook()[:-40], "机关.xlsx"),
        ("机关.xlsx", with_member(workbook(), "xl/vbaProject.bin", b"x"), "带有宏"),
        ("机关.xlsx", with_member(workbook(), "xl/media/a.bin", b"\0" * (40 << 20)), "机关.xlsx"),
    ],
)
def test_a_refused_file_is_told_why_and_set_aside(name: str, data: bytes, said: str) -> None:
    kinds = ("xlsx",) if name.endswith("xlsx") else ("png",)
    with pytest.raises(uploads.Refused) as refused:
        uploads.accept(sent(name, data), kinds=kinds)
    assert said in refused.value.text.zh
    assert name in refused.value.text.en
    notes = list(uploads.quarantine().glob("*.json"))
    assert len(notes) == (1 if data else 0)
    for file in notes:
        note = json.loads(file.read_text(encoding="utf-8"))
        assert note["name"] == name and note["why"]["zh"] == refused.value.text.zh
        assert file.with_suffix(".bin").read_bytes() == data
        assert file.with_suffix(".bin").stat().st_mode & 0o077 == 0


def test_too_large_a_file_is_refused_unread(home: Path) -> None:
    file = sent("印章.png", PNG)
    file.size = 3 << 20
    with pytest.raises(uploads.Refused) as refused:
        uploads.accept(file, kinds=("png",), most=2 << 20)
    assert "超过 2 MB" in refused.value.text.zh
    assert not uploads.quarantine().exists()


def test_a_web_page_under_a_workbooks_name_is_told_how_to_become_one() -> None:
    with pytest.raises(uploads.Refused) as refused:
        uploads.accept(
            sent("机关.xlsx", b"<html><table><tr><td>1</td></tr></table></html>"), kinds=["xlsx"]
        )
    assert "另存为" in refused.value.text.zh
    assert "save it as that kind" in refused.value.text.en


def test_the_quarantine_drops_its_oldest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "QUARANTINE_MOST", 2500)
    for n in range(4):
        data = b"MZ\x90\0" + bytes([n]) + bytes(range(128, 256)) * 8
        with pytest.raises(uploads.Refused):
            uploads.accept(sent(f"{n}.png", data), kinds=("png",))
        newest = max(uploads.quarantine().glob("*.bin"), key=lambda f: f.stat().st_mtime_ns)
        os.utime(newest, ns=(n, n))
    names = {
        json.loads(f.read_text(encoding="utf-8"))["name"]
        for f in uploads.quarantine().glob("*.json")
    }
    assert names == {"2.png", "3.png"}
    assert len(list(uploads.quarantine().glob("*.bin"))) == 2


def test_a_quarantine_that_cannot_be_written_changes_no_refusal(home: Path) -> None:
    (home / "quarantine").write_text("a file stands in the way")
    with pytest.raises(uploads.Refused):
        uploads.accept(sent("印章.png", JPG), kinds=("png",))


@pytest.mark.parametrize(
    ("given_name", "clean"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\用户\\年报.xlsx", "年报.xlsx"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
        ("年报\u202excod.exe", "年报xcod.exe"),
        ("con.txt", "_con.txt"),
        ("  .hidden. ", "hidden"),
        ("...", "未命名"),
        ("", "未命名"),
        ("长" * 300 + ".xlsx", "长" * 115 + ".xlsx"),
    ],
)
def test_a_name_is_safe_to_keep(given_name: str, clean: str) -> None:
    assert uploads.clean_name(given_name) == clean


@given(st.text(max_size=400))
def test_whatever_a_name_is_it_becomes_a_safe_one(name: str) -> None:
    clean = uploads.clean_name(name)
    assert 0 < len(clean) <= uploads.NAME_MOST
    assert not set(clean) & set('/\\\r\n\0<>:"|?*')
    assert not clean.startswith(".") and clean == clean.strip()
    assert uploads.clean_name(clean) == clean


def test_a_download_is_never_shown_and_never_guessed_at() -> None:
    response = uploads.serve(io.BytesIO(PNG), "印章 一.png", "png")
    assert response["Content-Type"] == "image/png"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%E5%8D%B0")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert b"".join(response.streaming_content) == PNG  # type: ignore[arg-type]
    other = uploads.serve(io.BytesIO(b"<html>"), 'a"\r\nb.html', "html")
    assert other["Content-Type"] == "application/octet-stream"
    assert "\r" not in other["Content-Disposition"]
