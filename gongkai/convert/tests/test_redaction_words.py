"""查找: numbers of persons by their form, words across gaps; and what is neither."""

from __future__ import annotations

import time

import pytest

from gongkai.convert import redaction_words

NUMBER = "11010519491231002X"  # the example of GB 11643
CARD = "6222021234567890128"  # invented, with a right last digit


def found(text: str, *, terms: tuple[str, ...] = (), only: str = "") -> list[tuple[str, str]]:
    told = "".join(map(redaction_words.folded, text))
    patterns = [only] if only else list(redaction_words.PATTERNS)
    return [
        (hit.reason, told[hit.start : hit.stop])
        for hit in redaction_words.hits(told, terms, [] if terms else patterns)
    ]


@pytest.mark.parametrize(
    ("reason", "text", "part"),
    [
        ("id_number", f"身份证号{NUMBER}。", NUMBER.lower()),
        ("id_number", "１１０１０５１９４９１２３１００２Ｘ", NUMBER.lower()),
        ("id_number", "110105 19491231 002X", "110105 19491231 002x"),
        ("id_number", "110105194\r\n91231002x", "110105194\r\n91231002x"),
        ("id_number", "1 1 0 1 0 5 1 9 4 9 1 2 3 1 0 0 2 X", "1 1 0 1 0 5 1 9 4 9 1 2 3 1 0 0 2 x"),
        ("id_number", f"第 5 行 {NUMBER} 6 页", NUMBER.lower()),
        ("id_number", "旧证 110105491231002 号", "110105491231002"),
        ("mobile", "手机13800138000，", "13800138000"),
        ("mobile", "+86 138-0013-8000", "+86 138-0013-8000"),
        ("mobile", "138 0013\r\n8000", "138 0013\r\n8000"),
        ("landline", "电话：010-12345678转1", "010-12345678"),
        ("landline", "（0517）83912345", "(0517)83912345"),
        ("landline", "传真：83912345", "83912345"),
        ("landline", "0517—8391 234", "0517-8391 234"),
        ("bank_card", f"账号 {CARD}", CARD),
        ("bank_card", "6222 0212 3456 7890 128 5", "6222 0212 3456 7890 128"),
        ("bank_card", "卡号4111111111111111", "4111111111111111"),
        ("email", "邮箱：Chen.Sample@example.gov.cn。", "chen.sample@example.gov.cn"),
        ("email", "chen@exam\r\nple.com", "chen@exam\r\nple.com"),
        ("email", "ｃｈｅｎ＠example.com", "chen@example.com"),
    ],
)
def test_a_number_of_a_person_is_found_however_it_is_printed(
    reason: str, text: str, part: str
) -> None:
    assert (reason, part) in found(text, only=reason)


@pytest.mark.parametrize(
    "text",
    [
        "2026年3月2日收到申请 12 件，办结 9 件。",
        "文号：青政办发〔2026〕12号",
        "110105194913310020",  # no such day, whatever the last digit
        "200105194912310020",  # no such region
        "4111111111111112",  # a wrong last digit
        "1234567890",
        "共 23800138000 元",
        f"9{NUMBER[:17]}123",  # part of a longer number
        "@ 每人",
        "第 83912345 号",  # eight digits that nobody calls a telephone
    ],
)
def test_what_is_no_number_of_a_person_is_left(text: str) -> None:
    assert found(text) == []


def test_a_wrong_check_digit_is_proposed_as_unsure() -> None:
    right, wrong = (
        redaction_words.hits(number.lower(), [], ["id_number"])
        for number in (NUMBER, NUMBER[:17] + "1")
    )
    assert [hit.sure for hit in (*right, *wrong)] == [True, False]


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("申请人陈示例于", "陈示例"),
        ("申请人陈 示\r\n例于", "陈示例"),
        ("陈　示例", "陈示例"),
        ("Chen-\r\nSample", "chensample"),
        ("ＡＢＣ公司", "abc公司"),
        ("abc公司", "ＡＢＣ 公司"),
    ],
)
def test_a_word_is_found_across_gaps_whatever_its_width(text: str, term: str) -> None:
    assert len(found(text, terms=(term,))) == 1


def test_every_place_of_a_word_is_found() -> None:
    assert len(found("甲甲甲乙", terms=("甲甲",))) == 2


@pytest.mark.parametrize("term", ["", "  ", "—"])
def test_a_term_without_a_word_is_refused(term: str) -> None:
    with pytest.raises(ValueError, match="no word"):
        found("陈示例", terms=(term,))


def test_no_text_takes_long_to_search() -> None:
    """Runs of what begins every pattern; a search that goes back and forth would not end."""
    begin = time.process_time()
    for text in ("1" * 20_000, "1 " * 20_000, "a" * 20_000, "a\r\n" * 20_000, "0-" * 20_000):
        found(text + "@")
    assert time.process_time() - begin < 20
