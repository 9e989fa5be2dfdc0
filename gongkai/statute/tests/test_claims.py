"""文字表述的数量: whole reports, ways of writing numbers, and what holds for every text."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.statute import claims, claims_heads, claims_numbers, claims_subjects, forms, readers
from gongkai.statute.report import Claim, Place, Value
from gongkai.statute.tests import samples

# What a careful reader finds in the published samples: (subject, channel, value, marks).
SAMPLES: dict[str, list[tuple[str, str | None, Value, str]]] = {
    "000": [
        ("published", None, 427, ""),
        ("published", "website", 96, ""),
        ("published", "weibo", 331, ""),
        ("received", None, 6, ""),
        ("answered_in_time", None, 6, ""),
        ("reconsideration", None, 0, ""),
        ("suit", None, 0, ""),
    ],
    "001": [
        ("accounts", None, 80, "~"),
        ("received", None, 26, ""),
        ("carried_out", None, 1, ""),
        ("answered_in_time", None, 26, ""),
    ],
    "002": [
        ("published", "website", 141, ""),
        ("responses", None, 2, ""),
        ("received", None, 0, ""),
        ("reconsideration", None, 0, ""),
        ("suit", None, 0, ""),
    ],
    "003": [
        ("published", None, 0, "Σ"),
        ("published", None, 0, ""),
        ("messages", None, 6, ""),
        ("hotline", None, 1, ""),
        ("assigned", None, 1, ""),
        ("received", None, 1, "Σ"),
        ("received", "in_person", 0, "Σ"),
        ("received", "fax", 0, "Σ"),
        ("received", "online", 1, "Σ"),
        ("received", "letter", 0, "Σ"),
        ("accountability", None, 0, ""),
        ("normative_documents_made", None, 0, ""),
        ("other_services_decisions", None, 1, "Σ"),
        ("procurement_amount", None, Decimal(0), ""),
        ("received", None, 1, ""),
        ("carried_in", None, 0, ""),
        ("refused_inquiry", None, 0, ""),
        ("unavailable_not_held", None, 1, ""),
        ("unprocessed_petition", None, 0, ""),
        ("other", None, 0, ""),
        ("carried_out", None, 0, ""),
        ("reconsideration", None, 1, "Σ"),
        ("suit", None, 0, ""),
    ],
    "004": [
        ("published", "website", 220, ""),
        ("published", "wechat", 15, ""),
        ("received", None, 1, ""),
        ("columns", None, 8, ""),
        ("accountability", None, 0, ""),
        ("processing_fee", None, 0, ""),
    ],
    "huaian": [
        ("published", "website", 5500, "~"),
        ("regulations_published", None, 1, ""),
        ("policy_documents", None, 11, ""),
        ("interpretations", None, 21, ""),
        ("bulletins", None, 6, ""),
        ("press_conferences", None, 12, ""),
        ("received", None, 3119, ""),
        ("concluded", None, 3050, ""),
        ("carried_in", None, 34, ""),
        ("carried_out", None, 103, ""),
        ("answered_in_time", None, 3050, ""),
        ("reconsideration", None, 351, ""),
        ("reconsideration_upheld", None, 72, ""),
        ("reconsideration_corrected", None, 64, ""),
        ("reconsideration_other", None, 178, ""),
        ("reconsideration_pending", None, 37, ""),
        ("suit", None, 46, ""),
        ("suit_upheld", None, 25, ""),
        ("suit_corrected", None, 5, ""),
        ("suit_other", None, 9, ""),
        ("suit_pending", None, 7, ""),
        ("accounts", None, 95, ""),
        ("inspections", None, 4, ""),
        ("processing_fee", None, Decimal("0.394"), ""),
    ],
}


@samples.needed
@pytest.mark.parametrize("start", SAMPLES)
def test_a_published_report_claims(start: str) -> None:
    file = samples.path(start)
    (report,) = readers.read(file.read_bytes(), name=file.name)
    found = [
        (c.subject, c.channel, c.value, ("" if c.exact else "~") + ("Σ" if c.cumulative else ""))
        for c in report.claims
    ]
    assert found == SAMPLES[start]
    prose = "\n".join(p.text for ps in report.sections.values() for p in ps)
    assert all(c.raw in prose for c in report.claims)


def find(*texts: str, section: str = "1", edition: str | None = "2021") -> tuple[Claim, ...]:
    paragraphs = [(section, text, Place(line=i)) for i, text in enumerate(texts, 1)]
    return claims.find(paragraphs, year=2023, edition=edition)


# ---- context over sentences and paragraphs


def test_a_heading_says_what_follows() -> None:
    found = find("（二）依申请公开", "全年共收到5件，办结4件，结转下年度办理1件。")
    assert [(c.subject, c.value) for c in found] == [
        ("received", 5),
        ("concluded", 4),
        ("carried_out", 1),
    ]
    assert {c.place for c in found} == {Place(line=2)}


def test_a_heading_ends_where_the_next_begins() -> None:
    found = find("（二）依申请公开", "（三）信访办理", "全年共收到5件，办结4件。")
    assert found == ()


def test_a_heading_of_a_table_row_names_the_row() -> None:
    (claim,) = find("4.行政处罚", "全年处理决定12件。", section="2")
    assert (claim.subject, claim.value, claim.cells) == (
        "penalty_decisions",
        12,
        ("proactive.penalty.decisions",),
    )


def test_a_new_section_starts_afresh() -> None:
    paragraphs = [
        ("1", "（二）依申请公开", Place()),
        ("5", "全年共收到5件。", Place()),
    ]
    assert claims.find(paragraphs, year=2023, edition="2021") == ()


def test_the_raw_text_is_verbatim() -> None:
    text = "（二）依申请公开。2023 年，\n全市共受理政府信息公\n开申请 3119 件，答复 3050 件。"
    first, second = find(text)
    assert first.raw == "全市共受理政府信息公\n开申请 3119 件"
    assert second.raw == "答复 3050 件"


def test_what_all_answered_speaks_of() -> None:
    received, answered = "applications.received.total", "applications.concluded.total"
    carried = "applications.carried_out.total"
    (_, claim) = find("收到政府信息公开申请6件，均按时答复。")
    assert (claim.value, claim.unit, claim.cells) == (6, "件", (received, carried))
    (_, claim) = find("答复政府信息公开申请6件，均在法定期限内答复。")
    assert (claim.value, claim.cells) == (6, (answered,))
    (claim,) = find("依申请公开。所有政府信息公开申请均按时答复。")
    assert (claim.value, claim.unit, claim.cells) == (100, "%", (received, carried))
    assert [c.subject for c in find("收到政府信息公开申请0件，均按时答复。")] == ["received"]


# ---- years


def test_without_a_year_only_words_tell_another_one() -> None:
    paragraphs = [("1", "2019年收到政府信息公开申请3件，去年收到申请4件。", Place())]
    (claim,) = claims.find(paragraphs, year=None, edition=None)
    assert claim.value == 3


def test_a_year_that_only_names_a_thing_does_not_count() -> None:
    (claim,) = find("对照2019年修订的条例，收到政府信息公开申请3件。")
    assert (claim.subject, claim.value) == ("received", 3)


# ---- cells


def test_cells_exist_in_their_edition() -> None:
    for edition in forms.editions():
        known = set(forms.form(edition).addresses)
        for subject in claims.SUBJECTS:
            assert set(claims_subjects.cells(subject, edition)) <= known


def test_every_address_of_the_vocabulary_exists_in_some_edition() -> None:
    known = {a for e in forms.editions() for a in forms.form(e).addresses}
    for subject in claims.SUBJECTS.values():
        for reading in (*subject.meant, *subject.accepted):
            assert set(reading) <= known, subject.id


def test_every_total_of_tables_three_and_four_has_a_subject() -> None:
    for edition in forms.editions():
        told = {a for s in claims.SUBJECTS for a in claims_subjects.cells(s, edition)}
        for address, spec in forms.form(edition).specs.items():
            if spec.table == "remedies" or address.endswith(".total"):
                assert address in told


def test_the_edition_decides_the_cells() -> None:
    text = "其他处理2件。"
    (old,) = find(text, section="3", edition="2019")
    (new,) = find(text, section="3", edition="2021")
    (unknown,) = find(text, section="3", edition=None)
    assert old.cells == ("applications.other.total",)
    assert new.cells == unknown.cells
    assert len(new.cells) == 3 and new.cells[-1] == "applications.other_misc.total"


def test_a_channel_has_no_cell() -> None:
    total, channel = find("收到政府信息公开申请6件，其中网络申请2件。")
    assert total.cells == ("applications.received.total",)
    assert (channel.channel, channel.cells) == ("online", ())


def test_subjects_and_channels_are_named_in_both_languages() -> None:
    for term in (*(s.term for s in claims.SUBJECTS.values()), *claims.CHANNELS.values()):
        assert term.zh and term.en and term.zh != term.en


# ---- ways of writing a number

NUMBERS: list[tuple[str, Value, str, tuple[str, str]]] = [
    ("6件", 6, "件", ("6", "6")),
    ("3，119件", 3119, "件", ("3119", "3119")),
    ("5500余条", 5500, "条", ("5500", "5599")),
    ("5500条余", 5500, "条", ("5500", "5599")),
    ("近80家", 80, "家", ("70", "80")),
    ("约300次", 300, "次", ("200", "400")),
    ("300次左右", 300, "次", ("200", "400")),
    ("超过1200条", 1200, "条", ("1200", "1299")),
    ("2.96万条", 29600, "条", ("29550", "29650")),
    ("1万余条", 10000, "条", ("10000", "19999")),
    ("1.2万余件", 12000, "件", ("12000", "12999")),
    ("十二件", 12, "件", ("12", "12")),
    ("一百二十件", 120, "件", ("120", "120")),
    ("两千零三件", 2003, "件", ("2003", "2003")),
    ("三万五千件", 35000, "件", ("35000", "35000")),
    ("二〇件", 20, "件", ("20", "20")),
    ("十余次", 10, "次", ("10", "19")),
    ("3940元", Decimal("0.394"), "元", ("0.394", "0.394")),
    ("96171.6万元", Decimal("96171.6"), "万元", ("96171.55", "96171.65")),
    ("1.5亿元", Decimal(15000), "亿元", ("14500", "15500")),
    ("三万元", Decimal(3), "万元", ("3", "3")),
    ("0万元", Decimal(0), "万元", ("-0.5", "0.5")),
]


@pytest.mark.parametrize(("text", "value", "unit", "bounds"), NUMBERS)
def test_a_number_and_what_it_excludes(
    text: str, value: Value, unit: str, bounds: tuple[str, str]
) -> None:
    number = claims_numbers.parse(text)
    assert number is not None
    assert (number.value, number.unit) == (value, unit)
    assert type(number.value) is type(value)
    assert claims_numbers.bounds(number) == (Decimal(bounds[0]), Decimal(bounds[1]))
    assert claims_numbers.last(f"共收到{text}") == number


@pytest.mark.parametrize("text", ["2.5件", "一十一百件", "二两件", "件", "第三件"])
def test_what_is_no_number(text: str) -> None:
    assert claims_numbers.parse(text) is None


def chinese(value: int) -> str:
    """A number below 10^8 in Chinese, written apart from the code under test."""
    if value >= 10_000:
        rest = value % 10_000
        return (
            chinese(value // 10_000)
            + "万"
            + ("零" if 0 < rest < 1000 else "")
            + (chinese(rest) if rest else "")
        )
    text, zero = "", False
    for size, mark in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        figure, value = divmod(value, size)
        if figure:
            text += ("零" if zero else "") + "零一二三四五六七八九"[figure] + mark
            zero = False
        else:
            zero = bool(text) and value > 0
    return text or "零"


@given(st.integers(0, 10**8 - 1))
@settings(max_examples=300, deadline=None)
def test_chinese_numerals_read_back(value: int) -> None:
    number = claims_numbers.parse(chinese(value) + "件")
    assert number is not None and number.value == value


def ways(value: int) -> list[str]:
    """The same number in every way prose writes it."""
    plain = str(value)
    wide = plain.translate({ord("0") + i: 0xFF10 + i for i in range(10)})
    return [plain, f" {plain} ", wide, f"{value:,}", chinese(value)]


TEMPLATES = [
    ("1", "全年共收到政府信息公开申请{}件。", "received", None),
    ("1", "2023年，本机关受理依申请公开{}件，已陆续办理。", "received", None),
    ("1", "收到{}件政府信息公开申请。", "received", None),
    ("1", "上年结转政府信息公开申请{}件。", "carried_in", None),
    ("1", "依申请公开。共答复申请人提出的申请，办结{}件。", "concluded", None),
    ("1", "依申请公开。其中网络申请{}件。", "received", "online"),
    ("3", "部分公开{}件。", "partly_granted", None),
    ("3", "属于四类过程性信息{}件。", "refused_process", None),
    ("3", "{}件结转下年度继续办理。", "carried_out", None),
    ("1", "主动公开政府信息{}条。", "published", None),
    ("1", "微博发布信息{}条。", "published", "weibo"),
    ("2", "制发行政规范性文件{}件。", "normative_documents_made", None),
    ("2", "作出行政许可决定{}件。", "licensing_decisions", None),
    ("4", "因政府信息公开被申请行政复议{}件。", "reconsideration", None),
    ("4", "行政诉讼{}起。", "suit", None),
    ("4", "行政诉讼中，结果纠正{}件。", "suit_corrected", None),
    ("1", "发布政策解读{}篇。", "interpretations", None),
    ("1", "召开{}场新闻发布会。", "press_conferences", None),
]


@given(st.sampled_from(TEMPLATES), st.integers(0, 9_999_999), st.integers(0, 4))
@settings(max_examples=600, deadline=None)
def test_a_template_reads_back(
    template: tuple[str, str, str, str | None], value: int, way: int
) -> None:
    section, sentence, subject, channel = template
    text = sentence.format(ways(value)[way])
    found = [c for c in find(text, section=section) if not c.subject.startswith("answered")]
    assert [(c.subject, c.channel, c.value, c.exact) for c in found] == [
        (subject, channel, value, True)
    ]
    assert found[0].raw in text


# ---- any text at all

_PATTERNS = [p for w in claims_subjects.data()["words"] for p in w["patterns"]]
_WORDS = [p for p in _PATTERNS if p.isalpha()]


@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                [*_WORDS, *"，。；、：（）“”《》 \n的共均无未零", "其中", "2022年", "截至"]
            ),
            st.integers(0, 99999).map(str),
            st.sampled_from("件条份次万元余%"),
            st.text(max_size=3),
        ),
        max_size=40,
    ),
    st.sampled_from("0123456"),
    st.sampled_from([None, "2019", "2021"]),
    st.sampled_from([None, 2020, 2023]),
)
@settings(max_examples=500, deadline=None)
def test_any_text_can_be_read(
    words: Sequence[str], section: str, edition: str | None, year: int | None
) -> None:
    text = "".join(words)
    known = set(forms.form(edition or "2021").addresses)
    for claim in claims.find([(section, text, Place(page=1))], year=year, edition=edition):
        assert claim.subject in claims.SUBJECTS
        assert claim.channel is None or claim.channel in claims.CHANNELS
        assert claim.raw in text and claim.raw
        assert set(claim.cells) <= known
        assert claim.value >= 0
        assert claim.place == Place(page=1)


@pytest.mark.parametrize(
    "text",
    [
        "收到政府信息公开申请" + "9" * 50000 + "件。",
        "收到政府信息公开申请" + "一" * 50000 + "件。",
        "收到政府信息公开申请" + "案件" * 3000 + "9件。",
        "收到政府信息公开申请" + "（）" * 20000 + "。",
        "均" * 20000 + "100%",
        "解读" * 20000 + "9件。",
        "收到、" * 20000 + "9件。",
    ],
    ids=["figures", "numerals", "filler", "brackets", "all", "pattern", "list"],
)
def test_no_text_takes_long(text: str) -> None:
    started = time.process_time()
    assert len(find(text)) <= 1
    assert time.process_time() - started < 2


def test_how_words_may_begin_is_told_rightly() -> None:
    heads = claims_heads.heads
    assert heads("(?:政府|部门)?规章(?!制度)") == {"政府", "部门", "规章"}
    assert heads("(?<!上年)[其它]他|\\d年") == {"其他", "它他", *(f"{d}年" for d in range(10))}
    assert heads("结转(?:至|到)?下年") == {"结转"}
    assert heads("等+") == {"等*"}
    assert heads("均(?:为|是)?") == {"均为", "均是", "均*"}
    assert heads("共.{0,3}件|个(?:人)*次") == {"共*", "共件", "个次", "个人"}
    for pattern in (".*件", "(?:全)?", "[^，]件"):
        with pytest.raises(ValueError, match="begins"):
            heads(pattern)


@given(st.sampled_from(_PATTERNS), st.data())
@settings(max_examples=300, deadline=None)
def test_every_word_of_the_vocabulary_begins_as_told(pattern: str, data: st.DataObject) -> None:
    plain = re.sub(r"\(\?<?[=!][^()]*(?:\([^()]*\)[^()]*)*\)", "", pattern)
    word = data.draw(st.from_regex(re.compile(plain, re.ASCII), fullmatch=True))
    heads = claims_heads.heads(pattern)
    assert word[:2] in heads or word[:1] + claims_heads.ANY in heads
