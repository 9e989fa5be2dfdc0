"""文字表述的语法: from the words of a paragraph to what it says was counted.

A number speaks of the last word before it with nothing but particles between; a bare verb takes
its object from the right (收到26件申请) or from what the paragraph is about. Whatever stands
unknown between word and number makes the number speak of something else, and no claim is made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from gongkai.statute import claims_numbers
from gongkai.statute.claims_numbers import Number
from gongkai.statute.claims_subjects import SUBJECTS
from gongkai.statute.claims_words import Token, tokens

_SENTENCE = re.compile(r"[^。！？]+[。！？]?")
# Only such sentences can hold a claim; the others still say what a paragraph is about.
_TELLING = re.compile(
    "[0-9零无未没全均都率]|不存在|[一二两三四五六七八九十百千万][件条份宗起次期篇个项场部余]"
)
_FILLER = re.compile(
    "(?:案件|案|事项|情况|次数|篇数|件数|条数|场数|稿件|活动|数据|办理件|相关|等|类|户|期间|"
    "[的了共计合累总数量值为是有达约到至：”’》」）的件条份篇宗起次全均都已分别新本度额个表书会名"
    "发布进行被])*"
)
_AND = re.compile("(?:案件|案)?(?:、|和|及|以及|与|或|或者|并|且|，并|并且|，或|和被|、被)?")
_PLAIN_INFO = re.compile(
    "(?:了|的|各类|各种|各|类|政府|政务|公开|相关|有关|法定|全[省市县区镇]|我?[省市县区镇乡局办]|共|合计|总计|计|累计|动态|"
    "本年度?|自主|权威|重点|新|[^，。；]{0,2}等)*"
)
_REMEDIES = ("reconsideration", "suit", "direct_suit", "suit_after_reconsideration")
_DOCUMENTS = ("regulations", "normative_documents")
_DECISIONS = ("licensing", "penalty", "coercion", "other_services")
_SIMPLE = {
    "bulletin": "bulletins",
    "press": "press_conferences",
    **{
        k: k
        for k in (
            "interpretations training messages hotline assigned responses consultations inspections "
            "accounts columns open_days accountability proposals policy_documents "
            "processing_fee_notices"
        ).split()
    },
}
_CONTENT = ("noun", "label", "outcome", "act", "chan", "who", "other", "turn", "x")
_APP_CHANNELS = ("in_person", "fax", "email", "letter", "phone", "online", "website", "wechat", "app")
_ZERO = Number(0, None, False, Decimal(1), None, False)


@dataclass(slots=True)
class Found:
    """找到的表述: one statement, ``start`` to ``end`` of the plain paragraph."""

    subject: str
    number: Number
    start: int
    end: int
    channel: str | None = None
    cumulative: bool = False
    covers: str | None = None  # of answered_in_time: the subject it speaks of


@dataclass(slots=True)
class _State:
    """What the words so far say: about what, of when, in which list."""

    topic: str | None = None
    act: str | None = None  # of applications, as last told
    off: bool = False  # of another year
    inside: bool = False  # the year itself was named
    cumulative: bool = False
    compared: bool = False
    rate: bool = False
    planned: bool = False
    listing: bool = False
    label: str | None = None
    queue: list[str] = field(default_factory=list)

    def copy(self) -> _State:
        return _State(
            self.topic, self.act, self.off, self.inside, self.cumulative, self.compared,
            self.rate, self.planned, self.listing, self.label, list(self.queue),
        )  # fmt: skip


class Paragraph:
    """段落: reads one plain paragraph; what it learns of the subject outlives its sentences."""

    def __init__(self, text: str, *, section: str, topic: str | None, year: int | None) -> None:
        self.text = text
        self.section = section
        self.year = year
        self.state = _State(topic=topic)
        self.found: list[Found] = []
        self.referent: Found | None = None

    def read(self) -> list[Found]:
        """Every statement of the paragraph, in order."""
        for sentence in _SENTENCE.finditer(self.text):
            text = sentence[0]
            if _TELLING.search(text) or len(text) < 60:
                self._sentence(tokens(text, sentence.start()), sentence.start(), sentence.end())
        return self.found

    def _sentence(self, words: Sequence[Token], start: int, end: int) -> None:
        state = self.state
        state.off = state.inside = state.cumulative = state.compared = False
        state.rate = state.planned = state.listing = False
        state.label = None
        state.queue.clear()
        region: list[Token] = []
        region_start = start
        stack: list[tuple[_State, list[Token], int, int]] = []
        i = 0
        while i < len(words):
            word = words[i]
            kind = word.kind
            if kind in ("，", "；"):
                self.state.compared = self.state.rate = False
                if kind == "；":
                    self.state.listing = self.state.planned = False
                region, region_start = [], word.end
            elif kind == "、":
                if region and region[0].kind == "number":
                    region, region_start = [], word.end
                else:
                    region.append(word)
            elif kind == "（":
                stack.append((self.state.copy(), region, region_start, len(self.found)))
                region, region_start = [], word.end
                self.state.listing = True
            elif kind == "）":
                if stack:
                    inner = region
                    self.state, region, region_start, before = stack.pop()
                    if len(self.found) == before:
                        kinds = ("direct_suit", "suit_after_reconsideration")
                        region += [w for w in inner if w.value in kinds]
                    region.append(word)
            elif kind == "number":
                used = self._number(words, i, region, region_start)
                region, region_start = [word], word.end
                if used > i:
                    region_start = words[used].end
                    i = used
            elif kind == "neg":
                i = self._negation(words, i, region, region_start, end)
                region, region_start = [], words[i].end
            elif kind in ("intime", "allof"):
                self._all(word, region_start)
            else:
                self._note(word)
                region.append(word)
            i += 1

    # ---- what the words say besides numbers

    def _note(self, word: Token) -> None:
        state, kind = self.state, word.kind
        if kind == "noun":
            if word.value not in ("app_weak", "doc_weak", "info", "charge"):
                state.topic, state.label = word.value, None
            elif word.value == "info" and state.topic not in ("app", "info"):
                pass
        elif kind == "act":
            if word.value in ("received", "concluded", "handled"):
                state.act = word.value
            elif word.value == "published":
                state.act = None
        elif kind in ("this", "year", "past", "next", "cum", "total"):
            self._time(word)
        elif kind == "cmp":
            state.compared = True
        elif kind == "rate":
            state.rate = True
        elif kind == "plan":
            state.planned = True
        elif kind == "among":
            state.listing = True

    def _time(self, word: Token) -> None:
        state, kind = self.state, word.kind
        if kind == "this":
            state.off, state.inside, state.cumulative = False, True, False
        elif kind == "past" or kind == "next":
            if self._adverbial(word):
                state.off = True
        elif kind == "year":
            year = int(re.findall(r"20\d\d", self._slice(word))[-1])
            if self.year is None:
                return
            if year == self.year:
                state.off, state.inside, state.cumulative = False, True, False
            elif self._adverbial(word):
                state.off = True
        elif kind == "total":
            state.cumulative = not state.inside or state.cumulative
        else:
            years = [int(y) for y in re.findall(r"20\d\d", self._slice(word))]
            if years and self.year is not None and word.value.startswith("截"):
                state.off = years[-1] != self.year
                state.cumulative = True
            elif not state.inside or years:
                state.cumulative = True

    def _adverbial(self, word: Token) -> bool:
        """Whether a year says when, and not which (2019年度年度报告, 2019年修订的)."""
        before = self.text[max(word.start - 2, 0) : word.start]
        after = self.text[word.end : word.end + 4]
        if re.match("修订|版|颁布|施行|制定|印发|出台|年度报告|部门|预算|决算|政府信息公开|政务公开|工作", after):
            return False
        return not before.endswith(("因", "公开", "发布", "公布", "编制", "根据", "按照", "对照", "落实", "印发", "报送", "完成", "关于"))

    def _slice(self, word: Token) -> str:
        return self.text[word.start : word.end]

    def _gap(self, start: int, end: int) -> str:
        return self.text[start:end]

    # ---- numbers

    def _number(self, words: Sequence[Token], i: int, region: list[Token], start: int) -> int:
        """Settle the number at ``i``; the index of the last word it used (``i`` for none)."""
        word = words[i]
        number = claims_numbers.parse(self._slice(word))
        if number is None:
            return i
        state = self.state
        left = [w for w in region if w.kind != "number"]
        right = self._right(words, i)
        subjects, used = self._settle(left, number, word, right, start)
        if state.off or state.compared or state.rate or state.planned:
            return i
        for subject, channel in subjects:
            if not _measured(subject, number):
                continue
            end = right[used].end if used >= 0 else word.end
            self._add(Found(subject, number, start, end, channel))
        return i + 1 + used if used >= 0 else i

    def _right(self, words: Sequence[Token], i: int) -> list[Token]:
        right: list[Token] = []
        for word in words[i + 1 :]:
            if word.kind in ("，", "；", "：", "（", "）", "、", "number", "neg", "among"):
                break
            right.append(word)
        return right

    def _add(self, found: Found) -> None:
        state = self.state
        found.start = self._trim(found.start)
        found.cumulative = state.cumulative and not SUBJECTS[found.subject].stock
        self.found.append(found)
        if found.channel is None and found.subject in ("received", "concluded", "handled"):
            self.referent = found

    def _trim(self, start: int) -> int:
        head = re.compile(r"(?:\d+[.、]|（[一二三四五六七八九十\d]+）|[一二三四五六七八九十]+、|[ ：；，、])+").match(self.text, start)
        return head.end() if head else start

    def _settle(
        self, left: list[Token], number: Number, word: Token, right: list[Token], start: int
    ) -> tuple[list[tuple[str, str | None]], int]:
        """(subject, channel) pairs a number speaks of, and how many words to the right it used."""
        content = [w for w in left if w.kind in _CONTENT]
        gap = self._gap(left[-1].end if left else start, word.start)
        filled = bool(_FILLER.fullmatch(gap))
        if not content:
            return self._bare(gap, filled, number, word, right)
        head = content[-1]
        if not filled:
            return self._foreign(content, number, head)
        if number.money:
            return [(s, None) for s in self._money(content, right)], -1
        if head.kind == "act" and head.value not in ("decided",) and not _nouns(content):
            noun = self._object(word, right)
            if noun is not None:
                return self._resolve([*content, right[noun]], number), noun
        return self._resolve(content, number), -1
