"""旧台账的行: an old ledger's sheets to rows, each cell checked; what is wrong is told where it is.

Headings are found by their usual names, in any order, below whatever titles stand above. Problems
never hold what stands in a cell: it may be personal.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from gongkai.statute import applicant_kinds, cases, forms
from gongkai.statute.applicant_kinds import KINDS, ApplicantKind
from gongkai.statute.case_events import CaseConventions, Event, TakenOver
from gongkai.statute.case_state import Case
from gongkai.statute.clock_events import CHANNELS, Channel
from gongkai.statute.grounds import REASONS, TABLE, Ground
from gongkai.statute.texts import Text
from gongkai.statute.transitions import Illegal
from gongkai.web.applications import intake
from gongkai.web.applications.intake import Asked, Asker, Paper
from gongkai.web.organs.import_rows import day
from gongkai.web.organs.workbook_in import Book, Line

GUIDE, CHOICES = "填写说明", "可选"  # sheets of the empty workbook that hold no rows
BY_OLD_LEDGER = "按旧台账"  # why the kind is another than the one suggested
MOST = 5_000  # rows of one file: SQLite holds other writers off while they are written
TOLD = 500  # problems that are kept; the rest is counted
_FAR = 200  # a number this far beyond the rows of its year is asked about
_ABOVE = 20  # rows that may stand above the headings
_NUMBER = re.compile(r"\D*((?:19|20)\d{2})\D*(\d{1,6})\D*")

HEADINGS: dict[str, tuple[str, ...]] = {
    "number": ("编号", "登记号", "登记编号", "申请编号", "受理编号", "收件编号"),
    "received": (
        "收到日期",
        "收到时间",
        "收件日期",
        "登记日期",
        "受理日期",
        "申请日期",
        "申请时间",
    ),
    "name": ("申请人", "申请人姓名", "申请人名称", "姓名", "姓名或名称", "申请人姓名或名称"),
    "kind": ("申请人类型", "申请人类别", "申请主体", "类型", "类别"),
    "code": ("统一社会信用代码", "信用代码", "社会信用代码"),
    "identity": ("证件号码", "身份证号", "身份证号码"),
    "phone": ("联系方式", "联系电话", "电话", "手机", "手机号码"),
    "email": ("电子邮箱", "邮箱", "电子邮件"),
    "address": ("通信地址", "地址", "联系地址", "通讯地址"),
    "text": ("申请内容", "所需政府信息", "申请事项", "内容", "事由", "申请公开内容"),
    "channel": ("渠道", "申请方式", "申请渠道", "提交方式", "接收渠道", "收到方式"),
    "answered": ("答复日期", "办结日期", "答复时间", "办结时间"),
    "ground": ("办理结果", "答复类型", "答复结果", "处理结果", "答复情况"),
    "letter": ("文号", "答复文号", "答复书文号"),
    "extended": ("延期", "是否延期"),
    "corrected": ("补正", "补正日期", "收到补正日期"),
    "until": ("应答复日期", "到期日", "答复期限"),
}
NEEDED = ("received", "name", "text", "channel")
LONGEST = {
    "name": 120, "text": 20_000, "letter": 60, "identity": 60, "phone": 60, "email": 120,
    "address": 200,
}  # fmt: skip
_BY_HEADING = {name: id for id, names in HEADINGS.items() for name in names}
_APPLIED = ("申请日期", "申请时间")  # no day of receipt, but often all that an old ledger has
_NOTHING = ("/", "／", "\\", "-", "－", "—", "——", "无", "没有", "未填", "不详", "不涉及", "不适用")
_NO = ("", "否", "未", "不", "未延期", "不延期", "未补正", "不补正", "N", "NO", "FALSE", "×")
_YES = ("是", "有", "延期", "已延期", "补正", "已补正", "Y", "YES", "TRUE", "√", "✓")
_CHANNELS: dict[str, Channel] = {
    **{text.zh: channel for channel, text in CHANNELS.items()},
    **dict.fromkeys(("当面", "现场", "窗口", "现场提交", "当面申请"), Channel.IN_PERSON),
    **dict.fromkeys(("邮寄", "信函", "挂号信", "特快专递", "EMS", "快递"), Channel.SIGNED_MAIL),
    **dict.fromkeys(("平信", "平常信函"), Channel.PLAIN_MAIL),
    **dict.fromkeys(("网络", "网上", "互联网", "网站", "电子邮件", "邮箱"), Channel.ONLINE),
}
_KINDS: dict[str, ApplicantKind] = {
    **{text.zh: kind for kind, text in KINDS.items()},
    **dict.fromkeys(("个人", "公民"), ApplicantKind.NATURAL_PERSON),
    **dict.fromkeys(("企业", "公司"), ApplicantKind.BUSINESS),
}
_PREFERRED = {"granted": Ground.DISCLOSED, "other_misc": Ground.ENDED}
_USUAL: dict[str, Ground] = {
    **dict.fromkeys(("公开", "同意公开", "全部公开"), Ground.DISCLOSED),
    **dict.fromkeys(("部分公开", "同意部分公开"), Ground.PARTLY),
    **dict.fromkeys(("不存在", "信息不存在", "政府信息不存在"), Ground.NOT_FOUND),
    **dict.fromkeys(("非本机关", "不属于本机关", "不属于本机关公开"), Ground.NOT_OURS),
    **dict.fromkeys(("撤回", "撤销申请", "申请人撤回"), Ground.WITHDRAWN),
    **dict.fromkeys(("其他", "其他处理", "终止"), Ground.ENDED),
}


def plain(text: str) -> str:
    """A heading or a choice without spaces, numbering and brackets at its end."""
    found = re.sub(r"[\s*：:]", "", text)
    found = re.sub(r"^(?:（[一二三四五六七]）|\d+[.、．])", "", found)
    return re.sub(r"（[^（）]*）$", "", found)


def outcomes() -> dict[str, Ground]:
    """What may stand in 办理结果: the leaf rows of table 3 first, in the order of the form."""
    by_row: dict[str, Ground] = dict(_PREFERRED)
    for ground, reason in REASONS.items():
        by_row.setdefault(reason.row, ground)
    form = forms.form(forms.editions()[-1])
    rows = {row.id: row.label for row in form.tables[TABLE].blocks[0].rows}
    found = {plain(rows[id]): by_row[id] for id in form.concluded_parts}
    for text, ground in _USUAL.items():
        found.setdefault(text, ground)
    for ground, reason in REASONS.items():
        found.setdefault(plain(reason.name.zh), ground)
    return found


@dataclass(slots=True)
class Problem:
    """问题: at which cell, why and what to do; a ``warning`` stops nothing."""

    sheet: str
    row: int
    column: str
    why: Text
    warning: bool = False

    @property
    def data(self) -> list[Any]:
        said = {"zh": self.why.zh, "en": self.why.en, "warning": self.warning}
        return [self.sheet, self.row, self.column, said]


@dataclass(frozen=True, slots=True)
class Old:
    """旧台账的一行: what becomes one request with one matter."""

    sheet: str
    row: int
    number: tuple[int, int] | None
    paper: Paper
    event: Event
    case: Case | None = None  # what is closed, replayed; without its clock


@dataclass(slots=True)
class Found:
    """读到的: rows that can be taken in, and what is wrong with the others."""

    rows: list[Old] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)  # the first TOLD of them
    count: int = 0
    guessed: int = 0  # applicants whose kind was taken from their names and codes
    errors: int = 0
    warnings: int = 0
    numbers: dict[tuple[int, int], str] = field(default_factory=dict)  # where each stands

    def add(self, problem: Problem) -> None:
        """Counted always, kept while there are few."""
        self.errors += not problem.warning
        self.warnings += problem.warning
        if len(self.problems) < TOLD:
            self.problems.append(problem)

    def _closed(self) -> list[TakenOver]:
        return [one.event for one in self.rows if isinstance(one.event, TakenOver)]

    def summary(self) -> dict[str, Any]:
        """Figures by year, without a word of any cell."""
        years: dict[int, Counter[str]] = {}
        closed = unlisted = 0
        for one in self.rows:
            years.setdefault(one.paper.arrived_on.year, Counter())["received"] += 1
            if isinstance(one.event, TakenOver):
                closed += 1
                of = years.setdefault(one.event.on.year, Counter())
                of["closed"] += 1
                of[one.event.ground.value] += 1
                unlisted += one.event.on.year < forms.form(forms.editions()[0]).first_year
        return {
            "rows": len(self.rows),
            "closed": closed,
            "unlisted": unlisted,
            "latest": max((e.on.isoformat() for e in self._closed()), default=""),
            "guessed": self.guessed,
            "errors": self.errors,
            "warnings": self.warnings,
            "years": {str(year): dict(years[year]) for year in sorted(years)},
        }


def read(
    book: Book,
    conventions: CaseConventions,
    today: date,
    progress: Callable[[int], None] = lambda done: None,
) -> Found:
    """Every sheet that has the headings. Raises CannotRead for a damaged file."""
    found = Found()
    read_any = False
    for part in book.parts:
        if plain(part.title) in (GUIDE, CHOICES):
            continue
        lines = book.lines(part)
        places = _headed(part.title, lines, found)
        if places is None:
            why = Text("没有读取这张表：找不到列名。", "This sheet was not read: no headings.")
            found.add(Problem(part.title, 0, "", why, warning=True))
            continue
        read_any = True
        reader = _Reader(part.title, places, found, conventions, today)
        for line in lines:
            reader.take(line)
            progress(found.count)
            if found.count > MOST:
                why = Text(
                    f"超过 {MOST} 行。请分成几个文件。", f"Over {MOST} rows: split the file."
                )
                found.add(Problem(part.title, line.number, "", why))
                return found
    _far_numbers(found)
    if not read_any or (not found.count and not found.errors):
        why = Text(
            "没有可以导入的行。列名至少要有：收到日期、申请人、申请内容、渠道。请用空白表。",
            "No rows. Headings needed: 收到日期, 申请人, 申请内容, 渠道. Use the template.",
        )
        found.add(Problem("", 0, "", why))
    return found


def _far_numbers(found: Found) -> None:
    """Numbers that were made of days (20230301 is read as number 301 of 2023), or are mistyped:
    whoever registers after them would go on from there."""
    by_year: dict[int, list[Old]] = {}
    for one in found.rows:
        if one.number:
            by_year.setdefault(one.number[0], []).append(one)
    for year, rows in by_year.items():
        last = max(rows, key=lambda one: one.number or (0, 0))
        number = last.number[1] if last.number else 0
        if number > _FAR + 5 * len(rows):
            why = Text(
                f"读作 {year} 年第 {number} 号，远大于这一年的件数（{len(rows)}）："
                f"是日期或者有误的，请改正或者留空；否则 {year} 年此后从第 {number + 1} 号编起。",
                f"Read as number {number} of {year}, which has {len(rows)} rows: correct it if it"
                f" is a day or mistyped; else numbers of {year} go on from {number + 1}.",
            )
            found.add(Problem(last.sheet, last.row, HEADINGS["number"][0], why, warning=True))


def _headed(sheet: str, lines: Iterator[Line], found: Found) -> dict[str, int] | None:
    """Where each column stands; None where no row looks like headings."""
    for _number, line in zip(range(_ABOVE), lines, strict=False):
        named: dict[str, list[int]] = {}  # of each column, where its names stand
        others: list[tuple[str, Text]] = []
        for place, text in enumerate(line.cells):
            id = _BY_HEADING.get(plain(text))
            if id is not None:
                named.setdefault(id, []).append(place)
            elif text:
                others.append((text, _UNKNOWN))
        if len(named) < 3 or sum(id in named for id in NEEDED) < 2:
            continue
        places: dict[str, int] = {}
        for id, held in named.items():
            names = HEADINGS[id]
            first, *rest = sorted(held, key=lambda at: names.index(plain(line.cells[at])))
            places[id] = first
            others += [(line.cells[at], _repeated(line.cells[first])) for at in rest]
        if "received" in places and plain(taken := line.cells[places["received"]]) in _APPLIED:
            others.append((taken, _NO_RECEIPT))
        for text, why in others:
            found.add(Problem(sheet, line.number, text[:40], why, warning=True))
        for id in NEEDED:
            if id not in places:
                why = Text("缺少这一列，请补上。", "This column is missing: add it.")
                found.add(Problem(sheet, line.number, HEADINGS[id][0], why))
        return places
    return None


_UNKNOWN = Text(
    "不认识这一列，不导入。需要的请改为空白表里的列名。",
    "Unknown column, left out: rename it as in the template if needed.",
)
_NO_RECEIPT = Text(
    "没有“收到日期”列，以这一列为收到之日；不是同一天的，请在表里改正。",
    "No 收到日期: this is taken for the day of receipt. Correct it where they differ.",
)


def _repeated(taken: str) -> Text:
    return Text(
        f"与“{taken[:40]}”列意思相同，已取那一列，这一列不导入。",
        f"The same as {taken[:40]}, which is taken: this column is left out.",
    )


class _Reader:
    """Reads the rows of one sheet."""

    def __init__(
        self,
        sheet: str,
        places: dict[str, int],
        found: Found,
        conventions: CaseConventions,
        today: date,
    ) -> None:
        self.sheet, self.places, self.found = sheet, places, found
        self.conventions, self.today = conventions, today
        self.outcomes = outcomes()
        self.line = Line(0)
        self.bad = False

    def take(self, line: Line) -> None:
        """One row: kept where nothing is wrong with it."""
        self.line, self.bad = line, False
        if not any(self.text(id) for id in self.places):
            return
        self.found.count += 1
        if self.missing_columns() or self.formulas():
            return
        paper = self.paper()
        number = self.number()
        event, case = self.event(paper)
        if event is not None and not self.bad:
            self.found.rows.append(Old(self.sheet, line.number, number, paper, event, case))

    def missing_columns(self) -> bool:
        return any(id not in self.places for id in NEEDED)

    def formulas(self) -> bool:
        """Whether any cell holds a formula or an error, each of which is told."""
        for id, place in self.places.items():
            if self.line.marks.get(place) in ("formula", "error"):
                self.wrong(
                    id, "是公式或者错误值，请粘贴为数值。", "A formula or error: paste its value."
                )
        return self.bad

    def wrong(self, id: str, zh: str, en: str, *, warning: bool = False) -> None:
        self.bad = self.bad or not warning
        why = Text(zh, en)
        self.found.add(Problem(self.sheet, self.line.number, HEADINGS[id][0], why, warning))

    def text(self, id: str) -> str:
        """What stands in a column; nothing where that is said by a stroke or the like."""
        place = self.places.get(id, -1)
        found = self.line.cells[place] if 0 <= place < len(self.line.cells) else ""
        found = found.replace("\0", "").strip()  # PostgreSQL takes none
        return "" if id not in NEEDED and found in _NOTHING else found

    def said(self, id: str) -> bool | None:
        """是 or 否; None where it is neither."""
        found = plain(self.text(id)).upper()
        return False if found in _NO else True if found in _YES else None

    def needed(self, id: str) -> str:
        text = self.text(id)
        if not text:
            self.wrong(id, "没有填写，请补上。", "Empty: fill it in.")
        return text

    def day(self, id: str) -> date | None:
        text = self.text(id)
        found = day(text.split(" ")[0]) if text else None
        if text and found is None:
            self.wrong(
                id, "读不出日期，请写成 2023-03-05。", "No day can be read: write 2023-03-05."
            )
        elif found and id != "until" and found > self.today:
            self.wrong(id, "晚于今天，请核对。", "Later than today: check it.")
        return found

    def number(self) -> tuple[int, int] | None:
        text = self.text("number")
        if not text:
            return None
        match = _NUMBER.fullmatch(text)
        if match is None or not int(match[2]):
            self.wrong(
                "number",
                "读不出年份和号数，请写成 2023-15；没有编号的留空。",
                "No year and number: write 2023-15, or leave it empty.",
            )
            return None
        found = int(match[1]), int(match[2])
        first = self.found.numbers.setdefault(found, f"{self.sheet}!{self.line.number}")
        if first != f"{self.sheet}!{self.line.number}":
            self.wrong(
                "number",
                f"与 {first} 的编号相同，请改正其中一个。",
                f"The same number as {first}: correct one of them.",
            )
        return found

    def paper(self) -> Paper:
        self.needed("received")
        received = self.day("received") or self.today
        name, text = self.needed("name"), self.needed("text")
        channel = _CHANNELS.get(plain(self.needed("channel")))
        if channel is None and self.text("channel"):
            allowed = "、".join(one.zh for one in CHANNELS.values())
            self.wrong("channel", f"只能填：{allowed}。", f"One of: {allowed}.")
        for id, most in LONGEST.items():
            if len(self.text(id)) > most:
                self.wrong(id, f"超过 {most} 字，请缩短。", f"Over {most} characters: shorten it.")
        asked = Asked(self.text("text")[:60], text)
        return Paper(
            channel or Channel.IN_PERSON, received, (self.asker(name),), (asked,),
            confirmed_on=received,
        )  # fmt: skip

    def asker(self, name: str) -> Asker:
        code = self.text("code").replace(" ", "")
        said = self.text("kind")
        kind = _KINDS.get(plain(said))
        if said and kind is None:
            allowed = "、".join(one.zh for one in KINDS.values())
            self.wrong("kind", f"只能填：{allowed}。", f"One of: {allowed}.")
        if len(code) > 18:
            self.wrong("code", "应为 18 位，请核对。", "18 characters: check it.")
        if kind is None:
            self.found.guessed += not said
            kind = applicant_kinds.applicant_kind(code, name).kind
        person = kind is ApplicantKind.NATURAL_PERSON
        return Asker(
            kind,
            name=name if person else "",
            organisation="" if person else name,
            credit_code=code,
            identity=self.text("identity"),
            phone=self.text("phone"),
            email=self.text("email"),
            address=self.text("address"),
            kind_reason=BY_OLD_LEDGER if said else "",
        )

    def event(self, paper: Paper) -> tuple[Event | None, Case | None]:
        """What the row says happened: closed, and then its case; or still to be answered."""
        answered, said = self.day("answered"), self.text("ground")
        extended = self.said("extended")
        if extended is None:
            self.wrong("extended", "只能填：是、否。", "One of: 是, 否.")
        if not said and not self.text("answered"):
            if extended or self.said("corrected") is not False:
                self.wrong(
                    "extended" if extended else "corrected",
                    "尚未办结：延期、补正没有导入，请导入后在案件页补录。",
                    "Still open: extension and correction are not taken in; record them after.",
                    warning=True,
                )
            return (None if self.bad else intake.beginning(paper, self.conventions)), None
        ground = self.outcomes.get(plain(self.needed("ground")))
        if said and ground is None:
            self.wrong(
                "ground",
                "不是表三办理结果的最末一级，请从空白表的列表里选。",
                "No leaf row of table 3: choose from the template's list.",
            )
        if not self.text("answered"):
            self.needed("answered")
        corrected = None
        if self.said("corrected") is None:
            corrected = self.day("corrected")
        until = self.day("until")
        if self.bad or ground is None or answered is None:
            return None, None
        event = TakenOver(
            answered, paper.arrived_on, paper.channel, ground, self.text("letter"),
            bool(extended), corrected, until,
        )  # fmt: skip
        try:
            return event, replace(cases.replay([event], self.conventions), clock=None)
        except Illegal as wrong:
            self.wrong("answered", wrong.text.zh, wrong.text.en)
            return None, None
