"""跨年比较: this year's report against last year's (ids ``year.*``); nothing without ``previous``.

Breaks between years are warnings: the form does not print these identities, and there can be
lawful reasons (facts.md 2.3).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from gongkai.statute import forms
from gongkai.statute.checks import applications, limits, remedies, showing
from gongkai.statute.findings import Case, Check, Finding, Level, Rule
from gongkai.statute.report import NOWHERE, AnnualReport, Value
from gongkai.statute.texts import Text

_T3 = "国办公开办函〔2019〕60号、〔2021〕30号，表三"
_T2 = "国办公开办函〔2021〕30号，表二"
_T2_2019 = "国办公开办函〔2019〕60号，表二"
_LIABILITY = "《政府信息公开条例》第六条（及时、准确公开）；国办公开办函〔2021〕30号（四）明确责任"
_DOCUMENT_ROWS = ("regulations", "normative_documents")
_ITEM_ROWS = ("licensing", "other_services", "penalty", "coercion", "fees")

ORDER = Rule(
    "year.order",
    Level.WARNING,
    Text("用来比较的是上一年度的报告。", "The report compared with is that of the year before."),
    "《政府信息公开条例》第四十九条（年度）",
    Text(
        "拿 2020 年度报告作 2022 年度的上年。", "The 2020 report is given as the year before 2022."
    ),
)


def order(case: Case) -> Iterator[Finding]:
    """Otherwise no rule of this module is applied."""
    if case.previous is None:
        return
    if _last_years(case) is not None:
        yield ORDER.holds()
        return
    ours, theirs = _year(case.report), _year(case.previous)
    yield ORDER.cannot_tell(
        Text(
            f"本报告年度是 {ours.zh}，给出的上年报告年度是 {theirs.zh}，不能跨年核对。",
            f"This report is of {ours.en}, the one given as last year's of "
            f"{theirs.en}; they cannot be compared.",
        ),
        Text(
            "没有与上年比较。请改用上一年度的报告再查；年度没有写明的，先在标题写明。",
            "Nothing was compared with last year. Give last year's report; where a year is not "
            "stated, state it in the title.",
        ),
    )


ORGAN = Rule(
    "year.organ",
    Level.WARNING,
    Text("两年的报告是同一个机关的。", "Both reports are of one organ."),
    "《政府信息公开条例》第四十九条",
    Text("上年报告是另一个单位的。", "Last year's report is another organ's."),
)


def organ(case: Case) -> Iterator[Finding]:
    """By name; one may leave out its beginning (云水市青石区档案局, 青石区档案局)."""
    previous = _last_years(case)
    if previous is None or not case.report.organ or not previous.organ:
        return
    if same_organ(case.report, previous):
        yield ORGAN.holds()
        return
    ours, theirs = ("".join(n.split()) for n in (case.report.organ, previous.organ))
    yield ORGAN.cannot_tell(
        Text(
            f"本报告是“{ours}”的，上年报告是“{theirs}”的，不能确定是不是同一机关。",
            f"This report is of “{ours}”, last year's of “{theirs}”; whether they are one organ "
            "cannot be told.",
        ),
        Text(
            "没有与上年比较。如是拿错了文件，请换正确的上年报告；如是更名或机构改革，"
            "请人工核对结转等跨年的数。",
            "Nothing was compared with last year. If it is the wrong file, give the right one; "
            "after a change of name, compare what was carried over by hand.",
        ),
    )


CARRY = Rule(
    "year.carry",
    Level.WARNING,
    Text(
        "每一列：本年的上年结转，等于上年的结转下年度。",
        "In each column, carried in this year equals carried out last year.",
    ),
    _T3,
    Text(
        "上年结转下年 2 件，本年上年结转写 0。",
        "2 were carried out last year, 0 carried in this year.",
    ),
)


def carry(case: Case) -> Iterator[Finding]:
    """Column by column; both editions have these rows."""
    previous = _previous(case)
    if previous is None:
        return
    report, form = case.report, showing.form_of(case.report)
    untold: list[str] = []
    for column in applications.layout(form.edition).columns:
        here, there = f"applications.carried_in.{column}", f"applications.carried_out.{column}"
        now, then = report.cell(here).value, previous.cell(there).value
        if now is None or then is None:
            untold.append(here)
        elif now == then:
            yield CARRY.holds(here)
        else:
            name = showing.column(form, here)
            yield CARRY.broken(
                Text(
                    f"“{name}”一列：本年“上年结转”写 {now}，上年“结转下年度”是 {then}。",
                    f"Column “{name}”: carried in is {now}, but {then} were carried out last year.",
                ),
                Text(
                    "去年没办完的件数，两年应当一致，否则有的申请没有下落。请对照申请台账更正；"
                    "确因上年报告有误或拆分、合并造成的，在正文说明。",
                    "What was left open last year must turn up this year, or applications vanish. "
                    "Correct it by the register; if last year's report was wrong or applications "
                    "were split, say so in the text.",
                ),
                cells=(here,),
                printed=now,
                expected=then,
                place=showing.place(report, here),
            )
    yield from _untold(CARRY, form, untold)


SWAPPED = Rule(
    "year.swapped",
    Level.WARNING,
    Text("上年结转没有填错列。", "What was carried in was not written into another column."),
    _T3,
    Text(
        "上年结转下年：自然人 3、商业企业 1；本年上年结转：自然人 1、商业企业 3。",
        "Carried out: 3 natural persons, 1 business; carried in: 1 and 3.",
    ),
)


def swapped(case: Case) -> Iterator[Finding]:
    """Two columns that fit after an exchange, while all others fit as they are."""
    previous = _previous(case)
    if previous is None:
        return
    report, form = case.report, showing.form_of(case.report)
    kinds = applications.layout(form.edition).kinds
    now = [report.cell(f"applications.carried_in.{c}").value for c in kinds]
    then = [previous.cell(f"applications.carried_out.{c}").value for c in kinds]
    if None in now or None in then:
        return
    wrong = [i for i, (a, b) in enumerate(zip(now, then, strict=True)) if a != b]
    if len(wrong) != 2 or now[wrong[0]] != then[wrong[1]] or now[wrong[1]] != then[wrong[0]]:
        yield SWAPPED.holds()
        return
    cells = tuple(f"applications.carried_in.{kinds[i]}" for i in wrong)
    first, second = (showing.column(form, a) for a in cells)
    yield SWAPPED.broken(
        Text(
            f"“上年结转”的“{first}”和“{second}”两列，对调之后正好与上年“结转下年度”相符。",
            f"Exchanged, the columns “{first}” and “{second}” of what was carried in fit last "
            "year's figures exactly.",
        ),
        Text(
            "很可能两列填反了，其他各行也可能一样。请逐行核对这两列。",
            "The two columns were probably exchanged, perhaps in other rows too. Verify both.",
        ),
        cells=cells,
        place=showing.place(report, cells[0]),
    )


IN_FORCE = Rule(
    "year.in_force",
    Level.WARNING,
    Text(
        "现行有效件数等于上年现行有效加本年制发减本年废止。",
        "Documents in force equal last year's, plus those made, less those repealed.",
    ),
    _T2,
    Text(
        "上年现行有效 84，本年制发 8、废止 26，应为 66，写 70。",
        "84 last year, 8 made, 26 repealed leave 66; the table says 70.",
    ),
)


def in_force(case: Case) -> Iterator[Finding]:
    """Only where both reports use a form that has these columns."""
    previous = _previous(case)
    if previous is None or previous.edition != case.report.edition:
        return
    report, form = case.report, showing.form_of(case.report)
    for row in _DOCUMENT_ROWS:
        valid, made, repealed = (f"proactive.{row}.{c}" for c in ("in_force", "made", "repealed"))
        if valid not in form.specs:
            continue
        then = previous.cell(valid).value
        now, plus, minus = (report.cell(a).value for a in (valid, made, repealed))
        if then is None or now is None or plus is None or minus is None:
            yield from _untold(IN_FORCE, form, [valid])
            continue
        expected = then + plus - minus
        if now == expected:
            yield IN_FORCE.holds(valid)
            continue
        name = showing.row(form, valid)
        if expected < 0:
            what = Text(
                f"“{name}”上年现行有效 {then}、本年制发 {plus}、废止 {minus}，三个数互相不合："
                f"废止的比有的还多；本年现行有效写 {now}。",
                f"“{name}”: {then} in force last year, {plus} made and {minus} repealed this year "
                f"do not fit each other: more were repealed than there were. The table says {now} "
                "are in force.",
            )
        else:
            what = Text(
                f"“{name}”现行有效写 {now}，按上年 {then} ＋ 制发 {plus} － 废止 {minus} 应为 "
                f"{expected}。",
                f"“{name}”: {now} in force; {then} last year + {plus} made − {minus} repealed come "
                f"to {expected}.",
            )
        yield IN_FORCE.broken(
            what,
            Text(
                "请会同司法行政部门按文件清单核对。因有效期届满失效、清理或口径调整造成的差数，"
                "在正文说明。",
                "Go through the list with the justice department. Where documents lapsed, or the "
                "way "
                "of counting changed, say so in the text.",
            ),
            cells=(valid, made, repealed),
            printed=now,
            expected=expected if expected >= 0 else None,
            place=showing.place(report, valid),
        )


ITEMS = Rule(
    "year.items",
    Level.WARNING,
    Text(
        "2019 年格式：上一年项目数量等于上年报告的项目数量加增减。",
        "2019 form: last year's items equal what last year's report comes to with its change.",
    ),
    _T2_2019,
    Text(
        "上年报告：上一年 12 项、增 3 项；本年报告“上一年项目数量”写 12。",
        "Last year: 12 items and a change of 3; this year's “上一年项目数量” is 12.",
    ),
)


def items(case: Case) -> Iterator[Finding]:
    """上一年项目数量(N) = 上一年项目数量(N-1) + 本年增/减(N-1)."""
    previous = _previous(case)
    if previous is None or previous.edition != case.report.edition:
        return
    report, form = case.report, showing.form_of(case.report)
    for row in _ITEM_ROWS:
        had, change = f"proactive.{row}.previous_items", f"proactive.{row}.change"
        if had not in form.specs:
            continue
        now = report.cell(had).value
        then, plus = previous.cell(had).value, previous.cell(change).value
        if now is None or then is None or plus is None:
            yield from _untold(ITEMS, form, [had])
            continue
        if now == then + plus:
            yield ITEMS.holds(had)
            continue
        name = showing.row(form, had)
        yield ITEMS.broken(
            Text(
                f"“{name}”上一年项目数量写 {now}；上年报告是 {then} 项、增减 "
                f"{showing.signed(plus)}，"
                f"应为 {then + plus}。",
                f"“{name}”: {now} items last year; last year's report says {then} with a change of "
                f"{showing.signed(plus)}, which comes to {then + plus}.",
            ),
            Text(
                "两年报告的项目数应当接得上。请对照权责清单核实，口径有变的在正文说明。",
                "The two reports must join. Verify by the list of powers; if the way of counting "
                "changed, say so in the text.",
            ),
            cells=(had,),
            printed=now,
            expected=then + plus if then + plus >= 0 else None,
            place=showing.place(report, had),
        )


TOTAL_PUBLIC = Rule(
    "year.total_public",
    Level.NOTE,
    Text(
        "2019 年格式：对外公开总数量不超过上年总数量加本年新公开数量。",
        "2019 form: the total made public is at most last year's plus this year's.",
    ),
    _T2_2019,
    Text(
        "上年对外公开 63、本年新公开 6，本年总数量写 80。",
        "63 last year and 6 new ones, but 80 in total.",
    ),
)


def total_public(case: Case) -> Iterator[Finding]:
    """Fewer is ordinary (repealed); more than all there can be is not."""
    previous = _previous(case)
    if previous is None or previous.edition != case.report.edition:
        return
    report, form = case.report, showing.form_of(case.report)
    for row in _DOCUMENT_ROWS:
        total, new = f"proactive.{row}.total_public", f"proactive.{row}.published"
        if total not in form.specs:
            continue
        now, plus, then = (
            report.cell(total).value,
            report.cell(new).value,
            previous.cell(total).value,
        )
        if now is None or plus is None or then is None:
            continue
        if now <= then + plus:
            yield TOTAL_PUBLIC.holds(total)
            continue
        name = showing.row(form, total)
        yield TOTAL_PUBLIC.broken(
            Text(
                f"“{name}”对外公开总数量 {now}，上年 {then} 加本年新公开 {plus} 只有 "
                f"{then + plus}。",
                f"“{name}”: {now} made public in total, but {then} last year and {plus} new ones "
                f"add up to only {then + plus}.",
            ),
            Text(
                "请核对是否漏计了本年新公开的，或上年总数量少报。",
                "See whether new ones were left out, or last year's total was too small.",
            ),
            cells=(total, new),
            printed=now,
            place=showing.place(report, total),
        )


PENDING = Rule(
    "year.pending",
    Level.NOTE,
    Text(
        "上年尚未审结的案件，本年应当在总计之内。",
        "Cases pending last year are among this year's total.",
    ),
    "国办公开办函〔2019〕60号、〔2021〕30号，表四（跨年计数为通行做法，格式未规定）",
    Text(
        "上年复议尚未审结 5 件，本年复议总计 2 件。", "5 pending last year, 2 in total this year."
    ),
)


def pending(case: Case) -> Iterator[Finding]:
    """Pending in N-1, so concluded or again pending in N; a NOTE, for the form does not say so."""
    previous = _previous(case)
    if previous is None:
        return
    report, form = case.report, showing.form_of(case.report)
    for row in remedies.ROWS:
        total = f"remedies.{row}.total"
        now, then = report.cell(total).value, previous.cell(f"remedies.{row}.pending").value
        if now is None or then is None:
            continue
        if now >= then:
            yield PENDING.holds(total)
            continue
        name = showing.row(form, total)
        yield PENDING.broken(
            Text(
                f"“{name}”上年尚未审结 {then} 件，本年总计只有 {now} 件。",
                f"“{name}”: {then} pending last year, but only {now} in total this year.",
            ),
            Text(
                "上年未结的案件，本年要么已结、要么仍未结，一般都应计入。请对照台账看是否漏计；"
                "复议后又起诉的，应在相应栏目。",
                "A case pending then is concluded or pending now and usually counts. See whether "
                "some were left out, or moved to another column.",
            ),
            cells=(total,),
            printed=now,
            place=showing.place(report, total),
        )


JUMP = Rule(
    "year.jump",
    Level.NOTE,
    Text(
        "主要数字与上年相比没有不寻常的增减。",
        "The main figures did not change beyond what is usual.",
    ),
    _LIABILITY,
    Text(
        "行政处罚上年 1,240 件，本年 124,000 件。", "1,240 penalties last year, 124,000 this year."
    ),
)


def jump(case: Case) -> Iterator[Finding]:
    """Cells, floors and factors are data; a thousandfold is a WARNING, mostly a wrong unit."""
    previous = _previous(case)
    if previous is None:
        return
    report, form = case.report, showing.form_of(case.report)
    closed = _not_comparable(report, previous)
    for one in limits.jumps():
        if one.address not in form.specs or one.address in closed:
            continue
        now, then = report.cell(one.address).value, previous.cell(one.address).value
        if now is None or then is None or min(now, then) < 0:
            continue
        factor = _factor(now, then, one.floor)
        if factor is None:
            yield JUMP.holds(one.address)
            continue
        yield _jumped(report, form, one.address, now, then, factor)


def _jumped(
    report: AnnualReport, form: forms.Form, address: str, now: Value, then: Value, factor: Decimal
) -> Finding:
    name = showing.cell(form, address)
    sure = factor >= limits.value("jump.factor_sure")
    shown, before = showing.figure(now), showing.figure(then)
    times = showing.figure(factor.quantize(Decimal(1)))
    how = (
        Text(f"相差约 {times} 倍", f"about {times} times apart")
        if now and then
        else Text("一年有、一年没有", "one year has them, the other none")
    )
    unit = sure and now and then and form.specs[address].column.type == "decimal"
    return JUMP.broken(
        Text(
            f"{name}本年 {shown}，上年 {before}，{how.zh}。",
            f"{name}: {shown} this year, {before} last year, {how.en}.",
        ),
        Text(
            "相差近万倍，很可能有一年把元写成了万元。请核对单位。"
            if unit
            else "可能漏了或多了一位数，也可能是统计口径变了。请核实；确实如此的，在正文说明原因。",
            "A ten-thousandfold change is probably yuan in one year and 万元 in the other."
            if unit
            else "A digit may be lost, or the way of counting changed. Verify it; if it is right, "
            "give the reason in the text.",
        ),
        cells=(address,),
        printed=now,
        place=showing.place(report, address),
        level=Level.WARNING if sure and now and then else None,
    )


def _factor(now: Value, then: Value, floor: int) -> Decimal | None:
    """How many times apart, None where it is within the usual or too small to tell."""
    high, low = Decimal(max(now, then)), Decimal(min(now, then))
    limit = limits.value("jump.factor")
    if high < floor:
        return None
    if low == 0:
        return high if high >= floor * limit else None
    return high / low if high / low >= limit else None


SAME = Rule(
    "year.same",
    Level.WARNING,
    Text("表格不是上年表格的照抄。", "The tables are not last year's."),
    _LIABILITY,
    Text(
        "两年表三 175 格完全相同，而全年收到申请 46 件。",
        "All 175 cells of table 3 are last year's, with 46 applications.",
    ),
)
_VOLUME = {
    "proactive": (
        "same.proactive",
        (
            "proactive.licensing.decisions",
            "proactive.penalty.decisions",
            "proactive.coercion.decisions",
        ),
    ),
    "applications": ("same.applications", ("applications.received.total",)),
    "remedies": ("same.remedies", tuple(f"remedies.{r}.total" for r in remedies.ROWS)),
}


def same(case: Case) -> Iterator[Finding]:
    """Every figure of a table equal in both years, and enough of them that chance is out."""
    previous = _previous(case)
    if previous is None or previous.edition != case.report.edition:
        return
    report = case.report
    for table, (limit, volume) in _VOLUME.items():
        addresses = showing.addresses(showing.form_of(report).edition, table)
        pairs = [(report.cell(a).value, previous.cell(a).value) for a in addresses]
        much = sum(report.cell(a).value or 0 for a in volume)
        if much < limits.value(limit) or any(a is None or a != b for a, b in pairs):
            yield SAME.holds()
            continue
        name = showing.TABLES[table]
        yield SAME.broken(
            Text(
                f"{name.zh}的 {len(pairs)} 个数与上年报告完全相同。",
                f"All {len(pairs)} figures of {name.en} are those of last year's report.",
            ),
            Text(
                "两年业务量恰好全同几乎不可能，多半是沿用了上年的表。请用当年数据重新填报。",
                "That two years agree in every figure is next to impossible; last year's table was "
                "probably kept. Fill it in with this year's figures.",
            ),
            cells=addresses,
            place=showing.place(report, addresses[0]),
        )


def _previous(case: Case) -> AnnualReport | None:
    """Last year's report, where it really is last year's and the same organ's."""
    previous = _last_years(case)
    return previous if previous is not None and same_organ(case.report, previous) else None


def same_organ(report: AnnualReport, other: AnnualReport) -> bool:
    """By name, as far as both have one; one may leave out its beginning."""
    ours, theirs = ("".join((r.organ or "").split()) for r in (report, other))
    return ours.endswith(theirs) or theirs.endswith(ours)


def _last_years(case: Case) -> AnnualReport | None:
    previous = case.previous
    if previous is None or previous.year is None or case.report.year is None:
        return None
    return previous if previous.year == case.report.year - 1 else None


def _year(report: AnnualReport) -> Text:
    if report.year is None:
        return Text("（未写明）", "(a year not stated)")
    return Text(str(report.year), str(report.year))


def _not_comparable(report: AnnualReport, previous: AnnualReport) -> frozenset[str]:
    """Addresses both editions have that mean different things in each (from the form data)."""
    if report.edition == previous.edition:
        return frozenset()
    found: set[str] = set()
    for one in (report, previous):
        found |= set(showing.form_of(one).comparability.get("not_comparable", ()))
    return frozenset(found)


def _untold(rule: Rule, form: forms.Form, found: Sequence[str]) -> Iterator[Finding]:
    if not found:
        return
    listed = showing.cells(form, found)
    yield rule.cannot_tell(
        Text(
            f"{listed.zh}无法与上年核对：两年中有一年不是数字。",
            f"{listed.en} cannot be compared with last year: one of the two years has no number.",
        ),
        Text("缺的不按 0 计。请先补上。", "What is missing is not taken as 0. Fill it in first."),
        cells=tuple(found),
        place=NOWHERE,
    )


CHECKS: tuple[tuple[Rule, Check], ...] = (
    (ORDER, order),
    (ORGAN, organ),
    (IN_FORCE, in_force),
    (ITEMS, items),
    (TOTAL_PUBLIC, total_public),
    (CARRY, carry),
    (SWAPPED, swapped),
    (PENDING, pending),
    (JUMP, jump),
    (SAME, same),
)
