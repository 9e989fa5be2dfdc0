"""报告骨架: title, organ, year, period, signature, contact and the prose of the six sections."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from gongkai.statute import forms
from gongkai.statute.readers import headings, labels
from gongkai.statute.readers.lines import Line
from gongkai.statute.report import NOWHERE, Passage, Place

_YEAR = re.compile(r"(20[0-4]\d)\s*年?度?")
_CN_YEAR = str.maketrans("〇○零Ｏ一二三四五六七八九", "0000123456789")
_REPORT = re.compile(r"(?:公开|政务|信息).{0,12}(?:报告|年报)")
_PERIOD = re.compile(
    r"(20\d\d)年(\d{1,2})月(\d{1,2})日(?:起)?(?:至|到|—+|-+|~|－|–)(?:(20\d\d)年|当年)?(\d{1,2})月(\d{1,2})日"
)
_DATE = re.compile(r"^(?:.*?[^\d年月])?((?:20)\d\d)年(\d{1,2})月(\d{1,2})日$")
_ORGAN_END = re.compile(
    r"(?:人民政府|政府|办公室|委员会|办事处|管理局|服务中心|中心|总队|支队|大队|公司|学校|医院|"
    r"[局厅委办部处院站所队镇乡]|街道|管委会|党校|档案馆|[馆社团会])(?:本级|机关)?$"
)
_NAVIGATION = re.compile(
    r"当前位置|首页|打印|字体|来源[:：]|浏览次数|发布时间|分享|>|»|索引号|访问量|扫一扫"
)


@dataclass(slots=True)
class Outline:
    """骨架: everything but the cells."""

    title: str | None = None
    organ: str | None = None
    organ_names: tuple[str, ...] = ()
    year: int | None = None
    period: tuple[date, date] | None = None
    signed_on: date | None = None
    contact: str | None = None
    preamble: str = ""
    sections: dict[str, tuple[Passage, ...]] = field(default_factory=dict)
    topics: dict[str, str] = field(default_factory=dict)
    paragraphs: list[tuple[str, str, Place]] = field(default_factory=list)


def of(lines: Sequence[Line], heads: Sequence[headings.Heading], used: set[int]) -> Outline:
    """The outline of a report; ``used`` are the lines that belong to its tables."""
    out = Outline()
    first = heads[0].index if heads else _head_end(lines)
    front = [ln for i, ln in enumerate(lines[:first]) if i not in used and not ln.picture]
    # The title is the one nearest to section one: above it may stand links to other reports.
    titles = [*reversed(_titles(front)), *_titles(_later_fronts(lines, heads, used))]
    out.title = titles[0][0] if titles else None
    _sections(lines, heads, used, out)
    texts = [t for _, t, _ in out.paragraphs]
    out.period = _period(texts)
    tail = [ln for i, ln in enumerate(lines) if i >= first and i not in used and not ln.picture]
    signature, out.signed_on = _signature(tail)
    out.year = _year(titles, out.period, out.signed_on, texts)
    named = [organ for _, organ in titles if organ] or _told_in_prose(texts)
    out.organ = named[0] if named else signature or _contact_organ(texts)
    names = [*named, *([signature] if signature else []), *_short_names(named or [], texts)]
    out.organ_names = tuple(dict.fromkeys(n for n in names if n))
    out.contact = _contact(texts)
    out.preamble = _preamble(front, out.title)
    out.topics = _topics(out.sections.get("1", ()))
    return out


def starts(lines: Sequence[Line], heads: Sequence[headings.Heading]) -> list[int]:
    """Where each of several reports in one file begins: at a title that stands before a section
    one, if these titles name different organs or years; else nothing."""
    found: list[tuple[int, str | None, int | None]] = []
    for head in heads:
        if head.no != 1:
            continue
        first = max((h.index for h in heads if h.index < head.index), default=-1) + 1
        window = range(max(first, head.index - 20), head.index)
        at = next((i for i in window if _titles([lines[i]])), None)
        if at is None:
            continue
        title, organ = _titles([lines[i] for i in range(max(first, at - 2), at + 1)])[-1]
        while at > first and not lines[at].is_row and lines[at - 1].text.strip() in title:
            at -= 1
        found.append((at, organ, _year([(title, organ)], None, None, ())))
    names = [(organ, year) for _, organ, year in found]
    return [at for at, _, _ in found] if len(set(names)) == len(names) > 1 else []


def _head_end(lines: Sequence[Line]) -> int:
    """Where the front matter ends in a report without section headings."""
    return next((i for i, ln in enumerate(lines) if ln.is_row or len(ln.text) > 90), len(lines))


def _later_fronts(
    lines: Sequence[Line], heads: Sequence[headings.Heading], used: set[int]
) -> list[Line]:
    """Short lines right after the first heading: a report pasted behind its own heading."""
    if not heads:
        return []
    after = range(heads[0].index + 1, min(heads[0].index + 4, len(lines)))
    return [lines[i] for i in after if i not in used and not lines[i].is_row]


def _titles(front: Sequence[Line]) -> list[tuple[str, str | None]]:
    """Each title with its organ; a title may run over two or three short lines."""
    found: list[tuple[str, str | None]] = []
    texts = [_one_line(ln.plain()) for ln in front]
    for i, text in enumerate(texts):
        if len(text) > 70 or not _REPORT.search(text) or _NAVIGATION.search(text):
            continue
        if text[-1] in "。；，,;" or not re.search(r"(?:报告|年报)(?:[（(].*[)）])?$", text):
            continue
        title, k = text, i
        while k > 0 and not _has_organ(title) and _may_precede(texts[k - 1]):
            k -= 1
            title = texts[k] + title
        organ = _organ_of(title)
        if not any(title == t for t, _ in found):
            found.append((title, organ))
    return found


def _preamble(front: Sequence[Line], title: str | None) -> str:
    """The prose between the title and section one; links and dates of a web page are none."""
    ends = [i for i, line in enumerate(front) if title and _ends(title, _one_line(line.plain()))]
    rest = [line.plain().strip() for line in front[ends[-1] + 1 if ends else 0 :]]
    return "\n".join(t for t in rest if t and ("。" in t or not _NAVIGATION.search(t)))


def _ends(title: str, text: str) -> bool:
    return bool(text) and title.endswith(text)


def _one_line(text: str) -> str:
    return re.sub(r"\s+", "", text.strip().lstrip("#* ")).strip("*")


def _has_organ(title: str) -> bool:
    organ = _organ_of(title)
    return organ is not None and len(organ) >= 3


def _may_precede(text: str) -> bool:
    if not 2 <= len(text) <= 40 or _NAVIGATION.search(text) or text[-1] in "。；，：":
        return False
    return bool(_ORGAN_END.search(text) or _YEAR.search(text)) and not _REPORT.search(text)


def _organ_of(title: str) -> str | None:
    """What stands before the year: 江北区…中心2020年度政府信息公开… -> 江北区…中心."""
    plain = labels.squeeze(title).translate(_CN_YEAR) if _cn_year(title) else title
    found = _YEAR.search(plain)
    before = (
        title[: found.start()] if found else re.split(r"政府信息公开|政务公开|信息公开", title)[0]
    )
    before = re.sub(r"^关于|[的:：]$", "", before.strip(" 　《")).strip()
    before = re.sub(r"^(?:附件\d*|标题)[:：]?", "", before)
    if not before and found:
        rest = title[found.end() :]
        before = re.split(r"政府信息公开|政务公开|信息公开", rest)[0].strip()
    return before if len(before) >= 2 else None


def _cn_year(text: str) -> bool:
    return bool(re.search(r"二[〇○零Ｏ][一二三四五六七八九〇○零]{2}", text))


def _sections(
    lines: Sequence[Line], heads: Sequence[headings.Heading], used: set[int], out: Outline
) -> None:
    """The prose under each heading; a row that belongs to no table counts as prose."""
    found: dict[str, list[Passage]] = {}
    start = heads[0].index if heads else len(lines)
    for i, line in enumerate(lines[:start]):
        if i not in used and not line.picture:
            out.paragraphs.append(("0", line.plain(), line.place))
    for k, head in enumerate(heads):
        end = heads[k + 1].index if k + 1 < len(heads) else len(lines)
        no = str(head.no)
        texts = [head.rest] if head.rest else []
        places = [lines[head.index].place for _ in texts]
        if head.rest:
            out.paragraphs.append((no, head.rest, lines[head.index].place))
        for i in range(head.index + 1, end):
            if i in used or lines[i].picture:
                continue
            texts.append(lines[i].plain())
            places += [lines[i].place] * (lines[i].plain().count("\n") + 1)
            out.paragraphs.append((no, lines[i].plain(), lines[i].place))
        title = head.title.strip()
        found.setdefault(no, []).append(
            Passage(title, "\n".join(texts), lines[head.index].place, tuple(places))
        )
    out.sections = {no: tuple(found[no]) for no in sorted(found)}


def _period(texts: Sequence[str]) -> tuple[date, date] | None:
    for text in texts[:60]:
        if "月" not in text:
            continue
        if found := _PERIOD.search(labels.squeeze(text)):
            y1, m1, d1, y2, m2, d2 = found.groups()
            try:
                return (
                    date(int(y1), int(m1), int(d1)),
                    date(int(y2 or y1), int(m2), int(d2)),
                )
            except ValueError:
                continue
    return None


def _year(
    titles: Sequence[tuple[str, str | None]],
    period: tuple[date, date] | None,
    signed: date | None,
    texts: Sequence[str],
) -> int | None:
    """The fiscal year: from a title, else the period, else the year before the signature (a
    report is signed in the months after its year), else the year the prose speaks of most."""
    for title in (*(t for t, _ in titles), *(m[0] for t in texts[:12] if (m := _TOLD.search(t)))):
        plain = labels.squeeze(title)
        plain = plain.translate(_CN_YEAR) if _cn_year(title) else plain
        if found := _YEAR.search(plain):
            return int(found[1])
    if period:
        return period[0].year
    if signed and signed.month <= 6:
        return signed.year - 1
    counts: dict[int, int] = {}
    for text in texts:
        for found in re.finditer(
            r"(20[0-4]\d)年度?(?!.{0,12}(?:将|拟|计划|打算))", labels.squeeze(text)
        ):
            counts[int(found[1])] = counts.get(int(found[1]), 0) + 1
    best = sorted(counts.items(), key=lambda kv: -kv[1])
    if best and best[0][1] > 1 and (len(best) == 1 or best[0][1] > best[1][1]):
        return best[0][0]
    return None


def _signature(tail: Sequence[Line]) -> tuple[str | None, date | None]:
    """Organ and date at the end, each on a short line of its own."""
    organ: str | None = None
    signed: date | None = None
    for line in reversed([ln for ln in tail if not ln.is_row][-12:]):
        text = labels.squeeze(line.text)
        if not text or len(text) > 45:
            if text and (organ or signed):
                break
            continue
        plain = text.translate(_CN_YEAR) if _cn_year(text) else text
        if signed is None and (found := _signing_date(plain)):
            signed = found
            text = re.split(r"20\d\d年|二[〇○零]", text)[0]
            if not text:
                continue
        if text[-1] in "。；,，:；！":
            if organ or signed:
                break
            continue
        if organ is None and _ORGAN_END.search(text) and not labels.mark(text) and len(text) >= 4:
            organ = re.sub(r"\s+", "", line.text.strip()).removesuffix(text) or _one_line(line.text)
            organ = re.split(r"20\d\d年", organ)[0]
    return organ, signed


_CN_DAY = re.compile(r"^(.*?)(20\d\d)年([0-9十]{1,3})月([0-9十]{1,4})日$")


def _signing_date(plain: str) -> date | None:
    found = _DATE.match(plain)
    if not found and (cn := _CN_DAY.match(plain)):
        month, day = (_cn_day(cn[3]), _cn_day(cn[4]))
        parts = (int(cn[2]), month, day)
    elif found:
        parts = (int(found[1]), int(found[2]), int(found[3]))
    else:
        iso = re.match(r"^(?:.*\D)?(20\d\d)[-./](\d{1,2})[-./](\d{1,2})$", plain)
        if not iso:
            return None
        parts = (int(iso[1]), int(iso[2]), int(iso[3]))
    try:
        return date(*parts)
    except ValueError:
        return None


def _cn_day(digits: str) -> int:
    """十二 came through as 十2: tens and ones of a month or a day."""
    if "十" not in digits:
        return int(digits)
    tens, _, ones = digits.partition("十")
    return (int(tens) if tens else 1) * 10 + (int(ones) if ones else 0)


_TOLD = re.compile(
    r"(?:现公布|公布|现将|编制|制定|发布)?《?([^，。、,《》（）()]{2,30}?)(20\d\d)年度?"
    r"(?:政府信息|政务)公开(?:工作)?(?:年度)?报告"
)


def _told_in_prose(texts: Sequence[str]) -> list[str]:
    """The organ as the preamble names the report, where no title line does."""
    for text in texts[:12]:
        if found := _TOLD.search(_one_line(text)):
            name = re.sub(r"^(?:特|现|将|向社会|公布|编制|发布|我|本)+", "", found[1])
            if len(name) >= 3:
                return [name]
    return []


def _contact_organ(texts: Sequence[str]) -> str | None:
    for text in texts[:40]:
        if found := re.search(r"请与(?:我们)?([^，。（(]{3,30}?)(?:联系|办公室联系)", text):
            return found[1]
    return None


def _contact(texts: Sequence[str]) -> str | None:
    """The sentence that says whom to ask."""
    for text in texts[:60]:
        sentences = re.split(r"(?<=。)", text)
        for k, sentence in enumerate(sentences):
            if "联系" in sentence and re.search(r"电话|地址|邮编|邮箱|疑问", sentence):
                rest = "".join(sentences[k + 1 :])
                goes_on = re.match(r".{0,4}(?:电话|地址|邮编|邮箱|传真)", rest)
                return (sentence + (rest if goes_on else "")).strip()
    return None


_SELF = re.compile(
    r"(?:^|[，。：；、]|年，|年)([\u4e00-\u9fff]{2,9}?[办局委中心处所院镇厅部站队])"
    r"(?=认真|将|对外|严格|紧紧|坚持|按照|主动|积极|持续|深入|全面|围绕|高度|始终|共|不断|进一步|切实)"
)
_NOT_SELF = re.compile(r"[我本各该全及和与]|有关|部门|相关|单位|[省市]委|领导|其他")


def _short_names(full: Sequence[str], texts: Sequence[str]) -> list[str]:
    """Other names the prose gives the organ: short forms drawn from the characters of the full."""
    found: dict[str, None] = {}
    for text in texts:
        for hit in _SELF.finditer(text):
            name = hit[1]
            if name in full or _NOT_SELF.search(name):
                continue
            for whole in full:
                shared = sum(1 for ch in name if ch in whole)
                if shared >= 3 and shared / len(name) >= 0.75 and name != whole:
                    found[name] = None
    return list(found)


_TOPIC_KEYS = (
    ("依申请公开", ("依申请", "申请公开", "申请信息")),
    ("政府信息公开平台建设", ("平台",)),
    ("监督保障", ("监督", "保障")),
    ("政府信息管理", ("信息管理", "公开管理", "规范化", "信息资源")),
    ("主动公开", ("主动公开",)),
)
_TOPIC_HEAD = re.compile(r"^.{0,36}?(?:[。：:．]|情况|$)")


def _topics(passages: Sequence[Passage]) -> dict[str, str]:
    """The official sub-topics of section one, each with its text."""
    if not passages:
        return {}
    order = forms.form(forms.editions()[-1]).sections[0].topics
    found: dict[str, list[str]] = {}
    current: str | None = None
    for line in passages[0].text.split("\n"):
        squeezed = labels.squeeze(line)
        mark = labels.mark(squeezed)
        bare_heading = mark is None and len(squeezed) <= 14 and not squeezed.endswith("。")
        if mark or bare_heading:
            topic = _topic(squeezed)
            if topic:
                current = topic
            elif mark and mark[0] in ("pcn", "cn"):
                current = None
        if current:
            found.setdefault(current, []).append(line.strip())
    return {topic: "\n".join(found[topic]) for topic in order if topic in found}


def _topic(squeezed: str) -> str | None:
    head = _TOPIC_HEAD.match(labels.MARK.sub("", squeezed, count=1))
    text = head[0] if head else ""
    for topic, keys in _TOPIC_KEYS:
        if any(k in text for k in keys):
            return topic
    return None


def passages_at(sections: Mapping[str, tuple[Passage, ...]], no: int) -> Place:
    """Where a section begins, for what is said about its table."""
    found = sections.get(str(no))
    return found[0].place if found else NOWHERE
