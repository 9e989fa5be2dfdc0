"""去标识化: personal data as those see them who need not know them."""

from __future__ import annotations

import pytest

from gongkai.web.shell import masking


@pytest.mark.parametrize(
    ("whole", "masked"),
    [
        ("13812341234", "138****1234"),
        ("138 1234 1234", "138****1234"),
        ("+86 138-1234-1234", "138****1234"),
        ("0571-88001234", "0571-****1234"),
        ("010-88001234", "010-****1234"),
        ("0571-88001234-801", "0571-****1234"),
        ("88001234转801", "****1234"),
        ("88001234", "****1234"),
        ("12345", "****"),
        ("值班室", "****"),
        ("", ""),
    ],
)
def test_a_telephone_number_keeps_where_it_is_and_four_digits(whole: str, masked: str) -> None:
    assert masking.phone(whole) == masked


def test_an_address_keeps_one_letter_and_its_host() -> None:
    assert masking.email("zhang.san@example.com") == "z***@example.com"
    assert masking.email("no address") == "****"
    assert masking.email("") == ""


def test_an_identity_number_and_a_name() -> None:
    assert masking.identity("11010519491231002X") == "110***********002X"
    assert masking.identity("123") == "****"
    assert masking.name("陈示例") == "陈**"


def test_running_text_is_masked_by_shape() -> None:
    said = "请联系 chen@example.com、13812341234 或 0571-88001234，证件 11010519491231002X。"
    assert masking.text(said) == (
        "请联系 c***@example.com、138****1234 或 0571-****1234，证件 110***********002X。"
    )


@pytest.mark.parametrize(
    "said",
    [
        "2026-03-02 09:15",
        "20260302",
        "松编〔2026〕3号",
        "113301060024838888",  # a credit code of digits alone
        "91330106MA2B2C3D4E",
        "330106001001",  # a division code
        "organ/SF-0101",
        "请求 7KQ2-9MXA",
        "第 12 版，共 1234567 字",
    ],
)
def test_what_is_no_personal_data_stays(said: str) -> None:
    assert masking.text(said) == said


def test_values_are_masked_by_key_all_the_way_down() -> None:
    kept = {
        "phone": "88001234",
        "name": "甲经办",
        "applicant": "陈示例",
        "note": ["电 13812341234", {"email": "chen@example.com", "rows": 3}],
    }
    assert masking.values(kept) == {
        "phone": "****1234",
        "name": "甲经办",
        "applicant": "陈**",
        "note": ["电 138****1234", {"email": "c***@example.com", "rows": 3}],
    }


def test_wide_signs_and_gaps_hide_nothing() -> None:
    assert masking.text("电话１３８１２３４１２３４。") == "电话138****1234。"
    assert masking.text("ｃｈｅｎ＠ｅｘａｍｐｌｅ．ｃｏｍ") == "c***@example.com"
    assert masking.text("证件 110105 19491231 002X") == "证件 110*************002X"
    assert masking.text("第１２号，（２０２６）") == "第１２号，（２０２６）"  # as it was
