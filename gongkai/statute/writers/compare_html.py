"""对比网页 (.html): two reports side by side, and the text of the second, reused sentences marked.

A mark says by a word what it is (同, 数), not by its colour alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from gongkai.statute import forms
from gongkai.statute.comparisons import STATES, Change, Comparison, Marked, Reuse, Section, share
from gongkai.statute.report import AnnualReport, State, Value
from gongkai.statute.texts import Lang, Text
from gongkai.statute.writers import base_names
from gongkai.statute.writers.form_words import (
    KINDS,
    TABLES,
    column_name,
    figure,
    path_name,
    signed,
)
from gongkai.statute.writers.sums_html import document, escape, facts, listing, table

TITLE = Text("政府信息公开工作年度报告对比", "Annual reports compared")
SIDES = (Text("甲", "A"), Text("乙", "B"))
_APART = Text("　", ", ")
SIGNS = {Reuse.VERBATIM: Text("同", "same"), Reuse.FIGURES: Text("数", "figures")}
REUSE = {
    Reuse.VERBATIM: Text("一字不差（空格不计）", "word for word (white space apart)"),
    Reuse.FIGURES: Text("只差数字、年份或机关名称", "but for figures, years or names"),
    Reuse.NEW: Text("甲没有", "not in A"),
}


def page(found: Comparison, lang: Lang) -> str:
    """The whole page."""
    shown = base_names.compared(found)
    return document(TITLE.say(lang), body(shown, lang), lang, what="compare")


def who(report: AnnualReport) -> Text:
    """云水市青石区示例局  2022 年度  2021 年版格式  口径未注明."""
    organ, year, edition = report.organ or "?", report.year or "?", report.edition or "?"
    kind = KINDS[report.kind]
    return Text(
        f"{organ}　{year} 年度　{edition} 年版格式　口径：{kind.zh}",
        f"{organ}, {year}, form of {edition}, scope: {kind.en}",
    )


def reused(found: Comparison) -> Text:
    """乙 600 字中 300 字（50.0%）见于甲：一字不差 200 字，只差数字 100 字."""
    part = found.verbatim + found.figures
    if not found.length:
        return Text("乙没有可以比对的文字。", "B has no prose that could be compared.")
    return Text(
        f"乙 {found.length} 字中有 {part} 字（{share(part, found.length)}%）见于甲："
        f"一字不差 {found.verbatim} 字，只差数字、年份或机关名称 {found.figures} 字。",
        f"{part} of {found.length} characters of B ({share(part, found.length)}%) stand in A: "
        f"{found.verbatim} word for word, {found.figures} but for figures, years or names.",
    )


def spec(address: str, found: Comparison) -> forms.Spec:
    """What an address means: in b's form, else in a's."""
    for edition in (found.b.edition, found.b.edition_due, found.a.edition, *forms.editions()):
        if edition and address in forms.form(edition).specs:
            return forms.form(edition).specs[address]
    raise KeyError(address)


def side(value: Value | None, state: State | None, lang: Lang) -> str:
    """What stands on one side: the figure, or the state of a cell without one."""
    if value is None:
        return "" if state is None else STATES[state].say(lang)
    return figure(value)


def tells(one: Change) -> bool:
    """Whether a cell says something: all but those that are 0 in both."""
    return not (one.a == 0 and one.b == 0)


def percent(one: Change) -> str:
    """The percentage with a proper minus; a dash where a change has none."""
    if one.percent is None:
        return "–" if one.change else ""
    return one.percent.replace("-", "−")


def body(found: Comparison, lang: Lang) -> Iterator[str]:
    """What the page shows of the comparison, without the page around it."""
    yield facts(
        (name.say(lang), f"{who(report).say(lang)}{_APART.say(lang)}{report.file}")
        for name, report in zip(SIDES, (found.a, found.b), strict=True)
    )
    yield listing([note.text.say(lang) for note in found.notes])
    for id, name in TABLES.items():
        yield f"<h2>{escape(name.say(lang))}</h2>\n"
        yield from _table(found, id, lang)
    yield from _apart(found, lang)
    yield f"<h2>{Text('文字沿用', 'Wording taken over').say(lang)}</h2>\n"
    yield f"<p>{escape(reused(found).say(lang))}</p>\n"
    if found.length:
        yield _shares(found, lang)
        yield from _texts(found, lang)


# -- figures

_COLUMNS = {
    "proactive": Text("数量", "Count or amount"),
    "applications": Text("申请人", "Applicant"),
    "remedies": Text("结果", "Outcome"),
}


def _table(found: Comparison, id: str, lang: Lang) -> Iterator[str]:
    changes = [c for c in found.changes if c.comparable and c.address.startswith(f"{id}.")]
    told = [c for c in changes if tells(c)]
    if told:
        head = {
            "zh": ["项目", _COLUMNS[id].zh, "甲", "乙", "增减", "增减 %"],
            "en": ["Row", _COLUMNS[id].en, "A", "B", "Change", "Change %"],
        }[lang]
        caption = Text(
            f"有数的 {len(told)} 格，共 {len(changes)} 格可比",
            f"{len(told)} cells with figures, of {len(changes)} that can be compared",
        )
        rows = _rows(found, told, lang)
        yield table(caption.say(lang), head, rows, kind="changes", words=2)
    quiet = len(changes) - len(told)
    if quiet:
        text = Text(f"其余 {quiet} 格两份都是 0。", f"The other {quiet} cells are 0 in both.")
        yield f'<p class="quiet">{text.say(lang)}</p>\n'


def _rows(found: Comparison, told: Sequence[Change], lang: Lang) -> Iterator[str]:
    for _, group in groupby(told, key=lambda c: c.address.rsplit(".", 1)[0]):
        cells = list(group)
        first_spec = spec(cells[0].address, found)
        name = escape(path_name(first_spec.row, first_spec.block, lang))
        over = f' rowspan="{len(cells)}"' if len(cells) > 1 else ""
        first = f'<th scope="rowgroup" class="row"{over}>{name}</th>'
        for one in cells:
            meant = spec(one.address, found).column
            column = escape(column_name(meant, lang))
            total = ' class="total"' if meant.is_total else ""
            quiet = ' class="same"' if one.change == 0 else ""
            change = "" if one.change is None else signed(one.change)
            why = f"<small>{escape(one.why.say(lang))}</small>" if one.why else ""
            yield (
                f'<tr{total}>{first}<th scope="row">{column}</th>'
                f"<td{quiet}>{escape(side(one.a, one.a_state, lang))}</td>"
                f"<td{quiet}>{escape(side(one.b, one.b_state, lang))}</td>"
                f"<td{quiet}>{change}{why}</td><td{quiet}>{percent(one)}</td></tr>\n"
            )
            first = ""


def _apart(found: Comparison, lang: Lang) -> Iterator[str]:
    """Cells that mean different things in the two forms."""
    apart = [c for c in found.changes if not c.comparable]
    if not apart:
        return
    title = Text("不能比较的单元格", "Cells that cannot be compared").say(lang)
    yield f"<h2>{title}</h2>\n"
    reasons = Counter(c.why for c in apart if c.why is not None)
    yield listing(
        [Text(f"{n} 格：{why.zh}", f"{n} cells: {why.en}").say(lang) for why, n in reasons.items()]
    )
    told = [c for c in apart if any(value not in (None, 0) for value in (c.a, c.b))]
    if told:
        head = {"zh": ["项目", "栏目", "甲", "乙"], "en": ["Row", "Column", "A", "B"]}[lang]
        caption = Text(
            f"其中有数的 {len(told)} 格，只列出，不比较",
            f"{len(told)} of them with figures, shown and not compared",
        )
        rows = (_shown(c, found, lang) for c in told)
        yield table(caption.say(lang), head, rows, kind="changes", words=2)


def _shown(one: Change, found: Comparison, lang: Lang) -> str:
    """A cell with what stands in both, without a difference; – where the form has no such cell."""
    meant = spec(one.address, found)
    sides = (side(one.a, one.a_state, lang) or "–", side(one.b, one.b_state, lang) or "–")
    figures = "".join(f"<td>{escape(said)}</td>" for said in sides)
    return (
        f'<tr><th scope="row" class="row">{escape(path_name(meant.row, meant.block, lang))}</th>'
        f'<th scope="row">{escape(column_name(meant.column, lang))}</th>{figures}</tr>\n'
    )


# -- wording


def _shares(found: Comparison, lang: Lang) -> str:
    head = {
        "zh": ["乙的部分", "字数", "一字不差", "只差数字等", "沿用 %"],
        "en": ["Section of B", "Characters", "Word for word", "But for figures", "Reused %"],
    }[lang]
    rows = (
        f'<tr><th scope="row">{escape(s.title or s.no)}</th><td>{s.length}</td>'
        f"<td>{s.verbatim}</td><td>{s.figures}</td><td>{s.share}</td></tr>\n"
        for s in found.sections
        if s.length
    )
    return table(Text("各部分的沿用", "By section").say(lang), head, rows, kind="stack")


def _texts(found: Comparison, lang: Lang) -> Iterator[str]:
    legend = "　".join(
        f'<mark class="{reuse}"><sup>{escape(sign.say(lang))}</sup>'
        f"{escape(REUSE[reuse].say(lang))}</mark>"
        for reuse, sign in SIGNS.items()
    )
    title = Text("乙的文字，沿用的句子已标出", "The text of B, reused sentences marked")
    yield f'<h2>{title.say(lang)}</h2>\n<p class="legend">{legend}</p>\n'
    for section in found.sections:
        if section.length:
            yield f"<h3>{escape(section.title or section.no)}</h3>\n"
            yield f'<p class="prose" lang="zh-CN">{_marked(section, lang)}</p>\n'


def _marked(section: Section, lang: Lang) -> str:
    """The section's text; sentences of the same kind that follow on each other share a mark."""
    out: list[str] = []
    at = 0
    marks = [m for m in section.marks if m.reuse is not Reuse.NEW]
    for run in _runs(marks, section.text):
        start, end = run[0].start, run[-1].end
        sign = escape(SIGNS[run[0].reuse].say(lang))
        told = escape(_original(run), quote=True)
        out.append(escape(section.text[at:start]))
        out.append(f'<mark class="{run[0].reuse}"{told and f" title={chr(34)}{told}{chr(34)}"}>')
        out.append(f"<sup>{sign}</sup>{escape(section.text[start:end])}</mark>")
        at = end
    return "".join(out) + escape(section.text[at:])


def _runs(marks: Sequence[Marked], text: str) -> Iterator[list[Marked]]:
    run: list[Marked] = []
    for mark in marks:
        follows = run and mark.reuse is run[-1].reuse and not text[run[-1].end : mark.start]
        if run and not follows:
            yield run
            run = []
        run.append(mark)
    if run:
        yield run


def _original(run: Sequence[Marked]) -> str:
    """How it stands in a, where that differs."""
    if run[0].reuse is Reuse.VERBATIM:
        return ""
    return "甲：" + "；".join(mark.original or "" for mark in run)
