"""上传下载: what a file is, its content tells, never its name; what is refused is set aside.

A refusal says why and what to do. Refused files lie in GONGKAI_HOME/quarantine for whoever looks
into them, each with a note beside it, the oldest dropped first.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import re
import unicodedata
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse
from django.utils.http import content_disposition_header

from gongkai.statute.readers import archive, bundle, ole, sniff
from gongkai.statute.report import CannotRead
from gongkai.statute.texts import Text, same
from gongkai.web.shell import requests, scanning

log = logging.getLogger("gongkai.uploads")
QUARANTINE_MOST = 200 << 20  # bytes, all refused files together
NAME_MOST = 120  # characters

OFFICE = "application/vnd.openxmlformats-officedocument."
ANY = "application/octet-stream"  # of what no browser shall take for a page
KINDS: dict[str, tuple[str, Text]] = {
    "png": ("image/png", Text("PNG 图片", "PNG picture")),
    "jpg": ("image/jpeg", Text("JPG 图片", "JPG picture")),
    "tif": ("image/tiff", Text("TIFF 图片", "TIFF picture")),
    "image": (ANY, Text("别的图片格式", "another kind of picture")),
    "pdf": ("application/pdf", same("PDF")),
    "ofd": ("application/ofd", same("OFD")),
    "xlsx": (
        f"{OFFICE}spreadsheetml.sheet",
        Text("Excel 工作簿（.xlsx）", "Excel workbook (.xlsx)"),
    ),
    "xlsb": (ANY, Text("Excel 二进制工作簿（.xlsb）", "binary Excel workbook (.xlsb)")),
    "xls": ("application/vnd.ms-excel", Text("旧版 Excel（.xls）", "an old Excel file (.xls)")),
    "excelml": (ANY, Text("Excel 2003 XML", "an Excel 2003 XML file")),
    "ods": (
        "application/vnd.oasis.opendocument.spreadsheet",
        Text("ODS 表格", "OpenDocument spreadsheet (.ods)"),
    ),
    "fods": (ANY, Text("FODS 表格", "flat OpenDocument spreadsheet (.fods)")),
    "docx": (
        f"{OFFICE}wordprocessingml.document",
        Text("Word 文档（.docx）", "Word document (.docx)"),
    ),
    "doc": ("application/msword", Text("旧版 Word（.doc）", "an old Word file (.doc)")),
    "wps": (ANY, Text("WPS 文件", "a WPS file")),
    "rtf": ("application/rtf", Text("RTF 文档", "RTF document")),
    "odt": (
        "application/vnd.oasis.opendocument.text",
        Text("ODT 文档", "OpenDocument text (.odt)"),
    ),
    "uof": (ANY, Text("UOF 文档", "UOF document")),
    "html": (ANY, Text("网页", "a web page")),
    "mhtml": (ANY, Text("网页（.mht）", "a web page (.mht)")),
    "csv": ("text/csv", same("CSV")),
    "text": (ANY, Text("纯文本", "plain text")),
    "json": (ANY, same("JSON")),
    "zip": ("application/zip", Text("压缩包", "an archive")),
    "tar": (ANY, Text("tar 压缩包", "a tar archive")),
    "rar": (ANY, Text("RAR 压缩包", "a RAR archive")),
    "7z": (ANY, Text("7z 压缩包", "a 7z archive")),
    "gzip": (ANY, Text("gzip 压缩的文件", "a gzipped file")),
    "bzip2": (ANY, Text("bzip2 压缩的文件", "a file packed with bzip2")),
    "xz": (ANY, Text("xz 压缩的文件", "a file packed with xz")),
}
DOCUMENTS = tuple(KINDS)
"""文档: every kind that `convert.reading` reads, or says of what to do with it."""

_DOCUMENTS = Text(
    "Word、WPS、Excel、PDF、OFD、网页、文本、图片和压缩包",
    "Word, WPS, Excel, PDF, OFD, web pages, text, pictures and archives",
)
_ALSO_FITS = {"jpeg": "jpg", "xlsm": "xlsx", "docm": "docx"}  # suffix -> kind
_PACKAGES = ("docx", "xlsx", "xlsb", "ods", "odt", "ofd")  # a zip with one document in it
_OLE = ("doc", "xls", "wps")
_ARCHIVES = (".zip", ".tar", ".tgz", ".tar.gz")  # how the names of archives in an archive end
_NESTED = 2  # archives in an archive are looked into; `convert.reading` opens one level
_TIF = {b"II*\x00": "little", b"MM\x00*": "big"}  # how it begins: in which order its bytes stand
_PNG, _PNG_END = b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"
_JPG, _JPG_END = b"\xff\xd8\xff", b"\xff\xd9"
_UNFIT = re.compile(r'[<>:"|?*]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Upload:
    """上传的文件: what it is and a name that is safe to show, keep and give back."""

    sha256: str
    size: int
    kind: str
    name: str
    scanned: str = ""  # the scanner that found nothing; empty where none is set


class Refused(Exception):
    """拒收: why a file is not taken and what to do; ``text`` in both languages."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


def accept(
    file: UploadedFile, *, kinds: Collection[str], most: int | None = None, macros: bool = False
) -> Upload:
    """What the file is; it stands at its beginning again.

    ``kinds`` are keys of KINDS, ``most`` bytes (the setting's limit where None). With ``macros``
    an office file may hold some: for callers that only read it. Raises Refused, with the file in
    quarantine; one that could not be scanned is not kept at all.
    """
    limit = settings.UPLOAD_LIMIT if most is None else min(most, settings.UPLOAD_LIMIT)
    name = clean_name(file.name or "")
    if (file.size or 0) > limit:
        raise _refuse(_TOO_LARGE.within(name=name, most=_amount(limit)), name)
    file.seek(0)
    data = file.read()
    file.seek(0)
    try:
        kind = _kind(data, name)
        _check(data, kind, kinds, name, macros)
        scanned = _scan(data, name)
    except Refused as refused:
        raise _refuse(refused.text, name, data) from None
    except scanning.Unavailable:
        raise _refuse(_NOT_SCANNED.within(name=name), name) from None
    return Upload(hashlib.sha256(data).hexdigest(), len(data), kind, name, scanned)


def clean_name(name: str) -> str:
    """A name without folders, control signs, signs that turn the direction of writing, or ends
    that a system would take for something else."""
    base = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join(
        c for c in base if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    shown = _UNFIT.sub("_", " ".join(shown.split())).strip(". ")
    if not shown:
        return "未命名"
    if _RESERVED.match(shown):
        shown = f"_{shown}"
    stem, dot, suffix = shown.rpartition(".")
    if len(shown) > NAME_MOST and dot and len(suffix) <= 10:
        return f"{stem[: NAME_MOST - len(suffix) - 1]}.{suffix}"
    return shown[:NAME_MOST]


def serve(file: IO[bytes], name: str, kind: str) -> FileResponse:
    """A download: never shown in the page, never guessed at, never run."""
    media = KINDS[kind][0] if kind in KINDS else "application/octet-stream"
    response = FileResponse(file, content_type=media)
    response["Content-Disposition"] = content_disposition_header(True, clean_name(name)) or ""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


# -- what it is

_TOO_LARGE = Text(
    "“{name}”超过 {most}，没有接收。请缩小或拆分后重新上传。",
    "“{name}” is larger than {most} and was not taken. Make it smaller or split it, and try again.",
)
_EMPTY = Text(
    "“{name}”是空的。请检查原文件后重新上传。",
    "“{name}” is empty. Check the original and upload it again.",
)
_OTHER_KIND = Text(
    "“{name}”的内容是{found}，这里只收{wanted}。{hint}",
    "“{name}” holds {found}; only {wanted} can be taken here. {hint}",
)
_UNKNOWN = Text("无法辨认的类型", "something of an unknown kind")
_RENAMED = Text(
    "改后缀不能改变类型，请用办公软件“另存为”。",
    "Another suffix does not change what it is: save it as that kind.",
)
_CHOOSE = Text("请换一个文件。", "Choose another file.")
_CUT = Text(
    "“{name}”不完整，可能没有复制完。请从原处重新复制后上传。",
    "“{name}” is incomplete, perhaps not copied to its end. Copy it again and upload it.",
)
_MACROS = Text(
    "“{name}”带有宏，不能接收。请另存为不带宏的 .xlsx 或 .docx 后上传。",
    "“{name}” holds macros and cannot be taken. Save it as .xlsx or .docx without macros.",
)
_UNREADABLE = Text("“{name}”：{why}", "“{name}”: {why}")
_INFECTED = Text(
    "“{name}”含有病毒（{virus}），没有接收，已隔离。请先在本机杀毒，从干净的原文件重新上传。",
    "“{name}” is infected ({virus}) and was not taken; it lies in quarantine. Clean the computer "
    "it came from and upload a clean copy.",
)
_NOT_SCANNED = Text(
    "病毒检查暂时不能用，“{name}”没有接收，其他内容没有丢失。请稍后再上传；仍不行请告知系统管理员。",
    "The virus scanner does not answer, so “{name}” was not taken; nothing else is lost. Upload it "
    "again later, and tell the administrator if that fails.",
)


def _kind(data: bytes, name: str) -> str:
    """A key of KINDS; ``unknown`` where it is none. Raises Refused."""
    if not data:
        raise Refused(_EMPTY.within(name=name))
    if data.startswith(_PNG):
        return "png"
    if data.startswith(_JPG):
        return "jpg"
    if data[:4] in _TIF:
        return "tif"
    try:
        return sniff.carrier(data, name)
    except CannotRead as cause:
        if cause.id == "error.unknown_type":
            return "unknown"
        raise Refused(_UNREADABLE.within(name=name, why=cause.text)) from None


def _check(data: bytes, kind: str, kinds: Collection[str], name: str, macros: bool) -> None:
    if kind not in kinds:
        raise Refused(_OTHER_KIND.within(name=name, **_mismatch(kind, kinds, name)))
    if kind == "png" and _PNG_END not in data[-1024:]:
        raise Refused(_CUT.within(name=name))
    if kind == "jpg" and _JPG_END not in data[-4096:]:
        raise Refused(_CUT.within(name=name))
    if kind == "tif" and int.from_bytes(data[4:8], _TIF[data[:4]]) >= len(data):  # type: ignore[arg-type]
        raise Refused(_CUT.within(name=name))  # its directory mostly stands at its end
    if kind in _PACKAGES and data.startswith(b"PK"):
        _check_package(data, name, macros)
    if kind in _OLE and data.startswith(ole.MAGIC) and not macros:
        _check_container(data, name)
    if kind in sniff.ARCHIVES:
        _check_archive(data, name)


def _check_package(data: bytes, name: str, macros: bool) -> None:
    """Limits of the archive and each member's checksum, so that a broken one is told at once."""
    try:
        with archive.open_zip(data) as opened:
            held = (m.lower().endswith("vbaproject.bin") for m in opened.namelist())
            if not macros and any(held):
                raise Refused(_MACROS.within(name=name))
            for member in opened.infolist():
                archive.read(opened, member.filename, archive.MAX_TOTAL)
    except CannotRead as cause:
        raise Refused(_UNREADABLE.within(name=name, why=cause.text)) from None
    except (zipfile.BadZipFile, OSError):
        raise Refused(_CUT.within(name=name)) from None


def _check_container(data: bytes, name: str) -> None:
    try:
        if "_VBA_PROJECT" in ole.Container(data).streams:
            raise Refused(_MACROS.within(name=name))
    except CannotRead as cause:
        raise Refused(_UNREADABLE.within(name=name, why=cause.text)) from None


def _check_archive(data: bytes, name: str) -> None:
    """An archive of files within its limits, with those inside it: by what the directories
    declare, before anything is unpacked but an archive in it."""
    try:
        _check_members(data, bundle.Budget(), _NESTED)
    except CannotRead as cause:
        raise Refused(_UNREADABLE.within(name=name, why=cause.text)) from None


def _check_members(data: bytes, budget: bundle.Budget, deeper: int) -> None:
    held = bundle.Bundle(data)
    if data.startswith(b"PK"):
        with archive.directory(data) as opened:
            archive.check_sizes(opened)
            budget.take(sum(m.file_size for m in opened.infolist()))
    inner = {n for n in held.names if n.lower().endswith(_ARCHIVES)}
    if deeper:
        for member in held.members(inner, bundle.Budget(budget.left)):
            if not member.wrong and _is_archive(member.data):
                _check_members(member.data, budget, deeper - 1)


def _is_archive(data: bytes) -> bool:
    try:
        return sniff.carrier(data) in sniff.ARCHIVES
    except CannotRead:
        return False  # broken or bare: whoever reads it says so, and the others are read


def _scan(data: bytes, name: str) -> str:
    """The scanner that found nothing; raises Refused for an infected file."""
    try:
        return scanning.scan(data)
    except scanning.Infected as found:
        raise Refused(_INFECTED.within(name=name, virus=found.virus)) from None


def _mismatch(kind: str, kinds: Collection[str], name: str) -> dict[str, Text]:
    found = KINDS[kind][1] if kind in KINDS else _UNKNOWN
    wanted = [_DOCUMENTS] if set(DOCUMENTS) <= set(kinds) else [KINDS[k][1] for k in kinds]
    suffix = name.rpartition(".")[2].lower()
    renamed = _ALSO_FITS.get(suffix, suffix) in kinds
    listed = Text("、".join(w.zh for w in wanted), ", ".join(w.en for w in wanted))
    return {
        "found": _set_off(found),
        "wanted": _set_off(listed),
        "hint": _RENAMED if renamed or kind in ("xls", "doc", "wps") else _CHOOSE,
    }


def _set_off(said: Text) -> Text:
    """With a space before it in a Chinese sentence where it begins in Latin letters."""
    return Text(f" {said.zh}" if said.zh[:1].isascii() else said.zh, said.en)


def _amount(size: int) -> str:
    return f"{size >> 20} MB" if size >= 1 << 20 else f"{size >> 10} KB"


# -- what is refused


def quarantine() -> Path:
    """The folder of refused files."""
    return Path(settings.HOME) / "quarantine"


def _refuse(why: Text, name: str, data: bytes = b"") -> Refused:
    """Sets the file aside; that this fails changes nothing of the refusal."""
    log.warning("refused an upload of %d bytes: %s", len(data), why.en)
    if data:
        try:
            _set_aside(name, data, why)
        except OSError:
            log.exception("a refused upload could not be set aside")
    return Refused(why)


def _set_aside(name: str, data: bytes, why: Text) -> None:
    folder = quarantine()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256(data).hexdigest()
    note: dict[str, Any] = {
        "name": name,
        "size": len(data),
        "sha256": digest,
        "request": requests.current(),
        "why": {"zh": why.zh, "en": why.en},
    }
    kept = folder / f"{digest}.bin"  # never a suffix that something would open
    kept.write_bytes(data)
    kept.chmod(0o600)
    kept.with_suffix(".json").write_text(
        json.dumps(note, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    _drop_oldest(folder)


def _drop_oldest(folder: Path) -> None:
    held = []
    for file in folder.glob("*.bin"):
        with contextlib.suppress(FileNotFoundError):
            found = file.stat()
            held.append((found.st_mtime_ns, found.st_size, file))
    left = sum(size for _time, size, _file in held)
    for _time, size, file in sorted(held):
        if left <= QUARANTINE_MOST:
            return
        file.unlink(missing_ok=True)
        file.with_suffix(".json").unlink(missing_ok=True)
        left -= size
