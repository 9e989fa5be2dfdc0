"""第二部分 主动公开政府信息情况: rules on table 2 (ids ``t2.*``)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gongkai.statute.checks import cells, limits, organs, showing
from gongkai.statute.findings import Case, Check, Finding, Level, Rule
from gongkai.statute.report import AnnualReport, Value
from gongkai.statute.texts import Text

_2019 = "国办公开办函〔2019〕60号，表二"
_2021 = "国办公开办函〔2021〕30号，表二"
_BOTH = "国办公开办函〔2019〕60号、〔2021〕30号，表二"
_DOCUMENT_ROWS = ("regulations", "normative_documents")
_ITEM_ROWS = ("licensing", "other_services", "penalty", "coercion", "fees")
_AMOUNT_2019 = "proactive.procurement.amount"
_ITEMS_2019 = "proactive.procurement.items"
_AMOUNT_2021 = "proactive.fees.amount"


TOTAL_PUBLIC = Rule(
    "t2.total_public",
    Level.WARNING,
    Text(
        "对外公开总数量不少于本年新公开数量。",
        "The total made public is no less than what was newly made public this year.",
    ),
    _2019,
    Text(
        "规范性文件本年新公开 6 件，对外公开总数量却是 4 件。", "6 newly made public, 4 in total."
    ),
)


def total_public(case: Case) -> Iterator[Finding]:
    """对外公开总数量 counts this year's newly published ones too."""
    report = case.report
    for row in _DOCUMENT_ROWS:
        new, total = f"proactive.{row}.published", f"proactive.{row}.total_public"
        a, b = report.cell(new).value, report.cell(total).value
        if a is None or b is None:
            continue
        if b >= a:
            yield TOTAL_PUBLIC.holds(new, total)
            continue
        name = showing.row(showing.form_of(report), new)
        yield TOTAL_PUBLIC.broken(
            Text(
                f"“{name}”对外公开总数量 {b}，少于本年新公开数量 {a}。",
                f"“{name}”: {b} made public in total, fewer than the {a} of this year alone.",
            ),
            Text(
                "总数量是历年累计，应当包括本年新公开的。请核对两栏是否填反，"
                "或总数量漏加了本年数。",
                "The total adds up all years and includes this one. See whether the two columns "
                "were exchanged or this year was left out of the total.",
            ),
            cells=(total, new),
            printed=b,
            place=showing.place(report, total),
        )


IN_FORCE = Rule(
    "t2.in_force",
    Level.WARNING,
    Text(
        "现行有效件数不少于本年制发件数；更不可能少于制发减去废止后的件数。",
        "Documents in force are no fewer than those made this year, and never fewer than those "
        "made less those repealed.",
    ),
    _2021,
    Text(
        "行政规范性文件本年制发 8 件，现行有效只有 3 件。",
        "8 documents made this year, 3 in force.",
    ),
)


def in_force(case: Case) -> Iterator[Finding]:
    """现行有效 = 上年末现行有效 + 制发 − 废止, and 上年末现行有效 ≥ 0.

    So in_force ≥ made − repealed always (ERROR otherwise). Fewer in force than made would mean that
    documents of this very year were repealed within it: possible, hence WARNING.
    """
    report = case.report
    for row in _DOCUMENT_ROWS:
        at = [f"proactive.{row}.{c}" for c in ("in_force", "made", "repealed")]
        valid, made, repealed = (report.cell(a).value for a in at)
        if valid is None or made is None:
            continue
        if valid >= made:
            yield IN_FORCE.holds(*at)
            continue
        name = showing.row(showing.form_of(report), at[0])
        if repealed is not None and valid < made - repealed:
            yield IN_FORCE.broken(
                Text(
                    f"“{name}”本年制发 {made} 件、废止 {repealed} 件，现行有效至少应有 "
                    f"{made - repealed} 件，表中为 {valid} 件。",
                    f"“{name}”: {made} made and {repealed} repealed this year leave at least "
                    f"{made - repealed} in force; the table says {valid}.",
                ),
                Text(
                    "上年末的现行有效件数不可能是负数，三个数中至少有一个不对。"
                    "请会同司法行政部门按文件清单核对。",
                    "The number in force a year ago cannot have been negative, so one of the three "
                    "figures is wrong. Go through the list of documents with the justice "
                    "department.",
                ),
                cells=tuple(at),
                printed=valid,
                place=showing.place(report, at[0]),
                level=Level.ERROR,
            )
            continue
        yield IN_FORCE.broken(
            Text(
                f"“{name}”现行有效 {valid} 件，少于本年制发 {made} 件。",
                f"“{name}”: {valid} in force, fewer than the {made} made this year.",
            ),
            Text(
                "除非本年制发的文件当年又被废止，否则现行有效应包括本年制发的全部文件。"
                "请按文件清单核对“现行有效件数”。",
                "Unless documents of this year were repealed within it, all of them are in force. "
                "Verify “现行有效件数” by the list of documents.",
            ),
            cells=tuple(at),
            printed=valid,
            place=showing.place(report, at[0]),
        )


ITEMS_BELOW_ZERO = Rule(
    "t2.items_below_zero",
    Level.ERROR,
    Text(
        "上一年项目数量加本年增/减不小于 0。",
        "Last year's number of items plus this year's change is not below 0.",
    ),
    _2019,
    Text("上一年项目数量 3，本年增/减 -5。", "3 items last year, a change of -5."),
)


def items_below_zero(case: Case) -> Iterator[Finding]:
    """上一年项目数量 + 本年增/减 = this year's number of items, which is a count."""
    report = case.report
    for row in _ITEM_ROWS:
        had, change = f"proactive.{row}.previous_items", f"proactive.{row}.change"
        a, b = report.cell(had).value, report.cell(change).value
        if a is None or b is None:
            continue
        if a + b >= 0:
            yield ITEMS_BELOW_ZERO.holds(had, change)
            continue
        name = showing.row(showing.form_of(report), had)
        yield ITEMS_BELOW_ZERO.broken(
            Text(
                f"“{name}”上一年项目数量 {a}，本年增/减 {b}，合计为 {a + b}。",
                f"“{name}”: {a} items last year and a change of {b} add up to {a + b}.",
            ),
            Text(
                "项目数量不会小于 0。请核对上一年数量和减少的项数。",
                "A number of items is not below 0. Verify last year's number and the decrease.",
            ),
            cells=(change, had),
            printed=b,
            place=showing.place(report, change),
        )


PROCUREMENT = Rule(
    "t2.procurement",
    Level.WARNING,
    Text(
        "政府集中采购的项目数量和总金额同时有或同时没有。",
        "Procurement items and their total amount are both there or both 0.",
    ),
    _2019,
    Text("采购项目 7 项，总金额 0。", "7 procurement items, amount 0."),
)


def procurement(case: Case) -> Iterator[Finding]:
    """Items without an amount, or an amount without items."""
    report = case.report
    items, amount = report.cell(_ITEMS_2019).value, report.cell(_AMOUNT_2019).value
    if items is None or amount is None:
        return
    if (items > 0) == (amount > 0):
        yield PROCUREMENT.holds(_ITEMS_2019, _AMOUNT_2019)
        return
    wrong = _AMOUNT_2019 if items > 0 else _ITEMS_2019
    other = _ITEMS_2019 if items > 0 else _AMOUNT_2019
    shown = showing.figure(amount)
    yield PROCUREMENT.broken(
        Text(
            f"政府集中采购有 {items} 项，总金额为 {shown} 万元。",
            f"Central procurement: {showing.counted(int(items), 'item')}, total amount {shown} "
            "万元.",
        ),
        Text(
            "有项目就有金额，有金额就有项目。请按采购台账补上漏填的一栏。",
            "Items cost something and money buys something. Fill in the missing one by the "
            "procurement record.",
        ),
        cells=(wrong, other),
        printed=report.cell(wrong).value,
        place=showing.place(report, wrong),
    )


MONEY_SCALE = Rule(
    "t2.money_scale",
    Level.WARNING,
    Text(
        "以万元计的金额大小合理，没有把元写成万元。",
        "An amount in 万元 has a plausible size; yuan were not written as 万元.",
    ),
    _BOTH,
    Text(
        "采购 2 项，总金额写 13480，没有单位：按万元是 1.348 亿元，多半是 13480 元。",
        "2 items for 13480 without a unit: 134.8 million yuan if 万元, probably 13480 yuan.",
    ),
)


def money_scale(case: Case) -> Iterator[Finding]:
    """采购总金额 by the item (2019), 收费金额 by the level of the organ (2021)."""
    report = case.report
    amount = report.cell(_AMOUNT_2019).value
    items = report.cell(_ITEMS_2019).value
    if amount is not None and items is not None and items > 0:
        yield _procurement_scale(report, Decimal(amount), items)
    fees = report.cell(_AMOUNT_2021).value
    if fees is not None:
        yield _fee_scale(report, Decimal(fees))


def _procurement_scale(report: AnnualReport, amount: Decimal, items: Value) -> Finding:
    cell = report.cell(_AMOUNT_2019)
    each = amount / items
    bare = cell.unit is None and amount == amount.to_integral_value()
    suspect = bare and each > limits.value("money.per_item")
    sensible = each >= limits.value("money.per_item_yuan")
    if not (suspect and sensible) and each <= limits.value("money.per_item_absurd"):
        return MONEY_SCALE.holds(_AMOUNT_2019, _ITEMS_2019)
    shown = showing.figure(amount)
    yuan = showing.figure(amount / 10_000)
    return MONEY_SCALE.broken(
        Text(
            f"政府集中采购 {items} 项，总金额写 {shown}，单位按格式是万元，平均每项 "
            f"{showing.figure(each.quantize(Decimal('0.01')))} 万元。",
            f"Central procurement: {showing.counted(int(items), 'item')} for {shown}; the form's "
            "unit is 万元, so "
            f"{showing.figure(each.quantize(Decimal('0.01')))} 万元 each.",
        ),
        Text(
            f"很可能是把元写成了万元：{shown} 元应写作 {yuan}。请对照采购合同或决算核实，"
            "金额确实如此的不必改。",
            f"These are probably yuan: {shown} yuan are written {yuan}. Verify by the contracts or "
            "the final accounts; leave it if the amount is right.",
        ),
        cells=(_AMOUNT_2019, _ITEMS_2019),
        printed=amount,
        place=cell.place,
    )


def _fee_scale(report: AnnualReport, fees: Decimal) -> Finding:
    seat = organs.seat(report.organ or "")
    limit = limits.value(
        {organs.Seat.TOWNSHIP: "fees.township", organs.Seat.COUNTY: "fees.county"}.get(
            seat, "fees.any"
        )
    )
    if fees <= limit:
        return MONEY_SCALE.holds(_AMOUNT_2021)
    shown, yuan = showing.figure(fees), showing.figure(fees / 10_000)
    return MONEY_SCALE.broken(
        Text(
            f"行政事业性收费写 {shown} 万元，合 {showing.figure(fees / 10_000)} 亿元，"
            "超出同级单位的常见规模。",
            f"Administrative fees of {shown} 万元 ({showing.figure(fees / 100)} million yuan) are "
            "beyond what organs of this level collect.",
        ),
        Text(
            f"很可能是把元写成了万元：{shown} 元应写作 {yuan}。请对照非税收入账核实。",
            f"These are probably yuan: {shown} yuan are written {yuan}. Verify by the accounts of "
            "non-tax revenue.",
        ),
        cells=(_AMOUNT_2021,),
        printed=fees,
        place=report.cell(_AMOUNT_2021).place,
    )


MONEY_UNIT = Rule(
    "t2.money_unit",
    Level.NOTE,
    Text(
        "金额单元格只写数字，单位是表头的万元。",
        "A cell of money holds a figure only; its unit is the header's 万元.",
    ),
    _BOTH,
    Text("采购总金额写“4.339万元”；写“251000元”。", "A cell says “4.339万元”, or “251000元”."),
)


def money_unit(case: Case) -> Iterator[Finding]:
    """A unit printed in the cell; another unit than 万元 was converted by the reader: WARNING."""
    report = case.report
    for address in (_AMOUNT_2019, _AMOUNT_2021):
        cell = report.cell(address)
        if cell.value is None:
            continue
        if cell.unit is None:
            yield MONEY_UNIT.holds(address)
            continue
        name, raw = showing.cell(showing.form_of(report), address), cell.raw.strip()
        value = showing.figure(cell.value)
        same = cell.unit.strip() == "万元"
        yield MONEY_UNIT.broken(
            Text(
                f"{name}写“{raw}”，格内带了单位。"
                if same
                else f"{name}写“{raw}”，单位不是万元，折合 {value} 万元。",
                f"{name} says “{raw}”, with a unit inside the cell."
                if same
                else f"{name} says “{raw}”, in another unit than 万元; it comes to {value} 万元.",
            ),
            Text(
                f"格式规定单位为万元，格内只写数字，请改为 {value}。",
                "The form fixes the unit, 万元, and the cell holds the figure only: write "
                f"{value}.",
            ),
            cells=(address,),
            printed=raw,
            expected=value,
            place=cell.place,
            level=None if same else Level.WARNING,
        )


DECIMALS = Rule(
    "t2.decimals",
    Level.WARNING,
    Text("以万元计的金额最多 4 位小数。", "Amounts in 万元 have at most four decimals."),
    "国办公开办函〔2019〕60号，表二（单位：万元，保留4位小数）",
    Text("采购总金额写 4.33912。", "The amount is 4.33912."),
)


def decimals(case: Case) -> Iterator[Finding]:
    """Four are printed in the 2019 form; 2021 is silent and four are kept."""
    report = case.report
    most = int(limits.value("money.decimals"))
    for address in (_AMOUNT_2019, _AMOUNT_2021):
        cell = report.cell(address)
        if not isinstance(cell.value, Decimal):
            continue
        found = _decimals(cell.value)
        if found <= most or (cell.unit or "万元").strip() != "万元":  # 元折算成万元可以有 6 位
            yield DECIMALS.holds(address)
            continue
        name, value = showing.cell(showing.form_of(report), address), format(cell.value, "f")
        yield DECIMALS.broken(
            Text(
                f"{name}写 {value}，有 {found} 位小数。",
                f"{name} is {value}, with {found} decimals.",
            ),
            Text(
                f"4 位小数的万元已精确到元，请保留 {most} 位小数。",
                f"Four decimals of 万元 are single yuan; keep {most} decimals.",
            ),
            cells=(address,),
            printed=cell.value,
            expected=round(cell.value, most),
            place=cell.place,
        )


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


CHECKS: tuple[tuple[Rule, Check], ...] = (
    *cells.rules("t2", "proactive"),
    (TOTAL_PUBLIC, total_public),
    (IN_FORCE, in_force),
    (ITEMS_BELOW_ZERO, items_below_zero),
    (PROCUREMENT, procurement),
    (MONEY_SCALE, money_scale),
    (MONEY_UNIT, money_unit),
    (DECIMALS, decimals),
)
