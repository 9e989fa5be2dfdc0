"""表格文件内部 (.xlsx): what the cell reader does not tell: sizes, error values, stale formulas."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from gongkai.statute import notes
from gongkai.statute.readers import archive

MAX_AREA = 2_000_000  # cells of the rectangle that holds all of a sheet
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"

_REF = re.compile(rb"<(?:\w+:)?c\s(?:[^<>]*?\s)?r=[\"']([A-Z]{1,3})(\d{1,7})[\"'][^<>]*(?<!/)>")
_ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_BODY = re.compile(
    rb"<(?:\w+:)?c\s((?:[^<>]*?\s)?r=[\"']([A-Z]{1,3})(\d{1,7})[\"'][^<>]*)(?<!/)>(.*?)</(?:\w+:)?c>",
    re.DOTALL,
)
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^<>]*)?>([^<]*)</(?:\w+:)?v>")
_SPECIAL = re.compile(rb"\st=[\"']e[\"']|<(?:\w+:)?f[\s/>]")
_KIND = re.compile(rb"\st=[\"'](\w+)[\"']")


@dataclass(slots=True)
class Facts:
    """一张工作表: error values by position (from 0), and formulas without a known result."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    unknown: list[tuple[int, int]] = field(default_factory=list)


def inspect(data: bytes) -> dict[str, Facts]:
    """The facts of each sheet, by its name.

    Raises CannotRead: ``error.too_large`` where a few far-off cells would make a sheet take
    gigabytes, ``error.damaged``, ``error.encrypted``.
    """
    with archive.open_zip(data) as opened:
        names = {n.replace("\\", "/").lstrip("/"): n for n in opened.namelist()}
        if "xl/workbook.xml" not in names:
            raise notes.error("error.damaged", reason="xl/workbook.xml is missing")
        book = archive.parse(archive.read(opened, names["xl/workbook.xml"]), "workbook.xml")
        recalculates = any(
            node.get("fullCalcOnLoad") in ("1", "true") for node in book.iter("{*}calcPr")
        )
        targets = _targets(opened, names)
        for name in ("xl/sharedStrings.xml", "xl/styles.xml"):
            if name in names:
                archive.read(opened, names[name])  # for its real size, which the next reader trusts
        found: dict[str, Facts] = {}
        for node in book.iter("{*}sheet"):
            part = targets.get(node.get(_R + "id") or "")
            if part in names:
                content = archive.read(opened, names[part])
                found[node.get("name") or ""] = _facts(content, recalculates)
        return found


def _targets(opened: zipfile.ZipFile, names: dict[str, str]) -> dict[str, str]:
    """Relation id -> name of the part."""
    rels = names.get("xl/_rels/workbook.xml.rels")
    if rels is None:
        return {}
    root = archive.parse(archive.read(opened, rels), "workbook.xml.rels")
    return {
        node.get("Id") or "": posixpath.normpath(
            posixpath.join("xl", (node.get("Target") or "").replace("\\", "/"))
        ).lstrip("/")
        for node in root
    }


def _facts(content: bytes, recalculates: bool) -> Facts:
    rows = columns = 0
    for letters, digits in _REF.findall(content):
        rows = max(rows, int(digits))
        columns = max(columns, _column(letters) + 1)
    # Rows and cells may also go without a reference; then they count on from the one before.
    lines = _ROW.split(content)
    rows = max(rows, len(lines) - 1)
    columns = max(columns, *(len(_CELL.findall(line)) for line in lines))
    if rows * columns > MAX_AREA:
        raise notes.error("error.too_large", what=f"{rows} x {columns} cells")
    facts = Facts()
    if _SPECIAL.search(content):
        for at, kind, formula, value in _bodies(content):
            if kind == b"e":
                facts.errors[at] = (value or b"#N/A").decode("utf-8", "replace")
            elif formula and _is_unknown(kind, value, recalculates):
                facts.unknown.append(at)
    return facts


def _bodies(content: bytes) -> Iterator[tuple[tuple[int, int], bytes, bool, bytes | None]]:
    """Of each filled cell: position, type, whether it holds a formula, and its stored value."""
    for attributes, letters, digits, body in _BODY.findall(content):
        kind = _KIND.search(b" " + attributes)
        value = _VALUE.search(body)
        formula = b"<f" in body or b":f>" in body or b":f " in body
        at = int(digits) - 1, _column(letters)
        yield at, kind[1] if kind else b"n", formula, value[1] if value else None


def _is_unknown(kind: bytes, value: bytes | None, recalculates: bool) -> bool:
    """Whether a formula's stored result is none: missing, or the 0 some writers put there for a
    program to replace on opening (``fullCalcOnLoad``). An empty string can be a result."""
    if not value:
        return not (kind == b"str" and value is not None)
    return recalculates and value == b"0"


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
