"""第四部分 政府信息公开行政复议、行政诉讼情况: rules on table 4 (ids ``t4.*``)."""

from __future__ import annotations

from collections.abc import Iterator

from gongkai.statute.checks import applications, cells, showing
from gongkai.statute.findings import Case, Check, Finding, Level, Rule
from gongkai.statute.report import AnnualReport
from gongkai.statute.texts import Text

ROWS = ("reconsideration", "direct_suit", "suit_after_reconsideration")
_OUTCOMES = ("upheld", "corrected", "other", "pending")

ROW_TOTAL = Rule(
    "t4.row_total",
    Level.ERROR,
    Text(
        "行政复议、未经复议直接起诉、复议后起诉各自的总计，等于四种结果之和。",
        "The total of reconsiderations, and of each kind of suit, is the sum of its four outcomes.",
    ),
    "国办公开办函〔2019〕60号、〔2021〕30号，表四",
    Text("行政复议维持 3、纠正 1，总计写 5。", "Reconsideration: 3 upheld, 1 corrected, total 5."),
)


def _sum(report: AnnualReport, row: str) -> applications.Sum:
    return applications.balanced(
        report, [f"remedies.{row}.{o}" for o in _OUTCOMES], (f"remedies.{row}.total",)
    )


def row_total(case: Case) -> Iterator[Finding]:
    """总计 = 结果维持 + 结果纠正 + 其他结果 + 尚未审结."""
    report = case.report
    form = showing.form_of(report)
    for row in ROWS:
        found = _sum(report, row)
        addresses = (*found.right, *found.left)
        name = showing.row(form, found.right[0])
        if found.holds:
            yield ROW_TOTAL.holds(*found.right)
            continue
        parts = [
            showing.figure(v) if (v := report.cell(a).value) is not None else "?"
            for a in found.left
        ]
        if not found.broken:
            missing = showing.cells(form, found.missing)
            states = showing.states(report, found.missing)
            yield ROW_TOTAL.cannot_tell(
                Text(
                    f"“{name}”的总计无法核对：{missing.zh}{states.zh}。",
                    f"The total of “{name}” cannot be verified: {missing.en} ({states.en}).",
                ),
                Text(
                    "缺的不按 0 计。请先补上再核对。",
                    "What is missing is not taken as 0. Fill it in first.",
                ),
                cells=tuple(dict.fromkeys((*found.missing, *addresses))),
                place=showing.place(report, found.missing[0]),
            )
            continue
        printed, total = found.right_known, found.left_known
        yield ROW_TOTAL.broken(
            Text(
                f"“{name}”总计写 {printed}，维持、纠正、其他、未审结相加 {' ＋ '.join(parts)} ＝ "
                f"{total}，"
                f"相差 {showing.apart(printed, total)}。",
                f"“{name}”: the total says {printed}; upheld, corrected, other and pending add up "
                f"to {' + '.join(parts)} = {total}, a difference of "
                f"{showing.apart(printed, total)}.",
            ),
            Text(
                "每个案件在年末只有一种结果。请对照复议、诉讼台账，查清是某一项有误还是总计有误。",
                "A case has one outcome at the end of the year. Go through the record of cases: "
                "either an outcome or the total is wrong.",
            ),
            cells=addresses,
            printed=report.cell(found.right[0]).value,
            expected=found.needed(report, found.right[0]),
            place=showing.place(report, found.right[0]),
        )


def implied(report: AnnualReport, address: str) -> Text | None:
    """What the other figures of its group leave for a missing cell: a clue, never a value."""
    found = _sum(report, address.split(".")[1])
    if found.missing != (address,):
        return None
    value = found.right_known - found.left_known
    value = value if address in found.left else -value
    if value < 0:
        return None
    return Text(
        f"按同组其他数推算是 {value}，但格内没有写",
        f"should be {value} by the other figures, but is not written",
    )


CHECKS: tuple[tuple[Rule, Check], ...] = (
    *cells.rules("t4", "remedies", implied),
    (ROW_TOTAL, row_total),
)
