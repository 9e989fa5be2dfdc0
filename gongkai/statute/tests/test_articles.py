"""法律依据: every id used resolves, every provision says something in both languages."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.statute import articles


def test_the_articles_that_clocks_and_checks_need_are_there() -> None:
    needed = [14, 15, 16, 20, 26, *range(29, 40), 42, *range(46, 51)]
    for number in needed:
        one = articles.provision(f"ogi.{number}")
        assert one.article == number
        assert one.instrument.number == "国务院令第711号"
        assert one.mark is articles.Mark.TEXT


def test_an_unknown_id_raises() -> None:
    with pytest.raises(articles.UnknownProvision):
        articles.provision("ogi.999")


def test_every_provision_speaks_both_languages() -> None:
    for id, one in articles.provisions().items():
        assert id == one.id
        assert one.statement.zh.endswith("。") and one.statement.en.endswith("."), id
        assert one.cite.zh.startswith("《") and one.cite.en, id
        assert one.brief.zh and one.brief.en, id


def test_citations_read_as_laws_are_cited() -> None:
    assert articles.provision("ogi.33").cite.zh == "《政府信息公开条例》第三十三条"
    assert articles.provision("ogi.33").brief.zh == "《条例》第三十三条"
    assert articles.provision("civil.201").cite.zh == "《民法典》第二百零一条"
    assert articles.provision("holidays.fixed").brief.zh == "《放假办法》"
    restart = articles.provision("fee.restart")
    assert restart.cite.zh == "《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）"
    assert restart.mark is articles.Mark.MEMORY


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "一"),
        (10, "十"),
        (14, "十四"),
        (20, "二十"),
        (88, "八十八"),
        (100, "一百"),
        (105, "一百零五"),
        (110, "一百一十"),
        (201, "二百零一"),
        (1000, "一千"),
        (1260, "一千二百六十"),
    ],
)
def test_article_numbers_in_chinese(number: int, text: str) -> None:
    assert articles.chinese_numeral(number) == text


def test_article_numbers_are_positive() -> None:
    with pytest.raises(ValueError, match="number 0"):
        articles.chinese_numeral(0)


def test_in_force() -> None:
    art_23 = articles.provision("review.23")
    assert art_23.in_force(date(2023, 12, 31)) is False
    assert art_23.in_force(date(2024, 1, 1)) is True
    assert articles.provision("fee.4").in_force(date(2020, 12, 31)) is False
    assert articles.provision("ogi.33").in_force(date(2019, 5, 14)) is False
    assert articles.provision("ogi.33").in_force(date(2019, 5, 15)) is True
    # 国办公开办函〔2015〕207号: its entry into force is not on record, and nobody guesses it.
    assert articles.provision("period2015.receipt").in_force(date(2026, 1, 1)) is None
