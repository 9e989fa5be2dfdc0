"""汇总网页 (.html): the totals table by table with n of m, who reported, and who lacks what."""

from __future__ import annotations

from collections.abc import Iterator

from gongkai.statute import forms, rollup_choice
from gongkai.statute.rollups import Lack, RollUp, Sum, Unit
from gongkai.statute.texts import Lang, Text
from gongkai.statute.writers import base_names
from gongkai.statute.writers.form_words import (
    KINDS,
    LACKS,
    TABLES,
    block_name,
    cell_name,
    column_name,
    figure,
    head_name,
    row_name,
)
from gongkai.statute.writers.sums_html import document, escape, facts, listing, table

_NAMED = 3  # units without a report that are named at the top
_SOURCES = 60
"""So many units' figures are listed cell by cell; of more the workbook and the JSON have all."""


def page(rolled: RollUp, lang: Lang) -> str:
    """The whole page."""
    shown = base_names.rolled(rolled)
    return document(title(shown).say(lang), body(shown, lang), lang, what="rollup")


def title(rolled: RollUp) -> Text:
    """青石区人民政府 2024 年度政府信息公开工作情况汇总."""
    year = rolled.year or "?"
    return Text(
        f"{rolled.organ} {year} 年度政府信息公开工作情况汇总",
        f"{rolled.organ}: figures of {year} rolled up",
    )


def state(rolled: RollUp) -> Text:
    """Whether the totals can be used, and what keeps them from it."""
    of, missing = len(rolled.units), len(rolled.missing)
    if rolled.is_complete:
        if rolled.listed:
            return Text(
                f"应报 {of} 个单位，每一格都有数。", f"All {of} units expected gave every figure."
            )
        return Text(
            f"给出的 {of} 个单位每一格都有数；没有应报单位名单，有没有单位没报看不出来。",
            f"All {of} units given gave every figure; without a list of units expected nobody can "
            "tell who is missing.",
        )
    part = sum(s.is_part for s in rolled.sums.values())
    empty = sum(s.value is None for s in rolled.sums.values())
    named = rollup_choice.listed(rolled.missing, most=_NAMED)
    zh = f"{of} 个单位中 {missing} 个没有报告：{named.zh}。" if missing else ""
    en = f"{missing} of {of} units have no report: {named.en}. " if missing else ""
    if part:
        zh += f"{part} 格只是部分合计，不是全部单位的数。"
        en += f"{part} figures are part sums, not those of all units. "
    if empty:
        zh += f"{empty} 格没有合计，留空：缺的数不按 0 计。"
        en += f"{empty} totals are left empty: what is missing is not taken as 0."
    return Text(zh, en.strip())


def totals(rolled: RollUp) -> Text:
    """200 格：齐全 190、部分合计 4、留空 6."""
    whole = sum(s.is_complete for s in rolled.sums.values())
    part = sum(s.is_part for s in rolled.sums.values())
    empty = len(rolled.sums) - whole - part
    zh = [f"齐全 {whole}"] + [f"部分合计 {part}"] * bool(part) + [f"留空 {empty}"] * bool(empty)
    en = [f"{whole} complete"] + [f"{part} part sums"] * bool(part)
    en += [f"{empty} left empty"] * bool(empty)
    cells = len(rolled.sums)
    return Text(f"{cells} 格：{'、'.join(zh)}", f"{cells} cells: {', '.join(en)}")


def body(rolled: RollUp, lang: Lang) -> Iterator[str]:
    """What the page shows of the roll-up, without the page around it."""
    whole = rolled.is_complete
    word = Text("齐全", "Complete") if whole else Text("不齐全", "Incomplete")
    yield f'<p class="state{"" if whole else " open"}"><b>{word.say(lang)}</b>'
    yield f"{escape(state(rolled).say(lang))}</p>\n"
    yield facts((term.say(lang), said.say(lang)) for term, said in _facts(rolled))
    yield listing([note.text.say(lang) for note in rolled.notes])
    form = forms.form(rolled.edition)
    for one in form.tables.values():
        yield f"<h2>{escape(TABLES[one.id].say(lang))}</h2>\n"
        yield from (
            _stacked(rolled, one, lang) if one.id == "proactive" else _wide(rolled, one, lang)
        )
    yield from _coverage(rolled, lang)
    yield from _aside(rolled, lang)
    yield from _sources(rolled, form, lang)


def _facts(rolled: RollUp) -> Iterator[tuple[Text, Text]]:
    of, given = len(rolled.units), len(rolled.units) - len(rolled.missing)
    yield (
        Text("单位", "Units"),
        Text(f"应报 {of} 个，有报告 {given} 个", f"{of} expected, {given} with a report")
        if rolled.listed
        else Text(f"给出 {of} 个，读到报告 {given} 个", f"{of} given, {given} with a report"),
    )
    yield Text("格式", "Form"), Text(f"{rolled.edition} 年版", f"of {rolled.edition}")
    yield Text("合计", "Totals"), totals(rolled)


# -- the three tables


def _stacked(rolled: RollUp, one: forms.Table, lang: Lang) -> Iterator[str]:
    """表二: a table for each block, as each has columns of its own."""
    for block in one.blocks:
        head = ["", *(column_name(c, lang) for c in block.columns)]
        rows = (
            f'<tr><th scope="row">{escape(row_name(row, lang))}</th>'
            + "".join(_cell(rolled.sums[f"{one.id}.{row.id}.{c.id}"], lang) for c in block.columns)
            + "</tr>\n"
            for row in block.figure_rows
        )
        yield table(block_name(block, lang), head, rows, kind="stack")


def _wide(rolled: RollUp, one: forms.Table, lang: Lang) -> Iterator[str]:
    """表三、表四: rows under one header."""
    columns = one.blocks[0].columns
    head = ["", *(head_name(c, lang) for c in columns)]
    caption = (
        Text("各行合计", "Totals by row")
        if one.id == "applications"
        else Text("各类案件合计", "Totals by kind of case")
    )
    yield table(caption.say(lang), head, _rows(rolled, one, columns, lang), kind="matrix")


def _rows(
    rolled: RollUp, one: forms.Table, columns: tuple[forms.Column, ...], lang: Lang
) -> Iterator[str]:
    for block in one.blocks:
        for row in block.rows:
            name = escape(row_name(row, lang))
            if row.kind == "heading":
                across = len(columns) + 1
                sub = f' class="sub{under}"' if (under := len(block.above(row))) else ""
                yield f'<tr><th scope="rowgroup" colspan="{across}"{sub}>{name}</th></tr>\n'
                continue
            cells = (_cell(rolled.sums[f"{one.id}.{row.id}.{c.id}"], lang) for c in columns)
            under = len(block.above(row))
            sub = f' class="sub{under}"' if under else ""
            total = ' class="total"' if row.id == "concluded" else ""
            yield f'<tr{total}><th scope="row"{sub}>{name}</th>{"".join(cells)}</tr>\n'


def _cell(one: Sum, lang: Lang) -> str:
    number = "" if one.value is None else figure(one.value)
    doubt = Text("存疑", "doubtful").say(lang) if one.doubtful else ""
    if one.is_complete:
        return f"<td>{number}{f'<small>{doubt}</small>' if doubt else ''}</td>"
    word = Text("留空", "empty") if one.value is None else Text("部分", "part")
    said = f"{word.say(lang)} {len(one.given)}/{one.of}" + (f" {doubt}" if doubt else "")
    return f'<td class="open">{number}<small>{said}</small></td>'


# -- who reported


def _coverage(rolled: RollUp, lang: Lang) -> Iterator[str]:
    yield f"<h2>{Text('单位报送情况', 'Units').say(lang)}</h2>\n"
    caption = Text(
        f"{len(rolled.units)} 个单位的报告和缺数", f"Reports of {len(rolled.units)} units"
    )
    head = {
        "zh": ["单位", "报告文件", "缺数", "年度", "格式", "口径", "有数的格"],
        "en": ["Unit", "File", "Lacking", "Year", "Form", "Scope", "Figures"],
    }[lang]
    where = _where(rolled)
    rows = (_unit(unit, where.get(unit.name, {}), rolled, lang) for unit in rolled.units)
    yield table(caption.say(lang), head, rows, kind="matrix", words=3)


def _where(rolled: RollUp) -> dict[str, dict[Lack, list[str]]]:
    found: dict[str, dict[Lack, list[str]]] = {}
    for address, one in rolled.sums.items():
        for name, lack in one.without:
            if lack is not Lack.MISSING_REPORT:
                found.setdefault(name, {}).setdefault(lack, []).append(address)
    return found


def _unit(unit: Unit, where: dict[Lack, list[str]], rolled: RollUp, lang: Lang) -> str:
    report = unit.report
    name = f'<th scope="row">{escape(unit.name)}</th>'
    if report is None:
        word = LACKS[Lack.MISSING_REPORT].say(lang)
        return (
            f'<tr>{name}<td></td><td class="open words">{word}</td><td></td><td></td><td></td>'
            f"<td>0/{unit.cells}</td></tr>\n"
        )
    lacking = "；".join(_lack(lack, found, unit, rolled, lang) for lack, found in where.items())
    open_one = " open" if lacking else ""
    return (
        f'<tr>{name}<td class="words">{escape(report.file)}</td>'
        f'<td class="words{open_one}">{escape(lacking) or Text("无", "none").say(lang)}</td>'
        f"<td>{report.year or '?'}</td><td>{report.edition or '?'}</td>"
        f"<td>{KINDS[report.kind].say(lang)}</td><td>{unit.given}/{unit.cells}</td></tr>\n"
    )


def _lack(lack: Lack, found: list[str], unit: Unit, rolled: RollUp, lang: Lang) -> str:
    specs = forms.form(rolled.edition).specs
    count = f"{LACKS[lack].say(lang)} {len(found)}"
    if len(found) == unit.cells:
        return count
    names = "、".join(cell_name(specs[a], lang) for a in found[:6])
    more = Text("等", " …").say(lang) if len(found) > 6 else ""
    return f"{count}（{names}{more}）" if lang == "zh" else f"{count} ({names}{more})"


def _aside(rolled: RollUp, lang: Lang) -> Iterator[str]:
    if rolled.aside:
        yield f"<h2>{Text('没有计入的报告', 'Reports not added').say(lang)}</h2>\n"
        head = {"zh": ["机关", "文件", "原因"], "en": ["Organ", "File", "Reason"]}[lang]
        rows = (
            f'<tr><th scope="row">{escape(one.organ or "?")}</th><td class="words">'
            f'{escape(one.file)}</td><td class="words">{escape(one.why.text.say(lang))}</td></tr>\n'
            for one in rolled.aside
        )
        caption = Text(f"{len(rolled.aside)} 份报告没有计入", f"{len(rolled.aside)} not added")
        yield table(caption.say(lang), head, rows, words=3)
    if rolled.unread:
        yield f"<h2>{Text('未能读取的文件', 'Files not read').say(lang)}</h2>\n"
        yield listing(list(rolled.unread))


def _sources(rolled: RollUp, form: forms.Form, lang: Lang) -> Iterator[str]:
    """Who gave what, cell by cell; cells that are 0 everywhere are left to the workbook."""
    yield f"<h2>{Text('每个数来自谁', 'Where each figure is from').say(lang)}</h2>\n"
    if len(rolled.units) > _SOURCES:
        told = Text(
            "单位较多，这里不逐格列出；加 -o 汇总.xlsx 可得逐格来源。",
            "There are many units, too many to list here cell by cell: -o rollup.xlsx writes "
            "where each figure is from.",
        )
        yield f'<p class="quiet">{told.say(lang)}</p>\n'
        return
    yield f"<details>\n<summary>{Text('逐格列出', 'Cell by cell').say(lang)}</summary>\n"
    head = {
        "zh": ["单元格", "各单位的数（0 不列）", "没有数的单位", "合计"],
        "en": ["Cell", "Figures of units (0 left out)", "Units without", "Total"],
    }[lang]
    rows = (
        _source(form.specs[address], one, lang)
        for address, one in rolled.sums.items()
        if one.value != 0 or one.without
    )
    caption = Text("逐格来源（各单位都是 0 的不列）", "Where figures are from (all 0 left out)")
    yield table(caption.say(lang), head, rows, kind="matrix", words=3)
    yield "</details>\n"


def _source(spec: forms.Spec, one: Sum, lang: Lang) -> str:
    apart = "、" if lang == "zh" else ", "
    given = apart.join(f"{name} {figure(value)}" for name, value in one.given if value != 0)
    lacks = [(name, LACKS[lack].say(lang)) for name, lack in one.without]
    without = apart.join(f"{n}（{w}）" if lang == "zh" else f"{n} ({w})" for n, w in lacks)
    table_name = TABLES[spec.table].say(lang).split("  ")[0]
    return (
        f'<tr><th scope="row">{escape(table_name)} {escape(cell_name(spec, lang))}</th>'
        f'<td class="words">{escape(given)}</td><td class="words">{escape(without)}</td>'
        f"{_cell(one, lang)}</tr>\n"
    )
