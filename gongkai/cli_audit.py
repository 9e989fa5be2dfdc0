"""gongkai audit: the chains of events proved, and their heads printed to be kept elsewhere.

Django is imported when one of them runs, never by the command's help.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gongkai import cli_serve
from gongkai.cli_bar import bar
from gongkai.cli_serve import Cannot
from gongkai.statute.texts import Lang, Text

if TYPE_CHECKING:
    from gongkai.web.ledger.chains import Head
    from gongkai.web.workbench.auditing import Fault

WHOLE, BROKEN = 0, 1
WHY = {
    "altered": Text("事件被改动过", "the event was altered"),
    "missing": Text("这个位置的事件不见了", "the event of this place is missing"),
    "misplaced": Text("事件被改到了别的机关名下", "the event was put under another organ"),
    "cut": Text("从这里起的事件被删去了", "the events from here on were removed"),
    "extra": Text(
        "链尾与登记的不符：添了事件，或者登记被改动",
        "the end is not as registered: an event was added, or the register altered",
    ),
    "unlike": Text(
        "与另存的链头不符：这里或者前面的事件被改动后重新成链",
        "it is not as the kept head says: an event here or before was altered and the chain made "
        "anew",
    ),
}
_NOBODY = Text("不属于任何机关的事件", "events of no organ")
_GONE = Text("编号 {key} 的机关", "the organ of key {key}")


@dataclass(frozen=True, slots=True)
class Wish:
    """核验要求: what the command line asks for."""

    against: str | None = None
    organ: str | None = None
    as_json: bool = False


def verify(wish: Wish, lang: Lang) -> int:
    """Proves every chain; returns the exit code."""
    try:
        cli_serve.set_up(lang)
        return _verified(wish, lang)
    except Cannot as cannot:
        cli_serve.say(cannot, lang)
        return cannot.code


def heads(lang: Lang) -> int:
    """Prints the end of every chain as JSON; returns the exit code."""
    try:
        cli_serve.set_up(lang)
    except Cannot as cannot:
        cli_serve.say(cannot, lang)
        return cannot.code
    from django.utils import timezone

    from gongkai.web.ledger import chains, kept_heads

    sys.stdout.write(kept_heads.written(chains.heads(), timezone.now()))
    return 0


def protect(lang: Lang) -> int:
    """Puts back the triggers by which the database refuses to alter events."""
    try:
        cli_serve.set_up(lang)
    except Cannot as cannot:
        cli_serve.say(cannot, lang)
        return cannot.code
    from gongkai.web.shell import append_only

    lacking = append_only.unprotected()
    for table in lacking:
        append_only.protect(table)
    done = Text(f"已补上：{'、'.join(lacking)}。", f"Put back: {', '.join(lacking)}.")
    nothing = Text("触发器齐全，没有改动。", "All triggers are there: nothing was changed.")
    print((done if lacking else nothing).say(lang))
    return 0


def _verified(wish: Wish, lang: Lang) -> int:
    from gongkai.web.workbench import auditing

    kept = _kept(wish.against)
    keys = auditing.chosen(wish.organ, kept)
    if keys is None:
        raise Cannot(
            Text(f"没有单位编号为 {wish.organ} 的机关。", f"There is no organ {wish.organ}.")
        )
    begun, looked = time.monotonic(), 0
    faults: list[Fault] = []
    with bar(auditing.total(keys), lang) as advance:

        def step(count: int) -> None:
            nonlocal looked
            looked += count
            advance(count)

        faults += auditing.faults(keys, kept, step)
    seconds = time.monotonic() - begun
    lax = auditing.unprotected()
    found = _Found(faults, lax, len(keys), looked, seconds)
    print(_as_json(found, lang) if wish.as_json else _page(found, lang))
    return BROKEN if faults or lax else WHOLE


@dataclass(frozen=True, slots=True)
class _Found:
    faults: list[Fault]
    lax: list[str]
    chains: int
    events: int
    seconds: float


def _kept(name: str | None) -> dict[int, Head]:
    if name is None:
        return {}
    from gongkai.web.ledger import kept_heads

    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
        return kept_heads.parsed(text)
    except (OSError, ValueError) as cause:
        why = cause.strerror if isinstance(cause, OSError) else None
        raise Cannot(
            Text(
                f"{name} 不能用来核对（{why or '不是 gongkai audit heads 写出的文件'}）。",
                f"{name} cannot be held against "
                f"({why or 'it is no file that gongkai audit heads wrote'}).",
            ),
            code=cli_serve.UNEXPECTED,
        ) from None


# -- telling


def _page(found: _Found, lang: Lang) -> str:
    lines = [_told(fault) for fault in found.faults]
    lines += [
        Text(
            f"表 {table} 缺少防改动的触发器，数据库不再拒绝改动和删除：请查明原因，再用 gongkai "
            "audit protect 补上。",
            f"The table {table} lacks the triggers that refuse change: find out why, then put them "
            "back by gongkai audit protect.",
        )
        for table in found.lax
    ]
    speed = found.events / found.seconds if found.seconds > 0 else 0
    broken = len(found.faults)
    whole = Text("全部完好", "all whole")
    cut = Text(f"{broken} 条有断裂", f"{broken} broken")
    end = cut if broken else whole
    lines.append(
        Text(
            f"核验了 {found.chains} 条链、{found.events:,} 个事件（每秒 {speed:,.0f} 个）："
            f"{end.zh}。",
            f"{found.chains} chains, {found.events:,} events ({speed:,.0f} a second): {end.en}.",
        )
    )
    return "\n".join(line.say(lang) for line in lines)


def _told(fault: Fault) -> Text:
    broken, why = fault.broken, WHY[fault.broken.why]
    whose = Text(f"{fault.organ}（{fault.code}）", f"{fault.organ} ({fault.code})")
    if not fault.code:
        whose = _GONE.within(key=broken.chain) if broken.chain else _NOBODY
    said = Text(
        f"断裂：{whose.zh}，第 {broken.position} 个事件：{why.zh}",
        f"Broken: {whose.en}, event {broken.position}: {why.en}",
    )
    if broken.event is None:
        return Text(f"{said.zh}。", f"{said.en}.")
    now = fault.event
    return Text(
        f"{said.zh}。这一行现在（编号 {broken.event}）：{now or '已无法读出'}",
        f"{said.en}. The row now (key {broken.event}): {now or 'past reading'}",
    )


def _as_json(found: _Found, lang: Lang) -> str:
    said: dict[str, Any] = {
        "schema": "gongkai.audit/1",
        "whole": not found.faults and not found.lax,
        "chains": found.chains,
        "events": found.events,
        "seconds": round(found.seconds, 3),
        "broken": [
            {
                "chain": one.broken.chain,
                "organ": one.code or None,
                "position": one.broken.position,
                "event": one.broken.event,
                "why": one.broken.why,
                "text": _told(one).say(lang),
            }
            for one in found.faults
        ],
        "unprotected": found.lax,
    }
    return json.dumps(said, ensure_ascii=False)
