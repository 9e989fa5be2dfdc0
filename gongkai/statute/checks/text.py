"""文字与表格: rules on what the prose says, against the tables and against itself (``text.*``).

The numbers of the prose are the report's claims (`gongkai.statute.claims`). Which of two figures
is right no rule can know: a finding shows both and where they stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from gongkai.statute import claims_subjects
from gongkai.statute.checks import showing, text_itself, text_weigh
from gongkai.statute.checks.text_weigh import Weighed, Weight
from gongkai.statute.claims_subjects import Subject
from gongkai.statute.findings import Case, Check, Finding, Level, Rule
from gongkai.statute.report import AnnualReport, Claim
from gongkai.statute.texts import Text

_SOURCE = "中华人民共和国政府信息公开条例第五十条；国办公开办函〔2019〕60号、〔2021〕30号"
_CARRIED_OUT = "applications.carried_out.total"
_RECEIVED = "applications.received.total"

APPLICATIONS = Rule(
    "text.applications",
    Level.ERROR,
    Text(
        "文字所写的申请收到、答复、结转和各种结果的数量，与表三一致。",
        "What the text says of applications received, answered and carried over agrees with the "
        "table 3.",
    ),
    _SOURCE,
    Text(
        "文字写收到申请 6 件，表格新收总计 8。",
        "The text says 6 applications were received, the table 8.",
    ),
)
NO_APPLICATION = Rule(
    "text.no_application",
    Level.ERROR,
    Text(
        "文字写没有收到申请的，表三新收也是 0。",
        "Where the text says that no application was received, table 3 says 0.",
    ),
    _SOURCE,
    Text(
        "文字写未收到申请，表格新收总计 2。", "The text says none was received, the table says 2."
    ),
)
ANSWERED_IN_TIME = Rule(
    "text.answered_in_time",
    Level.WARNING,
    Text(
        "文字写收到的申请全部按时答复的，如有结转下年度的，应当说明。",
        "Where the text says that everything received was answered in time, it mentions what was "
        "carried over.",
    ),
    "中华人民共和国政府信息公开条例第三十三条、第五十条",
    Text(
        "文字写收到 6 件，均按时答复；表格结转下年 2 件，文字没有提到。",
        "The text says all 6 received were answered in time; the table carries 2 over, "
        "unmentioned.",
    ),
)
ALL_ANSWERED = Rule(
    "text.all_answered",
    Level.WARNING,
    Text(
        "文字写收到的申请全部办结的，表三没有结转下年度的。",
        "Where the text says that everything received was concluded, the table carries none over.",
    ),
    _SOURCE,
    Text(
        "文字写已全部办结，表格结转下年 2 件。",
        "The text says all were concluded, the table carries 2 over.",
    ),
)
PROACTIVE = Rule(
    "text.proactive",
    Level.ERROR,
    Text(
        "文字所写的规章、规范性文件、许可、处罚、强制、收费和采购的数量，与表二一致。",
        "What the text says of regulations, documents, decisions, fees and procurement agrees "
        "with table 2.",
    ),
    _SOURCE,
    Text(
        "文字写处理决定 1 件，表格是 0。", "The text says one decision was taken, the table says 0."
    ),
)
REMEDIES = Rule(
    "text.remedies",
    Level.ERROR,
    Text(
        "文字所写的行政复议、行政诉讼数量和结果，与表四一致。",
        "What the text says of reconsiderations and suits agrees with table 4.",
    ),
    _SOURCE,
    Text(
        "文字写行政诉讼 46 件，表格两类诉讼总计之和是 45。",
        "The text says 46 suits, the two totals of the table add up to 45.",
    ),
)
NO_REMEDY = Rule(
    "text.no_remedy",
    Level.ERROR,
    Text(
        "文字写没有行政复议、行政诉讼的，表四也是 0。",
        "Where the text says that there was no reconsideration or suit, table 4 says 0.",
    ),
    _SOURCE,
    Text(
        "文字写未发生行政复议，表格行政复议总计 1。",
        "The text says there was no reconsideration, the table counts 1.",
    ),
)

_COMPARE = Text(
    "请对照台账核实是哪一处有误，并改为一致；如果文字的口径不同（如包含上年结转、只计一部分），"
    "请写明口径。",
    "Establish from the record which of the two is wrong and make them agree; where the text "
    "counts something else (such as what was carried in, or a part), say so.",
)
_EITHER = Text(
    "一处写有、一处写无，只能有一处成立。请核对台账：确实有的，两处都写明；"
    "确实没有的，两处都写 0。",
    "One says some, the other none; only one can be true. Go by the record: where there were any, "
    "say so in both; where there were none, both say 0.",
)


# ---- text against tables


def _family(table: str) -> frozenset[str]:
    return frozenset(
        id
        for id, subject in claims_subjects.SUBJECTS.items()
        if any(a.startswith(f"{table}.") for r in subject.meant for a in r)
    )


_OF_APPLICATIONS = _family("applications")
_OF_PROACTIVE = _family("proactive")
_OF_REMEDIES = _family("remedies")


def _applications(case: Case) -> Iterator[Finding]:
    """申请数量: numbers other than “none received” against section 3."""
    yield from _against(APPLICATIONS, case, _OF_APPLICATIONS, lambda c: not _says_no(c, "received"))


def _no_application(case: Case) -> Iterator[Finding]:
    """没有收到申请: against 本年新收."""
    yield from _against(NO_APPLICATION, case, frozenset(("received",)), lambda c: c.value == 0)


def _proactive(case: Case) -> Iterator[Finding]:
    """规章、文件、决定、收费、采购: against section 2."""
    yield from _against(PROACTIVE, case, _OF_PROACTIVE, lambda c: True)


def _remedies(case: Case) -> Iterator[Finding]:
    """复议诉讼数量: numbers other than “none” against section 4."""
    yield from _against(
        REMEDIES, case, _OF_REMEDIES, lambda c: not _says_no(c, *text_itself.REMEDIES)
    )


def _no_remedy(case: Case) -> Iterator[Finding]:
    """没有复议、诉讼: against section 4."""
    yield from _against(NO_REMEDY, case, frozenset(text_itself.REMEDIES), lambda c: c.value == 0)


def _says_no(claim: Claim, *subjects: str) -> bool:
    return claim.value == 0 and claim.subject in subjects


def _against(
    rule: Rule, case: Case, subjects: frozenset[str], counts: Callable[[Claim], bool]
) -> Iterator[Finding]:
    report = case.report
    weighed = [
        (claim, text_weigh.weigh(report, claim))
        for claim in report.claims
        if claim.subject in subjects and counts(claim)
    ]
    agreeing = {c.subject for c, w in weighed if w.weight is Weight.AGREES}
    still_open = []
    for claim, result in weighed:
        if result.weight is Weight.AGREES:
            yield rule.holds(*result.cells)
        elif result.weight is Weight.OPEN:
            still_open.append((claim, result))
        elif result.weight is Weight.BEYOND:
            yield _beyond(rule, report, claim, result)
        elif result.weight is Weight.CONTRADICTS:
            yield from _contradiction(rule, case, claim, result, claim.subject in agreeing)
    if still_open:
        yield _open(rule, report, still_open)


def _contradiction(
    rule: Rule, case: Case, claim: Claim, result: Weighed, elsewhere: bool
) -> Iterator[Finding]:
    subject = claims_subjects.SUBJECTS[claim.subject]
    if subject.weight == "note":
        return
    report = case.report
    level = text_weigh.level(
        case, claim, subject.weight, elsewhere=elsewhere, sure=_sure(report, claim)
    )
    cells = _reading(report, result.cells)
    said = showing.quoted(claim.raw)
    meant = _meaning(claim, subject)
    yield rule.broken(
        Text(
            f"文字写{said}{meant.zh}，但{cells.zh}。",
            f"The text says {said}{meant.en}, but {cells.en}.",
        ),
        _EITHER if 0 in (claim.value, result.total) else _COMPARE,
        cells=result.cells,
        printed=report.cell(result.cells[0]).value,
        place=claim.place,
        level=level,
    )


def _meaning(claim: Claim, subject: Subject) -> Text:
    """What a short quotation leaves open: which thing is counted, or the amount in 万元."""
    if isinstance(claim.value, Decimal) and claim.unit != "万元":
        amount = showing.figure(claim.value)
        return Text(f"（折合 {amount} 万元）", f" ({amount} 万元)")
    if claim.value and len(claim.raw) < 12 and subject.term.zh not in claim.raw:
        return Text(f"（指{subject.term.zh}）", f" ({subject.term.en})")
    return Text("", "")


def _beyond(rule: Rule, report: AnnualReport, claim: Claim, result: Weighed) -> Finding:
    """A number over several years above this year's: possible, doubtful where the year has 0."""
    cells, said = _reading(report, result.cells), showing.quoted(claim.raw)
    return rule.broken(
        Text(
            f"文字写累计数{said}，{cells.zh}。",
            f"The text says {said}, added up over the years; {cells.en}.",
        ),
        Text(
            "只有差额全部发生在以前年度，两者才一致。请核实；属于本年的，填入表格；"
            "属于以前年度的，请写明本年数。",
            "The two agree only if the difference lies in earlier years. Verify it: what belongs "
            "to this year goes into the table; otherwise state this year's number too.",
        ),
        cells=result.cells,
        printed=report.cell(result.cells[0]).value,
        place=claim.place,
        level=Level.WARNING if result.total == 0 else Level.NOTE,
    )


def _open(rule: Rule, report: AnnualReport, found: Sequence[tuple[Claim, Weighed]]) -> Finding:
    """One finding for all statements whose cells hold no number."""
    form = showing.form_of(report)
    missing = tuple(dict.fromkeys(a for _, w in found for a in w.missing))
    said = showing.listing([showing.quoted(c.raw, 24) for c, _ in found], 3)
    cells, states = showing.cells(form, missing, 3), showing.states(report, missing)
    return rule.cannot_tell(
        Text(
            f"文字写{said.zh}，但{cells.zh}{states.zh}，无法比对。",
            f"The text says {said.en}, but {cells.en} ({states.en}) cannot be compared with it.",
        ),
        Text(
            "缺的不按 0 计。请先把表格补齐，再核对文字。",
            "What is missing is not taken as 0. Complete the table first, then compare the text.",
        ),
        cells=missing,
        place=found[0][0].place,
    )


def _reading(report: AnnualReport, cells: Sequence[str]) -> Text:
    """What the table says: “…” is 26; or the parts and their sum."""
    form = showing.form_of(report)
    values = [report.cell(a).value for a in cells]
    table = showing.TABLES[cells[0].split(".")[0]]
    parts = [
        f"{showing.cell(form, a)} {showing.figure(v)}"
        for a, v in zip(cells, values, strict=True)
        if v is not None
    ]
    if len(parts) == 1:
        return Text(
            f"{table.zh}{showing.cell(form, cells[0])}是 {showing.figure(values[0] or 0)}",
            f"{table.en} has {showing.figure(values[0] or 0)} in {showing.cell(form, cells[0])}",
        )
    total = showing.figure(sum(v for v in values if v is not None))
    return Text(
        f"{table.zh}{'、'.join(parts)}，合计 {total}",
        f"{table.en} has {', '.join(parts)}, together {total}",
    )


def _sure(report: AnnualReport, claim: Claim) -> bool:
    """Whether a number of 复议 or 诉讼 is said to be about 政府信息公开, and not of all cases."""
    if claim.subject not in _OF_REMEDIES or "信息公开" in claim.raw:
        return True
    texts = [p.text for no in ("3", "4") for p in report.sections.get(no, ())]
    return any(claim.raw in t for t in (*texts, report.topics.get("依申请公开", "")))


# ---- all answered

_CARRY_OVER = re.compile(
    "(?<!上年)(?<!年度)(?<!去年)结转|顺延|转[至到入]下|跨年|[正尚仍还]在(?:依法)?(?:办理|处理|答复)|在办|办理中|未到期|尚未到|尚未办结"
)


def _answered_in_time(case: Case) -> Iterator[Finding]:
    """全部按时答复: beside what is carried over."""
    yield from _all(ANSWERED_IN_TIME, case, "answered_in_time")


def _all_answered(case: Case) -> Iterator[Finding]:
    """全部办结: beside what is carried over."""
    yield from _all(ALL_ANSWERED, case, "answered_all")


def _all(rule: Rule, case: Case, subject: str) -> Iterator[Finding]:
    report = case.report
    form = showing.form_of(report)
    for claim in report.claims:
        if claim.subject != subject:
            continue
        carried = report.cell(_CARRIED_OUT).value
        if _RECEIVED not in claim.cells or carried == 0 or _mentions_carry_over(report, claim):
            yield rule.holds(*claim.cells)
            continue
        said, row = _ends(claim.raw), showing.cell(form, _CARRIED_OUT)
        if carried is None:
            state = showing.states(report, (_CARRIED_OUT,))
            yield rule.cannot_tell(
                Text(
                    f"文字写{said}，但{row}{state.zh}，无法判断是否有未办结的。",
                    f"The text says {said}, but {row} is {state.en}.",
                ),
                Text(
                    "请先补上结转下年度的数量，没有的填 0。",
                    "Fill in what was carried over first; write 0 where there was none.",
                ),
                cells=(_CARRIED_OUT,),
                place=claim.place,
            )
            continue
        concluded = report.cell("applications.concluded.total").value
        done = "" if concluded is None else f"办结总计 {concluded}、"
        done_en = "" if concluded is None else f"{concluded} concluded and "
        yield rule.broken(
            Text(
                f"文字写{said}，表三却有{done}结转下年度继续办理 {carried}，文字没有提到结转。",
                f"The text says {said}, but table 3 has {done_en}{carried} "
                "carried over to next year, which the text does not mention.",
            ),
            Text(
                "结转的申请在年底尚未答复，不能算在“全部”之内。请写明已答复多少件、结转多少件，"
                "结转的是否仍在法定期限内；表格有误的，更正表格。",
                "What is carried over was not answered by the end of the year. Say how many were "
                "answered, how many carried over, and whether these are still within the limit; "
                "or correct the table.",
            ),
            cells=(_CARRIED_OUT, *claim.cells[:1]),
            printed=carried,
            place=claim.place,
        )


def _ends(raw: str) -> str:
    """A long quotation by its beginning and its end: 收到…6件……均按时答复."""
    flat = " ".join(raw.split())
    return f"“{flat if len(flat) <= 48 else flat[:22] + '……' + flat[-22:]}”"


def _mentions_carry_over(report: AnnualReport, claim: Claim) -> bool:
    if any(c.subject == "carried_out" and c.value for c in report.claims):
        return True
    texts = [p.text for passages in report.sections.values() for p in passages]
    own = [t for t in texts if claim.raw in t] or texts[:1]
    return any(_CARRY_OVER.search(t) for t in own)


CHECKS: tuple[tuple[Rule, Check], ...] = (
    (PROACTIVE, _proactive),
    (APPLICATIONS, _applications),
    (NO_APPLICATION, _no_application),
    (ANSWERED_IN_TIME, _answered_in_time),
    (ALL_ANSWERED, _all_answered),
    (REMEDIES, _remedies),
    (NO_REMEDY, _no_remedy),
    *text_itself.CHECKS,
)
