"""一份报告的页面: the original beside what was read, what is to be looked at first, findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import IO, Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from gongkai.statute.report import AnnualReport, Passage, Place
from gongkai.statute.texts import Text
from gongkai.web.desk import cells_page, matching, original, original_page, packing, queries, values
from gongkai.web.desk.cells_page import Show
from gongkai.web.desk.models import Finding, Mark, Report, Version
from gongkai.web.desk.original_page import Seen, Spot
from gongkai.web.ledger import attachments
from gongkai.web.shell.languages import lang
from gongkai.web.shell.look import Act

ABSENT_SHOWN = 8  # absent cells shown one by one; of more they stand in a list
LEVELS = {
    "error": (gettext_lazy("错误"), "bad"),
    "warning": (gettext_lazy("警告"), "warn"),
    "note": (gettext_lazy("提示"), "quiet"),
    "cannot_tell": (gettext_lazy("无法判断"), "quiet"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """要看的一格: or the one that was chosen."""

    address: str
    name: str
    tone: str
    raw: str
    said: str
    why: str
    href: str
    at: str
    unit: str = ""
    mark: Mark | None = None
    before: str = ""
    now: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """填了没有办成的: what somebody typed into a cell, why it was not taken, and what stands there
    now where somebody else was first."""

    address: str = ""
    typed: str = ""
    reason: str = ""
    problem: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """一条发现 as the page shows it."""

    position: int
    rule: str
    message: str
    hint: str
    source: str
    cells: Sequence[tuple[str, str, str]]  # address, name, link
    show: str  # ids that light up
    href: str
    lit: bool


@dataclass(slots=True)
class View:
    """一次查看: everything one look at a version needs, read once."""

    report: Report
    version: Version
    marks: list[Mark]
    read: AnnualReport
    holds: AnnualReport
    findings: list[Finding]
    chosen: str = ""
    finding: int | None = None
    is_old: bool = False  # the version is no longer in hand
    seen: Seen = field(default_factory=lambda: original_page.matched(original.Layout(), {}, ()))

    @property
    def anchored(self) -> bool:
        """Whether what was chosen has a place in the original."""
        return any(key in self.seen.anchors for key in lit(self))

    @property
    def here(self) -> str:
        """The page's address."""
        if self.is_old:
            return reverse("desk:version", args=[self.report.pk, self.version.number])
        return reverse("desk:report", args=[self.report.pk])


def name_of(report: Report) -> str:
    """Whose report of which year, as headings say it."""
    organ = report.organ.name if report.organ else report.said or _("机关待认领")
    return f"{organ} {report.year or _('年度不明')}"


def look(report: Report, version: Version, request: HttpRequest, *, old: bool = False) -> View:
    """A version as the address asks to see it."""
    read = values.reading(version)
    marks = queries.marks_of(version)
    asked = request.GET.get("cell") or request.POST.get("address") or ""
    finding = request.GET.get("finding", "")
    return View(
        report,
        version,
        marks,
        read,
        values.laid_over(read, marks),
        [] if old else queries.findings_of(report),
        asked if asked in read.cells else "",
        int(finding) if finding.isascii() and finding.isdigit() and len(finding) < 6 else None,
        old,
    )


# -- the original


def file_of(version: Version) -> original.File:
    """The version's file; LookupError where the store has no more of it."""
    attachment = version.paper.attachment
    if attachment is None:
        raise LookupError(version.pk)
    return original.File(
        attachment.file.sha256,
        attachment.name,
        lambda: attachments.verified(attachment),
        version.member,
    )


def download(version: Version) -> tuple[str, IO[bytes]]:
    """The original's name and bytes; of an archive those of the one file in it.

    Raises LookupError, attachments.Damaged, CannotRead.
    """
    attachment = version.paper.attachment
    if attachment is None:
        raise LookupError(version.pk)
    if not version.member:
        return attachment.name, attachments.content(attachment)
    file = file_of(version)
    data, name = original.inside(file.data(), file.name, file.member.removeprefix(f"{file.name}/"))
    return name.rpartition("/")[2], BytesIO(data)


def with_original(view: View) -> View:
    """The view with its places found in the original."""
    try:
        layout = original.layout(file_of(view.version))
    except attachments.Damaged:
        layout = original.Layout(
            why=Text(
                "原件在存储中找不到或已损坏，请联系系统管理员。",
                "The original is missing from the store or damaged; tell the administrator.",
            )
        )
    except LookupError:
        layout = original.Layout(why=Text("没有保存原件。", "The original was not kept."))
    view.seen = original_page.matched(layout, view.read.cells, list(_spots(view)))
    return view


def _spots(view: View) -> Iterator[Spot]:
    """Everything that was read and has a place; cells last, so that their boxes lie on top."""
    for no, passages in view.read.sections.items():
        for at, passage in enumerate(passages):
            yield Spot(_section_key(no, at), passage.place, passage.title)
    for at, leftover in enumerate(view.read.leftovers):
        yield Spot(f"x{at}", leftover.place, leftover.raw[:40])
    shown_in = lang()
    for at, note in enumerate(view.read.notes):
        yield Spot(f"m{at}", note.place, note.text.say(shown_in)[:80])
    for one in view.findings:
        place = _place(one.said.get("place"))
        if place is not None and not one.said.get("cells"):
            yield Spot(f"f{one.position}", place, one.said["message"][shown_in][:80])
    doubts = {a for a, c in view.read.cells.items() if packing.is_doubtful(c)} - {
        m.address for m in view.marks
    }
    for address, cell in view.read.cells.items():
        tone = "doubt" if address in doubts else ""
        yield Spot(address, cell.place, cells_page.name(address), tone)


def _section_key(no: str, at: int) -> str:
    return f"s{no}-{at}"


def _place(told: Any) -> Place | None:
    if not isinstance(told, Mapping):
        return None
    box = told.get("bbox")
    number = {k: told.get(k) for k in ("page", "table", "row", "column", "line")}
    if not any(number.values()):
        return None
    return Place(bbox=tuple(box) if box else None, **number)


def lit(view: View) -> list[str]:
    """Keys that light up: the cell chosen, or what the finding chosen is about."""
    if view.chosen:
        return [view.chosen]
    for one in view.findings:
        if one.position == view.finding:
            return [*one.said.get("cells", ()), f"f{one.position}"]
    return []


def original_html(view: View) -> dict[str, Any]:
    """The left pane."""
    here, seen = view.here, view.seen
    pictures = reverse("desk:page", args=[view.report.pk, view.version.number, 0])

    def link(spot: Spot) -> str:
        if spot.key in view.read.cells:
            return f"{here}?cell={spot.key}#c-{spot.key}"
        return f"{here}#n-{spot.key}"

    def picture(page: int) -> str:
        return pictures.replace("/0/", f"/{page}/")

    why = seen.layout.why
    return {
        "original": original_page.html(seen, link=link, picture=picture, lit=lit(view)),
        "is_pages": bool(seen.layout.pages),
        "why": why.say(lang()) if why else "",
    }


# -- what was read


def reading_html(
    view: View, *, typed: Typed | None = None, editable: bool = True
) -> dict[str, Any]:
    """The right pane: what is to be looked at, the findings, the tables, the text."""
    shown = show(view)
    doubtful = [a for a in shown.open() if shown.tone(a) == "doubt"]
    absent = [a for a in shown.open() if shown.tone(a) == "absent"]
    few = len(absent) <= ABSENT_SHOWN
    return {
        "report": view.report,
        "reading": view.version,
        "here": view.here,
        "editable": editable,
        "mark_url": reverse("desk:mark", args=[view.report.pk]),
        "cell_url": reverse("desk:cell", args=[view.report.pk]) if editable else "",
        "typed": typed or Typed(),
        "open_count": len(doubtful) + len(absent),
        "old": view.is_old,
        "finding_level": next(
            (
                "cannot_tell" if f.outcome == "cannot_tell" else f.level
                for f in view.findings
                if f.position == view.finding
            ),
            "",
        ),
        "work": [item(view, shown, a) for a in (*doubtful, *(absent if few else ()))],
        "doubtful": len(doubtful),
        "absent": [item(view, shown, a) for a in (() if few else absent)],
        "absent_count": len(absent),
        "chosen": item(view, shown, view.chosen) if view.chosen else None,
        "tables": cells_page.tables(shown),
        "groups": list(_groups(view, shown)),
        "sections": list(_sections(view)),
        "leftovers": [
            (f"x{at}", one.raw, view.seen.anchors.get(f"x{at}", ""))
            for at, one in enumerate(view.read.leftovers)
        ],
        "notes": [
            (f"m{at}", one.text.say(lang()), view.seen.anchors.get(f"m{at}", ""))
            for at, one in enumerate(view.read.notes)
        ],
        "elsewhere": [
            (cells_page.name(a), values.shown(c)) for a, c in view.read.other_edition_cells.items()
        ],
        "preamble": view.read.preamble.split("\n") if view.read.preamble else [],
    }


def show(view: View) -> Show:
    """What the tables need."""
    broken = [f for f in view.findings if f.outcome == "broken"]
    # The first cell of a finding is the one most probably wrong; the others light up on asking.
    errors = {a for f in broken if f.level == "error" for a in f.said.get("cells", ())[:1]}
    warnings = {a for f in broken if f.level == "warning" for a in f.said.get("cells", ())[:1]}
    return Show(
        read=view.read,
        holds=view.holds,
        marks={m.address: m for m in view.marks},
        anchors=view.seen.anchors,
        errors=errors,
        warnings=warnings,
        chosen=view.chosen,
        lit=lit(view),
        here=view.here,
    )


def item(view: View, shown: Show, address: str) -> Item:
    """One cell with everything that helps to decide."""
    cell, mark = view.read.cell(address), shown.marks.get(address)
    return Item(
        address=address,
        name=cells_page.name(address),
        tone=shown.tone(address),
        raw=cell.raw,
        said=values.shown(cell),
        why=cell.doubt.text.say(lang()) if cell.doubt else "",
        href=shown.link(address),
        at=shown.anchors.get(address, ""),
        unit=cells_page.unit(address, view.read.edition or ""),
        mark=mark,
        before=values.shown(cell),
        now=values.shown(view.holds.cell(address)),
    )


def _groups(view: View, shown: Show) -> Iterator[tuple[str, str, str, list[Said]]]:
    """Findings by level: id, name, tone, what they say."""
    found: dict[str, list[Said]] = {level: [] for level in LEVELS}
    for one in view.findings:
        level = "cannot_tell" if one.outcome == "cannot_tell" else one.level
        found.setdefault(level, []).append(_said(view, shown, one))
    for level, said in found.items():
        if said:
            name, tone = LEVELS.get(level, (level, "quiet"))
            yield level, str(name), tone, said


def _said(view: View, shown: Show, one: Finding) -> Said:
    shown_in = lang()
    cells = [a for a in one.said.get("cells", ()) if a in view.read.cells]
    anchor = view.seen.anchors.get(f"f{one.position}", "")
    first = next((shown.anchors[a] for a in cells if a in shown.anchors), anchor)
    fallback = f"c-{cells[0]}" if cells else f"n-f{one.position}"
    return Said(
        position=one.position,
        rule=one.rule,
        message=one.said.get("message", {}).get(shown_in, ""),
        hint=one.said.get("hint", {}).get(shown_in, ""),
        source=one.said.get("source", ""),
        cells=[(a, cells_page.name(a), shown.link(a)) for a in cells],
        show=" ".join([*(f"c-{a}" for a in cells), *([anchor] if anchor and not cells else [])]),
        href=f"{view.here}?finding={one.position}#{first or fallback}",
        lit=one.position == view.finding,
    )


def _sections(view: View) -> Iterator[dict[str, Any]]:
    for no, passages in sorted(view.read.sections.items(), key=lambda pair: int(pair[0])):
        for at, passage in enumerate(passages):
            key = _section_key(no, at)
            yield {
                "key": key,
                "title": passage.title,
                "lines": list(_lines(view, passage)),
                "at": view.seen.anchors.get(key, ""),
                "length": len("".join(passage.text.split())),
            }


def _lines(view: View, passage: Passage) -> Iterator[tuple[str, str]]:
    """The lines of a section with the place of each in the original."""
    known = view.seen.layout
    lines = {f"o-l{one.number}" for one in known.blocks if isinstance(one, original.Line)}
    for at, text in enumerate(passage.text.split("\n")):
        place = passage.places[at] if at < len(passage.places) else None
        anchor = ""
        if place is not None:
            if known.pages and place.page:
                anchor = f"o-p{place.page}"
            elif f"o-l{place.line}" in lines:
                anchor = f"o-l{place.line}"
        if text.strip():
            yield text, anchor


def cell_html(view: View, *, editable: bool) -> dict[str, Any]:
    """The panel of the cell that was chosen."""
    return {
        "one": item(view, show(view), view.chosen) if view.chosen else None,
        "report": view.report,
        "here": view.here,
        "editable": editable,
        "mark_url": reverse("desk:mark", args=[view.report.pk]),
        "typed": Typed(),
    }


# -- around it


@dataclass(frozen=True, slots=True)
class Last:
    """刚才的一次核对: what can be taken back with one key."""

    address: str
    said: str


def last(view: View, account: int | None) -> Last | None:
    """The newest mark of who looks, where it is the newest of all."""
    if not view.marks or view.marks[-1].by_id != account:
        return None
    one = view.marks[-1]
    said = (
        _("已更正 %(label)s：%(given)s")
        if one.kind == Mark.Kind.CORRECTED
        else _("已确认 %(label)s：%(given)s")
    )
    given = values.shown(view.holds.cell(one.address))
    return Last(one.address, said % {"label": cells_page.name(one.address), "given": given})


def around(view: View) -> dict[str, Any]:
    """Heading, facts, notices."""
    paper = view.version.paper
    here = "version" if view.is_old else ""
    return {
        "title": name_of(view.report),
        "facts": facts(view),
        "notices": list(_notices(view)),
        "old": view.is_old,
        "crumbs": crumbs(view.report, here),
        "file": view.version.member or paper.name,
        "original_url": reverse("desk:original", args=[view.report.pk, view.version.number]),
    }


def _notices(view: View) -> Iterator[tuple[str, str, str, str]]:
    report = view.report
    if view.is_old:
        yield "info", _("这是旧版本，只供查看。"), "", ""
    elif report.set_aside_at is not None:
        back = reverse("desk:bring_back", args=[report.pk])
        yield "warn", _("这份报告已移出报告台，不能核对。"), back, _("放回报告台")
    elif report.organ_id is None or report.year is None:
        assign = reverse("desk:assign", args=[report.pk])
        yield "warn", _("还没有认定是哪个机关、哪一年的报告。"), assign, _("认定机关和年度")
    if report.edition and view.read.edition_due and view.read.edition_due != view.read.edition:
        due = {"edition": view.read.edition, "due": view.read.edition_due}
        yield "warn", _("用的是 %(edition)s 年版格式，这一年度应当用 %(due)s 年版。") % due, "", ""


def facts(view: View) -> list[tuple[str, str]]:
    """What the line above both panes says: (words, tone)."""
    report, old = view.report, view.is_old
    said = []
    if view.read.edition:
        said.append((_("%(edition)s 年版格式") % {"edition": view.read.edition}, ""))
    if not old:
        for count, words, tone in (
            (report.errors, _("错误 %(count)d"), "bad"),
            (report.warnings, _("警告 %(count)d"), "warn"),
            (report.cannot_tell, _("无法判断 %(count)d"), "quiet"),
            (report.doubtful, _("存疑 %(count)d"), "warn"),
            (report.absent, _("缺失 %(count)d"), "warn"),
        ):
            if count:
                said.append((words % {"count": count}, tone))
        if not any((report.errors, report.warnings, report.doubtful, report.absent)):
            said.append((_("没有要办的"), "ok"))
    return said


def tabs(report: Report, here: str) -> list[tuple[str, str, bool, object]]:
    """The pages about one report."""
    pages = (
        ("report", _("核对"), ""),
        ("history", _("经过"), ""),
        ("versions", _("版本"), report.versions.count()),
        ("compare", _("对比"), ""),
    )
    return [
        (label, reverse(f"desk:{name}", args=[report.pk]), name == here, count)
        for name, label, count in pages
    ]


def crumbs(report: Report | None = None, here: str = "") -> list[tuple[str, str]]:
    """From the desk down to the page above this one."""
    found = [(_("报告台"), reverse("desk:list"))]
    if report is not None and here:
        found.append((name_of(report), reverse("desk:report", args=[report.pk])))
    return found


def acts(report: Report) -> list[Act]:
    """What can be done with a report as a whole."""
    more: list[Act] = [
        Act(_("改认机关或年度"), href=reverse("desk:assign", args=[report.pk])),
        Act(_("重新读取原件"), href=reverse("desk:read_again", args=[report.pk])),
    ]
    if report.set_aside_at is None:
        more.append(
            Act(pgettext("act", "移出报告台"), href=reverse("desk:set_aside", args=[report.pk]))
        )
    else:
        more.append(Act(_("放回报告台"), href=reverse("desk:bring_back", args=[report.pk])))
    undo = []
    if report.set_aside_at is None and matching.is_undoable(report):
        undo = [Act(_("撤回认定"), post=reverse("desk:unassign", args=[report.pk]))]
    return [
        *undo,
        Act(_("下载"), href=reverse("desk:downloads", args=[report.pk])),
        Act(_("更多"), more=more),
    ]
