"""文字表述的归类: which subject a number speaks of, given the words it stands with.

Pure: words and what the paragraph told so far come in, (subject, channel) pairs go out; an empty
list means that the number counts something the report has no name for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from gongkai.statute.claims_numbers import Number
from gongkai.statute.claims_subjects import SUBJECTS
from gongkai.statute.claims_words import Token

Pairs = list[tuple[str, str | None]]

REMEDIES = ("reconsideration", "suit", "direct_suit", "suit_after_reconsideration")
DOCUMENTS = ("regulations", "normative_documents")
DECISIONS = ("licensing", "penalty", "coercion", "other_services")
# 有收有办的对象: what can be received, handled or answered, and so can be meant by 办结12件.
TOPICS = frozenset(
    (*REMEDIES, *DOCUMENTS, *DECISIONS, "app", "fees", "processing_fee", "procurement")
    + ("messages", "hotline", "assigned", "proposals", "consultations", "x")
)
CONTENT = frozenset(("noun", "label", "outcome", "act", "chan", "who", "other", "turn"))
_LEAVES = ("refused_", "unavailable_", "unprocessed_", "other_")
_COUNTED = {"bulletin": "bulletins", "press": "press_conferences"} | {
    kind: kind
    for kind in [
        "interpretations",
        "training",
        "messages",
        "hotline",
        "assigned",
        "responses",
        "consultations",
        "inspections",
        "accounts",
        "columns",
        "open_days",
        "accountability",
        "proposals",
        "policy_documents",
        "processing_fee_notices",
    ]
}
_DOCUMENT_ACTS = {"made", "repealed", "in_force", "published"}
_HANDLING = ("received", "concluded", "handled")
_BY_APPLICANT = {"website": "online", "wechat": "online", "app": "online", "new_media": "online"}
_APPLICANT_CHANNELS = ("in_person", "fax", "email", "letter", "phone", "online", *_BY_APPLICANT)
_CARRIERS = {"press": "press_conference", "bulletin": "bulletin", "accounts": "new_media"}
_AND = re.compile("(?:案件|案)?(?:、|和|及|以及|与|或|或者|并|且|，并|并且)?被?(?:提起)?")
PLAIN_INFO = re.compile(
    "(?:了|的|各类|各种|各|政府|政务|公开|相关|有关|法定|全|我|本|省|市|区|县|镇|乡|局|办|共|合计|总计|计|"
    "累计|年度|自主|权威|新|等)*"
)
_ALL_SORTS = re.compile(
    "等(?:方面|领域|内容|各类|政府|政务|相关|重点|的)*$"
)  # 交通、住房等方面信息
_ASKED_BY = re.compile(
    r"(?:了|的|群众|公民|市民|各类|公开|渠道|方式|提交|\d+[件份宗条个次]|[共计])*"
)
_ASKING = re.compile("申请(?!公开|政府|政务|信息)")


@dataclass(slots=True)
class State:
    """上下文: what the words so far say: about what, of when, inside which list."""

    topic: str | None = None
    act: str | None = None  # what was last done with applications
    label: str | None = None  # the row of a list last named
    off: bool = False  # another year is spoken of
    inside: bool = False  # the year itself was named
    cumulative: bool = False
    compared: bool = False
    rate: bool = False
    planned: bool = False
    listing: bool = False
    first: str | None = None  # the subject whose parts are listed
    queue: list[str] = field(default_factory=list)

    @property
    def silent(self) -> bool:
        """Whether numbers here are none of this year's results."""
        return self.off or self.compared or self.rate or self.planned

    def copy(self) -> State:
        """A state that goes its own way."""
        return replace(self, queue=list(self.queue))


def resolve(
    text: str,
    words: Sequence[Token],
    number: Number,
    state: State,
    *,
    section: str,
    year: int | None,
) -> Pairs:
    """What a number means after these words (the last one is what it stands next to)."""
    content = [w for w in words if w.kind in CONTENT]
    head = content[-1]
    if number.money:
        return _money(content, state)
    if head.kind == "label":
        return label(head.value, text[head.start : head.end], state)
    if head.kind == "turn":
        return turn(text[head.start : head.end], state, year)
    if head.kind == "outcome":
        return outcome(head.value, state)
    if head.kind == "other":
        return _other(state)
    noun = next((w for w in reversed(content) if w.kind == "noun"), None)
    kind = _kind(text, noun, content, state)
    if kind in REMEDIES:
        return _remedies(text, words, number, state)
    if kind == "app" or (kind is None and state.topic == "app"):
        return _applications(text, words, noun if kind else None, state)
    if any(w.kind == "each" for w in words):
        return []  # 年中、年末各检查一次: how many in all is not said
    by_channel = head.kind == "chan" and "published" in _acts(content)  # 热线平台发布微信26条
    if kind == "info" or by_channel or (kind is None and _published(content, state)):
        return _information(text, words, noun if kind == "info" else None, state)
    if kind is None:
        kind = state.topic
    if kind in DOCUMENTS:
        return _documents(kind, content)
    if kind in DECISIONS:
        if state.listing and state.first == "published" and "decided" not in _acts(content):
            return [("published_part", None)]
        return _decisions(kind, content, number, section)
    if kind == "fees":
        return [("fees_items", None)]
    if kind == "procurement":
        return [("procurement_items", None)]
    if noun is not None and kind in _COUNTED:
        return [(_COUNTED[kind], None)]
    return []


def _kind(text: str, noun: Token | None, content: Sequence[Token], state: State) -> str | None:
    """What a noun is about; a weak noun (申请, 文件) leans on what was said before."""
    if noun is None:
        return None
    if noun.value == "app_weak":
        if _plainly_asked(text, noun, content, state):
            return "app"
        state.topic = "x"
        return "x"
    if noun.value == "doc_weak":
        named = noun is content[0] or not _acts(content) & _DOCUMENT_ACTS
        return "x" if named or state.topic not in DOCUMENTS else state.topic
    return noun.value


def _plainly_asked(text: str, noun: Token, content: Sequence[Token], state: State) -> bool:
    """Whether a bare 申请 is one for information: 收到申请26件, 网络申请3件, but not 低保申请."""
    before = [w for w in content if w.end <= noun.start]
    if not before:
        return state.topic == "app"
    if before[-1].kind not in ("act", "chan", "who"):
        return False
    return bool(_ASKED_BY.fullmatch(text[before[-1].end : noun.start]))


def _acts(content: Sequence[Token]) -> set[str]:
    return {w.value for w in content if w.kind == "act"}


def label(value: str, told: str, state: State) -> Pairs:
    """一行: a row of table three (``told`` as it is written).

    Where applications are spoken of, or the row itself says so (上年结转政府信息公开申请), or its
    wording is found nowhere else (属于四类过程性信息).
    """
    if "申请" in told or (state.topic is None and value.startswith(_LEAVES)):
        state.topic = "app"
    if state.topic != "app":
        return []
    state.label = value
    return [(value, None)]


def turn(text: str, state: State, year: int | None) -> Pairs:
    """结转至2025年, 2019年结转: carried out or in, by the year it names."""
    if state.topic != "app":
        return []
    named = int(re.findall(r"20\d\d", text)[0])
    if text.startswith("20"):
        if year is None or named not in (year, year - 1):
            return []
        return [("carried_in" if named == year - 1 else "carried_out", None)]
    return [("carried_out", None)] if year is None or named == year + 1 else []


def outcome(value: str, state: State) -> Pairs:
    """结果维持 and so on: of the remedy last named."""
    if state.topic not in REMEDIES:
        return []
    state.label = "outcome"
    return [(f"{state.topic}_{value}", None)]


def _other(state: State) -> Pairs:
    """其他1件 closes a list of rows, of outcomes or of channels."""
    if state.topic in REMEDIES and state.label == "outcome":
        return [(f"{state.topic}_other", None)]
    if state.topic == "app" and state.label == "channel":
        return [("received", "other")]
    if state.topic == "app" and state.label in SUBJECTS:
        return [("other", None)]
    return []


def _money(content: Sequence[Token], state: State) -> Pairs:
    kinds = [w.value for w in content if w.kind == "noun"] or [state.topic or ""]
    amounts = {
        "fees": "fees_amount",
        "procurement": "procurement_amount",
        "processing_fee": "processing_fee",
    }
    if kinds[-1] == "charge" and state.topic in ("app", "processing_fee"):
        return [("processing_fee", None)]
    return [(amounts[kinds[-1]], None)] if kinds[-1] in amounts else []


def _applications(text: str, words: Sequence[Token], noun: Token | None, state: State) -> Pairs:
    content = [w for w in words if w.kind in CONTENT]
    acts = _run(text, content)
    if not acts:
        if _acts(content) & {"published"} and text[content[-1].start : content[-1].end] == "公开":
            return label("granted", "公开", state) if state.act else []
        if content[-1].kind == "act" or _acts(content) - {"published", "held"}:
            return []
        listed = state.listing or content[-1].kind in ("chan", "who") or noun is None
        acts = [state.act] if listed and state.act else []
    if noun is None and not acts:
        return []
    if any(w.kind == "without" for w in words):
        return []
    who = {w.value for w in content if w.kind == "who"}
    how = {w.value for w in content if w.kind == "chan"}
    if not acts and noun is not None:
        asking = _ASKING.search(text[noun.start : noun.end]) or who or how
        acts = ["received" if asking else "handled"]
    if _restricted(words):
        return [("received_part", None)] if "received" in acts else []
    if who or how:
        return by(who, how, acts, state)
    pairs: Pairs = []
    for act in acts:
        if state.listing and state.first == act:
            pairs += [("received_part", None)] if act == "received" else []
        else:
            pairs.append((act, None))
    return pairs


def by(who: set[str], how: set[str], acts: Sequence[str], state: State) -> Pairs:
    """By whom or by which channel applications came; answers are not told apart so."""
    if "received" not in acts:
        return []
    channels = {_BY_APPLICANT.get(h, h) for h in how if h in _APPLICANT_CHANNELS}
    if len(who) == 1 and not channels:
        return [(f"received_{who.pop()}", None)]
    if len(channels) == 1 and not who:
        state.label = "channel"
        return [("received", channels.pop())]
    if not state.listing and len(channels) != 1:
        return [("received", None)]
    return [("received_part", None)]


def _run(text: str, content: Sequence[Token]) -> list[str]:
    """The acts that govern the number: the last one, and those joined to it (受理并答复)."""
    acts: list[Token] = []
    for word in content:
        if word.kind == "act" and word.value in _HANDLING:
            between = text[acts[-1].end : word.start] if acts else ""
            if acts and not (between and _AND.fullmatch(between)):
                acts.clear()
            acts.append(word)
    return list(dict.fromkeys(a.value for a in acts))


def _restricted(words: Sequence[Token]) -> bool:
    """Whether a kind of application is singled out before applications are named."""
    for word in words:
        if word.kind == "noun" and word.value == "app":
            return False
        if word.kind == "restrict":
            return True
    return False


def _remedies(text: str, words: Sequence[Token], number: Number, state: State) -> Pairs:
    named = joined(text, words)
    outcomes = [w.value for w in words if w.kind == "outcome"]
    if outcomes:
        return [(f"{named[-1]}_{outcomes[-1]}", None)]
    if any(w.kind == "without" for w in words):
        return []
    if len(named) == 1:
        return [(named[0], None)]
    kinds = {w.kind for w in words}
    if "respectively" in kinds:
        state.queue = list(named[1:])
        return [(named[0], None)]
    if "each" in kinds or number.value == 0:
        return [(n, None) for n in named]
    return [("remedies", None)]


def joined(text: str, words: Sequence[Token]) -> list[str]:
    """The remedies named together before a number: 行政复议和行政诉讼, but not 复议引发的诉讼."""
    named: list[Token] = []
    for word in words:
        if word.kind == "noun" and word.value in REMEDIES:
            if named and not _AND.fullmatch(text[named[-1].end : word.start]):
                named.clear()
            named.append(word)
    return list(dict.fromkeys(w.value for w in named))


def _published(content: Sequence[Token], state: State) -> bool:
    """Whether a clause without a noun tells of publishing: 发布98条, 微博331条 in such a list."""
    head = content[-1]
    if head.kind == "act":
        return head.value == "published" and state.topic in (None, "info")
    return head.kind == "chan" and state.topic == "info"


def _information(text: str, words: Sequence[Token], noun: Token | None, state: State) -> Pairs:
    content = [w for w in words if w.kind in CONTENT]
    acts = [w for w in content if w.kind == "act" and w.value == "published"]
    channels = list(dict.fromkeys(w.value for w in content if w.kind == "chan"))
    channels += [_CARRIERS[w.value] for w in content if w.value in _CARRIERS]
    listed = state.listing and (state.topic == "info" or state.first == "published")
    if not acts and not listed and not (state.topic == "info" and channels):
        return []
    if any(w.kind == "act" and w.value in _HANDLING for w in content):
        return []
    state.topic = "info"
    if noun is not None and acts and acts[-1].end <= noun.start:
        between = text[acts[-1].end : noun.start]
        plain = bool(PLAIN_INFO.fullmatch(between) or _ALL_SORTS.search(between))
    else:
        at = next((k for k, w in enumerate(words) if w is noun), None)
        before = words[at - 1].end if at else None
        plain = noun is None or (
            before is not None and bool(PLAIN_INFO.fullmatch(text[before : noun.start]))
        )
    channel = {"online": "website"}.get(channels[0], channels[0]) if len(channels) == 1 else None
    if channels and "等" in text[words[0].start : words[-1].end]:
        channel = None
    if not plain or (state.listing and not channel and not _totals(text, words)):
        return [("published_part", None)]
    return [("published", channel)]


def _totals(text: str, words: Sequence[Token]) -> bool:
    """Whether a list item is a total in its own right: 其中本年度新增主动公开政府信息5条."""
    return (
        any(w.kind in ("this", "year") for w in words)
        and "主动公开" in text[words[0].start : words[-1].end]
    )


def _documents(kind: str, content: Sequence[Token]) -> Pairs:
    acts = _acts(content)
    for act in ("repealed", "in_force"):
        if act in acts:
            return [(f"{kind}_{act}", None)]
    if "revised" in acts:
        return []
    for act in ("made", "published"):
        if act in acts:
            return [(f"{kind}_{act}", None)]
    return [(kind, None)]


def _decisions(kind: str, content: Sequence[Token], number: Number, section: str) -> Pairs:
    acts = _acts(content)
    if "decided" in acts:
        return [(f"{kind}_decisions", None)]
    if number.unit in ("项", "类") or acts & {"received", "published"}:
        return [(f"{kind}_items", None)] if number.unit in ("项", "类") else []
    return [(f"{kind}_decisions", None)]
