"""答复和告知文书: every kind composes, holds its elements, and names the right remedy."""

from __future__ import annotations

import itertools
import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from gongkai.statute import (
    articles,
    dated,
    fees,
    forms,
    letter_kinds,
    letter_remedies,
    letter_samples,
    letter_values,
    letters,
)
from gongkai.statute.grounds import REASONS, Ground
from gongkai.statute.letter_numbers import (
    DocumentNumber,
    NumberError,
    document_number,
    official_day,
    read_number,
    yuan_in_words,
)
from gongkai.statute.letter_remedies import Conventions, Road, Subject
from gongkai.statute.letters import Letter

KINDS = tuple(letters.kinds())
ON = letter_samples.ON


def sample(id: str, on: date | None = None, **more: Any) -> Letter:
    kind = letters.kind(id)
    values = {**letter_samples.values(kind), **more}
    return letters.compose(kind, values, on or letter_samples.dated(kind))


def ids(elements: tuple[letter_kinds.Element, ...]) -> list[str]:
    return [one.id for one in elements]


# -- kinds


def test_every_outcome_of_both_forms_has_a_letter() -> None:
    for edition in forms.editions():
        (block,) = forms.form(edition).tables["applications"].blocks
        rows = [row.id for row in block.figure_rows]
        outcomes = rows[2:-2]  # without received, carried in, concluded, carried out
        assert [row for row in outcomes if not letter_kinds.for_outcome(row)] == []
    known = {
        row.id
        for edition in forms.editions()
        for block in forms.form(edition).tables["applications"].blocks
        for row in block.figure_rows
    }
    assert set(letter_kinds.outcome_rows()) <= known


def test_every_ground_of_a_decision_has_its_letter() -> None:
    told = [ground for kind in letters.kinds().values() for ground in kind.grounds]
    assert sorted(told) == sorted(ground.value for ground in Ground)
    for ground in Ground:
        assert REASONS[ground].row in letters.for_ground(ground.value).outcomes
        assert letter_kinds.telling(ground) is letters.for_ground(ground)
    assert letter_kinds.telling("unavailable_not_held").id == "not_existing"
    with pytest.raises(letter_kinds.UnknownKind):
        letter_kinds.telling("nothing")


def test_kinds_rest_on_known_provisions_and_groups() -> None:
    groups = {group.id for group in letter_kinds.groups()}
    for kind in letters.kinds().values():
        assert kind.group in groups
        assert kind.basis and kind.start is not None and kind.end is None
        for id in [*(id for id, _ in kind.basis), *(s for e in kind.elements for s in e.sources)]:
            assert articles.provision(id)
        assert kind.title and kind.name.zh and kind.name.en
        assert kind.to in ("applicant", "third_party", "organ")


def test_every_variable_and_element_is_used() -> None:
    used = {id for kind in letters.kinds().values() for id in kind.template.variables}
    used |= {id for one in letter_kinds.elements().values() for choice in one.by for id in choice}
    frame = {one.id for one in letter_kinds.variables().values() if one.frame}
    assert set(letter_kinds.variables()) - used - frame == set()
    elements = {one.id for kind in letters.kinds().values() for one in kind.elements}
    assert set(letter_kinds.elements()) == elements
    names = [one.name.zh for one in letter_kinds.variables().values()]
    assert len(set(names)) == len(names)


def test_an_unknown_kind_raises() -> None:
    with pytest.raises(letter_kinds.UnknownKind):
        letters.kind("nothing")


# -- composing


@pytest.mark.parametrize("id", KINDS)
def test_a_letter_of_every_kind_holds_all_its_elements(id: str) -> None:
    letter = sample(id)
    assert letters.missing(letter) == ()
    text = "\n".join((*letter.paragraphs, letter.notice))
    assert "{" not in text and "\x00" not in text and "。。" not in text and "；。" not in text
    assert letter.title and letter.organ == "临溪区教育局"
    assert letter.dated == official_day(letter_samples.dated(letter.kind))
    assert bool(letter.notice) is (letter.remedy.road is not Road.NONE)


@pytest.mark.parametrize("id", KINDS)
def test_without_a_value_its_element_is_missing(id: str) -> None:
    kind = letters.kind(id)
    values = letter_samples.values(kind)
    known = letter_kinds.variables()
    for element in kind.elements:
        wanted = [v for choice in element.by for v in choice if not known[v].made and v in values]
        if not element.compulsory or not wanted or (element.when and element.when not in values):
            continue
        without = {key: value for key, value in values.items() if key not in wanted}
        letter = letters.compose(kind, without, letter_samples.dated(kind))
        if element.when in wanted:
            assert element.id not in ids(letters.missing(letter))
        else:
            assert element.id in ids(letters.missing(letter))


def test_a_letter_cites_what_it_rests_on() -> None:
    cited = {
        "granted": "《中华人民共和国政府信息公开条例》第三十六条第二项",
        "refused_state_secret": "《中华人民共和国政府信息公开条例》第十四条、第三十六条第三项",
        "partly_granted": "第十五条、第三十二条、第三十六条第三项、第三十七条",
        "unprocessed_petition": "第三十九条第一款",
        "fee": "《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）第三条、第五条",
        "consultation_joint": "第三十四条",
    }
    for id, text in cited.items():
        assert text in "\n".join(sample(id).paragraphs), id
    assert "根据" not in "\n".join(sample("unprocessed_confirmation").paragraphs)
    more = sample("unprocessed_confirmation", more_basis="《临溪区政府信息公开办法》第九条")
    assert "根据《临溪区政府信息公开办法》第九条，" in "\n".join(more.paragraphs)
    assert more.kind.caution is not None


def test_every_article_of_the_basis_is_cited_where_the_kind_cites() -> None:
    for kind in letters.kinds().values():
        text = "\n".join(sample(kind.id).paragraphs)
        for id, item in kind.basis if kind.cites else ():
            article = articles.provision(id).article
            if article is not None:
                assert f"第{articles.chinese_numeral(article)}条{item}" in text, kind.id


def test_the_reader_is_addressed_as_person_or_organisation() -> None:
    assert "你提交" in sample("granted").paragraphs[0].replace("通过信函", "")
    assert "你单位通过" in sample("granted", organisation=True).paragraphs[0]
    assert "与贵机关共同制作" in sample("consultation_joint").paragraphs[0]
    assert sample("granted").salutation == "陈示例："


def test_the_course_of_the_case_is_told() -> None:
    told = "\n".join(
        sample(
            "granted",
            corrected_on=date(2026, 3, 10),
            consulted="本机关于2026年3月12日征求第三方意见",
            extended_to=date(2026, 5, 13),
            paid_on=date(2026, 3, 11),
            renewed_by="临溪区人民政府行政复议决定书（临政复决〔2026〕12号）",
            replaced_number="临教公开告〔2026〕2号",
        ).paragraphs
    )
    for part in ("2026年3月10日收到补正", "征求第三方意见，所需时间", "延长至2026年5月13日"):
        assert part in told
    assert "你于2026年3月11日按照收费通知缴纳" in told
    assert "本机关重新作出答复，临教公开告〔2026〕2号答复不再执行。" in told
    assert "补正" not in "\n".join(sample("granted").paragraphs)


def test_what_was_told_only_in_part_is_advised() -> None:
    own = letters.kind("granted").parse("{收到日期}{申请内容}{依据}{决定}{公开内容}{重新办理依据}")
    values = {**letter_samples.values(letters.kind("granted")), "paid_on": date(2026, 3, 11)}
    letter = letters.compose(letters.kind("granted"), values, ON, template=own)
    assert ids(letters.missing(letter)) == []
    assert ids(letters.advisable(letter)) == ["paid", "facts"]


def test_the_information_or_how_to_get_it() -> None:
    ways: dict[str, Any] = {
        "disclosed": None,
        "way": "政务服务大厅3号窗口",
        "ready_on": "2026年4月13日9时至17时",
    }
    letter = sample("granted", **ways)
    assert letters.missing(letter) == ()
    assert "可以通过以下方式和途径获取：政务服务大厅3号窗口；获取时间" in "".join(letter.paragraphs)
    assert ids(letters.missing(sample("granted", **{**ways, "ready_on": None}))) == ["given"]


def test_the_competent_organ_is_named_with_its_contact_where_it_is_known() -> None:
    assert ids(letters.missing(sample("not_responsible", other_contact=None))) == ["other_contact"]
    unknown = sample("not_responsible", other_organ=None, other_contact=None)
    assert letters.missing(unknown) == ()


def test_periods_come_from_the_law_of_the_day() -> None:
    assert "15个工作日内" in "".join(sample("consultation").paragraphs)
    assert "20个工作日内缴纳" in "".join(sample("fee").paragraphs)
    with pytest.raises(dated.NotKnown, match="2019-05-14"):
        sample("granted", date(2019, 5, 14))
    with pytest.raises(dated.NotKnown, match="not in force"):
        sample("fee", date(2020, 12, 31))


def test_what_is_served_by_internet_names_a_channel_for_reconsideration() -> None:
    assert ids(letters.missing(sample("granted", delivered_online=True))) == ["remedy_online"]
    channel: dict[str, Any] = {
        "delivered_online": True,
        "reconsideration_online": "https://linxi.example/fy",
    }
    letter = sample("granted", **channel)
    assert letters.missing(letter) == ()
    assert "（互联网申请渠道：https://linxi.example/fy）" in letter.notice
    assert letters.missing(sample("granted", date(2023, 12, 31), delivered_online=True)) == ()


def test_replies_go_with_what_asks_for_one() -> None:
    with_reply = {id: kind.reply.id for id, kind in letters.kinds().items() if kind.reply}
    assert with_reply == {
        "clarification": "clarified",
        "reasons_request": "explained",
        "consultation": "opinion",
        "consultation_joint": "joint_opinion",
        "coordination": "confirmation",
    }
    reply = sample("consultation").reply
    assert reply is not None
    assert "（临教公开告〔2026〕5号）" in reply.lead
    assert reply.choices == ("同意公开", "部分同意公开", "不同意公开")
    assert "临溪" not in reply.title


def test_a_third_party_is_not_told_who_applied() -> None:
    for id in ("consultation", "consultation_joint", "coordination", "third_party_decision"):
        letter = sample(id, applicant="陈示例", case_number="20260302-0007")
        assert "陈示例" not in "\n".join((*letter.paragraphs, letter.notice)), id


def test_faults_of_values_are_told_together() -> None:
    with pytest.raises(letters.LetterError) as caught:
        sample(
            "granted",
            received_on="2026-03-02",
            organ=7,
            nothing="x",
            grounds=["refused"],
            basis="《条例》",
            attachments="甲",
            organisation="是",
            extension_days=0,
            waived=Decimal("1.5"),
            charge=380,
            request="长" * 20_001,
        )
    assert len(caught.value.texts) == 11
    assert all(text.zh and text.en for text in caught.value.texts)


def test_values_are_cleaned() -> None:
    letter = sample("granted", request=" 甲\u200b\x07\r\n\r\n\t乙 ", attachments=["  ", "丙 "])
    assert "“甲" in "\n".join(letter.paragraphs)
    assert letter.attachments == ("丙",)
    assert letter_values.clean("\ud800甲\u202e\n\n乙") == "甲\n乙"


@pytest.mark.parametrize("id", KINDS)
def test_values_are_stored_as_json_and_come_back(id: str) -> None:
    kind = letters.kind(id)
    values = {**letter_samples.values(kind), "waived": Decimal(80), "courts": ("甲法院", "乙法院")}
    if id == "fee":
        values["charge"] = fees.by_items(30, ON, before=9)
    back = letter_values.restored(json.loads(json.dumps(letter_values.stored(values))))
    on = letter_samples.dated(kind)
    assert letters.compose(kind, back, on) == letters.compose(kind, values, on)
    with pytest.raises(KeyError):
        letter_values.restored({"nothing": 1})


# -- fees


def test_a_fee_notice_prints_every_tier() -> None:
    told = sample("fee", charge=fees.by_pages(201, ON)).paragraphs
    assert "第31页至第100页，共70页，每页10元，计700元。" in told
    assert "第201页，共1页，每页40元，计40元。" in told
    assert "合计2740元。" in told
    assert "应缴金额：2740元（人民币贰仟柒佰肆拾元整）。" in told


def test_a_fee_by_item_tells_what_came_before() -> None:
    told = sample("fee", charge=fees.by_items(3, ON, before=9)).paragraphs
    assert "当月此前已有9件，本次计收3件。" in told
    assert "第10件，不收费。" in told
    assert "第11件至第12件，共2件，每件100元，计200元。" in told
    assert "第四条" in "".join(told)


def test_a_waiver_is_told_with_its_reasons() -> None:
    letter = sample("fee", waived=Decimal(180), waiver_reasons="生活困难")
    assert "因生活困难，减免180元。应缴金额：200元（人民币贰佰元整）。" in letter.paragraphs
    assert ids(letters.missing(sample("fee", waived=180))) == ["waiver_reasons"]
    for nothing in (
        {"waived": 380, "waiver_reasons": "生活困难"},
        {"charge": fees.by_pages(30, ON)},
    ):
        with pytest.raises(letters.LetterError, match="Nothing is owed"):
            sample("fee", **nothing)


# -- remedies

BEFORE, AFTER = date(2023, 12, 31), date(2024, 1, 1)
REFUSALS = letter_remedies.REFUSALS


def expected(subject: Subject, row: str, on: date, partial: bool, silence: bool) -> Road:
    """The table of the law, written out once more."""
    if subject is Subject.PROCEDURAL:
        return Road.NONE
    if on < AFTER:
        return Road.EITHER
    if subject is Subject.SILENCE:
        return Road.FIRST if silence else Road.EITHER
    if row not in REFUSALS:
        return Road.EITHER
    first = subject is Subject.ANSWER or (subject is Subject.PARTLY and partial)
    return Road.FIRST if first else Road.EITHER


def test_the_remedy_by_ground_day_and_setting() -> None:
    rows = letter_kinds.outcome_rows()
    assert {*REFUSALS, "refused_inquiry"} == {row for row in rows if row.startswith("refused")}
    tried = 0
    for subject, row, on, partial, silence in itertools.product(
        Subject, rows, (BEFORE, AFTER), (True, False), (True, False)
    ):
        found = letter_remedies.remedy(
            subject, on, grounds=[row], conventions=Conventions(partial, silence)
        )
        assert found.road is expected(subject, row, on, partial, silence), (subject, row, on)
        days = {Road.NONE: (None, None), Road.EITHER: (60, 6), Road.FIRST: (60, 15)}
        assert (found.reconsideration, found.suit) == days[found.road]
        assert all(articles.provision(id).in_force(on) for id in found.sources)
        assert ("review.23" in found.sources) is (found.road is Road.FIRST)
        tried += 1
    assert tried == 6 * len(rows) * 8


@pytest.mark.parametrize("row", REFUSALS)
def test_a_refusal_sends_to_reconsideration_first_from_2024(row: str) -> None:
    first = sample(row, AFTER).notice
    assert "60日内向临溪区人民政府申请行政复议；" in first
    assert "第二十三条，应当先申请行政复议，不能直接提起行政诉讼" in first
    assert "15日内向临溪区人民法院提起行政诉讼" in first
    either = sample(row, BEFORE).notice
    assert "也可以自知道或者应当知道本答复之日起6个月内直接向临溪区人民法院" in either
    assert "先申请" not in either


def test_an_inquiry_and_whatever_is_not_held_may_go_straight_to_court() -> None:
    for id in ("refused_inquiry", "not_existing", "not_responsible", "granted"):
        assert "6个月内直接" in sample(id).notice


def test_a_partial_answer_follows_its_grounds_and_the_setting() -> None:
    kind = letters.kind("partly_granted")
    values = letter_samples.values(kind)
    usual = letters.compose(kind, values, ON)
    assert usual.notice.startswith("对本答复中不予公开的部分不服的，")
    assert "对本答复其余部分不服的，也可以在6个月内直接" in usual.notice
    turned = letters.compose(kind, values, ON, conventions=Conventions(False))
    assert "先申请" not in turned.notice and "6个月内直接" in turned.notice
    lacking = letters.compose(kind, {**values, "grounds": ["unavailable_not_held"]}, ON)
    assert lacking.remedy.road is Road.EITHER
    by_ground = letters.compose(kind, {**values, "grounds": ["third_party", "not_ours"]}, ON)
    assert by_ground.remedy.road is Road.FIRST
    assert "第十条、第十五条、第三十二条、第三十六条第三项、第五项、第三十七条" in "".join(
        by_ground.paragraphs
    )
    none = letters.compose(kind, {**values, "grounds": None}, ON)
    assert ids(letters.missing(none)) == ["grounds"]


def test_procedural_letters_name_no_remedy_and_third_parties_their_own() -> None:
    for id in ("clarification", "extension", "fee", "receipt", "consultation"):
        letter = sample(id)
        assert letter.notice == "" and "remedy" not in ids(letter.kind.elements)
    third = sample("third_party_decision")
    assert third.remedy.road is Road.EITHER and "对本决定不服的" in third.notice


def test_two_reconsideration_organs_and_an_unnamed_court() -> None:
    organs = ["临溪区人民政府", "松江市教育局"]
    letter = sample("granted", BEFORE, reconsideration_organs=organs, courts=None)
    assert "向临溪区人民政府或者松江市教育局申请行政复议" in letter.notice
    assert "向有管辖权的人民法院提起行政诉讼" in letter.notice
    without = sample("granted", reconsideration_organs=[])
    assert ids(letters.missing(without)) == ["remedy"]
    assert "＿＿＿＿" in without.notice


def test_silence_has_both_roads_unless_the_organ_settles_otherwise() -> None:
    both = letter_remedies.remedy(Subject.SILENCE, ON)
    text = letter_remedies.notice(both, ["临溪区人民政府"])
    assert text.startswith("逾期未答复的，可以自答复期限届满之日起60日内")
    assert "自答复期限届满之日起6个月内直接" in text
    first = letter_remedies.remedy(Subject.SILENCE, ON, conventions=Conventions(True, True))
    assert "应当先申请行政复议" in letter_remedies.notice(first, ["临溪区人民政府"])


# -- many at once


def test_a_list_becomes_letters_and_bad_rows_are_named() -> None:
    kind = letters.kind("extension")
    shared = letter_samples.values(kind)
    rows: list[dict[str, Any]] = [
        {"addressee": "甲示例", "number": "临教公开告〔2026〕6号"},
        {"addressee": "乙示例", "received_on": "昨天"},
        {"addressee": "丙示例", "organisation": False},
    ]
    merged = letters.merge(kind, shared, rows, ON)
    assert [letter.addressee for letter in merged.letters] == ["甲示例", "丙示例"]
    assert merged.letters[0].number == "临教公开告〔2026〕6号"
    assert [at for at, _ in merged.refused] == [2]


# -- numbers and days


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("临政公开〔2026〕5号", ("临政公开", 2026, 5)),
        ("临政公开[2026]5号", ("临政公开", 2026, 5)),
        ("临政公开【2026】第05号", ("临政公开", 2026, 5)),
        (" 临政公开（２０２６） 12 号 ", ("临政公开", 2026, 12)),
        ("国办函〔2020〕109号", ("国办函", 2020, 109)),
        ("临政公开〔2026〕0号", None),
        ("临政公开〔26〕5号", None),
        ("临政公开2026第5号", None),
        ("〔2026〕5号", None),
        ("临政公开〔2026〕5号附件", None),
        ("临政公开〔1900〕5号", None),
    ],
)
def test_document_numbers_are_read(text: str, number: tuple[str, int, int] | None) -> None:
    found = read_number(text)
    assert found == (None if number is None else DocumentNumber(*number))
    if found is not None:
        assert read_number(str(found)) == found
        assert document_number(found.prefix, found.year, found.number) == str(found)


@pytest.mark.parametrize(
    ("prefix", "year", "number"),
    [
        ("", 2026, 1),
        ("临政〔公〕", 2026, 1),
        ("临 政", 2026, 1),
        ("临政", 26, 1),
        ("临政", 2026, 0),
    ],
)
def test_what_can_be_no_document_number_is_refused(prefix: str, year: int, number: int) -> None:
    with pytest.raises(NumberError) as caught:
        document_number(prefix, year, number)
    assert caught.value.text.zh


def test_days_and_sums_in_their_official_form() -> None:
    assert official_day(date(2026, 3, 2)) == "2026年3月2日"
    sums = {
        0: "零元整",
        10: "壹拾元整",
        105: "壹佰零伍元整",
        380: "叁佰捌拾元整",
        1000: "壹仟元整",
        10010: "壹万零壹拾元整",
        20304: "贰万零叁佰零肆元整",
        1004000: "壹佰万肆仟元整",
        100050000: "壹亿零伍万元整",
    }
    for yuan, words in sums.items():
        assert yuan_in_words(yuan) == f"人民币{words}"
    with pytest.raises(ValueError):
        yuan_in_words(-1)
