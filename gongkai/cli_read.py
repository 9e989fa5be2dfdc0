"""gongkai read: what one report holds, as a page for people or as JSON.

The page prints the three tables as the form has them; rows that say nothing (all 0, all blank,
all absent) are counted and named below, never left out without a word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from rich.cells import cell_len

from gongkai.cli_paper import Page, Paper, clip, where
from gongkai.statute import claims, forms
from gongkai.statute.report import AnnualReport, Cell, Claim, Kind, Leftover, Note, Passage, State
from gongkai.statute.texts import Lang, Text

STATES: Mapping[State, Text] = {
    State.NUMBER: Text("数字", "numbers"),
    State.BLANK: Text("空白", "blank"),
    State.DASH: Text("短横", "dash"),
    State.NOT_APPLICABLE: Text("不适用", "not applicable"),
    State.UNREADABLE: Text("无法识读", "unreadable"),
    State.ABSENT: Text("缺失", "absent"),
}
_BAR = {
    State.NUMBER: "█",
    State.BLANK: "░",
    State.DASH: "-",
    State.NOT_APPLICABLE: "/",
    State.UNREADABLE: "?",
    State.ABSENT: "×",
}
KINDS: Mapping[Kind, Text] = {
    Kind.ORGAN: Text("本机关", "own figures"),
    Kind.REGION: Text("本地区汇总", "whole region"),
    Kind.UNKNOWN: Text("未注明", "not stated"),
}
TABLES = {
    "proactive": Text("表二", "Table 2"),
    "applications": Text("表三", "Table 3"),
    "remedies": Text("表四", "Table 4"),
}
_ENGLISH = {
    "proactive": "Proactive disclosure",
    "applications": "Applications received and handled",
    "remedies": "Reconsideration and litigation",
}
_NUMERALS = "一二三四五六"
_LIST = 10  # of notes and leftovers; --json has all
UNKNOWN = Text("未注明", "not found")


def page(report: AnnualReport, paper: Paper) -> str:
    """The whole report as a page."""
    page = Page(paper)
    head(page, report)
    facts(page, report)
    verdict(page, report)
    _sections(page, report)
    if report.edition is not None:
        _tables(page, report, forms.form(report.edition))
    _other_edition(page, report)
    doubts(page, report)
    _leftovers(page, report.leftovers)
    _notes(page, report.notes)
    _claims(page, report.claims)
    page.blank()
    return page.text()


# -- the head, shared with the pages of check and demo


def head(page: Page, report: AnnualReport) -> None:
    """Title and file."""
    untitled = Text("（没有标题）", "(no title)").say(page.lang)
    page.rule()
    page.prose(report.title or untitled, style="bold")
    part = "" if report.part is None else f"  #{report.part}"
    page.prose(report.file + part, style="dim")
    page.blank()


def facts(page: Page, report: AnnualReport, kind: Kind = Kind.UNKNOWN) -> None:
    """Who, which year, which form; ``kind`` is what the user says of whose figures they are."""
    for label, value in _facts(report, page.lang, kind):
        page.prose(value, indent=10, label="  " + label)


def _facts(report: AnnualReport, lang: Lang, kind: Kind) -> Iterator[tuple[str, str]]:
    unknown = UNKNOWN.say(lang)
    organ = report.organ or unknown
    others = [name for name in report.organ_names if name != report.organ]
    if others:
        organ += (
            Text("（文中又作：{names}）", " (also named: {names})")
            .within(names=("、" if lang == "zh" else ", ").join(others))
            .say(lang)
        )
    yield Text("机关", "organ").say(lang), organ
    period = " – ".join(day.isoformat() for day in report.period) if report.period else unknown
    yield (
        Text("年度", "year").say(lang),
        Text(
            "{year}    统计期限 {period}    口径 {kind}",
            "{year}    period {period}    scope: {kind}",
        )
        .within(year=report.year or unknown, period=period, kind=_kind(report.kind, kind))
        .say(lang),
    )
    yield (
        Text("格式", "form").say(lang),
        _edition(report).say(lang)
        + Text("    落款日期 {day}", "    date: {day}")
        .within(day=report.signed_on or UNKNOWN)
        .say(lang),
    )


def _kind(printed: Kind, given: Kind) -> Text:
    if given is Kind.UNKNOWN:
        return KINDS[printed]
    return Text("{kind}（--kind）", "{kind} (--kind)").within(kind=KINDS[given])


def _edition(report: AnnualReport) -> Text:
    if report.edition is None:
        return Text("没有可以辨认格式的表格", "no table shows which form was used")
    if report.edition_due in (None, report.edition):
        return Text(f"{report.edition} 年版", f"of {report.edition}")
    return Text(
        f"{report.edition} 年版（该年度应使用 {report.edition_due} 年版）",
        f"of {report.edition} (the {report.edition_due} form is due for the year)",
    )


def verdict(page: Page, report: AnnualReport) -> None:
    """How many cells stand in which state, in words and as a bar."""
    found = report.verdict()
    label = "  " + Text("读到", "read").say(page.lang)
    if not found.cells:
        none = Text("没有读到任何单元格", "no cell was read")
        page.prose(none.say(page.lang), indent=10, label=label, style="red")
        return
    page.prose(summary(report).say(page.lang), indent=10, label=label)
    page.line(" " * 10, *bar(found.counts, found.cells, min(50, page.width - 12)))


def summary(report: AnnualReport) -> Text:
    """198 格：数字 197、空白 1；存疑 2."""
    found = report.verdict()
    counts = [(STATES[s], n) for s, n in found.counts.items() if n]
    zh = "、".join(f"{name.zh} {n}" for name, n in counts)
    en = ", ".join(f"{n} {name.en}" for name, n in counts)
    if found.doubtful:
        zh += f"；其中存疑 {len(found.doubtful)}"
        en += f"; {len(found.doubtful)} of them doubtful"
    return Text(f"{found.cells} 格：{zh}", f"{found.cells} cells: {en}")


def bar(counts: Mapping[State, int], cells: int, width: int) -> list[tuple[str, str]]:
    """The states as lengths; a state that occurs shows at least one mark."""
    lengths = {s: max(1, round(width * n / cells)) for s, n in counts.items() if n}
    longest = max(lengths, key=lambda s: lengths[s])
    lengths[longest] += width - sum(lengths.values())
    style = {State.NUMBER: "green", State.ABSENT: "red", State.UNREADABLE: "red"}
    return [(_BAR[s] * n, style.get(s, "yellow")) for s, n in lengths.items()]


# -- the six sections


def _sections(page: Page, report: AnnualReport) -> None:
    title(page, Text("各部分", "Sections"))
    missing = []
    for no, numeral in enumerate(_NUMERALS, 1):
        printed = report.sections.get(str(no), ())
        if not printed:
            missing.append(numeral if page.lang == "zh" else str(no))
            continue
        for again, passage in enumerate(printed):
            size = _size(passage) if passage.text.strip() else Text("表格", "table")
            twice = Text("又一次：", "again: ").say(page.lang) if again else ""
            heading = clip(twice + _heading(passage), page.width - 24)
            page.line("  " + heading, (f"  {size.say(page.lang)}", "dim"))
    if missing:
        none = Text("没有找到：第 {n} 部分", "not found: section {n}")
        page.line(("  " + none.within(n="、".join(missing)).say(page.lang), "yellow"))
    if report.topics:
        topics = "、".join(report.topics) if page.lang == "zh" else ", ".join(report.topics)
        label = Text("第一部分写到：{topics}", "section 1 speaks of: {topics}")
        page.prose(label.within(topics=topics).say(page.lang), indent=2, style="dim")


def _heading(passage: Passage) -> str:
    return passage.title or clip(passage.text, 40)


def _size(passage: Passage) -> Text:
    length = len("".join(passage.text.split()))
    return Text(f"{length} 字", f"{length} characters")


def title(page: Page, text: Text, count: int | None = None) -> None:
    """The heading of a part of a page."""
    page.blank()
    number = "" if count is None else f" {count}"
    page.line((text.say(page.lang) + number, "bold"))


# -- the three tables


def _tables(page: Page, report: AnnualReport, form: forms.Form) -> None:
    for table in form.tables.values():
        page.blank()
        name = TABLES[table.id].say(page.lang)
        official = table.title.partition("、")[2] if page.lang == "zh" else _ENGLISH[table.id]
        page.line((f"{name}  {official}", "bold"))
        addresses = [a for a in form.addresses if form.specs[a].table == table.id]
        if all(report.cells[a].state is State.ABSENT for a in addresses):
            none = Text(
                "没有读到这张表，{n} 格全部记为缺失。",
                "This table was not read; its {n} cells are absent.",
            )
            page.prose(none.within(n=len(addresses)).say(page.lang), indent=2, style="red")
        elif table.id == "proactive":
            _proactive(page, report, table)
        else:
            _figures(page, report, table)


def _proactive(page: Page, report: AnnualReport, table: forms.Table) -> None:
    """表二: stacked blocks, each with columns of its own, set under one another."""
    width = max(len(block.columns) for block in table.blocks)
    rows: list[list[str]] = []
    styles: list[str] = []
    for block in table.blocks:
        gap = [""] * (width - len(block.columns))
        heading = (block.heading or "") if page.lang == "zh" else _article(block.id)
        rows.append([heading, *(_column(c, page.lang) for c in block.columns), *gap])
        styles.append("dim")
        for row in block.figure_rows:
            cells = [report.cells[f"{table.id}.{row.id}.{c.id}"] for c in block.columns]
            label = row.label if page.lang == "zh" else _words(row.id)
            rows.append(["  " + label, *(shown(c, page.lang) for c in cells), *gap])
            styles.append("")
    page.columns(rows, styles=styles)


def _figures(page: Page, report: AnnualReport, table: forms.Table) -> None:
    """表三、表四: rows under one header; what says nothing is gathered below."""
    columns = table.blocks[0].columns
    rows: list[list[str]] = []
    styles: list[str] = []
    silent: list[tuple[str, str]] = []
    for block in table.blocks:
        pending: dict[str, list[str]] = {}  # headings wait for their first row that says something
        for row in block.rows:
            label = "  " * len(block.above(row)) + _label(row, page.lang)
            if row.kind == "heading":
                pending[row.id] = [label, *[""] * len(columns)]
                continue
            cells = [report.cells[f"{table.id}.{row.id}.{c.id}"] for c in columns]
            same = _silence(cells, page.lang)
            if same and row.id not in ("received", "concluded"):
                silent.append((same, label.strip()))
                continue
            for above in block.above(row):
                if above.id in pending:
                    rows.append(pending.pop(above.id))
                    styles.append("dim")
            rows.append([label, *(shown(c, page.lang) for c in cells)])
            styles.append("")
    header = ["", *(_narrow(c, page.lang) for c in columns)]
    if rows:
        page.columns(rows, header=header, styles=styles)
    _silent(page, silent, bool(rows))


def _silent(page: Page, rows: Sequence[tuple[str, str]], others: bool) -> None:
    for same, count in Counter(same for same, _ in rows).items():
        labels = [label for said, label in rows if said == same]
        text = Text("{other} {n} 行全为{same}", "{other} {n} rows are all {same}").within(
            n=count,
            same=f" {same}" if same.isascii() and page.lang == "zh" else same,
            other=Text("其余", "the other") if others else Text("全部", "all"),
        )
        named = ""
        if same != "0":
            named = "：" + "；".join(labels) if page.lang == "zh" else ": " + "; ".join(labels)
        page.prose(text.say(page.lang) + named, indent=2, style="dim")


def _silence(cells: Iterable[Cell], lang: Lang) -> str:
    """What all cells of a row say alike (0, 空白, 缺失, -), empty where they differ."""
    said = {shown(c, lang) for c in cells}
    only = said.pop() if len(said) == 1 else ""
    return only if only == "0" or not only.isdigit() else ""


def _label(row: forms.Row, lang: Lang) -> str:
    if lang == "zh":
        return row.label.partition("（区分")[0]  # its long remark is the form's, not the report's
    number = f"{row.no} " if row.no else ""
    return number + _words(row.id.removesuffix("_heading"))


def _column(column: forms.Column, lang: Lang) -> str:
    if lang == "en":
        return _words(column.id)
    return column.label.partition("（")[0]


def _narrow(column: forms.Column, lang: Lang) -> str:
    """A column's label over as many lines as keep it narrow."""
    if lang == "en":
        return _words(column.id).replace(" ", "\n")
    label = column.label
    half = (len(label) + 1) // 2
    return label if len(label) <= 3 else f"{label[:half]}\n{label[half:]}"


def _words(id: str) -> str:
    return id.replace("_", " ")


def _article(block: str) -> str:
    return f"Art 20({block.removeprefix('a20_')})"


def shown(cell: Cell, lang: Lang) -> str:
    """A cell as the page prints it; a question mark follows what is doubtful."""
    if cell.value is not None:
        money = Text(" 万元", " 万元").say(lang) if isinstance(cell.value, Decimal) else ""
        text = f"{cell.value:f}{money}" if isinstance(cell.value, Decimal) else str(cell.value)
    elif cell.state in (State.DASH, State.NOT_APPLICABLE):
        text = clip(cell.raw, 8) or STATES[cell.state].say(lang)
    elif cell.state is State.UNREADABLE:
        text = f"“{clip(cell.raw, 8)}”"
    else:
        text = STATES[cell.state].say(lang)
    return text + (" ?" if cell.doubt else "")


def _other_edition(page: Page, report: AnnualReport) -> None:
    if not report.other_edition_cells:
        return
    title(page, Text("另一版格式的单元格", "Cells of the other form"))
    rows = [
        [label(address, report, page.lang), shown(cell, page.lang)]
        for address, cell in report.other_edition_cells.items()
    ]
    page.columns(rows)


# -- what the reader has to say


def doubts(page: Page, report: AnnualReport) -> None:
    """Each doubtful cell, why, and where it stands."""
    doubtful = [(a, c) for a, c in report.cells.items() if c.doubt]
    if not doubtful:
        return
    title(page, Text("存疑（请对照原件）", "Doubts (see the original)"), len(doubtful))
    for address, cell in doubtful:
        assert cell.doubt is not None
        at = where(cell.place, page.lang)
        page.prose(f"? {label(address, report, page.lang)}", indent=2, style="yellow")
        page.prose(cell.doubt.text.say(page.lang) + (f"  [{at}]" if at else ""), indent=4)


def label(address: str, report: AnnualReport, lang: Lang) -> str:
    """An address in words: 表三 一、本年新收政府信息公开申请数量 / 自然人."""
    for edition in dict.fromkeys([report.edition or "", *forms.editions()]):
        spec = forms.form(edition).specs.get(address) if edition else None
        if spec is not None:
            table = TABLES[spec.table].say(lang)
            row, column = _label(spec.row, lang), _column(spec.column, lang)
            return f"{table} {row} / {column}"
    return address


def _leftovers(page: Page, leftovers: Sequence[Leftover]) -> None:
    if not leftovers:
        return
    title(page, Text("未归位", "Leftovers"), len(leftovers))
    for left in leftovers[:_LIST]:
        at = where(left.place, page.lang)
        raw = " | ".join(left.values) if left.values else left.raw
        page.prose(f"“{clip(raw, 120)}”" + (f"  [{at}]" if at else ""), indent=2)
    _more(page, len(leftovers))


def _notes(page: Page, notes: Sequence[Note]) -> None:
    if not notes:
        return
    title(page, Text("读取说明", "Notes of the reader"), len(notes))
    for note in notes[:_LIST]:
        at = where(note.place, page.lang)
        page.prose(note.text.say(page.lang) + (f"  [{at}]" if at else ""), indent=2, label="·")
    _more(page, len(notes))


def _claims(page: Page, found: Sequence[Claim]) -> None:
    if not found:
        return
    title(page, Text("正文中写到的数量", "Counts the prose states"), len(found))
    for claim in found[: 2 * _LIST]:
        said = _counted(claim).say(page.lang).rstrip()
        page.line("  " + clip(said, page.width - 2), (_quote(page, claim, said), "dim"))
    _more(page, len(found), 2 * _LIST)


def _counted(claim: Claim) -> Text:
    """主动公开的政府信息（微博） 331 条."""
    subject = claims.SUBJECTS.get(claim.subject)
    via = claims.CHANNELS.get(claim.channel or "")
    plain = Text("{subject}{via} {about}{value} {unit}", "{subject}{via} {about}{value} {unit}")
    return plain.within(
        subject=subject.term if subject else claim.subject,
        via=Text("（{via}）", " ({via})").within(via=via) if via else "",
        about="" if claim.exact else Text("约 ", "about "),
        value=f"{claim.value:f}" if isinstance(claim.value, Decimal) else claim.value,
        unit=Text("{unit}（累计）", "{unit} (cumulative)").within(unit=claim.unit or "")
        if claim.cumulative
        else claim.unit or "",
    )


def _quote(page: Page, claim: Claim, said: str) -> str:
    """As much of the sentence as the line still holds."""
    room = page.width - cell_len(said) - 8
    return f"  “{clip(claim.raw, room)}”" if room > 12 else ""


def _more(page: Page, count: int, shown: int = _LIST) -> None:
    if count > shown:
        more = Text("另有 {n} 项，见 --json。", "{n} more: see --json.")
        page.line(("  " + more.within(n=count - shown).say(page.lang), "dim"))
