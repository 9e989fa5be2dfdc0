"""读取: one module per carrier, bytes to blocks; one recogniser, blocks to a report."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import replace

from gongkai.statute import notes
from gongkai.statute.readers import own_pages, recognise, sniff
from gongkai.statute.readers.blocks import Document
from gongkai.statute.report import AnnualReport

# 载体: carrier -> module with ``blocks(data) -> Document``; imported when first needed.
CARRIERS = {
    "text": "text",
    "csv": "sheet",
    "docx": "docx",
    "html": "html",
    "mhtml": "mhtml",
    "xlsx": "sheet",
    "xls": "sheet",
    "ods": "sheet",
    "pdf": "pdf",
    "ofd": "ofd",
}
# 后缀: what a carrier's files are named; another suffix is worth a note.
SUFFIXES = {
    "text": (".txt", ".md", ".text", ".markdown", ".log"),
    "csv": (".csv", ".tsv", ".txt"),
    "html": (".html", ".htm", ".shtml", ".xhtml", ".aspx", ".jsp", ".php"),
    "mhtml": (".mht", ".mhtml"),
    "docx": (".docx", ".docm", ".dotx", ".dotm", ".xml"),
    "xlsx": (".xlsx", ".xlsm", ".xltx", ".xltm"),
    "xls": (".xls", ".xlt", ".et", ".ett"),
    "ods": (".ods",),
    "pdf": (".pdf",),
    "ofd": (".ofd",),
    "doc": (".doc", ".dot", ".wps", ".wpt"),
    "wps": (".wps", ".wpt"),
    "rtf": (".rtf",),
    "odt": (".odt", ".ott", ".fodt"),
    "fods": (".fods",),
    "uof": (".uof", ".uot", ".uos"),
    "excelml": (".xml",),
    "xlsb": (".xlsb",),
    "image": (".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".gif", ".webp", ".jp2"),
}


def read(data: bytes, *, name: str = "") -> list[AnnualReport]:
    """读取年度报告: the reports in a file's bytes, its type told by content.

    ``name`` is the file's name, kept in the report and used only to warn of a wrong suffix.
    Raises CannotRead (``error.*``) for bytes that are no report or cannot be read.
    """
    carrier = sniff.carrier(data, name)
    if carrier == "json":
        from gongkai.statute.readers import json as json_reader

        return [named(one, name) for one in json_reader.reports(data)]
    own = own_reports(data, carrier, name)
    if own is not None:
        return own
    return recognised(blocks_of(data, carrier), carrier, name)


def own_reports(data: bytes, carrier: str, name: str) -> list[AnnualReport] | None:
    """The reports of a file of our own writing that holds more than a printed report does: the
    long form (.csv), the workbook (.xlsx, .ods, .xls). None for any other file.

    Raises CannotRead for a roll-up or a comparison of ours, which is no report."""
    own_pages.refuse(data, carrier)
    if carrier == "csv":
        from gongkai.statute.readers import csv_long

        return csv_long.reports(data) if csv_long.is_ours(data) else None
    if carrier in ("xlsx", "ods", "xls"):
        from gongkai.statute.readers import workbook

        return workbook.reports(data, name=name)
    return None


def named(report: AnnualReport, name: str) -> AnnualReport:
    """A report that says where it was read: a roll-up's totals are of no file until then."""
    return report if report.file else replace(report, file=name)


def recognised(document: Document, carrier: str, name: str) -> list[AnnualReport]:
    """The reports in the blocks of a file of this carrier and name.

    Raises CannotRead (``error.not_a_report``).
    """
    suffix = name[name.rfind(".") :].lower() if "." in name.rsplit("/", 1)[-1] else ""
    if suffix and suffix not in SUFFIXES[carrier]:
        said = notes.note("read.wrong_name", name=suffix, carrier=carrier)
        document = replace(document, notes=(said, *document.notes))
    return recognise.recognise(document, file=name)


def blocks_of(data: bytes, carrier: str) -> Document:
    """The blocks of a file of a known carrier; raises CannotRead for one that is not read here."""
    if carrier not in CARRIERS:
        raise notes.error("error.needs_converter", carrier=carrier)
    module = importlib.import_module(f"gongkai.statute.readers.{CARRIERS[carrier]}")
    reader: Callable[[bytes], Document] = module.blocks
    return reader(data)
