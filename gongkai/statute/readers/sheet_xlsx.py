"""表格文件内部 (.xlsx): what the cell reader does not tell: sizes, error values, stale formulas."""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass, field

from lxml import etree

from gongkai.statute import notes
from gongkai.statute.readers import archive

MAX_AREA = 2_000_000  # cells of the rectangle that holds all of a sheet
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"

# What is no such number is refused: the cell reader would take it for one, modulo anything.
_ROW = re.compile(r"[1-9]\d{0,6}")
_REF = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")


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
    facts = Facts()
    rows = columns = row = column = 0  # the last two count from 1, as references do
    for node in archive.parse(content, "sheet").iter("{*}row", "{*}c"):
        reference = node.get("r")
        if node.tag.endswith("}row"):
            row = row + 1 if reference is None else int(_matched(_ROW, reference)[0])
            column = 0
            continue
        if reference is None:
            column += 1  # a cell may go without one and stands beside the one before
        else:
            found = _matched(_REF, reference)
            column, row = _column(found[1]), int(found[2])
        if len(node):
            rows, columns = max(rows, row), max(columns, column)
            _look_at(node, (max(row, 1) - 1, column - 1), recalculates, facts)
    if rows * columns > MAX_AREA:
        raise notes.error("error.too_large", what=f"{rows} x {columns} cells")
    return facts


def _look_at(cell: etree._Element, at: tuple[int, int], recalculates: bool, facts: Facts) -> None:
    """Note a cell's error value, or its formula without a result.

    Some writers put a 0 there for a program to replace on opening (``fullCalcOnLoad``): no result
    either. An empty string can be one.
    """
    kind = cell.get("t")
    formula, value = False, None
    for child in cell:
        name = child.tag.rpartition("}")[2]
        formula = formula or name == "f"
        if name == "v":
            value = child.text or ""
    if kind == "e":
        facts.errors[at] = value or "#N/A"
        return
    unknown = not value or recalculates and value == "0"
    if formula and unknown and not (kind == "str" and value is not None):
        facts.unknown.append(at)


def _matched(pattern: re.Pattern[str], reference: str) -> re.Match[str]:
    found = pattern.fullmatch(reference)
    if found is None:
        raise notes.error("error.damaged", reason=f"cell reference {reference[:20]}")
    return found


def _column(letters: str) -> int:
    """The number of a column from its letters: A is 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
