"""文件类型: told by content; names only settle what is open."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import struct
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.statute.readers import archive, ole, sniff
from gongkai.statute.report import CannotRead

SAMPLES = Path(__file__).parents[3].parent / "shared" / "samples"
REPORT = "云水市青石区2023年政府信息公开工作年度报告\n一、总体情况\n本年度收到申请26件。\n"


def zipped(**members: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive_:
        for name, content in members.items():
            archive_.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def zip_of(members: dict[str, str]) -> bytes:
    return zipped(**members)


def tar_of(*names: str) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive_:
        for name in names:
            archive_.addfile(tarfile.TarInfo(name))
    return out.getvalue()


def container(*streams: str) -> bytes:
    """An OLE2 file with empty streams of these names."""
    fat = struct.pack("<II", 0xFFFFFFFD, 0xFFFFFFFE) + b"\xff" * 504
    header = ole.MAGIC + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<IIIIIIII", 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<I", 0) + b"\xff" * (4 * 108)
    entries = b""
    for kind, name in ((5, "Root Entry"), *((2, s) for s in streams)):
        raw = name.encode("utf-16-le") + b"\0\0"
        entry = raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw), kind, 1) + b"\xff" * 12
        entries += entry + bytes(36) + struct.pack("<IIxxxx", 0xFFFFFFFE, 0)
    return header + fat + entries.ljust(512, b"\0")


CASES = [
    (zip_of({"[Content_Types].xml": "", "word/document.xml": "<w/>"}), "docx"),
    (zip_of({"[Content_Types].xml": "", "xl/workbook.xml": "<w/>"}), "xlsx"),
    (zip_of({"[Content_Types].xml": "", "xl/workbook.bin": "x"}), "xlsb"),
    (
        zip_of(
            {"[Content_Types].xml": "…wordprocessingml.document.main+xml…", "doc/main.xml": "x"}
        ),
        "docx",
    ),
    (zip_of({"OFD.xml": "<ofd/>", "Doc_0/Document.xml": "x"}), "ofd"),
    (
        zip_of({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "x"}),
        "ods",
    ),
    (zip_of({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "x"}), "odt"),
    (zip_of({"报告.txt": "x"}), "zip"),
    (b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes(range(200)), "7z"),
    (b"Rar!\x1a\x07\x01\x00" + bytes(range(200)), "rar"),
    (gzip.compress(b"x" * 600, mtime=0), "gzip"),
    (bz2.compress(b"x" * 600), "bzip2"),
    (lzma.compress(b"x" * 600), "xz"),
    (tar_of("a.docx"), "tar"),
    (gzip.compress(tar_of("a.docx"), mtime=0), "tar"),
    (container("WordDocument", "1Table"), "doc"),
    (container("Workbook"), "xls"),
    (container("Book"), "xls"),
    (container("CONTENTS"), "wps"),
    (b"%PDF-1.7\n", "pdf"),
    (b"\r\n junk %PDF-1.4\n", "pdf"),
    (b"\x89PNG\r\n\x1a\n\x00", "image"),
    (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image"),
    (b"{\\rtf1\\ansi}", "rtf"),
    (b"<!DOCTYPE html><html><body>x", "html"),
    (b"\xef\xbb\xbf  <HTML>", "html"),
    ("<table><tr><td>报告</td></tr></table>".encode("gbk"), "html"),
    (
        ('<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">' + REPORT).encode(),
        "html",
    ),
    (f"<html>{REPORT}</html>".encode("utf-16"), "html"),
    (f"年度报告<br>{REPORT}<table><tr><td>1</td></tr></table>".encode(), "html"),
    (
        b'<?xml version="1.0"?><?mso-application progid="Word.Document"?>'
        b'<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"/>',
        "docx",
    ),
    (b'<?xml version="1.0"?><pkg:package xmlns:pkg="x"/>', "docx"),
    (
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
        "excelml",
    ),
    (
        b'<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument"/>',
        "odt",
    ),
    (
        b'<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument" '
        b'office:mimetype="application/vnd.oasis.opendocument.spreadsheet"/>',
        "fods",
    ),
    (b"MIME-Version: 1.0\nContent-Type: multipart/related;\n boundary=x\n\n--x\n", "mhtml"),
    (
        b"From: <Saved by WebKit>\nSubject: =?utf-8?Q?a?=\nMIME-Version: 1.0\n"
        b'Content-Type: multipart/related;\n\ttype="text/html"\n\n',
        "mhtml",
    ),
    (json.dumps({"schema": "gongkai.report/1"}).encode(), "json"),
    (b'{"schema": "gongkai.report/1"}\n{"schema": "gongkai.report/1"}\n', "json"),
    (b'[{"a": 1}]', "json"),
    ("规章,0,0,1\n行政规范性文件,6,6,69\n行政许可,3,,\n".encode(), "csv"),
    ("规章\t0\t0\t1\n行政规范性文件\t6\t6\t69\n行政许可\t3\t\t\n".encode("gbk"), "csv"),
    ("规章;0;0\n行政规范性文件;6;69\n行政许可;3;4\n".encode(), "csv"),
    (REPORT.encode(), "text"),
    (REPORT.encode("gb18030"), "text"),
    (REPORT.encode("utf-16-le"), "text"),
    ("[bookmark: _GoBack]全年组织居民座谈两次。".encode(), "text"),
    (f"# {REPORT}\n| 规章 | 0<br>1 |\n| --- | --- |\n| <br> | <br> |\n".encode(), "text"),
    (b"hello", "text"),
]


@pytest.mark.parametrize(("data", "expected"), CASES)
def test_by_content(data: bytes, expected: str) -> None:
    assert sniff.carrier(data) == expected


@pytest.mark.parametrize(("data", "expected"), CASES)
@pytest.mark.parametrize("name", ["报告.doc", "报告.pdf", "报告.xls", "报告", "报告.docx"])
def test_a_wrong_name_changes_nothing(data: bytes, expected: str, name: str) -> None:
    assert sniff.carrier(data, name) == expected


def test_all_answers_are_listed() -> None:
    listed = {*sniff.READABLE, *sniff.CONVERTIBLE, *sniff.OTHER}
    assert {expected for _, expected in CASES} <= listed


def test_wps_keeps_its_name() -> None:
    assert sniff.carrier(container("WordDocument"), "报告.wps") == "wps"


def test_name_settles_csv_and_text() -> None:
    mixed = "青石区年度报告\n规章,0,0\n行政许可,3,4\n行政处罚,1,2\n一、总体情况\n".encode()
    assert sniff.carrier(mixed) == "text"
    assert sniff.carrier(mixed, "a.csv") == "csv"
    assert sniff.carrier(REPORT.encode(), "a.csv") == "text"
    uneven = "规章\t0\t0\n行政许可\t3\t4\n总计\t1\t2\n行政处罚\t1\n".encode()
    assert sniff.carrier(uneven, "a.txt") == "text"


def test_cells_behind_tabs_are_text() -> None:
    """A table as word processors export it to text: one cell to a line."""
    dumped = "\n".join(f"\t{cell}" for cell in ["规章", "0", "1", "2"] * 20)
    assert sniff.carrier(dumped.encode()) == "text"


@pytest.mark.parametrize(
    ("data", "id"),
    [
        (b"", "error.empty"),
        (b" \r\n\t", "error.empty"),
        (b"\xef\xbb\xbf", "error.empty"),
        (bytes(range(256)) * 4, "error.unknown_type"),
        (b"MZ\x90\x00\x03\x00\x00\x00" + bytes(100), "error.unknown_type"),
        (b'<?xml version="1.0"?><invoice><a/></invoice>', "error.unknown_type"),
        (container("EncryptedPackage", "EncryptionInfo"), "error.encrypted"),
        (container("PowerPoint Document"), "error.unknown_type"),
        (container("WordDocument")[:600], "error.damaged"),
        (b"PK\x03\x04" + bytes(60), "error.damaged"),
        (zip_of({"word/document.xml": "x" * 500})[:-40], "error.damaged"),
    ],
)
def test_errors(data: bytes, id: str) -> None:
    with pytest.raises(CannotRead) as caught:
        sniff.carrier(data)
    assert caught.value.id == id


def test_encrypted_zip() -> None:
    data = bytearray(zip_of({"word/document.xml": "x"}))
    # The encryption flag, in the local header and in the directory.
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(CannotRead) as caught:
        sniff.carrier(bytes(data))
    assert caught.value.id == "error.encrypted"


@pytest.mark.parametrize("kind", ["text", "spreadsheet"])
def test_opendocument_with_a_password(kind: str) -> None:
    members = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": "?",
        "META-INF/manifest.xml": "<manifest:encryption-data/>",
    }
    with pytest.raises(CannotRead) as caught:
        sniff.carrier(zip_of(members))
    assert caught.value.id == "error.encrypted"


def test_too_many_members() -> None:
    data = zip_of({f"a{i}": "" for i in range(archive.MAX_MEMBERS + 1)})
    with pytest.raises(CannotRead) as caught:
        sniff.carrier(data)
    assert caught.value.id == "error.too_large"


def test_samples() -> None:
    if not SAMPLES.is_dir():
        pytest.skip("the real samples are not here")
    found = {path.name: sniff.carrier(path.read_bytes()) for path in SAMPLES.iterdir()}
    expected = {".txt": "text", ".docx": "docx", ".pdf": "pdf"}
    assert found == {name: expected[Path(name).suffix] for name in found}


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=600), st.sampled_from([b"", b"PK\x03\x04", ole.MAGIC, b"<?xml", b"{", b"BM"])
)
def test_any_bytes_are_named_or_refused(data: bytes, start: bytes) -> None:
    try:
        found = sniff.carrier(start + data)
    except CannotRead as fault:
        assert fault.id.startswith("error.")
    else:
        assert found in {*sniff.READABLE, *sniff.CONVERTIBLE, *sniff.OTHER}


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(CASES), st.integers(0, 2000), st.integers(0, 255))
def test_cut_and_altered_files_are_named_or_refused(
    case: tuple[bytes, str], at: int, value: int
) -> None:
    data = bytearray(case[0])
    data[at % len(data)] = value
    for altered in (bytes(data), case[0][: at % len(data)]):
        try:
            sniff.carrier(altered)
        except CannotRead as fault:
            assert fault.id.startswith("error.")
