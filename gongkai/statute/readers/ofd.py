"""OFD 版式文件 (.ofd, GB/T 33190): the national fixed-layout document, read as a PDF is.

A zip of XML: OFD.xml names the documents, Document.xml their pages, and each page, with the
templates under and over it, holds layers of text, paths and pictures. What is drawn becomes
`Page` values; tables, lines and paragraphs are told from those by the code the PDF reader uses.

Experimental: written from the standard and from open descriptions of it, without real reports.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from gongkai.statute import notes
from gongkai.statute.readers import archive, ofd_draw, pdf
from gongkai.statute.readers.blocks import Document
from gongkai.statute.readers.ofd_draw import Element, Resources, child, children, tag
from gongkai.statute.readers.pdf_page import Page
from gongkai.statute.report import CannotRead, Note, Place
from gongkai.statute.texts import Text, same

_OBJECTS = 120_000  # drawn in one file; a template counts on every page it is on
_GLYPHS = 400_000  # in one file
_SECRET = ("encryptions.xml", "decryptseed.dat", "entriesmap.dat")  # GM/T 0099
_A4 = (0.0, 0.0, 210.0, 297.0)


def blocks(data: bytes) -> Document:
    """An OFD as paragraphs, grids and pictures in the order of reading (``carrier="ofd"``).

    Raises CannotRead: ``error.encrypted``, ``error.damaged``, ``error.too_large``,
    ``error.empty``, ``error.scanned`` (no page has text), ``error.no_mapping`` (text, but none
    that can be told).
    """
    pages, said = pages_of(data)
    pdf.refuse(pages)
    return pdf.document(pages, said, "ofd")


def pages_of(data: bytes) -> tuple[list[Page], list[Note]]:
    """Every page of an OFD, and what is to be said of them.

    Raises CannotRead: ``error.encrypted``, ``error.damaged``, ``error.too_large``.
    """
    with archive.open_zip(data) as opened:
        package = _Package(opened)
        if any(package.find(name) for name in _SECRET):
            raise notes.error("error.encrypted")
        file = _File(package)
        file.read()
    if not file.pages:
        raise notes.error("error.damaged", reason=Text("没有可读的页", "no page can be read"))
    return file.pages, file.said


class _Package:
    """The files of an OFD, found by the paths its XML gives."""

    def __init__(self, opened: zipfile.ZipFile) -> None:
        self._opened = opened
        names = {name.replace("\\", "/").lstrip("/"): name for name in opened.namelist()}
        self._names = {name.lower(): real for name, real in names.items()}
        roots = sorted((n for n in names if n == "OFD.xml" or n.endswith("/OFD.xml")), key=len)
        if not roots:
            raise notes.error("error.damaged")
        self.root = posixpath.dirname(roots[0])

    def find(self, path: str, *folders: str) -> str | None:
        """The path in the package of a location, which stands from the package's root, from the
        file that names it, or, in some programs' files, from its document."""
        path = path.strip().replace("\\", "/")
        starts = [self.root] if path.startswith("/") else [*folders, self.root]
        for start in starts:
            full = posixpath.normpath(posixpath.join(start, path.lstrip("/")))
            if full.lower() in self._names:
                return full
        return None

    def parse(self, path: str) -> Element:
        """A file's root element. Raises CannotRead (``error.damaged``, ``error.too_large``)."""
        content = archive.read(self._opened, self._names[path.lower()])
        root: Element = archive.parse(content, path)
        return root


@dataclass(slots=True)
class _File:
    """All pages of all documents in a package, and what is to be said of them."""

    package: _Package
    pages: list[Page] = field(default_factory=list)
    said: list[Note] = field(default_factory=list)
    number: int = 0
    left: int = _OBJECTS
    glyphs: int = 0

    def read(self) -> None:
        self.said.append(notes.note("read.experimental", carrier="OFD"))
        start = self.package.find("OFD.xml")
        assert start is not None
        for body in children(self.package.parse(start), "DocBody"):
            if child(body, "Signatures") is not None:
                self.said.append(notes.note("read.signatures"))
            root = child(body, "DocRoot")
            path = self.package.find(root.text or "") if root is not None else None
            if path is None:
                raise notes.error("error.damaged")
            _Body(self, path).read()

    def take(self, page: Page, drawn: int) -> None:
        self.pages.append(page)
        self.left -= drawn
        if self.left < 0:
            raise _too_many("objects", "个图元", _OBJECTS)
        self.glyphs += page.glyphs
        if self.glyphs > _GLYPHS:
            raise _too_many("characters", "个字符", _GLYPHS)


def _too_many(en: str, zh: str, limit: int) -> CannotRead:
    return notes.error("error.too_large", what=Text(f"超过 {limit} {zh}", f"> {limit} {en}"))


class _Body:
    """One document of the package: its pages, templates, resources and annotations."""

    def __init__(self, file: _File, path: str) -> None:
        self.file = file
        self.package = file.package
        self.folder = posixpath.dirname(path)
        self.root = self.package.parse(path)
        common = child(self.root, "CommonData")
        self.common = common if common is not None else self.root
        self.box = _box(child(self.common, "PageArea")) or _A4
        self.resources = Resources()
        self._resources(self.common, self.folder, self.resources)
        self.templates = {
            e.get("ID", ""): e.get("BaseLoc", "") for e in children(self.common, "TemplatePage")
        }
        self.known: dict[str, Element | None] = {}

    def read(self) -> None:
        """Every page; a note for each that cannot be read, and for what lies beside the pages."""
        annotations = self._annotations()
        holder = child(self.root, "Pages")
        for element in children(holder, "Page") if holder is not None else []:
            self.file.number += 1
            if self.file.number > pdf.PAGES:
                raise _too_many("pages", "页", pdf.PAGES)
            self._page(element, annotations.get(element.get("ID", ""), []))
        self._attachments()

    def _page(self, element: Element, annotations: list[Element]) -> None:
        number = self.file.number
        place = Place(page=number)
        path = self.package.find(element.get("BaseLoc", ""), self.folder)
        content = self._parsed(path) if path else None
        if path is None or content is None:
            self.file.said.append(notes.note("read.page_damaged", place, page=number))
            return
        resources = self.resources.copy()
        self._resources(content, posixpath.dirname(path), resources)
        layers, whole = self._layers(content, path)
        box = _box(child(content, "Area")) or self.box
        page, drawn, missing = ofd_draw.page(number, box, layers, resources)
        if missing or not whole:
            self.file.said.append(notes.note("read.page_incomplete", place, page=number))
        self._beside(page, annotations)
        self.file.take(page, drawn)

    def _layers(self, content: Element, path: str) -> tuple[list[Element], bool]:
        """The layers of a page with its templates, from the ground up; whether all were there."""
        under: list[Element] = []
        over: list[Element] = []
        whole = True
        for use in children(content, "Template"):
            named = self.templates.get(use.get("TemplateID", ""), "")
            place = self.package.find(named, self.folder, posixpath.dirname(path))
            template = self._known(place) if named and place else None
            if template is None:
                whole = False
                continue
            above = use.get("ZOrder", "Background") == "Foreground"
            (over if above else under).extend(_own_layers(template))
        return [*under, *_own_layers(content), *over], whole

    def _known(self, path: str) -> Element | None:
        """A template, parsed once."""
        if path not in self.known:
            self.known[path] = self._parsed(path)
        return self.known[path]

    def _parsed(self, path: str) -> Element | None:
        try:
            return self.package.parse(path)
        except CannotRead as cause:
            if cause.id == "error.too_large":
                raise
            return None

    def _resources(self, holder: Element, folder: str, resources: Resources) -> None:
        """Take up the resource files an element names."""
        for name in ("PublicRes", "DocumentRes", "PageRes"):
            for element in children(holder, name):
                path = self.package.find(element.text or "", folder, self.folder)
                root = self._parsed(path) if path else None
                if root is not None:
                    resources.add(root)

    # -- what lies beside the pages: told, not read

    def _annotations(self) -> dict[str, list[Element]]:
        """The annotations of each page, by its id."""
        found: dict[str, list[Element]] = {}
        for holder in children(self.root, "Annotations"):
            path = self.package.find(holder.text or "", self.folder)
            listed = self._parsed(path) if path else None
            if path is None or listed is None:
                continue
            for page in children(listed, "Page"):
                loc = child(page, "FileLoc")
                where = self.package.find(
                    (loc.text if loc is not None else None) or "",
                    posixpath.dirname(path),
                    self.folder,
                )
                root = self._parsed(where) if where else None
                if root is not None:
                    found.setdefault(page.get("PageID", ""), []).extend(children(root, "Annot"))
        return found

    def _beside(self, page: Page, annotations: list[Element]) -> None:
        """Watermarks are noted with the slanted text; other annotations by a note of their own."""
        others: list[str] = []
        for annotation in annotations:
            if annotation.get("Visible", "true") == "false":
                continue
            texts = [e.text or "" for e in annotation.iter() if tag(e) == "TextCode"]
            text = re.sub(r"\s+", "", "".join(texts))
            if not text:
                continue
            if annotation.get("Type", "") == "Watermark":
                page.slanted.append(text)
            else:
                others.append(text)
        if others:
            text = "；".join(others)
            short = same(text if len(text) <= 60 else text[:60] + "…")
            place = Place(page=page.number)
            self.file.said.append(
                notes.note("read.annotations", place, page=page.number, text=short)
            )

    def _attachments(self) -> None:
        names: list[str] = []
        for holder in children(self.root, "Attachments"):
            path = self.package.find(holder.text or "", self.folder)
            listed = self._parsed(path) if path else None
            if listed is not None:
                names += [e.get("Name", "?") for e in children(listed, "Attachment")]
        if names:
            shown = "、".join(names[:10]) + ("…" if len(names) > 10 else "")
            self.file.said.append(
                notes.note("read.attachments", count=len(names), names=same(shown))
            )


def _own_layers(root: Element) -> Iterator[Element]:
    for content in children(root, "Content"):
        yield from children(content, "Layer")


def _box(area: Element | None) -> tuple[float, float, float, float] | None:
    """The sheet of paper of a page area: left, top, width and height in millimetres."""
    if area is None:
        return None
    for name in ("PhysicalBox", "ApplicationBox"):
        held = child(area, name)
        numbers = ofd_draw.numbers(held.text) if held is not None else []
        if len(numbers) == 4 and 1 < numbers[2] < 20_000 and 1 < numbers[3] < 20_000:
            return numbers[0], numbers[1], numbers[2], numbers[3]
    return None
