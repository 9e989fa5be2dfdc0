"""文字编码: every encoding reports come in, told by content, with and without a claim."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.statute.readers import encodings

SIMPLIFIED = (
    "青石区2023年政府信息公开工作年度报告\n一、总体情况\n本年新收申请26件，结转下年度1件。\n"
)
TRADITIONAL = (
    "青石區2023年政府信息公開工作年度報告\n一、總體情況\n本年新收申請26件，結轉下年度1件。\n"
)


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("gb2312", "gb18030"),
        ("gbk", "gb18030"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32-le"),
    ],
)
def test_simplified(codec: str, name: str) -> None:
    assert encodings.decode(SIMPLIFIED.encode(codec)) == (SIMPLIFIED, name)


@pytest.mark.parametrize(
    ("codec", "name"),
    [("big5", "big5"), ("gb18030", "gb18030"), ("utf-8", "utf-8"), ("utf-16-be", "utf-16-be")],
)
def test_traditional(codec: str, name: str) -> None:
    assert encodings.decode(TRADITIONAL.encode(codec)) == (TRADITIONAL, name)


def test_big5_against_gb18030_both_ways() -> None:
    """The same bytes are valid in both; the common characters decide."""
    big5, gbk = TRADITIONAL.encode("big5"), SIMPLIFIED.encode("gbk")
    assert encodings.likeness(big5.decode("cp950")) > 0.8
    assert encodings.likeness(big5.decode("gb18030", "replace")) < 0.1
    assert encodings.likeness(gbk.decode("cp950", "replace")) < 0.1


@pytest.mark.parametrize("claim", ["gb2312", "utf-8", "big5", "iso-8859-1", "nonsense"])
@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_content_decides_against_a_wrong_claim(claim: str, codec: str) -> None:
    page = f'<html><head><meta charset="{claim}"></head><body>{SIMPLIFIED}</body></html>'
    assert encodings.decode(page.encode(codec)) == (page, codec)


def test_claim_tips_the_balance_for_a_few_characters() -> None:
    # 編製 in Big5 is 絪籹 in GBK: nothing in it tells.
    page = '<meta charset="big5"><p>編製</p>'
    assert encodings.decode(page.encode("big5")) == (page, "big5")


def test_a_damaged_byte_does_not_change_the_encoding() -> None:
    data = bytearray(SIMPLIFIED.encode() * 5)
    data[30] = 0xFF
    text, name = encodings.decode(bytes(data))
    assert name == "utf-8"
    assert "\ufffd" in text and text.count("总体情况") == 5


def test_a_file_cut_within_a_character_is_read_to_its_end() -> None:
    text, name = encodings.decode(SIMPLIFIED.encode()[:-2])
    assert name == "utf-8"
    assert text.startswith("青石区") and text.endswith("\ufffd")


def test_line_ends_and_control_characters() -> None:
    assert encodings.decode(b"a\r\nb\rc\x0cd\x00e\x07f\x1a")[0] == "a\nb\nc\ndef"
    assert encodings.clean("一\u2028二\x85三\ufeff四\x0b五") == "一\n二\n三四\n五"


def test_tabs_and_ideographic_spaces_stay() -> None:
    assert encodings.decode("规章\t0\u3000\xa01".encode())[0] == "规章\t0\u3000\xa01"


def test_figures_alone_in_utf_16() -> None:
    assert encodings.decode("12\t34\n".encode("utf-16-le")) == ("12\t34\n", "utf-16-le")
    assert encodings.decode("12\t34\n".encode("utf-16-be")) == ("12\t34\n", "utf-16-be")


def test_nul_in_a_one_byte_text_is_dirt() -> None:
    text, name = encodings.decode(SIMPLIFIED.encode() + b"\x00\x00\x00")
    assert (text, name) == (SIMPLIFIED, "utf-8")


@given(st.binary(max_size=400))
def test_any_bytes_give_text_without_control_characters(data: bytes) -> None:
    text, _ = encodings.decode(data)
    assert not any(ch < " " and ch not in "\n\t" for ch in text)


@pytest.mark.parametrize("seed", range(60))
def test_noise_is_no_text(seed: int) -> None:
    noise = random.Random(seed).randbytes(40 + 37 * seed)
    assert encodings.probe(noise) is None


@pytest.mark.parametrize("codec", ["utf-8", "gb18030", "utf-16-le", "utf-16-be", "utf-16"])
def test_a_report_is_text(codec: str) -> None:
    assert (encodings.probe(SIMPLIFIED.encode(codec)) or "").removeprefix("\ufeff") == SIMPLIFIED


@given(
    st.text(
        alphabet="政府信息公开申请年度报告，。0123456789一二三四五六\n", min_size=12, max_size=200
    )
)
def test_reports_read_back_in_every_encoding(text: str) -> None:
    if not any(ch > "\x80" for ch in text[:12]):
        text = "年度报告" + text
    for codec in ("utf-8", "gb18030"):
        assert encodings.decode(text.encode(codec))[0] == text
