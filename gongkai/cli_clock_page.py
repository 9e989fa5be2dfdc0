"""期限与收费的页面: what ``gongkai deadline`` and ``gongkai fee`` print, as a page and as JSON.

Imported only when a page is wanted: rich is heavy. Nothing is computed here.
"""

from __future__ import annotations

import dataclasses
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from rich import box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.panel import Panel
from rich.segment import Segment
from rich.table import Table
from rich.text import Text as Line

from gongkai.statute import articles, fees, workdays
from gongkai.statute.clock_events import Event, Receipt
from gongkai.statute.clocks import Clock, Effect, Limit, State, Step
from gongkai.statute.texts import Lang, Text

# What may stand together on a line: a word, or one Chinese character, with the punctuation that
# belongs to it on either side.
_PIECE = re.compile(r"[（《“]*(?:[^\s\u2e80-\uffef]+\s*|.)[，。；：、）》”！？]*", re.DOTALL)

# Wide enough for one line a day; a pipe or a file gets this, a terminal its own width.
WIDTH = 100

STYLES = {
    Effect.RECEIVED: "bold cyan",
    Effect.RESTART: "bold cyan",
    Effect.COUNTED: "",
    Effect.DAY_OFF: "dim",
    Effect.SUSPENDED: "yellow",
    Effect.WAITING: "magenta",
}
STATES = {
    State.RUNNING: Text("计算中", "running"),
    State.SUSPENDED: Text("征求意见，暂停计算", "suspended for a consultation"),
    State.AWAITING_CLARIFICATION: Text("等待补正", "waiting for the correction"),
    State.AWAITING_PAYMENT: Text("等待缴费", "waiting for payment"),
    State.LAPSED: Text("视为放弃申请", "deemed abandoned"),
    State.OVERDUE: Text("已逾期", "overdue"),
}
SHORT_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


# Where a label must share its line with more than this leaves it, the other columns give way.
LABEL = 24

# The column of the day table that holds the reason.
WHY = 3

# Below this the day table does without the weekday: a weekend says so itself.
NARROW = 76


class Page(Console):
    """A console that leaves no blanks at the end of a line, and lets a closed pipe be known.

    rich would end the process with exit code 1 on a closed pipe: `gongkai.cli` says 141.
    """

    def on_broken_pipe(self) -> None:
        """Whoever called the command decides. Called while the BrokenPipeError is handled."""
        raise BrokenPipeError

    def put(self, thing: RenderableType) -> None:
        """Print one thing."""
        self.print(_Trimmed(thing))


class _Trimmed:
    """What is inside, without the blanks that tables fill their lines with."""

    def __init__(self, inside: RenderableType) -> None:
        self.inside = inside

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for line in console.render_lines(self.inside, options, pad=False):
            while line and not line[-1].text.strip():
                line.pop()
            if line:
                yield from line[:-1]
                yield Segment(line[-1].text.rstrip(), line[-1].style)
            yield Segment.line()


def console() -> Page:
    """A console on stdout: coloured on a terminal, `WIDTH` columns wide elsewhere."""
    fixed = None if sys.stdout.isatty() or "COLUMNS" in os.environ else WIDTH
    return Page(width=fixed, highlight=False)


# 期限


def deadline_page(clock: Clock, receipt: Receipt, lang: Lang) -> None:
    """The due date in plain words first, then every day, the key dates, what to know, the law."""
    out = console()
    out.put(_answer(clock, receipt, lang))
    for remark in clock.remarks:
        style = "bold yellow" if remark.level == "warning" else ""
        out.put(_bullet(remark.text.say(lang), style))
    for text in (*clock.missing, *((receipt.irregular,) if receipt.irregular else ())):
        out.put(_bullet(text.say(lang), "bold yellow"))
    out.put("")
    out.put(_days(clock, lang))
    out.put(_limits(clock, lang))
    out.put(_law(_provisions(clock, receipt), lang))
    out.put(_heading(Text("计算口径", "Conventions"), lang))
    out.put(_bullet(_conventions(clock).say(lang), ""))


def _answer(clock: Clock, receipt: Receipt, lang: Lang) -> Panel:
    headline = Line()
    if clock.due is not None:
        headline.append(Text("最迟答复日  ", "Answer by  ").say(lang))
        style = "bold red" if clock.state is State.OVERDUE else "bold green"
        headline.append(workdays.in_words(clock.due).say(lang), style)
    elif clock.not_before is not None:
        headline.append(Text("最迟答复日尚不能确定，不早于 ", "No date yet; not before ").say(lang))
        headline.append(workdays.in_words(clock.not_before).say(lang), "bold yellow")
    else:
        headline.append(Text("不再计算答复期限", "No period is running").say(lang), "bold yellow")
    if clock.provisional:
        headline.append(Text("  暂定", "  provisional").say(lang), "bold yellow reverse")
    story = ("；" if lang == "zh" else "; ").join(_story(clock, receipt, lang))
    return _panel(Text("答复期限", "Period to answer").say(lang), headline, story)


def _story(clock: Clock, receipt: Receipt, lang: Lang) -> list[str]:
    """How the date comes about, in a line."""
    counted = max((s.number or 0 for s in clock.steps), default=0)
    parts = [Text("{day}收到申请", "received {day}").within(day=workdays.in_words(clock.received))]
    if receipt.reason != Text("收到申请之日", "day of receipt as given"):
        parts.append(receipt.reason)
    restarts = [s for s in clock.steps if s.effect is Effect.RESTART]
    if restarts:
        again = Text("{day}起重新计算", "counted anew from {day}")
        parts.append(again.within(day=workdays.in_words(restarts[-1].date)))
    if clock.due is None:
        parts.append(STATES[clock.state])
    elif clock.extended_by:
        both = Text("{a}个工作日，延期{b}个工作日", "{a} working days and {b} by extension")
        parts.append(both.within(a=counted - clock.extended_by, b=clock.extended_by))
    else:
        parts.append(Text("{n}个工作日", "{n} working days").within(n=counted))
    skipped = sum(s.effect is Effect.SUSPENDED for s in clock.steps)
    if skipped:
        less = Text("征求意见扣除{n}个工作日", "{n} left out for consultation")
        parts.append(less.within(n=skipped))
    if clock.left is not None and clock.as_of is not None and clock.left >= 0:
        left = Text("截至{day}还有{n}个工作日", "{n} left on {day}")
        parts.append(left.within(day=workdays.in_words(clock.as_of), n=clock.left))
    return [part.say(lang) for part in parts]


def _days(clock: Clock, lang: Lang) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, expand=True)
    heads = [
        Text("日期", "Date").say(lang),
        Text("星期", "Day").say(lang),
        Text("第几日", "No").say(lang),
        Text("计入与否，为什么", "Counted or not, and why").say(lang),
        Text("依据", "Source").say(lang),
    ]
    narrow = _width() < NARROW
    cells = [(step, _day_cells(step, lang)) for step in clock.steps]
    others = [n for n in range(5) if n != WHY and not (narrow and n == 1)]
    taken = sum(max(cell_len(h) for h in (heads[n], *(c[n] for _, c in cells))) for n in others)
    room = max(8, _width() - taken - 3 * len(others))
    for n, head in enumerate(heads):
        if n == WHY:
            table.add_column("\n".join(wrapped(head, room)), ratio=1)
        elif n in others:
            table.add_column(head, justify="right" if n == 2 else "left", no_wrap=True)
    month = clock.steps[0].date.month
    for step, said in cells:
        if step.date.month != month:
            table.add_section()
            month = step.date.month
        row = [_why(step, lang, room) if n == WHY else said[n] for n in sorted((*others, WHY))]
        table.add_row(*row, style=_day_style(step, clock))
    return table


def _day_cells(step: Step, lang: Lang) -> tuple[str, ...]:
    """The cells of a day but for the reason, which `_why` lays out."""
    day = step.date
    number = "-" if step.number is None else str(step.number)
    return day.isoformat(), _weekday(day, lang), number, "", _source(step, lang)


def _why(step: Step, lang: Lang, room: int) -> Line:
    """The reason and what happened on the day, in lines of at most ``room`` columns."""
    lines = [Line(part) for part in wrapped(step.reason.say(lang), room)]
    for mark in step.marks:
        said = f"[{mark.say(lang)}]"
        if cell_len(lines[-1].plain) + 2 + cell_len(said) <= room:
            lines[-1].append("  ").append(said, "bold cyan")
        else:
            lines += [Line(part, "bold cyan") for part in wrapped(said, room)]
    return Line("\n").join(lines)


def _source(step: Step, lang: Lang) -> str:
    """What makes the day what it is to the clock; the notice only where the clock asks for it."""
    notice = step.day.notice
    by_calendar = step.effect in (Effect.DAY_OFF, Effect.COUNTED)
    if by_calendar and notice is not None and notice.number:
        return notice.number
    if step.effect is Effect.DAY_OFF and step.day.source is None:
        return ""
    return articles.provision(step.source).brief.say(lang)


def _day_style(step: Step, clock: Clock) -> str:
    if step.date == clock.due:
        return "bold green"
    style = STYLES[step.effect]
    return f"{style} italic".strip() if step.day.provisional else style


def _limits(clock: Clock, lang: Lang) -> Group:
    """The other dates. On a narrow page the columns give way, never the label."""
    found = sorted(clock.limits, key=lambda limit: limit.on)
    names = [_limit_name(limit).say(lang) for limit in found]
    wanted = min(LABEL, max(map(cell_len, names)))
    for columns in _limit_columns(found, lang):
        taken = sum(max(map(cell_len, column)) + 2 for column in columns)
        room = _width() - 2 - taken
        if room >= wanted:
            break
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for _ in range(len(columns) + 1):
        table.add_column(no_wrap=True)
    for n, name in enumerate(names):
        on, *others = (column[n] for column in columns)
        table.add_row(on, "\n".join(wrapped(name, max(8, room))), *others)
    return Group(_heading(Text("关键日期", "Key dates"), lang), Padding(table, (0, 0, 0, 2)))


def _limit_name(limit: Limit) -> Text:
    if not limit.provisional:
        return limit.name
    return Text(f"{limit.name.zh}（暂定）", f"{limit.name.en} (provisional)")


def _limit_columns(found: Sequence[Limit], lang: Lang) -> Iterator[list[list[str]]]:
    """Date, counting and source of each limit: every column in full first, then with less."""
    dates = [workdays.in_words(one.on).say(lang) for one in found]
    sources = [articles.provision(one.source).brief.say(lang) for one in found]
    full = Text("{start}起{n}个工作日", "{n} working days from {start}")
    short = Text("{n}个工作日", "{n} working days")
    for how in (full, short):
        yield [dates, [how.within(start=o.start, n=o.days).say(lang) for o in found], sources]
    yield [dates, sources]
    yield [[f"{one.on} {_weekday(one.on, lang)}" for one in found], sources]


def _weekday(day: date, lang: Lang) -> str:
    return workdays.WEEKDAYS[day.weekday()].zh if lang == "zh" else SHORT_DAYS[day.weekday()]


def _provisions(clock: Clock, receipt: Receipt) -> list[articles.Provision]:
    """What the answer rests on: each provision once, in the order of the data."""
    used = {"civil.201", receipt.source}
    used.update(step.source for step in clock.steps)
    used.update(limit.source for limit in clock.limits)
    used.update(remark.source for remark in clock.remarks if remark.source)
    return [one for id, one in articles.provisions().items() if id in used]


def _law(provisions: Iterable[articles.Provision], lang: Lang) -> Group:
    lines = []
    for one in provisions:
        lines.append(_bullet(one.cite.say(lang), "", one.statement.say(lang)))
    return Group(_heading(Text("依据", "The law, in our words"), lang), *lines)


def _conventions(clock: Clock) -> Text:
    rules = clock.conventions
    if rules.receipt_is_day_zero:
        first = Text("期间开始之日为第0日，不计入", "The day a period starts is day 0")
    else:
        first = Text("期间开始之日计入", "The day a period starts counts")
    return Text(
        "{first}；征求意见扣除发出次日至收到意见之日，最长至对方收到征求意见书后第15个工作日；"
        "补正期限未载明的按{n}个工作日计。《条例》未作规定，本机关可以另行设定。",
        "{first}; a consultation leaves out the days after dispatch up to the reply, at most to the"
        " 15th working day after the party received it; {n} working days to correct where the"
        " letter states none. The Regulations are silent: an organ may set its own.",
    ).within(first=first, n=rules.clarification_days)


def deadline_json(clock: Clock, receipt: Receipt, lang: Lang) -> None:
    """The same as data: ``gongkai.deadline/1``; dates ISO, texts in one language."""
    _print_json(
        {
            "schema": "gongkai.deadline/1",
            "received": clock.received,
            "receipt": {"reason": receipt.reason.say(lang), "source": receipt.source},
            "as_of": clock.as_of,
            "state": clock.state,
            "due": clock.due,
            "not_before": clock.not_before,
            "provisional": clock.provisional,
            "unknown_years": clock.unknown_years,
            "first_due": clock.first_due,
            "extended_by": clock.extended_by,
            "left": clock.left,
            "events": [_event_json(event) for event in clock.events],
            "days": [_step_json(step, lang) for step in clock.steps],
            "limits": [
                {"id": one.id, "name": one.name.say(lang), "on": one.on, "start": one.start,
                 "days": one.days, "source": one.source, "provisional": one.provisional}
                for one in clock.limits
            ],
            "remarks": [
                {"id": one.id, "level": one.level, "text": one.text.say(lang), "source": one.source}
                for one in clock.remarks
            ],
            "missing": [text.say(lang) for text in clock.missing],
            "provisions": _law_json(_provisions(clock, receipt), lang),
            "conventions": dataclasses.asdict(clock.conventions),
        }
    )  # fmt: skip


def _event_json(event: Event) -> dict[str, Any]:
    return {"event": type(event).__name__.lower(), **dataclasses.asdict(event)}


def _step_json(step: Step, lang: Lang) -> dict[str, Any]:
    return {
        "date": step.date,
        "effect": step.effect,
        "number": step.number,
        "kind": step.day.kind,
        "reason": step.reason.say(lang),
        "marks": [mark.say(lang) for mark in step.marks],
        "source": step.source,
        "notice": step.day.notice.number if step.day.notice else None,
        "provisional": step.day.provisional,
    }


# 收费


def fee_page(charge: fees.Charge, lang: Lang) -> None:
    """The sum first, then the tiers, then when it may be charged at all."""
    out = console()
    unit = fees.UNITS[charge.basis].say(lang)
    headline = Line(Text("应收信息处理费  ", "Processing fee  ").say(lang))
    headline.append(_yuan(charge.total, lang), "bold green")
    how = Text("{name}，{n}{unit}", "{name}, {n} {unit}").within(
        name=fees.NAMES[charge.basis], n=charge.units, unit=unit
    )
    if charge.before:
        more = Text("{how}（当月此前已有{n}件）", "{how} ({n} earlier in the month)")
        how = more.within(how=how, n=charge.before)
    since = Text("{how}；适用{day}起施行的标准", "{how}; tariff in force since {day}")
    title = Text("信息处理费", "Information processing fee").say(lang)
    out.put(_panel(title, headline, since.within(how=how, day=charge.since).say(lang)))
    out.put("")
    out.put(_tiers(charge, lang))
    out.put(_law(_fee_provisions(charge), lang))
    out.put(_heading(Text("注意", "Please note"), lang))
    for text in _fee_notes(charge):
        out.put(_bullet(text.say(lang), ""))


def _tiers(charge: fees.Charge, lang: Lang) -> Table:
    unit = fees.UNITS[charge.basis]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, show_footer=True)
    number = Text("数量（{unit}）", "Number of {unit}").within(unit=unit)
    total = Text("合计", "Total").say(lang)
    table.add_column(Text("档次", "Tier").say(lang), total, no_wrap=True)
    for head, foot in (
        (number, f"{charge.units:,}"),
        (Text("单价（元）", "Yuan each"), ""),
        (Text("金额（元）", "Yuan"), f"{charge.total:,}"),
    ):
        table.add_column(head.say(lang), foot, justify="right", no_wrap=True)
    for tier in charge.tiers:
        span = str(tier.first) if tier.first == tier.last else f"{tier.first}-{tier.last}"
        name = Text("第{span}{unit}", "{unit} {span}").within(span=span, unit=unit)
        rate = f"{tier.rate:,}" if tier.rate else Text("不收费", "free").say(lang)
        style = "" if tier.rate else "dim"
        table.add_row(name.say(lang), f"{tier.count:,}", rate, f"{tier.amount:,}", style=style)
    return table


def _fee_provisions(charge: fees.Charge) -> list[articles.Provision]:
    return [articles.provision(id) for id in ("ogi.42", "fee.3", charge.source, "fee.payment")]


def _fee_notes(charge: fees.Charge) -> Sequence[Text]:
    if charge.basis is fees.Basis.ITEMS:
        counted = Text(
            "按件计收以同一申请人一个自然月内的件数累计，适用于所有答复类型；一份申请含多项内容的，"
            "可以按“一事一申请”拆分计算。",
            "Items of one applicant are added up over the calendar month, whatever the answer; one"
            " paper with several matters may be split.",
        )
    else:
        counted = Text(
            "按量计收以单件申请为准，不跨申请累计；A4及以下幅面的单面为一页。信息已经公开、"
            "只告知获取方式和途径的，不按量计收。",
            "Pages are counted per application, not across; one side of A4 or smaller is one page."
            " Information already made public, where the answer says how to get it, is not charged"
            " by volume.",
        )
    when = Text(
        "只有申请数量、频次明显超过合理范围时才可以收费；收费通知应当在办理期限内发出。",
        "A fee is allowed only where number or frequency is clearly excessive; the notice goes out"
        " within the handling period.",
    )
    pages = charge.basis is fees.Basis.PAGES
    what = Text("计页方法", "the counting of pages, ") if pages else Text("", "")
    joined = (
        Text("{what}、收费通知", "{what}the notice") if pages else Text("收费通知", "the notice")
    )
    heard = Text(
        "{joined}和缴费期限的规定，依据转述，未见原文。",
        "The rules on {joined} and the time to pay are known from secondary sources; their text"
        " was not seen.",
    )
    return when, counted, heard.within(joined=joined.within(what=what))


def fee_json(charge: fees.Charge, lang: Lang) -> None:
    """The same as data: ``gongkai.fee/1``; yuan as decimal strings."""
    _print_json(
        {
            "schema": "gongkai.fee/1",
            "basis": charge.basis,
            "units": charge.units,
            "before": charge.before,
            "date": charge.on,
            "total": charge.total,
            "tiers": [
                {"first": t.first, "last": t.last, "count": t.count, "rate": t.rate,
                 "amount": t.amount}
                for t in charge.tiers
            ],
            "source": charge.source,
            "since": charge.since,
            "provisions": _law_json(_fee_provisions(charge), lang),
        }
    )  # fmt: skip


def _yuan(amount: Decimal, lang: Lang) -> str:
    return Text("{n}元", "{n} yuan").within(n=f"{amount:,}").say(lang)


# 共用


def _heading(text: Text, lang: Lang) -> Line:
    return Line(f"\n{text.say(lang)}", "bold")


def _panel(title: str, headline: Line, story: str) -> Panel:
    lines = "\n".join(wrapped(story, _width() - 6))
    return Panel(
        Group(headline, Line(lines, "dim")),
        title=title,
        title_align="left",
        box=box.ROUNDED,
        padding=(1, 2),
    )


def _bullet(text: str, style: str, more: str = "") -> Line:
    """A point with a hanging indent; ``more`` stands below it in a quieter voice."""
    width = min(_width(), WIDTH) - 6
    line = Line("\n".join(wrapped(text, width)), style)
    if more:
        line.append("\n")
        line.append("\n".join(wrapped(more, width)), "dim")
    point = Line("  · ")
    for n, part in enumerate(line.split("\n")):
        point.append("\n    " if n else "")
        point.append_text(part)
    return point


def wrapped(text: str, width: int) -> list[str]:
    """Lines of at most ``width`` columns; none begins with a comma or a closing bracket."""
    lines = [""]
    for piece in _PIECE.findall(text):
        if cell_len(lines[-1]) + cell_len(piece.rstrip()) > width and lines[-1]:
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines]


def _width() -> int:
    return console().width


def _law_json(provisions: Iterable[articles.Provision], lang: Lang) -> list[dict[str, Any]]:
    return [
        {"id": one.id, "cite": one.cite.say(lang), "number": one.instrument.number,
         "statement": one.statement.say(lang), "mark": one.mark}
        for one in provisions
    ]  # fmt: skip


def _print_json(value: dict[str, Any]) -> None:
    print(json.dumps(value, ensure_ascii=False, default=_plain, indent=2))


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"no JSON for {type(value).__name__}")
