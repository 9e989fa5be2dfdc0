"""期限与收费命令: ``gongkai deadline`` and ``gongkai fee``: the whole reasoning on one page.

Both print what `gongkai.statute` computed, nothing of their own: every day counted or skipped and
why, every tier, every provision; ``--json`` gives the same as data. Exit code 0, or 2 with a
sentence that says what is wrong and a command that works. Heavy imports wait inside the functions:
``gongkai --help`` must be quick.
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Annotated, NoReturn, TypeVar

import typer

from gongkai import cli_dates
from gongkai.cli_language import UsageError, from_environment, language
from gongkai.statute.texts import Lang, Text

if TYPE_CHECKING:
    from gongkai.statute import clock_events

Read = TypeVar("Read")

EXAMPLE_DEADLINE = (
    "gongkai deadline --received 2026-03-02 --event consult=2026-03-09..2026-03-20 --event extend"
)
EXAMPLE_FEE = "gongkai fee --pages 201"
EVENT_FORMS = {
    "consult": "consult=2026-03-09..2026-03-20,served=2026-03-10",
    "joint": "joint=2026-03-09..",
    "clarify": "clarify=2026-03-05..2026-03-12",
    "extend": "extend=2026-03-27",
    "fee": "fee=2026-03-09..2026-03-13",
}
EVENT_NAMES = {
    "consult": "征求意见 征求第三方意见 征求第三方 第三方 征求",
    "joint": "共同制作 共同制作机关 征求共同制作机关意见",
    "clarify": "补正 告知补正",
    "extend": "延期 延长 延长期限",
    "fee": "收费 缴费",
}
BEIJING = timezone(timedelta(hours=8))


def _help(zh: str, en: str) -> str:
    """Help speaks the language of the environment: it is fixed before any option is read."""
    return Text(zh, en).say(from_environment())


def deadline(
    received: Annotated[
        str, typer.Option(help=_help("收到申请之日", "day of receipt"), metavar="DATE")
    ] = "",
    event: Annotated[
        list[str] | None,
        typer.Option(
            "--event",
            "-e",
            help=_help("办理事项，可重复，写法见上", "what happened, repeatable; forms above"),
            metavar="EVENT",
        ),
    ] = None,
    channel: Annotated[
        str | None,
        typer.Option(
            help=_help(
                "提交方式：当面、信函、平信、网络、电子邮件、传真",
                "in-person, mail, plain-mail, online, email, fax",
            ),
            metavar="CHANNEL",
        ),
    ] = None,
    confirmed: Annotated[
        str | None,
        typer.Option(
            help=_help(
                "与申请人确认之日（平信、网络、电子邮件、传真）",
                "day confirmed with the applicant (plain mail, online, email, fax)",
            ),
            metavar="DATE",
        ),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of", help=_help("截至哪一天", "the day the question is asked"), metavar="DATE"
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=_help("输出 JSON", "print JSON"))] = False,
    lang: Annotated[str | None, typer.Option(help="zh|en", metavar="LANG")] = None,
) -> None:
    """Answered by `deadline.__doc__` below, in the language of the environment."""
    guard = _Guard(lang, EXAMPLE_DEADLINE)
    with guard as tongue:
        from gongkai import cli_clock_page
        from gongkai.statute import clocks

        receipt = _receipt(received, channel, confirmed)
        asked = cli_dates.read(as_of) if as_of else None
        events = []
        for text in event or ():
            guard.example = _example(text)  # what is wrong from here on is wrong with an event
            events.append(_event(text))
        clock = clocks.answer_clock(receipt.day, events, as_of=asked)
        show = cli_clock_page.deadline_json if as_json else cli_clock_page.deadline_page
        show(clock, receipt, tongue)


deadline.__doc__ = _help(
    "答复期限：最迟哪一天答复，逐日说明计与不计及其依据。\n\n"
    "事项的写法（后一个日期尚未发生的，留空）：\n"
    "  consult=发出..收到意见   征求第三方意见；可加 ,served=对方收到之日 ,name=名称\n"
    "  joint=发出..收到意见     征求共同制作机关意见；同上\n"
    "  clarify=告知..收到补正   补正；可加 ,until=补正期限\n"
    "  extend=告知之日          延期；可加 ,days=天数；日期可以省略\n"
    "  fee=收到通知..缴费       信息处理费\n\n"
    "事项也可以写中文，“，”“＝”“：”与半角同样有效：\n"
    "  consult  征求意见、征求第三方意见、征求第三方、第三方、征求；附加项 送达、名称\n"
    "  joint    共同制作、共同制作机关、征求共同制作机关意见\n"
    "  clarify  补正、告知补正；附加项 期限\n"
    "  extend   延期、延长、延长期限；附加项 天数\n"
    "  fee      收费、缴费\n"
    "  如：征求意见=2026年3月9日至2026年3月20日，送达=2026年3月10日\n\n"
    f"示例：{EXAMPLE_DEADLINE}",
    "The last day to answer an application, every day counted or skipped and why.\n\n"
    "Events (leave the second date out while it has not happened):\n"
    "  consult=SENT..REPLY      third party asked; also ,served=RECEIVED ,name=NAME\n"
    "  joint=SENT..REPLY        co-producing organ asked; the same\n"
    "  clarify=ASKED..RECEIVED  clarification; also ,until=LAST-DAY\n"
    "  extend=TOLD              extension; also ,days=N; the date may be left out\n"
    "  fee=NOTICE..PAID         processing fee\n\n"
    f"Example: {EXAMPLE_DEADLINE}",
)


def fee(
    pages: Annotated[
        str | None,
        typer.Option(help=_help("按量计收：页数", "pages, for the tariff by page"), metavar="N"),
    ] = None,
    items: Annotated[
        str | None,
        typer.Option(
            help=_help("按件计收：同一申请人当月件数", "items of one applicant in the month"),
            metavar="N",
        ),
    ] = None,
    before: Annotated[
        str | None,
        typer.Option(
            help=_help("按件计收：当月此前已有件数", "items already counted that month"),
            metavar="N",
        ),
    ] = None,
    on: Annotated[
        str | None,
        typer.Option(
            "--date",
            help=_help("按哪一天的标准，默认今天", "day of the tariff, default today"),
            metavar="DATE",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=_help("输出 JSON", "print JSON"))] = False,
    lang: Annotated[str | None, typer.Option(help="zh|en", metavar="LANG")] = None,
) -> None:
    """Answered by `fee.__doc__` below, in the language of the environment."""
    with _Guard(lang, EXAMPLE_FEE) as tongue:
        from gongkai import cli_clock_page
        from gongkai.statute import fees

        day = cli_dates.read(on) if on else today()
        if (pages is None) == (items is None):
            raise UsageError(
                Text(
                    "请在 --pages（按量）和 --items（按件）中选择一种：同一件申请不得重复计收。",
                    "Give either --pages or --items: one application is charged by one of them.",
                )
            )
        if pages is not None and before is not None:
            raise UsageError(
                Text(
                    "--before 只用于按件计收：按量计收以单件申请为准，不累计。",
                    "--before goes with --items: pages are not added up across applications.",
                )
            )
        if pages is not None:
            charge = fees.by_pages(_number(pages), day)
        else:
            charge = fees.by_items(_number(items or ""), day, before=_number(before or "0"))
        show = cli_clock_page.fee_json if as_json else cli_clock_page.fee_page
        show(charge, tongue)


fee.__doc__ = _help(
    "信息处理费：分档列出金额和依据。\n\n"
    f"示例：{EXAMPLE_FEE}\n\n示例：gongkai fee --items 31 --date 2026-03-01",
    "The information processing fee, tier by tier.\n\n"
    f"Example: {EXAMPLE_FEE}\n\nExample: gongkai fee --items 31 --date 2026-03-01",
)


class _Guard:
    """Turns what people get wrong into a sentence, an example and exit code 2."""

    def __init__(self, lang: str | None, example: str) -> None:
        self.lang, self.example = lang, example

    def __enter__(self) -> Lang:
        try:
            self.tongue = language(self.lang)
        except UsageError as error:
            self.tongue = from_environment()
            self._stop(error.text)
        return self.tongue

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is None or isinstance(error, typer.Exit):
            return
        from gongkai.statute import clock_events, dated, fees

        known = (UsageError, clock_events.ClockError, dated.NotKnown, fees.FeeError)
        if isinstance(error, known):
            self._stop(error.text)

    def _stop(self, text: Text) -> NoReturn:
        example = Text("示例：", "Example: ").say(self.tongue)
        typer.echo(f"{text.say(self.tongue)}\n{example}{self.example}", err=True)
        raise typer.Exit(2) from None


def today() -> date:
    """Today in Beijing: only a command may ask."""
    return datetime.now(BEIJING).date()


# Reading what was typed.


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise UsageError(
            Text("“{v}”应为整数。", "“{v}” should be a whole number.").within(v=text)
        ) from None


def _receipt(received: str, channel: str | None, confirmed: str | None) -> clock_events.Receipt:
    from gongkai.statute import clock_events

    if not received:
        raise UsageError(
            Text(
                "缺少收到申请之日：请用 --received 写明日期。",
                "The day of receipt is missing: give it with --received.",
            )
        )
    arrived = cli_dates.read(received)
    if channel is None:
        if confirmed:
            raise UsageError(
                Text(
                    "--confirmed 须与 --channel 一起使用（平信、网络、电子邮件、传真）。",
                    "--confirmed goes with --channel (plain-mail, online, email, fax).",
                )
            )
        return clock_events.Receipt(arrived, Text("收到申请之日", "day of receipt as given"))
    way = _channel(channel)
    if confirmed:
        return clock_events.received_on(way, arrived, confirmed=cli_dates.read(confirmed))
    receipt = clock_events.received_on(way, arrived, confirmed=arrived)
    if way in (clock_events.Channel.IN_PERSON, clock_events.Channel.SIGNED_MAIL):
        return receipt
    return dataclasses.replace(receipt, irregular=_UNCONFIRMED)


_UNCONFIRMED = Text(
    "未写明 --confirmed，按到达当日已与申请人确认计算；尚未确认的，期限不起算。",
    "Without --confirmed the day of arrival is taken as confirmed; unconfirmed, no period runs.",
)


def _channel(text: str) -> clock_events.Channel:
    from gongkai.statute.clock_events import Channel

    names = {
        Channel.IN_PERSON: "当面 当面提交 现场 窗口 in-person in_person",
        Channel.SIGNED_MAIL: "信函 邮寄 挂号信 特快专递 快递 ems mail signed-mail signed_mail",
        Channel.PLAIN_MAIL: "平信 平常信函 plain-mail plain_mail",
        Channel.ONLINE: "网络 互联网 在线 网站 电子邮件 邮箱 online internet email",
        Channel.FAX: "传真 fax",
    }
    wanted = text.strip().lower()
    for way, spellings in names.items():
        if wanted in spellings.split():
            return way
    raise UsageError(
        Text(
            "没有“{text}”这种提交方式。可用：当面、信函、平信、网络、电子邮件、传真。",
            "There is no channel “{text}”. Use in-person, mail, plain-mail, online, email or fax.",
        ).within(text=text)
    )


# A comma, an equals sign or a colon of full width is what a Chinese keyboard gives.
_COMMA, _EQUALS = re.compile("[,，]"), re.compile("[=＝:：]")
_EVENT = re.compile(
    r"(?P<kind>[^=＝:：,，]+)(?:[=＝:：](?P<dates>[^,，]*))?"
    r"(?P<more>(?:[,，][^,，=＝:：]+[=＝:：][^,，]*)*)"
)


def _event(text: str) -> clock_events.Event:
    """An event as typed: ``kind=DATE..DATE,key=value``; see EVENT_FORMS."""
    from gongkai.statute import clock_events as facts

    found = _EVENT.fullmatch(text.strip())
    if found is None:
        raise UsageError(_no_event(text))
    kind = _kind(text)
    if kind is None:
        raise UsageError(_no_event(text))
    first, last = _range(found["dates"])
    more = dict(_pair(pair) for pair in _COMMA.split(found["more"]) if pair)
    made: facts.Event
    if kind == "extend" and last is None:
        days = _take(more, "days", "天数", _number)
        made = facts.Extend(first, days, _take(more, "decided", "同意", cli_dates.read))
    elif first is None:
        raise UsageError(_no_event(text))
    elif kind in ("consult", "joint"):
        made = facts.Consult(
            first,
            last,
            _take(more, "served", "送达", cli_dates.read),
            facts.Whom.JOINT_MAKER if kind == "joint" else facts.Whom.THIRD_PARTY,
            _take(more, "name", "名称", str) or "",
        )
    elif kind == "clarify":
        made = facts.Clarify(first, last, _take(more, "until", "期限", cli_dates.read))
    elif kind == "fee":
        made = facts.Fee(first, last)
    else:
        raise UsageError(_no_event(text))
    if more:
        raise UsageError(_no_event(text))
    return made


def _range(text: str | None) -> tuple[date | None, date | None]:
    if not text:
        return None, None
    plain = unicodedata.normalize("NFKC", text)
    first, _, last = plain.replace("至", "..").partition("..")
    return cli_dates.read(first), cli_dates.read(last) if last.strip() else None


def _pair(text: str) -> tuple[str, str]:
    key, value = _EQUALS.split(text, maxsplit=1)
    return key.strip().lower(), value.strip()


def _take(more: dict[str, str], en: str, zh: str, read: Callable[[str], Read]) -> Read | None:
    value = more.pop(en, None) or more.pop(zh, None)
    return read(value) if value else None


def _kind(text: str) -> str | None:
    """Which event is meant, whatever else is wrong with it: a key of EVENT_FORMS."""
    name = re.split("[=＝:：,，]", text.strip(), maxsplit=1)[0].strip().lower()
    return next((k for k, names in EVENT_NAMES.items() if name in (k, *names.split())), None)


def _example(text: str) -> str:
    """A command that works, with the event that was meant."""
    kind = _kind(text)
    if kind is None:
        return EXAMPLE_DEADLINE
    return f"gongkai deadline --received 2026-03-02 --event {EVENT_FORMS[kind]}"


def _no_event(text: str) -> Text:
    kind = _kind(text)
    if kind is None:
        return Text(
            "看不懂事项“{text}”。可用的写法：\n  {forms}",
            "The event “{text}” cannot be read. Forms that can:\n  {forms}",
        ).within(text=text, forms="\n  ".join(EVENT_FORMS.values()))
    return Text(
        "看不懂事项“{text}”。这类事项写成：{form}",
        "The event “{text}” cannot be read. Write it like this: {form}",
    ).within(text=text, form=EVENT_FORMS[kind])
