"""填模板: a report put into the places of a Word form, whose looks stay.

The form is read with our own reader; every figure goes where the reader found its cell, every
section's prose between its heading and the next. Last year's finished report is a form like any
other: its figures and texts are exchanged. What the form has no place for is said in a note, and
the filled form is read once more: what does not come back as it was is said too.

修订 (tracked changes) are taken as accepted where text is exchanged, as the reader takes them;
elsewhere they and comments stay, and a note says so. Macros are neither run nor kept.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from lxml import etree

from gongkai.statute import forms, notes
from gongkai.statute.readers import docx_places, recognise, sniff
from gongkai.statute.readers.docx_places import Located
from gongkai.statute.report import (
    AnnualReport,
    CannotRead,
    Cell,
    Note,
    Passage,
    State,
)
from gongkai.statute.texts import Text
from gongkai.statute.writers import Written, docx_fill, docx_package, docx_styles, paper, unsaid
from gongkai.statute.writers.docx_fill import Look
from gongkai.statute.writers.paper import Paragraph, Style

_NOT_DOCX = Text(
    "不是 .docx 文件，请在 WPS 或 Word 中另存为 .docx",
    "it is no .docx file; save it as .docx in WPS or Word",
)
_NO_FORM = Text(
    "其中没有年度报告的标题、六个部分或三张表，请用空白格式或往年的报告作模板",
    "it has neither the title, nor the six sections, nor the three tables of an annual report; "
    "use a blank form or an earlier report",
)
_SEVERAL = Text("其中有不止一份报告，请只留一份", "it holds more than one report; leave one in it")
_NO_EDITION = Text(
    "看不出报告是哪一年版格式，无法对应单元格；不用模板也可以写出",
    "which form the report uses is not known, so its cells cannot be matched; write it without a "
    "template",
)
_OTHER_EDITION = Text(
    "模板是 {found} 年版格式，报告是 {due} 年版，请换用 {due} 年版的模板，或不用模板写出",
    "it is a {found} form and the report a {due} one; use a {due} template, or none",
)


def fill(report: AnnualReport, template: bytes) -> Written:
    """写进模板: the report in the places of a form (.docx, .docm, .dotx; blank or filled).

    Everything of the package but its text stays byte for byte. Raises CannotRead:
    ``error.template`` where it is no form or one of another edition than the report's, and what
    reading a Word file may raise.
    """
    found, form = _form(template, report)
    filling = _Filling(report, form, found)
    filling.figures()
    filling.prose()
    content = etree.tostring(found.root, xml_declaration=True, encoding="UTF-8", standalone=True)
    if found.strict:
        content = _TRANSITIONAL.sub(rb"http://purl.oclc.org/ooxml/\1/", content)
    data, macros = docx_package.exchanged(template, found.name, content)
    said = [*unsaid.of(report), *filling.notes(), *_stale(report, form, found, template)]
    if macros:
        said.append(notes.note("write.template_macros"))
    said += _differences(report, data, filling)
    return Written(data, tuple(said))


_TRANSITIONAL = re.compile(rb"http://schemas\.openxmlformats\.org/(\w+)/2006/(?=\w)")


def _form(template: bytes, report: AnnualReport) -> tuple[Located, AnnualReport]:
    """The template read: where everything stands, and what stands there."""
    try:
        carrier = sniff.carrier(template, "")
    except CannotRead as fault:
        raise notes.error("error.template", reason=_NOT_DOCX) from fault
    if carrier != "docx" or not template.startswith(b"PK"):
        raise notes.error("error.template", reason=_NOT_DOCX)
    if report.edition is None:
        raise notes.error("error.template", reason=_NO_EDITION)
    found = docx_places.locate(template)
    try:
        read = recognise.recognise(found.document)
    except CannotRead as fault:
        raise notes.error("error.template", reason=_NO_FORM) from fault
    if len(read) > 1:
        raise notes.error("error.template", reason=_SEVERAL)
    form = read[0]
    if form.edition is None or not any(
        found.cell(c.place) is not None for c in form.cells.values()
    ):
        raise notes.error("error.template", reason=_NO_FORM)
    if form.edition != report.edition:
        reason = _OTHER_EDITION.within(found=form.edition, due=report.edition)
        raise notes.error("error.template", reason=reason)
    return found, form


@dataclass(slots=True)
class _Part:
    """一个部分: what is printed under one heading; ``key`` is its number and which printing."""

    key: tuple[str, int]
    title: str
    prose: list[Paragraph] = field(default_factory=list)


def _parts(report: AnnualReport) -> tuple[str | None, list[Paragraph], list[_Part]]:
    """Title, preamble and parts of a report as they are laid out."""
    title: str | None = None
    preamble: list[Paragraph] = []
    parts: list[_Part] = []
    for piece in paper.lay_out(report).pieces:
        if isinstance(piece, paper.Title):
            title = piece.text
        elif isinstance(piece, paper.Heading):
            printing = sum(1 for part in parts if part.key[0] == str(piece.no))
            parts.append(_Part((str(piece.no), printing), piece.text))
        elif isinstance(piece, Paragraph):
            (parts[-1].prose if parts else preamble).append(piece)
    return title, preamble, parts


class _Filling:
    """Puts a report into a form, and keeps what is to be said of it."""

    def __init__(self, report: AnnualReport, form: AnnualReport, found: Located) -> None:
        self._report, self._form, self._found = report, form, found
        self.title, self.preamble, self.parts = _parts(report)
        self._headings = _headings(form, found)
        self._looks = _Looks(form, found, self._headings)
        self._overwritten = 0
        self._pictures = 0
        self._gone: list[str] = []
        self._named_so = ""
        self.unplaced: list[str] = []
        """Addresses, and keys of parts ("5"), that the form has no place for."""

    def notes(self) -> Iterator[Note]:
        """What was done, and what found no place."""
        if self._overwritten:
            yield notes.note("write.template_overwritten", count=self._overwritten)
        if self.unplaced:
            what = "；".join(self._named(key) for key in self.unplaced)
            yield notes.note("write.template_missing", count=len(self.unplaced), what=what)
        if self._gone:
            yield notes.note("write.template_removed", text=unsaid.short("；".join(self._gone)))
        if self._named_so:
            yield notes.note("write.template_title", title=self._named_so)
        if self._pictures:
            yield notes.note("write.template_pictures", count=self._pictures)

    def _named(self, key: str) -> str:
        spec = forms.form(self._report.edition or "").specs.get(key)
        if spec is None:
            return key
        return f"{spec.label}：{paper.printed(self._report.cell(key))}"

    # 数字
    def figures(self) -> None:
        """Every cell of the report into its cell of the form."""
        usual = self._usual()
        for address, cell in self._report.cells.items():
            stood = self._form.cell(address)
            node = self._found.cell(stood.place)
            text = paper.printed(cell)
            if node is None:
                if text:
                    self.unplaced.append(address)
                continue
            if stood.state is not State.BLANK:
                self._overwritten += 1
            docx_fill.set_cell(node, text, usual.get(stood.place.table or 0, Look()))

    def _usual(self) -> dict[int, Look]:
        """How figures look in each table, for cells that do not say so themselves."""
        usual: dict[int, Look] = {}
        for cell in self._form.cells.values():
            node = self._found.cell(cell.place)
            if node is None or cell.place.table in usual:
                continue
            for paragraph in node.findall(docx_fill.P):
                look = docx_fill.look_of(paragraph)
                if look.paragraph is not None or look.run is not None:
                    usual.setdefault(cell.place.table or 0, look)
        return usual

    # 文字
    def prose(self) -> None:
        """Title, preamble and the prose of every section."""
        self._front()
        places = {head.key: head for head in self._headings}
        for part in self.parts:
            head = places.pop(part.key, None)
            if head is None:
                if part.prose or part.title:
                    self.unplaced.append(part.title)
                continue
            self._heading(head, part.title)
            self._exchange(head.body, part.prose, behind=head.node)
        for head in places.values():  # a section the report does not have
            self._exchange(head.body, [], behind=head.node)
            if head.key[1]:  # of a second printing; the form's own headings stay
                docx_fill.replace([head.node], [], self._headings[0].node)

    def _front(self) -> None:
        """标题和前言: what stands before the first heading."""
        first = self._headings[0].line if self._headings else 0
        lines = [n for n in sorted(self._found.paragraphs) if n < first]
        titles = _title_lines(self._form.title, lines, self._found)
        after = titles[-1] if titles else 0
        if self.title is None and titles:
            self.title = self._named_so = paper.file_title(self._report)
        if self.title is not None and titles:
            broken = any("\n" in self._found.texts[n] for n in titles)
            self._set_title([self._found.paragraphs[n] for n in titles], broken)
        body = [self._found.paragraphs[n] for n in lines if n > after]
        node = self._headings[0].node if self._headings else None
        if self.title is not None and not titles and node is not None:
            look = docx_fill.aligned(docx_fill.look_of(node), "center")
            made = docx_fill.new_paragraph(self.title, look, unnumbered=True)
            (body[0] if body else node).addprevious(made)
        if body or not self.preamble or node is None:
            self._exchange(body, self.preamble, behind=node)
            return
        # Right before section one, so that the space behind the title stays there.
        for paragraph in self._made(self.preamble):
            node.addprevious(paragraph)

    def _set_title(self, stood: Sequence[etree._Element], broken: bool) -> None:
        title = self.title or ""
        organ = self._report.organ or ""
        if len(stood) > 1 and organ and title.startswith(organ) and len(organ) < len(title):
            pieces = [organ, title[len(organ) :]]
        else:
            room = 0 if broken else _room(self._found.root, docx_fill.look_of(stood[0]))
            pieces = ["\n".join(docx_styles.title_lines(title, room))]
        for node, text in zip(stood, pieces, strict=False):
            docx_fill.set_text(node, text)
        docx_fill.replace(stood[len(pieces) :], [], stood[0])

    def _heading(self, head: _Head, title: str) -> None:
        """The heading in the report's words; one that says the same already is left alone."""
        stood = self._found.texts[head.line]
        if stood == head.title == title:
            return
        shown = "".join(t.text or "" for t in head.node.iter(docx_fill.T)).strip()
        number = stood[: -len(shown)] if shown and stood.endswith(shown) else ""
        look = docx_fill.look_of(head.node)
        first = Look(look.paragraph, look.lead if look.lead is not None else look.run)
        if number and title.startswith(number):
            docx_fill.set_text(head.node, title[len(number) :], first)
            return
        made = docx_fill.new_paragraph(title, first, unnumbered=bool(number))
        docx_fill.replace([head.node], [made], head.node)
        head.node = made

    def _exchange(
        self,
        stood: Sequence[etree._Element],
        prose: Sequence[Paragraph],
        behind: etree._Element | None,
    ) -> None:
        anchor = behind if behind is not None else (stood[0] if stood else None)
        if anchor is None:
            if prose:
                self.unplaced.append(prose[0].text)
            return
        if not prose:
            self._gone += [t for n in stood if (t := _text_of(n)) and not _is_placeholder(t)]
        self._pictures += docx_fill.replace(stood, self._made(prose, stood), anchor)

    def _made(
        self, prose: Sequence[Paragraph], stood: Sequence[etree._Element] = ()
    ) -> list[etree._Element]:
        """New paragraphs, looking as those that stood there or else as the rest of the form."""
        looks = self._looks.near(stood)
        made = []
        for piece in prose:
            look = looks[piece.style]
            lead = piece.lead if look.lead is not None else 0
            made.append(
                docx_fill.new_paragraph(piece.text, look, lead=lead, unnumbered=looks.numbered)
            )
        return made


@dataclass(slots=True)
class _Head:
    """部分标题: a heading of the form, and the paragraphs under it."""

    key: tuple[str, int]
    title: str
    line: int
    node: etree._Element
    body: list[etree._Element] = field(default_factory=list)


def _headings(form: AnnualReport, found: Located) -> list[_Head]:
    """The headings in the order they stand, each with the paragraphs to the next."""
    heads = [
        _Head((no, printing), passage.title, line, found.paragraphs[line])
        for no, passages in form.sections.items()
        for printing, passage in enumerate(passages)
        if (line := passage.place.line) is not None and line in found.paragraphs
    ]
    heads.sort(key=lambda head: head.line)
    for head, after in zip(heads, [*heads[1:], None], strict=True):
        end = after.line if after else max(found.paragraphs) + 1
        head.body = [found.paragraphs[n] for n in sorted(found.paragraphs) if head.line < n < end]
    return heads


def _room(root: etree._Element, look: Look) -> float:
    """How many characters in a look a line of the page holds; no end where that is not said."""
    size = None if look.run is None else look.run.find(docx_fill.W + "sz")
    page, margins = (next(root.iter(docx_fill.W + n), None) for n in ("pgSz", "pgMar"))
    if size is None or page is None or margins is None:
        return math.inf
    try:
        width, left, right, half_points = (
            float(node.get(docx_fill.W + name) or "")
            for node, name in ((page, "w"), (margins, "left"), (margins, "right"), (size, "val"))
        )
    except ValueError:
        return math.inf
    return (width - left - right) / (half_points * 10) if half_points > 0 else math.inf


def _title_lines(title: str | None, lines: Sequence[int], found: Located) -> list[int]:
    """The paragraphs that make the title up; one that only announces a title where there is none
    (政府信息公开工作年度报告格式模板, ××局年度报告)."""
    bare = {n: re.sub(r"\s+", "", found.texts[n]) for n in lines}
    if title is not None:
        for end in range(len(lines), 0, -1):
            for begin in range(end - 1, max(end - 4, -1), -1):
                if "".join(bare[n] for n in lines[begin:end]) == title:
                    return list(lines[begin:end])
    announced = [n for n in lines if _ANNOUNCED.search(bare[n]) and len(bare[n]) <= 60]
    return announced[-1:]


_ANNOUNCED = re.compile(r"(?:报告|年报)(?:.{0,8}(?:格式|模板|样式|范本).{0,4})?(?:[（(].*[)）])?$")
_PLACEHOLDER = re.compile(
    r"^[（(［\[【<《].{0,80}[)）］\]】>》]$|^[\s_＿×xX＊*…．.—-]+$|单击|点击此处"
)


def _is_placeholder(text: str) -> bool:
    """占位文字: what a form prints where prose is to be written."""
    return _PLACEHOLDER.search(text.strip()) is not None


def _text_of(node: etree._Element) -> str:
    return "".join(t.text or "" for t in node.iter(docx_fill.T)).strip()


# -- looks

_NUMBERED = re.compile(r"^[（(][一二三四五六七八九十]{1,3}[）)]")
_DAY = re.compile(
    r"^[\s\d×xX*_〇○零一二三四五六七八九十]+年[\s\d×xX*_一二三四五六七八九十]+月.{1,6}日$"
)


@dataclass(slots=True)
class _Styles:
    """一处的样式: the look of each kind of paragraph, and whether the looks bring list numbers."""

    looks: Mapping[Style, Look]
    numbered: bool

    def __getitem__(self, style: Style) -> Look:
        return self.looks[style]


class _Looks:
    """How each kind of paragraph looks in a form; those near by count before those far off."""

    def __init__(self, form: AnnualReport, found: Located, headings: Sequence[_Head]) -> None:
        self._texts = {found.paragraphs[n]: text for n, text in found.texts.items()}
        self._all = [node for head in headings for node in head.body]
        front = [n for n in sorted(found.paragraphs) if headings and n < headings[0].line]
        self._all += [found.paragraphs[n] for n in front if len(found.texts[n]) > 40]
        self._heads = [head.node for head in headings]
        self._last = headings[-1].body if headings else []

    def near(self, stood: Sequence[etree._Element]) -> _Styles:
        """The looks for what replaces ``stood``."""
        signed = self._signature()
        taken = {id(node) for node in signed.values()}
        body = self._longest(stood, taken)
        if body is None:
            body = self._longest(self._all, taken)
        if body is not None:
            plain = docx_fill.look_of(body)
        else:
            plain = _plain(docx_fill.look_of(self._heads[0])) if self._heads else Look()
        under = self._first([*stood, *self._all], taken, self._is_subheading)
        run_in = self._first([*stood, *self._all], taken, self._is_run_in)
        lead = docx_fill.look_of(run_in).lead if run_in is not None else None
        looks = {
            Style.BODY: Look(plain.paragraph, plain.run, lead),
            Style.SUBHEADING: docx_fill.look_of(under) if under is not None else plain,
            Style.SIGNATURE: docx_fill.aligned(plain, "right", right=200),
            Style.SIGNED_ON: docx_fill.aligned(plain, "right", right=400),
        }
        looks |= {style: docx_fill.look_of(node) for style, node in signed.items()}
        models = [node for node in (body, under, *signed.values()) if node is not None]
        return _Styles(looks, any(self._is_numbered(node) for node in models))

    def _first(
        self,
        nodes: Iterable[etree._Element],
        taken: set[int],
        fits: Callable[[etree._Element], bool],
    ) -> etree._Element | None:
        return next((n for n in nodes if id(n) not in taken and fits(n)), None)

    def _longest(self, nodes: Iterable[etree._Element], taken: set[int]) -> etree._Element | None:
        """The longest paragraph of prose: a short one may be a heading of its own making."""
        prose = [n for n in nodes if id(n) not in taken and not self._is_subheading(n)]
        return max(prose, key=lambda node: len(self._texts[node]), default=None)

    def _is_subheading(self, node: etree._Element) -> bool:
        text = self._texts[node].strip()
        short = len(text) <= paper.LONGEST_SUBHEADING
        return bool(_NUMBERED.match(text)) and short and "。" not in text[:-1]

    def _is_run_in(self, node: etree._Element) -> bool:
        text = self._texts[node].strip()
        return bool(_NUMBERED.match(text)) and docx_fill.look_of(node).lead is not None

    def _is_numbered(self, node: etree._Element) -> bool:
        """Whether the text read there begins with a list number that is not in its runs."""
        shown = _text_of(node)
        return bool(shown) and not self._texts[node].startswith(shown[:1])

    def _signature(self) -> dict[Style, etree._Element]:
        """署名和成文日期, where the form has them at its end."""
        found: dict[Style, etree._Element] = {}
        texts = [self._texts[node].strip() for node in self._last]
        at = len(texts) - 1
        if at >= 0 and _DAY.match(texts[at]):
            found[Style.SIGNED_ON] = self._last[at]
            at -= 1
            if at >= 0 and len(texts[at]) <= 40 and "。" not in texts[at]:
                found[Style.SIGNATURE] = self._last[at]
        return found


def _plain(look: Look) -> Look:
    """A heading's look without what makes it a heading."""
    run = look.run
    if run is not None:
        for name in ("b", "bCs"):
            for node in run.findall(docx_fill.W + name):
                run.remove(node)
    if look.paragraph is not None:
        for name in ("keepNext", "keepLines", "outlineLvl"):
            for node in look.paragraph.findall(docx_fill.W + name):
                look.paragraph.remove(node)
    return look


# -- what is to be said

_CHANGES = tuple(docx_fill.W + n for n in ("ins", "del", "moveFrom", "moveTo", "commentReference"))


def _stale(
    report: AnnualReport, form: AnnualReport, found: Located, template: bytes
) -> Iterator[Note]:
    """What stays of the form and may be out of date."""
    kept = [unsaid.short(leftover.raw) for leftover in form.leftovers]
    kept += [cell.raw for cell in form.other_edition_cells.values() if cell.raw.strip()]
    for passages in form.sections.values():  # rows of other tables, which read as prose
        for passage in passages:
            rows = zip(passage.text.split("\n"), passage.places, strict=False)
            kept += [unsaid.short(line) for line, place in rows if place.table is not None]
    if kept:
        yield notes.note("write.template_kept", what="；".join(kept))
    if next(found.root.iter(*_CHANGES), None) is not None:
        yield notes.note("write.template_changes")
    running = docx_package.running_text(template)
    old = [str(form.year)] if form.year and form.year != report.year else []
    old += [form.organ] if form.organ and form.organ != report.organ else []
    if stale := [word for word in old if word in running]:
        yield notes.note("write.template_running", words="、".join(stale))


def _differences(report: AnnualReport, data: bytes, filling: _Filling) -> Iterator[Note]:
    """The filled form read once more: what does not come back as it was."""
    try:
        read = recognise.recognise(docx_places.locate(data).document)
    except CannotRead:
        read = []
    back = read[0] if len(read) == 1 else AnnualReport()
    what = [
        unsaid.label(address)
        for address, cell in report.cells.items()
        if address not in filling.unplaced and _shown(cell) != _shown(back.cell(address))
    ]
    for part in filling.parts:
        passages = back.sections.get(part.key[0], ())
        same = len(passages) > part.key[1] and _lines(passages[part.key[1]]) == [
            line.text for line in part.prose
        ]
        if not same and part.title not in filling.unplaced:
            what.append(part.title)
    if filling.title and back.title != re.sub(r"\s", "", filling.title):
        what.append(filling.title)
    preamble = "\n".join(line.text for line in filling.preamble)
    if preamble != back.preamble:
        what.append(preamble or back.preamble)
    if what:
        yield notes.note("write.template_differs", what=unsaid.short("；".join(what)))


def _shown(cell: Cell) -> tuple[State, object]:
    if cell.state in (State.ABSENT, State.BLANK):
        return State.BLANK, None
    return cell.state, paper.printed(replace(cell, raw="")) if cell.value is not None else None


def _lines(passage: Passage) -> list[str]:
    return [line for part in passage.text.split("\n") if (line := part.strip())]
