"""设置项的种类: numbers, choices, lines of text, addresses: how each is read, stored and shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext as _now

from gongkai.statute import articles
from gongkai.statute.clock_events import CHANNELS, Channel
from gongkai.web.shell.languages import lang

Value = bool | int | str
Words = str | Promise


class Group(StrEnum):
    """分组: under which heading a key stands."""

    INTAKE = "intake"  # 申请登记
    CLOCK = "clock"  # 期限计算
    COUNT = "count"  # 统计口径
    REMEDY = "remedy"  # 救济告知
    PAPER = "paper"  # 公文与印章
    REMIND = "remind"  # 提醒


class Misread(ValueError):
    """设置值有误: what was typed is no value of the key; its words say what is."""


@dataclass(frozen=True, slots=True)
class Key:
    """设置项: its id is for ever. ``source`` is a provision, empty where it is our convention."""

    id: str
    group: Group
    label: Promise
    help: Promise
    default: Value
    source: str = ""
    own: bool = False

    def read(self, text: str) -> Value:
        """The value of a stored or typed text; raises Misread."""
        raise NotImplementedError

    def valid(self, text: str) -> Value | None:
        """The value of a stored text; None for one of an earlier version that is none any more."""
        try:
            return self.read(text)
        except Misread:
            return None

    def write(self, value: Value) -> str:
        """As it is stored."""
        return str(value)

    def said(self, value: Value) -> str:
        """As it is shown."""
        return str(value)

    @property
    def rests_on(self) -> str:
        """The provision in the language of the request, or that this is our convention."""
        if not self.source:
            return _now("本系统约定")
        found = articles.provision(self.source)
        cited = found.brief.en if lang() == "en" else found.brief.zh
        if found.article is None and found.instrument.number:  # no article to find it by
            return _now("%(name)s（%(number)s）") % {
                "name": cited,
                "number": found.instrument.number,
            }
        return cited


@dataclass(frozen=True, slots=True)
class Whole(Key):
    """整数: within bounds."""

    least: int = 0
    most: int = 0
    unit: Words = ""

    def read(self, text: str) -> int:
        typed = text.strip()
        if typed.isascii() and typed.isdigit() and self.least <= int(typed) <= self.most:
            return int(typed)
        raise Misread(
            _now("请填 %(least)d 到 %(most)d 之间的整数。")
            % {"least": self.least, "most": self.most}
        )

    def said(self, value: Value) -> str:
        return f"{value} {self.unit}" if self.unit else str(value)


@dataclass(frozen=True, slots=True)
class Choice(Key):
    """选择: one of a few, each with its words."""

    options: tuple[tuple[Value, Promise], ...] = ()

    def read(self, text: str) -> Value:
        for value, _label in self.options:
            if self.write(value) == text:
                return value
        raise Misread(_now("请选择所列的一项。"))

    def write(self, value: Value) -> str:
        if isinstance(value, bool):
            return "yes" if value else "no"
        return str(value)

    def said(self, value: Value) -> str:
        return str(dict(self.options).get(value, value))

    @property
    def choices(self) -> list[tuple[str, Promise]]:
        return [(self.write(value), label) for value, label in self.options]


@dataclass(frozen=True, slots=True)
class Line(Key):
    """文字: one line."""

    most: int = 100
    blank: Words = ""  # what an empty value means

    def read(self, text: str) -> str:
        typed = " ".join(text.split())
        if len(typed) > self.most:
            raise Misread(_now("最多 %(most)d 个字。") % {"most": self.most})
        return typed

    def said(self, value: Value) -> str:
        return str(value) if value != "" else str(self.blank)


@dataclass(frozen=True, slots=True)
class Site(Line):
    """网址: where a service is reached: scheme, name and port, nothing behind them."""

    def read(self, text: str) -> str:
        typed = text.strip().rstrip("/")
        if not typed:
            return ""
        if len(typed) > self.most or not _SITE.fullmatch(typed):
            raise Misread(
                _now(
                    "请填写完整的网址，以 https:// 或者 http:// 开头，只到域名（可带端口）为止，"
                    "如 https://xxgk.example.gov.cn。"
                )
            )
        return typed.lower()


_SITE = re.compile(
    r"https?://[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*(?::[0-9]{1,5})?",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Days(Line):
    """若干天数: whole numbers within bounds, the greatest first."""

    furthest: int = 0

    def read(self, text: str) -> str:
        typed = text.translate(_COMMAS).split(",")
        found = [int(n) for part in typed if (n := part.strip()).isascii() and n.isdigit()]
        if len(found) != len(typed) or max(found) > self.furthest or len(found) > self.most:
            raise Misread(
                _now("请填 0 到 %(most)d 之间的整数，用逗号分隔，最多 %(count)d 个，如 5,2,0。")
                % {"most": self.furthest, "count": self.most}
            )
        return ",".join(str(n) for n in sorted(set(found), reverse=True))

    def said(self, value: Value) -> str:
        return _now("提前 %(days)s 个工作日") % {"days": str(value).replace(",", _now("、"))}


@dataclass(frozen=True, slots=True)
class Channels(Line):
    """渠道名称: an organ's own names of the ways an application comes by, each after the kind whose
    rule gives its day of receipt: ``互联网渠道=政务服务网，传真=值班室传真``."""

    def read(self, text: str) -> str:
        return _now("，").join(f"{CHANNELS[kind].zh}={name}" for kind, name in self.pairs(text))

    def pairs(self, text: str) -> list[tuple[Channel, str]]:
        """Kind and name, in the order given; raises Misread."""
        known = {words: kind for kind, said in CHANNELS.items() for words in (said.zh, said.en)}
        found = []
        for part in text.translate(_COMMAS).split(","):
            kind, equals, name = (piece.strip() for piece in part.partition("="))
            if not part.strip():
                continue
            if not equals or kind not in known or not name or len(name) > 40:
                raise Misread(
                    _now("请按“种类=名称”填写，用逗号分隔；种类为：%(kinds)s。")
                    % {"kinds": _now("、").join(said.say(lang()) for said in CHANNELS.values())}
                )
            found.append((known[kind], name))
        return found

    def said(self, value: Value) -> str:
        return str(value) if value else str(self.blank)


_COMMAS = str.maketrans("，、；;", ",,,,")
