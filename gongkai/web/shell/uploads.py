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

from gongkai.statute.readers import archive, sniff
from gongkai.statute.report import CannotRead
from gongkai.statute.texts import Text, same
from gongkai.web.shell import requests

log = logging.getLogger("gongkai.uploads")
QUARANTINE_MOST = 200 << 20  # bytes, all refused files together
NAME_MOST = 120  # characters

OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS: dict[str, tuple[str, Text]] = {
    "png": ("image/png", Text("PNG 图片", "PNG picture")),
    "jpg": ("image/jpeg", Text("JPG 图片", "JPG picture")),
    "pdf": ("application/pdf", same("PDF")),
    "ofd": ("application/ofd", same("OFD")),
    "xlsx": (
        f"{OFFICE}spreadsheetml.sheet",
        Text("Excel 工作簿（.xlsx）", "Excel workbook (.xlsx)"),
    ),
    "docx": (
        f"{OFFICE}wordprocessingml.document",
        Text("Word 文档（.docx）", "Word document (.docx)"),
    ),
    "csv": ("text/csv", same("CSV")),
}
_OTHERS = {
    "xls": Text("旧版 Excel（.xls）", "an old Excel file (.xls)"),
    "doc": Text("旧版 Word（.doc）", "an old Word file (.doc)"),
    "wps": Text("WPS 文件", "a WPS file"),
    "html": Text("网页", "a web page"),
    "text": Text("纯文本", "plain text"),
    "image": Text("别的图片格式", "another kind of picture"),
    "zip": Text("压缩包", "an archive"),
}
_ALSO_FITS = {"jpeg": "jpg", "xlsm": "xlsx", "docm": "docx"}  # suffix -> kind
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


class Refused(Exception):
    """拒收: why a file is not taken and what to do; ``text`` in both languages."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


def accept(file: UploadedFile, *, kinds: Collection[str], most: int | None = None) -> Upload:
    """What the file is; it stands at its beginning again.

    ``kinds`` are keys of KINDS, ``most`` bytes (the setting's limit where None). Raises Refused,
    with the file in quarantine.
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
        _check(data, kind, kinds, name)
    except Refused as refused:
        raise _refuse(refused.text, name, data) from None
    return Upload(hashlib.sha256(data).hexdigest(), len(data), kind, name)


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


def _kind(data: bytes, name: str) -> str:
    """A key of KINDS where it is one, else what `sniff` says; raises Refused."""
    if not data:
        raise Refused(_EMPTY.within(name=name))
    if data.startswith(_PNG):
        return "png"
    if data.startswith(_JPG):
        return "jpg"
    try:
        return sniff.carrier(data, name)
    except CannotRead as cause:
        if cause.id == "error.unknown_type":
            return "unknown"
        raise Refused(_UNREADABLE.within(name=name, why=cause.text)) from None


def _check(data: bytes, kind: str, kinds: Collection[str], name: str) -> None:
    if kind not in kinds:
        raise Refused(_OTHER_KIND.within(name=name, **_mismatch(kind, kinds, name)))
    if kind == "png" and _PNG_END not in data[-1024:]:
        raise Refused(_CUT.within(name=name))
    if kind == "jpg" and _JPG_END not in data[-4096:]:
        raise Refused(_CUT.within(name=name))
    if kind in ("xlsx", "docx") and data.startswith(b"PK"):
        _check_package(data, name)


def _check_package(data: bytes, name: str) -> None:
    """Limits of the archive and each member's checksum, so that a broken one is told at once."""
    try:
        with archive.open_zip(data) as opened:
            if any(m.lower().endswith("vbaproject.bin") for m in opened.namelist()):
                raise Refused(_MACROS.within(name=name))
            for member in opened.infolist():
                archive.read(opened, member.filename, archive.MAX_TOTAL)
    except CannotRead as cause:
        raise Refused(_UNREADABLE.within(name=name, why=cause.text)) from None
    except (zipfile.BadZipFile, OSError):
        raise Refused(_CUT.within(name=name)) from None


def _mismatch(kind: str, kinds: Collection[str], name: str) -> dict[str, Text]:
    found = KINDS[kind][1] if kind in KINDS else _OTHERS.get(kind, _UNKNOWN)
    wanted = [KINDS[k][1] for k in kinds]
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
