"""文字表述的语法: from the words of a paragraph to what it says was counted.

A number speaks of the last word before it with nothing but particles between; a bare verb takes
its object from the right (收到26件申请) or from what the paragraph is about. Whatever stands
unknown between word and number makes the number speak of something else, and no claim is made.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from gongkai.statute import claims_numbers, claims_resolve
from gongkai.statute.claims_numbers import Number
from gongkai.statute.claims_resolve import (
    CONTENT,
    DECISIONS,
    DOCUMENTS,
    REMEDIES,
    TOPICS,
    Pairs,
    State,
)
from gongkai.statute.claims_subjects import SUBJECTS
from gongkai.statute.claims_words import Token, tokens

_SENTENCE = re.compile(r"[^。！？]+[。！？]?")
# Only such sentences can hold a claim; the others still say what a paragraph is about.
_TELLING = re.compile(
    "[0-9零〇一二两三四五六七八九十百千万亿][余多几]?[十百千]?[万亿]?[余多几]?"
    "[件条份宗起次期篇个项场部例则封批人名家户轮本幅通笔类元千]"
    "|100%|[：为数量计是][0-9]|零|未|无(?![法障正线论])|没有|不存在"
    "|(?:均|全部|都|已)[^。]{0,24}(?:答复|回复|办结|办理|处理)"
)
_FILLER = re.compile(
    "(?:案件|案|事项|情况|次数|篇数|件数|条数|场数|稿件|活动|数据|办理件|相关|期间|金额|"
    "[的了共计合累总数量值为是有达约到至等类户：”’》」）件条份篇宗起次全已新本度额表书名发布进行被])*"
)
_RIGHT_GAP = re.compile("(?:因|为|是|属于?|已|被|均|将|申请|件)*")
_NUMBERING = re.compile(
    r"(?:\d+[.、](?!\d)|（[一二三四五六七八九十\d]+）|[一二三四五六七八九十]+、|[ ：；，、])+"
)
_WHICH = re.compile(
    "修订|版|颁布|施行|制定|印发|出台|年度报告|年报|部门|预算|决算|政府信息公开|政务公开|工作"
)
_ATTRIBUTIVE = re.compile(
    "(?:因|公开|发布|公布|编制|根据|按照|对照|落实|印发|报送|完成|关于|针对)$"
)
_EXHORTING = ("确保", "做到", "保证", "要求", "实现", "力求")
_STOPS = frozenset("，；：（）、") | {"number", "neg", "among", "intime", "allof"}
_REACH = 60  # words kept before a bracket: more than any clause needs
_ZERO = Number(0, None, False, Decimal(1), None, False)
_NO_MONEY = Number(Decimal(0), None, True, Decimal(1), None, False)
_COVERING = ("received", "concluded", "handled")


@dataclass(slots=True)
class Found:
    """找到的表述: one statement, ``start`` to ``end`` of the plain paragraph.

    ``covers`` is, of 全部按时答复, the subject it speaks of.
    """

    subject: str
    number: Number
    start: int
    end: int
    channel: str | None = None
    cumulative: bool = False
    covers: str | None = None


class Paragraph:
    """段落: reads one plain paragraph; what it is about outlives its sentences."""

    def __init__(self, text: str, *, section: str, topic: str | None, year: int | None) -> None:
        self.text = text
        self.section = section
        self.year = year
        self.state = State(topic=topic)
        self.found: list[Found] = []
        self.referent: Found | None = None
        self.words: Sequence[Token] = ()
        self.settled: tuple[int, Pairs, int] = (-2, [], 0)  # the last number, as what, from where

    def read(self) -> list[Found]:
        """Every statement of the paragraph, in order."""
        for sentence in _SENTENCE.finditer(self.text):
            text = sentence[0]
            if len(text) < 24 or _TELLING.search(text):
                self._sentence(tokens(text, sentence.start()), sentence.start())
        return self.found

    def _sentence(self, words: Sequence[Token], start: int) -> None:
        self.words = words
        self.settled = (-2, [], start)
        self.state = State(topic=self.state.topic, act=self.state.act)
        region: list[Token] = []
        stack: list[tuple[State, list[Token], int, int]] = []
        i = 0
        while i < len(words):
            word = words[i]
            kind = word.kind
            if kind in ("，", "；"):
                self._pause(kind)
                region, start = [], word.end
            elif kind == "、" and region and region[0].kind == "number":
                region, start = [], word.end
            elif kind == "（":
                stack.append((self.state, region, start, len(self.found)))
                self.state = self.state.copy()
                self.state.listing, self.state.first = True, self._first()
                region, start = [], word.end
            elif kind == "）" and stack:
                region, start = self._close(word, region, stack.pop())
            elif kind == "number":
                i = self._number(i, region, start)
                region, start = [words[i]._replace(kind="number")], words[i].end
            elif kind == "neg":
                i = self._negation(i, region, start)
                region, start = [], words[i].end
            elif kind in ("intime", "allof"):
                self._all(word, start)
            else:
                self._note(word)
                region.append(word)
            i += 1

    # ---- what the words say besides numbers

    def _pause(self, mark: str) -> None:
        self.state.compared = self.state.rate = False
        if mark == "；":
            self.state.listing = self.state.planned = False

    def _close(
        self, word: Token, inner: list[Token], outer: tuple[State, list[Token], int, int]
    ) -> tuple[list[Token], int]:
        """Back to what stood before a bracket; a bracket without numbers may name the remedy."""
        self.state, region, start, before = outer
        if len(self.found) == before:
            region = region + [w for w in inner if w.value in REMEDIES]
        return [*region[-_REACH:], word], start

    def _first(self) -> str | None:
        return self.found[-1].subject if self.found else None

    def _note(self, word: Token) -> None:
        state, kind = self.state, word.kind
        if kind == "noun":
            if word.value in TOPICS:
                state.topic, state.label = word.value, None
        elif kind == "act":
            if word.value in _COVERING:
                state.act = word.value
            elif self._slice(word) == "主动公开":
                state.topic = "info"
        elif kind in ("this", "year", "past", "next", "cum", "total"):
            self._time(word)
        elif kind == "cmp":
            state.compared = True
        elif kind == "rate":
            state.rate = True
        elif kind == "plan":
            state.planned = True
        elif kind == "among":
            state.listing, state.first = True, self._first()

    def _time(self, word: Token) -> None:
        state, kind = self.state, word.kind
        years = [int(y) for y in re.findall(r"20\d\d", self._slice(word))]
        named = kind == "year" or (kind == "cum" and self._slice(word).endswith("以来"))
        if kind == "this" or (named and years[-1:] == [self.year]):
            state.off, state.inside, state.cumulative = False, True, False
        elif kind in ("past", "next") or (kind == "year" and self.year is not None):
            state.off = state.off or self._adverbial(word)
        elif kind == "total":
            state.cumulative = state.cumulative or not state.inside
        elif kind == "cum":
            if years and self.year is not None and self._slice(word)[0] == "截":
                state.off = years[-1] != self.year
            state.cumulative = bool(years) or not state.inside

    def _adverbial(self, word: Token) -> bool:
        """Whether a year says when, and not which (2019年度年度报告, 2019年修订的)."""
        if _WHICH.match(self.text, word.end):
            return False
        return not _ATTRIBUTIVE.search(self.text[max(word.start - 2, 0) : word.start])

    def _slice(self, word: Token) -> str:
        return self.text[word.start : word.end]

    # ---- numbers

    def _number(self, i: int, region: list[Token], start: int) -> int:
        """Settle the number at ``i``; returns the index of the last word it used."""
        word = self.words[i]
        number = claims_numbers.parse(self._slice(word))
        if number is None:
            return i
        pairs, used = self._settle(i, [w for w in region if w.kind != "number"], number, start)
        if word.start == start and i == self.settled[0] + 1:
            start = self.settled[2]
        self.settled = (used, pairs, start)
        if self.state.silent:
            return used
        for subject, channel in pairs:
            if _measures(subject, number.unit):
                self._add(Found(subject, number, start, self.words[used].end, channel))
        return used

    def _settle(self, i: int, left: list[Token], number: Number, start: int) -> tuple[Pairs, int]:
        """What the number speaks of, and the index of the last word that says so."""
        word = self.words[i]
        content = [w for w in left if w.kind in CONTENT]
        gap = self.text[left[-1].end if left else start : word.start]
        if not content:
            return self._bare(i, gap, number)
        if not _filler(gap):
            return self._foreign(content, number), i
        if content[-1].kind == "act" and content[-1].value != "decided":
            at = self._object(i, 12 if any(w.kind == "noun" for w in content) else 24)
            if at is not None:
                noun = self.words[at]
                self._note(noun)
                if claims_resolve.PLAIN_INFO.fullmatch(self.text[word.end : noun.start]):
                    noun = noun._replace(start=content[-1].end)  # as if it stood by its verb
                return self._resolve([*left, noun], number), at
        return self._resolve(left, number), i

    def _resolve(self, words: list[Token], number: Number) -> Pairs:
        return claims_resolve.resolve(
            self.text, words, number, self.state, section=self.section, year=self.year
        )

    def _object(self, i: int, near: int) -> int | None:
        """The object right of a verb's number: 举办[12场]新闻发布会; the last noun is the head."""
        at = None
        for k in range(i + 1, len(self.words)):
            word = self.words[k]
            if word.kind in _STOPS or word.kind in ("act", "label", "outcome"):
                break
            if word.kind == "noun":
                at = k
        if at is None or self.words[at].start - self.words[i].end > near:
            return None
        return at

    def _bare(self, i: int, gap: str, number: Number) -> tuple[Pairs, int]:
        """A number with no word of its own before it: its row may follow (2件结转下年办理)."""
        state, word = self.state, self.words[i]
        if not gap and self.words[i - 1].kind == "number" and i == self.settled[0] + 1:
            return self.settled[1], i  # 信息365期2238条
        if state.queue and _NUMBERING.fullmatch(gap or "、"):
            return [(state.queue.pop(0), None)], i
        if i + 1 < len(self.words):
            after = self.words[i + 1]
            between = self.text[word.end : after.start]
            if after.kind in ("label", "outcome", "turn") and _RIGHT_GAP.fullmatch(between):
                return self._resolve([after], number), i + 1
            if after.value == "accounts" and not between:
                return [("accounts", None)], i + 1
        if not _filler(gap):
            return self._foreign([], number), i
        if "共" in gap or "合计" in gap or "总计" in gap:
            if state.topic == "app" and state.act:
                return [(state.act, None)], i
            if state.topic == "info" and not state.listing:
                return [("published", None)], i
            if state.topic in REMEDIES and state.label == "outcome":
                return [(state.topic, None)], i
        return [], i

    def _foreign(self, content: list[Token], number: Number) -> Pairs:
        """A number that counts something unnamed: at most one kind of what is published."""
        acts = {w.value for w in content if w.kind == "act"}
        if "received" in acts and self.state.topic != "app":
            self.state.topic = None
        told = self.state.topic == "info" and self.state.listing and acts <= {"published"}
        if (told or acts == {"published"}) and number.unit in ("条", "篇", "则"):
            return [("published_part", None)]
        return []

    def _add(self, found: Found) -> None:
        if head := _NUMBERING.match(self.text, found.start):
            found.start = min(head.end(), found.end - 1)
        found.cumulative = self.state.cumulative and not SUBJECTS[found.subject].stock
        self.found.append(found)
        if found.channel is None and found.subject in _COVERING:
            self.referent = found

    # ---- statements without a number

    def _all(self, word: Token, start: int) -> None:
        """全部按时答复: of everything last said to be received or answered."""
        state = self.state
        before = self.text[start : word.start]
        if state.topic != "app" or state.silent or any(e in before for e in _EXHORTING):
            return
        subject = "answered_in_time" if word.kind == "intime" else "answered_all"
        referent = self.referent
        if referent is None:
            number = Number(100, "%", False, Decimal(1), None, False)
            self._add(Found(subject, number, start, word.end, covers="received"))
        elif referent.number.value:
            near = word.end - referent.start < 160
            number, covers = referent.number, referent.subject
            begin = referent.start if near else start
            self._add(Found(subject, number, begin, word.end, covers=covers))

    def _negation(self, i: int, region: list[Token], start: int) -> int:
        """未收到申请, 无行政复议: a claim of 0; returns the index of the last word it governs."""
        words, last = self.words, i
        for k in range(i + 1, len(words)):
            if words[k].kind in _STOPS and words[k].kind != "、":
                break
            self._note(words[k])
            last = k
        if last + 1 < len(words) and words[last + 1].kind == "number":
            return last + 1  # 没有一件超期: what is denied is not what is counted
        span = list(words[i + 1 : last + 1])
        if self.state.silent:
            return last
        pairs = self._denied(span, words[i])
        if not pairs and not any(w.kind in CONTENT for w in span):
            pairs = self._told_none(words[i], region)
        elif not pairs and self.text[words[i].start - 1] == "：":
            labels = [w for w in region if w.kind in CONTENT]
            if labels and labels[-1].kind == "label":
                pairs = self._told_none(words[i], region, strict=False)
        end = words[last].end if span else words[i].end
        for subject, channel in pairs:
            zero = _NO_MONEY if SUBJECTS[subject].measures == "元" else _ZERO
            self._add(Found(subject, zero, start, end, channel))
        return last

    def _told_none(self, word: Token, region: list[Token], *, strict: bool = True) -> Pairs:
        """行政诉讼：无: the words before are denied, where nothing follows."""
        after = self.text[word.end : word.end + 1]
        content = [w for w in region if w.kind in CONTENT]
        if not content or (strict and after not in ("", "。", "，", "；", "）", "、")):
            return []
        if not _filler(self.text[region[-1].end : word.start]):
            return []
        return self._resolve(region, _ZERO)

    def _denied(self, span: list[Token], word: Token) -> Pairs:
        """What a negation denies, by the nouns it governs."""
        nouns = [w for w in span if w.kind == "noun"]
        kinds = {w.value for w in nouns}
        acts = {w.value for w in span if w.kind == "act"}
        labels = [w for w in span if w.kind == "label"]
        if any(w.kind in ("without", "restrict") for w in span):
            return []
        if kinds & set(REMEDIES):
            return self._no_remedy(span, nouns, acts)
        if "accountability" in kinds:
            return [("accountability", None)]
        if "processing_fee_notices" in kinds:
            return [("processing_fee_notices", None)]
        if kinds & {"processing_fee", "charge"}:
            about = (
                "processing_fee" in kinds or "信息公开" in self.text or self.state.topic == "app"
            )
            return [("processing_fee", None)] if about and "fees" not in kinds else []
        if labels:
            return [
                p for w in labels for p in claims_resolve.label(w.value, self._slice(w), self.state)
            ]
        if kinds & {"app", "app_weak"}:
            return self._no_application(span, nouns, acts, word)
        for kind in DOCUMENTS:
            if kind in kinds and acts & {"made", "repealed", "published"}:
                return self._resolve(span, _ZERO)
        for kind in DECISIONS:
            if kind in kinds and (acts & {"decided"} or self.section == "2"):
                return [(f"{kind}_decisions", None)]
        if "fees" in kinds:
            return [("fees_amount", None)]
        return [("procurement_items", None)] if "procurement" in kinds else []

    def _no_remedy(self, span: list[Token], nouns: list[Token], acts: set[str]) -> Pairs:
        remedies = [w for w in nouns if w.value in REMEDIES]
        outcomes = [w.value for w in span if w.kind == "outcome"]
        named = list(dict.fromkeys(w.value for w in remedies))
        if outcomes:
            return [(f"{n}_{o}", None) for n in named for o in outcomes]
        pairs: Pairs = [(n, None) for n in named]
        first = nouns[0]
        if first.value == "app" and acts & {"received"}:
            between = self.text[first.end : remedies[0].start]
            if between in ("、", "和", "及", "以及", "或", "或者"):
                pairs.insert(0, ("received", None))
        return pairs

    def _no_application(
        self, span: list[Token], nouns: list[Token], acts: set[str], word: Token
    ) -> Pairs:
        if not {w.value for w in nouns} <= {"app", "app_weak", "info"} or acts - {
            "received",
            "held",
        }:
            return []
        strong = any(w.value == "app" for w in nouns)
        if not strong and self.state.topic != "app":
            return []
        if not strong and not _filler(self.text[span[0].end : nouns[0].start]):
            return []
        how = {w.value for w in span if w.kind == "chan"}
        if how:
            return [
                p
                for h in sorted(how)
                for p in claims_resolve.by(set(), {h}, ["received"], self.state)
            ]
        return [("received", None)]


def _filler(gap: str) -> bool:
    """Whether nothing but particles stands between a word and its number."""
    return len(gap) <= 24 and _FILLER.fullmatch(gap) is not None


def _measures(subject: str, unit: str | None) -> bool:
    """Whether a measure word can count a subject (件次 as 件, 人次 as 人; money by 元)."""
    if unit is None:
        return SUBJECTS[subject].measures != "元"
    word = unit[0] if len(unit) == 2 and unit[1] == "次" else unit[-1]
    return word in SUBJECTS[subject].measures


def heading(text: str, words: Sequence[Token]) -> str | None:
    """标题的主题: what a heading announces (（二）依申请公开情况, 行政诉讼), "" for nothing known.

    None where the text is no heading.
    """
    if len(text) > 30 or any(w.kind in ("number", "neg", "，", "；") for w in words):
        return None
    if text[-1:] in "。；，" and len(text) > 16:
        return None
    topics = {w.value for w in words if w.kind == "noun" and w.value in TOPICS}
    if len(topics) == 1:
        return topics.pop()
    published = any(w.kind == "act" and w.value == "published" for w in words)
    return "info" if published and not topics else ""
