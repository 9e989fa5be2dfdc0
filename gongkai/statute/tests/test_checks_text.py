"""文字与表格: prose that agrees with its tables; change one number, exactly its rules speak."""

# ruff: noqa: E501 -- a case is read as one row

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from gongkai.statute import claims, forms, readers
from gongkai.statute.checks import text
from gongkai.statute.findings import Case, Finding, Level, Outcome
from gongkai.statute.report import ABSENT, AnnualReport, Kind, Passage, Place
from gongkai.statute.tests import consistent, samples

A = "applications."
R = "remedies."
REFUSED = [
    f"refused_{r}"
    for r in [
        "state_secret",
        "other_law",
        "safety_stability",
        "third_party",
        "internal_affairs",
        "process",
        "enforcement_file",
        "inquiry",
    ]
]
UNAVAILABLE = [f"unavailable_{r}" for r in ["not_held", "needs_creation", "still_unclear"]]
UNPROCESSED = [
    f"unprocessed_{r}" for r in ["petition", "repeated", "publication", "excessive", "confirmation"]
]

# One paragraph each: (section, sentence). {names} are the numbers of `figures`.
PROSE = [
    (
        "1",
        "（一）主动公开。全年主动公开政府信息{published}条，其中政府网站发布{website}条，"
        "微信发布{wechat}条。",
    ),
    ("1", "全年{making}规范性文件{made}件。"),
    (
        "1",
        "（二）依申请公开。共收到政府信息公开申请{received}件（当面申请{in_person}件，"
        "网络申请{online}件）。",
    ),
    ("1", "收到政府信息公开申请{received_again}件，自然人申请{persons}件，法人或其他组织申请{organisations}件。"),
    ("1", "上年结转政府信息公开申请{carried_in}件，结转下年度继续办理{carried_out}件。"),
    (
        "1",
        "共答复政府信息公开申请{concluded}件，其中予以公开{granted}件，部分公开{partly}件，"
        "不予公开{refused}件，无法提供{unavailable}件，不予处理{unprocessed}件，其他处理{other}件。",
    ),
    ("2", "作出行政许可决定{licensing}件，行政处罚决定{penalty}件。"),
    ("2", "{money_name}{money}万元。"),
    ("3", "属于四类过程性信息{process}件，属于行政查询事项{inquiry}件。"),
    (
        "4",
        "因政府信息公开被申请行政复议{recon}件，其中结果维持{recon_upheld}件，"
        "结果纠正{recon_corrected}件，其他结果{recon_other}件，尚未审结{recon_pending}件。",
    ),
    ("4", "因政府信息公开被提起行政诉讼{suit}件，其中结果维持{suit_upheld}件。"),
    ("4", "未经复议直接起诉{direct}件，复议后起诉{after}件。"),
]  # fmt: skip

# What one number more breaks, name by name; the rest of the prose and the tables stay.
BROKEN: dict[str, set[str]] = {
    "published": {"text.channel_sum"},
    "website": {"text.channel_sum"},
    "wechat": {"text.channel_sum"},
    "made": {"text.proactive"},
    "received": {"text.applications", "text.channel_sum"},
    "in_person": {"text.channel_sum"},
    "online": {"text.channel_sum"},
    "received_again": {"text.applications", "text.channel_sum"},
    "persons": {"text.applications", "text.channel_sum"},
    "organisations": {"text.applications", "text.channel_sum"},
    "carried_in": {"text.applications"},
    "carried_out": {"text.applications"},
    "concluded": {"text.applications"},
    "granted": {"text.applications", "text.part_sum"},
    "partly": {"text.applications", "text.part_sum"},
    "refused": {"text.applications", "text.part_sum"},
    "unavailable": {"text.applications", "text.part_sum"},
    "unprocessed": {"text.applications", "text.part_sum"},
    "other": {"text.applications", "text.part_sum"},
    "licensing": {"text.proactive"},
    "penalty": {"text.proactive"},
    "money": {"text.proactive"},
    "process": {"text.applications"},
    "inquiry": {"text.applications"},
    "recon": {"text.remedies", "text.part_sum"},
    "recon_upheld": {"text.remedies", "text.part_sum"},
    "recon_corrected": {"text.remedies", "text.part_sum"},
    "recon_other": {"text.remedies", "text.part_sum"},
    "recon_pending": {"text.remedies", "text.part_sum"},
    "suit": {"text.remedies"},
    "suit_upheld": {"text.remedies"},
    "direct": {"text.remedies"},
    "after": {"text.remedies"},
}


def base(edition: str, seed: int = 5) -> AnnualReport:
    """A consistent report with something in every place the prose speaks of."""
    made = consistent.report(edition, seed)
    some = {f"{R}{row}.{o}": 2 for row in consistent.REMEDIES for o in ("upheld", "other")}
    totals = {
        f"{R}{row}.total": sum(
            int(some.get(f"{R}{row}.{o}", made.cells[f"{R}{row}.{o}"].value or 0))
            for o in ("upheld", "corrected", "other", "pending")
        )
        for row in consistent.REMEDIES
    }
    return consistent.change(made, {**some, **totals})


def figures(report: AnnualReport) -> dict[str, object]:
    """The numbers the prose has to state for the tables of a report."""

    def total(*rows: str) -> int:
        return sum(int(report.cells[f"{A}{row}.total"].value or 0) for row in rows)

    def remedy(*cells: str) -> int:
        return sum(int(report.cells[f"{R}{cell}"].value or 0) for cell in cells)

    old = report.edition == "2019"
    others = ["other"] if old else ["other_not_clarified", "other_unpaid", "other_misc"]
    money = "proactive.procurement.amount" if old else "proactive.fees.amount"
    received = total("received")
    persons = int(report.cells[f"{A}received.natural_person"].value or 0)
    pairs = ("direct_suit", "suit_after_reconsideration")
    return {
        "published": 437,
        "website": 400,
        "wechat": 37,
        "making": "新制作" if old else "制发行政",
        "made": report.cells["proactive.normative_documents.made"].value,
        "received": received,
        "received_again": received,
        "in_person": 1,
        "online": received - 1,
        "persons": persons,
        "organisations": received - persons,
        "carried_in": total("carried_in"),
        "carried_out": total("carried_out"),
        "concluded": total("concluded"),
        "granted": total("granted"),
        "partly": total("partly_granted"),
        "refused": total(*REFUSED),
        "unavailable": total(*UNAVAILABLE),
        "unprocessed": total(*UNPROCESSED),
        "other": total(*others),
        "licensing": report.cells["proactive.licensing.decisions"].value,
        "penalty": report.cells["proactive.penalty.decisions"].value,
        "money_name": "政府集中采购总金额" if old else "行政事业性收费",
        "money": report.cells[money].value,
        "process": total("refused_process"),
        "inquiry": total("refused_inquiry"),
        "recon": remedy("reconsideration.total"),
        **{
            f"recon_{o}": remedy(f"reconsideration.{o}")
            for o in ("upheld", "corrected", "other", "pending")
        },
        "suit": remedy(*(f"{p}.total" for p in pairs)),
        "suit_upheld": remedy(*(f"{p}.upheld" for p in pairs)),
        "direct": remedy("direct_suit.total"),
        "after": remedy("suit_after_reconsideration.total"),
    }


def told(report: AnnualReport, *prose: tuple[str, str]) -> AnnualReport:
    """The report with this prose, (section, paragraph), and the claims it makes."""
    sections = dict(report.sections)
    for no in {no for no, _ in prose}:
        lines = [t for n, t in prose if n == no]
        sections[no] = (Passage(sections[no][0].title, "\n".join(lines), Place(line=1)),)
    found = claims.find(
        [(no, t, Place(line=i)) for i, (no, t) in enumerate(prose, 1)],
        year=report.year,
        edition=report.edition,
    )
    return replace(report, sections=sections, claims=found)


def whole(report: AnnualReport, **changed: object) -> AnnualReport:
    """The report with all of `PROSE`, its numbers those of the tables but for the changed ones."""
    numbers = {**figures(report), **changed}
    return told(report, *((no, sentence.format(**numbers)) for no, sentence in PROSE))


def findings(report: AnnualReport, kind: Kind = Kind.UNKNOWN) -> list[Finding]:
    case = Case(report, kind=kind)
    return [f for _, check in text.CHECKS for f in check(case) if f.outcome is not Outcome.HOLDS]


def ids(report: AnnualReport) -> set[str]:
    return {f.id for f in findings(report)}


# ---- agreement, and one number changed


@pytest.mark.parametrize("edition", forms.editions())
@pytest.mark.parametrize("seed", range(12))
def test_prose_that_agrees_has_no_findings(edition: str, seed: int) -> None:
    report = whole(base(edition, seed))
    assert findings(report) == []
    held = [f for _, c in text.CHECKS for f in c(Case(report)) if f.outcome is Outcome.HOLDS]
    assert len(held) >= 30


@pytest.mark.parametrize("edition", forms.editions())
@pytest.mark.parametrize("name", BROKEN)
def test_one_number_more_breaks_exactly_its_rule(edition: str, name: str) -> None:
    report = base(edition)
    value = figures(report)[name]
    assert isinstance(value, int | Decimal)
    broken = findings(whole(report, **{name: value + 1}))
    assert {f.id for f in broken} == BROKEN[name]
    for finding in broken:
        assert finding.outcome is Outcome.BROKEN
        assert finding.place.line is not None
        assert finding.message.zh and finding.message.en and finding.hint.zh and finding.hint.en
        assert finding.printed != finding.expected


def test_every_number_of_the_prose_is_tried() -> None:
    names = {n for _, s in PROSE for n in figures(base("2021")) if "{" + n + "}" in s}
    assert names - {"making", "money_name"} == set(BROKEN)


CELLS = {
    f"{A}received.total": "text.applications",
    f"{A}carried_out.total": "text.applications",
    f"{A}concluded.total": "text.applications",
    f"{A}partly_granted.total": "text.applications",
    f"{A}refused_process.total": "text.applications",
    f"{R}reconsideration.total": "text.remedies",
    f"{R}direct_suit.total": "text.remedies",
    f"{R}suit_after_reconsideration.upheld": "text.remedies",
    "proactive.normative_documents.made": "text.proactive",
    "proactive.penalty.decisions": "text.proactive",
}


@pytest.mark.parametrize("address", CELLS)
def test_one_cell_changed_is_seen_in_the_prose(address: str) -> None:
    report = whole(base("2021"))
    changed = findings(consistent.add(report, {address: 7}))
    assert {f.id for f in changed} == {CELLS[address]}
    assert all(address in f.cells for f in changed)


# ---- readings

LEEWAY = [
    # received 26 of which 1 was carried in: both ways of counting agree
    ("收到政府信息公开申请26件。", {"received": 26, "carried_in": 1}, set()),
    ("收到政府信息公开申请27件。", {"received": 26, "carried_in": 1}, set()),
    ("收到政府信息公开申请28件。", {"received": 26, "carried_in": 1}, {"text.applications"}),
    ("新收政府信息公开申请27件。", {"received": 26, "carried_in": 1}, {"text.applications"}),
    ("收到政府信息公开申请5500余件。", {"received": 5500}, set()),
    ("收到政府信息公开申请5500余件。", {"received": 5599}, set()),
    ("收到政府信息公开申请5500余件。", {"received": 5600}, {"text.applications"}),
    ("收到政府信息公开申请5500余件。", {"received": 5499}, {"text.applications"}),
    ("收到政府信息公开申请近80件。", {"received": 78}, set()),
    ("收到政府信息公开申请近80件。", {"received": 83}, {"text.applications"}),
    ("收到政府信息公开申请约300件。", {"received": 284}, set()),
    ("收到政府信息公开申请约300件。", {"received": 520}, {"text.applications"}),
    ("收到政府信息公开申请1.2万件。", {"received": 12_043}, set()),
    ("收到政府信息公开申请1.2万件。", {"received": 13_000}, {"text.applications"}),
    ("共办理政府信息公开申请26件。", {"received": 25, "carried_in": 1, "concluded": 20}, set()),
    ("共办理政府信息公开申请20件。", {"received": 25, "carried_in": 1, "concluded": 20}, set()),
    ("共办理政府信息公开申请21件。", {"received": 25, "carried_in": 1, "concluded": 20}, {"text.applications"}),
]  # fmt: skip


def applications(**rows: int) -> AnnualReport:
    """A report of 2022 whose table of part three has these totals, and 0 elsewhere."""
    made = consistent.report("2021")
    zero = {a: 0 for a in made.cells if a.startswith((A, R))}
    return consistent.change(made, {**zero, **{f"{A}{r}.total": v for r, v in rows.items()}})


@pytest.mark.parametrize(("sentence", "rows", "expected"), LEEWAY)
def test_every_reading_is_weighed(
    sentence: str, rows: Mapping[str, int], expected: set[str]
) -> None:
    assert ids(told(applications(**rows), ("1", sentence))) == expected


def test_money_is_compared_in_one_unit() -> None:
    report = consistent.change(
        consistent.report("2019"), {"proactive.procurement.amount": Decimal("4.339")}
    )
    for sentence, expected in [
        ("政府集中采购总金额43390元。", set()),
        ("政府集中采购总金额4.339万元。", set()),
        ("政府集中采购总金额4.34万元。", set()),
        ("政府集中采购总金额4.44万元。", {"text.proactive"}),
        ("政府集中采购总金额4339元。", {"text.proactive"}),
    ]:
        assert ids(told(report, ("2", sentence))) == expected, sentence


def test_a_rounded_cell_agrees_with_exact_money() -> None:
    report = consistent.change(
        consistent.report("2021"), {"proactive.fees.amount": Decimal("0.39")}
    )
    assert ids(told(report, ("2", "收取行政事业性收费3940元。"))) == set()
    assert ids(told(report, ("2", "收取行政事业性收费4040元。"))) == {"text.proactive"}


def test_what_the_form_does_not_ask_is_not_held_against_it() -> None:
    report = consistent.change(
        consistent.report("2021"),
        {"proactive.regulations.made": 1, "proactive.regulations.in_force": 11},
    )
    assert ids(told(report, ("1", "全年公开规章3件，举办培训5次，发布政策解读9篇。"))) == set()


# ---- none


def test_none_beside_a_count() -> None:
    report = consistent.add(applications(received=2, concluded=2, granted=2), {
        f"{R}reconsideration.upheld": 1,
        f"{R}reconsideration.total": 1,
    })  # fmt: skip
    prose = "依申请公开。未收到政府信息公开申请，未发生因政府信息公开引发的行政复议、行政诉讼。"
    found = findings(told(report, ("1", prose)))
    assert [(f.id, f.level, f.printed, f.expected) for f in found] == [
        ("text.no_application", Level.ERROR, 2, None),
        ("text.no_remedy", Level.ERROR, 1, None),
    ]
    assert found[1].cells == (f"{R}reconsideration.total",)


def test_a_count_beside_none() -> None:
    prose = "收到政府信息公开申请2件，因政府信息公开被提起行政诉讼1件。"
    found = findings(told(applications(), ("1", prose)))
    assert [(f.id, f.level, f.printed, f.expected) for f in found] == [
        ("text.applications", Level.ERROR, 0, None),
        ("text.remedies", Level.ERROR, 0, None),
    ]


# ---- all answered


@pytest.mark.parametrize(
    ("sentence", "carried_out", "expected"),
    [
        ("收到政府信息公开申请6件，均按时答复。", 2, {"text.answered_in_time"}),
        ("收到政府信息公开申请6件，已全部办结。", 2, {"text.all_answered"}),
        ("收到政府信息公开申请6件，均按时答复。", 0, set()),
        ("收到政府信息公开申请6件，已全部办结。", 0, set()),
        ("收到政府信息公开申请6件，均按时答复，结转下年度办理2件。", 2, set()),
        ("收到政府信息公开申请6件，均按时答复，其余正在办理中。", 2, set()),
        ("收到政府信息公开申请6件，上年结转0件，均按时答复。", 2, {"text.answered_in_time"}),
        ("答复政府信息公开申请4件，均在法定期限内答复。", 2, set()),
        ("所有政府信息公开申请均按时答复。", 2, {"text.answered_in_time"}),
    ],
)
def test_all_answered_beside_what_is_carried_over(
    sentence: str, carried_out: int, expected: set[str]
) -> None:
    rows = {"received": 6, "concluded": 4, "granted": 4, "carried_out": carried_out}
    report = told(applications(**rows), ("1", sentence))
    found = findings(report)
    assert {f.id for f in found} == expected
    assert all(f.level is Level.WARNING for f in found)


# ---- over the years


def test_a_sum_over_the_years_only_warns() -> None:
    def levels(received: int, sentence: str) -> list[tuple[str, Level]]:
        report = told(applications(received=received), ("1", sentence))
        return [(f.id, f.level) for f in findings(report)]

    sentence = "截至2022年底，累计收到政府信息公开申请9件。"
    assert levels(9, sentence) == []
    assert levels(4, sentence) == [("text.applications", Level.NOTE)]
    assert levels(0, sentence) == [("text.applications", Level.WARNING)]
    assert levels(12, sentence) == [("text.applications", Level.WARNING)]
    assert levels(12, "全年收到政府信息公开申请9件。") == [("text.applications", Level.ERROR)]


# ---- where the words leave room


def test_a_region_in_the_text_of_an_organ() -> None:
    report = told(applications(received=5), ("1", "全区共收到政府信息公开申请90件。"))
    levels = {k: findings(report, k)[0].level for k in Kind}
    assert levels == {
        Kind.ORGAN: Level.NOTE,
        Kind.REGION: Level.ERROR,
        Kind.UNKNOWN: Level.WARNING,
    }


def test_an_office_in_the_text_of_a_region() -> None:
    report = told(applications(received=90), ("1", "区政府办公室收到政府信息公开申请5件。"))
    assert findings(report, Kind.REGION)[0].level is Level.NOTE
    assert findings(report, Kind.ORGAN)[0].level is Level.ERROR


def test_a_second_number_beside_one_that_agrees_warns() -> None:
    prose = [("1", "收到政府信息公开申请5件。"), ("3", "本年新收政府信息公开申请6件。")]
    (finding,) = findings(told(applications(received=5), *prose))
    assert (finding.id, finding.level, finding.place) == (
        "text.applications",
        Level.WARNING,
        Place(line=2),
    )


def test_cases_that_need_not_be_about_disclosure_warn() -> None:
    report = applications()
    (finding,) = findings(told(report, ("1", "（五）法治建设。全年办理行政复议120件。")))
    assert (finding.id, finding.level) == ("text.remedies", Level.WARNING)
    (finding,) = findings(told(report, ("4", "行政复议120件。")))
    assert (finding.id, finding.level) == ("text.remedies", Level.ERROR)


# ---- cannot tell


def test_a_missing_cell_cannot_tell() -> None:
    missing = {f"{A}received.total": ABSENT, f"{A}concluded.total": ABSENT}
    report = consistent.change(applications(), missing)
    prose = "收到政府信息公开申请5件，答复政府信息公开申请4件。"
    (finding,) = findings(told(report, ("1", prose)))
    assert (finding.id, finding.outcome) == ("text.applications", Outcome.CANNOT_TELL)
    assert finding.cells == (f"{A}received.total", f"{A}concluded.total")


def test_a_missing_cell_does_not_hide_what_is_certain() -> None:
    total = f"{R}suit_after_reconsideration.total"
    report = consistent.change(applications(), {f"{R}direct_suit.total": 9, total: ABSENT})
    (finding,) = findings(told(report, ("4", "行政诉讼4件。")))
    assert (finding.id, finding.outcome) == ("text.remedies", Outcome.BROKEN)
    (finding,) = findings(told(report, ("4", "行政诉讼12件。")))
    assert (finding.id, finding.outcome) == ("text.remedies", Outcome.CANNOT_TELL)


def test_carried_over_unknown_cannot_tell() -> None:
    report = consistent.change(
        applications(received=6), {f"{A}carried_out.total": consistent.blank()}
    )
    (finding,) = findings(told(report, ("1", "收到政府信息公开申请6件，均按时答复。")))
    assert (finding.id, finding.outcome) == ("text.answered_in_time", Outcome.CANNOT_TELL)


# ---- the prose alone


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("对外公开政府信息427条，其中政府网站96条，微博331条。", []),
        ("对外公开政府信息427条，其中政府网站96条，微博341条。", [("text.channel_sum", Level.WARNING)]),
        ("对外公开政府信息427条，其中政府网站96条，微博31条。", [("text.channel_sum", Level.NOTE)]),
        ("主动公开政府信息420余条，其中政府网站96条，微博341条。", []),
        ("对外公开政府信息427条，其中政府网站96条。", []),
        ("主动公开政府信息50条，其中财政信息10条，公告10条。", []),
    ],
)  # fmt: skip
def test_parts_by_channel(sentence: str, expected: list[tuple[str, Level]]) -> None:
    found = findings(told(applications(), ("1", sentence)))
    assert [(f.id, f.level) for f in found] == expected


def test_results_inside_a_result_are_not_counted_twice() -> None:
    rows = {"concluded": 9, "granted": 5, "refused_process": 3, "refused_state_secret": 1}
    prose = (
        "答复政府信息公开申请9件，其中予以公开5件，不予公开4件"
        "（属于四类过程性信息3件，属于国家秘密1件）。"
    )
    assert findings(told(applications(**rows), ("1", prose))) == []


def test_two_printings_that_disagree() -> None:
    prose = [
        ("1", "主动公开情况：政府网站公开政府信息96条。"),
        ("1", "主动公开情况：政府网站公开政府信息69条。"),
    ]
    (finding,) = findings(told(applications(), *prose))
    assert (finding.id, finding.printed, finding.expected) == ("text.disagree", 69, None)
    assert findings(told(applications(), prose[0], prose[0])) == []


def test_two_counts_without_a_table_to_settle_them() -> None:
    report = consistent.change(applications(), {f"{A}received.total": ABSENT})
    prose = [("1", "收到政府信息公开申请5件。"), ("3", "本年新收政府信息公开申请6件。")]
    found = findings(told(report, *prose))
    assert [(f.id, f.outcome) for f in found] == [
        ("text.applications", Outcome.CANNOT_TELL),
        ("text.disagree", Outcome.BROKEN),
    ]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("2022年，我局将认真抓好落实。", {"text.plan_year"}),
        ("2021年，我局将继续推进政务公开。", {"text.plan_year"}),
        ("2023年，我局将继续推进政务公开。", set()),
        ("下一步，我局将继续推进政务公开。", set()),
        ("2022年，我局将政务公开纳入考核。", set()),
        ("2022年，工作虽有成效，但仍有不足。2023年将采取措施。", set()),
    ],
)
def test_a_plan_is_dated_later(sentence: str, expected: set[str]) -> None:
    assert ids(told(applications(), ("5", sentence))) == expected


# ---- the published samples

NAMED: dict[str, list[tuple[str, Level]]] = {
    "000": [("text.answered_in_time", Level.WARNING)],
    "001": [("text.plan_year", Level.WARNING)],
    "002": [],
    "003": [("text.proactive", Level.WARNING)],
    "004": [],
    "huaian": [],
}


@samples.needed
@pytest.mark.parametrize("start", NAMED)
def test_what_is_found_in_the_samples(start: str) -> None:
    file = samples.path(start)
    (report,) = readers.read(file.read_bytes(), name=file.name)
    found = findings(report)
    assert [(f.id, f.level) for f in found] == NAMED[start]
    if start == "000":
        assert (found[0].printed, found[0].expected) == (2, None)
        assert found[0].cells[0] == f"{A}carried_out.total"
    if start == "003":
        assert (found[0].printed, found[0].expected) == (0, None)
        assert found[0].cells == ("proactive.other_services.decisions",)


# ---- the rules themselves


def test_every_rule_says_what_it_is() -> None:
    rules = [rule for rule, _ in text.CHECKS]
    assert len({r.id for r in rules}) == len(rules)
    for rule in rules:
        assert rule.id.startswith("text.")
        assert rule.source
        for said in (rule.sentence, rule.example):
            assert said.zh.endswith("。") and said.en.endswith(".")
