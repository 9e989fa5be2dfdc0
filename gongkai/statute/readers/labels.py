"""标签识别: which row, column or group of the form a printed label names.

Labels are compared by their core: no white space, one width, simplified script, no leading
number, no punctuation. Known differences of wording are data (``data/labels.json``).
"""

from __future__ import annotations

import difflib
import functools
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

from gongkai.statute import forms, script

# White space, and what takes no space at all: joiners, marks of direction, soft hyphens, variants.
_SPACE = re.compile(
    r"[\s\x00-\x1f\u00ad\u034f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]+"
)
_PUNCTUATION = re.compile(r"[^\w]|_")
_CN = "一二三四五六七八九十"
MARK = re.compile(
    rf"^(?:第?(?P<cn>[{_CN}]{{1,3}})(?:部分)?[、,.:．]"
    rf"|\((?P<pcn>[{_CN}]{{1,3}})\)[、,.]?"
    r"|\((?P<pn>\d{1,2})\)[、,.]?"
    r"|(?P<n>\d{1,2})(?:[、.:)](?!\d)|,)"
    r"|(?P<dotted>\d(?:\.\d){1,3})[、.]?(?=\D)"
    r"|(?P<circled>[①-⑳])"
    r"|\d{1,2}(?=[\u4e00-\u9fff]{3}))"  # 1属于国家秘密: a number without its dot
)

PAGE_NUMBER = re.compile(
    r"^\s*(?:[-—–－]+\s*\d{1,3}\s*[-—–－]+|第\s*\d{1,3}\s*页(?:\s*[,，/]?\s*共\s*\d{1,3}\s*页)?)\s*$"
)


def squeeze(text: str) -> str:
    """The text without white space, in one width and in simplified script."""
    if text.isascii():
        return text if text.isdigit() else _SPACE.sub("", text)
    return _squeezed(text) if len(text) > 80 else _squeezed_short(text)


def _squeezed(text: str) -> str:
    return _SPACE.sub("", script.simplified(unicodedata.normalize("NFKC", text)))


_squeezed_short = functools.lru_cache(maxsize=16384)(_squeezed)


def mark(squeezed: str) -> tuple[str, int] | None:
    """The leading number of a squeezed text: ("cn", 3) for 三、, ("pcn", 3) for （三）,
    ("n", 3) for 3., ("pn", 3) for （3）, ("circled", 3) for ③; None without one."""
    if found := MARK.match(squeezed):
        for kind in ("cn", "pcn"):
            if digits := found[kind]:
                return kind, chinese_int(digits)
        for kind in ("n", "pn"):
            if digits := found[kind]:
                return kind, int(digits)
        if digits := found["circled"]:
            return "circled", ord(digits) - ord("①") + 1
    return None


def chinese_int(digits: str) -> int:
    """一 to 九十九 as a number (as numbering uses them)."""
    if "十" in digits:
        tens, _, ones = digits.partition("十")
        return (_CN.index(tens) + 1 if tens else 1) * 10 + (_CN.index(ones) + 1 if ones else 0)
    return _CN.index(digits[0]) + 1


def core(text: str) -> str:
    """What is compared: the squeezed text without its leading number and all punctuation."""
    return core_of(squeeze(text))


@functools.lru_cache(maxsize=8192)
def core_of(squeezed: str) -> str:
    """As `core`, of a text that is squeezed already."""
    return _PUNCTUATION.sub("", MARK.sub("", squeezed, count=1))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """标签词表: cores to ids, for one edition of the form."""

    edition: str
    rows: Mapping[str, Mapping[str, str]]  # table -> core -> row id
    headings: Mapping[str, str]  # core -> heading row id of table 3
    blocks: Mapping[str, str]  # core -> block id of table 2
    columns: Mapping[str, Mapping[str, str]]  # table -> core -> column id
    official: Mapping[str, frozenset[str]]  # table -> cores exactly as the form prints them


@functools.cache
def vocabulary(edition: str) -> Vocabulary:
    """All labels of an edition with their known variants."""
    form = forms.form(edition)
    variants = _variants()
    rows: dict[str, dict[str, str]] = {}
    columns: dict[str, dict[str, str]] = {}
    official: dict[str, set[str]] = {}
    headings: dict[str, str] = {}
    blocks: dict[str, str] = {}
    for name, table in form.tables.items():
        row_map = rows.setdefault(name, {})
        column_map = columns.setdefault(name, {})
        exact = official.setdefault(name, set())
        for block in table.blocks:
            if block.heading:
                blocks[core(block.heading)] = block.id
                exact.add(core(block.heading))
            for row in block.rows:
                target = headings if row.kind == "heading" else row_map
                for label in (row.label, *row.variants, *variants["rows"].get(row.id, ())):
                    target.setdefault(core(label), row.id)
                exact.add(core(row.label))
            for column in block.columns:
                for label in (column.label, *variants["columns"].get(column.id, ())):
                    column_map.setdefault(core(label), column.id)
                exact.add(core(column.label))
    return Vocabulary(
        edition,
        rows,
        headings,
        blocks,
        columns,
        {name: frozenset(c) for name, c in official.items()},
    )


@functools.cache
def groups() -> Mapping[str, str]:
    """Header groups (申请人情况, 行政复议, …): core to official label."""
    return {core(v): name for name, vs in _variants()["groups"].items() for v in (name, *vs)}


@functools.cache
def not_rows() -> frozenset[str]:
    """Labels that never are a row of the form (小计, 备注, …)."""
    return frozenset(core(v) for v in _variants()["not_rows"])


@functools.cache
def _variants() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    path = resources.files("gongkai.statute") / "data" / "labels.json"
    data: Mapping[str, Mapping[str, tuple[str, ...]]] = json.loads(path.read_text(encoding="utf-8"))
    return data


def likeness(a: str, b: str) -> float:
    """How alike two cores are, 0 to 1; a label cut short counts by the part that is there."""
    if not a or not b:
        return 0.0
    ratio = difflib.SequenceMatcher(None, a, b, autojunk=False).ratio()
    short, long = sorted((a, b), key=len)
    if len(short) >= 4 and (long.startswith(short) or long.endswith(short)):
        ratio = max(ratio, 0.8)
    return ratio


# 各表特征: words that tell which table a row belongs to, whatever the edition.
@functools.cache
def signs() -> Mapping[str, str]:
    """Cores that occur in one table only -> that table."""
    found: dict[str, set[str]] = {}
    for edition in forms.editions():
        words = vocabulary(edition)
        for core_, _ in words.blocks.items():
            found.setdefault(core_, set()).add("proactive")
        for core_, _ in words.headings.items():
            found.setdefault(core_, set()).add("applications")
        for table in words.rows:
            for core_ in (*words.rows[table], *words.columns[table]):
                found.setdefault(core_, set()).add(table)
    found.setdefault("信息内容", set()).add("proactive")
    for group in ("申请人情况", "法人或其他组织"):
        found.setdefault(core(group), set()).add("applications")
    found.setdefault(
        core("（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"), set()
    ).add("applications")
    for group in ("行政复议", "行政诉讼", "未经复议直接起诉", "复议后起诉"):
        found.setdefault(core(group), set()).add("remedies")
    return {c: next(iter(ts)) for c, ts in found.items() if len(ts) == 1 and len(c) >= 2}


@functools.cache
def header_words() -> frozenset[str]:
    """Cores of every column and group label of every edition."""
    words = set(groups())
    for edition in forms.editions():
        for columns in vocabulary(edition).columns.values():
            words.update(columns)
    return frozenset(words)


@functools.cache
def row_words() -> frozenset[str]:
    """Cores of every row label and heading of tables 2 and 3, of every edition."""
    words: set[str] = set()
    for edition in forms.editions():
        known = vocabulary(edition)
        words.update(known.headings, known.rows["proactive"], known.rows["applications"])
    return frozenset(words)


@functools.cache
def all_words() -> frozenset[str]:
    """Cores of every label there is: rows, headings, columns, groups, block headings."""
    return row_words() | header_words() | frozenset(signs())


@functools.cache
def beginnings() -> frozenset[str]:
    """Every core a label may begin with, where it is broken off."""
    return frozenset(word[:end] for word in all_words() for end in range(1, len(word) + 1))


@functools.cache
def telling(table: str) -> Mapping[str, frozenset[str]]:
    """Edition -> cores of labels of a table that occur in that edition alone."""
    words: dict[str, set[str]] = {}
    for edition in forms.editions():
        known = vocabulary(edition)
        words[edition] = {*known.rows[table], *known.columns[table]}
        if table == "applications":
            words[edition] |= set(known.headings)
    return {
        edition: frozenset(own.difference(*(w for e, w in words.items() if e != edition)))
        for edition, own in words.items()
    }


@functools.cache
def foreign(table: str, edition: str) -> frozenset[str]:
    """Cores of column labels of a table that other editions have and this one has not."""
    ours = vocabulary(edition).columns[table]
    return frozenset(
        core
        for other in forms.editions()
        for core in vocabulary(other).columns[table]
        if core not in ours
    )
