"""部分规则: the six parts: present, once, in order, titled as in the form, filled (``form.*``)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gongkai.statute.checks import showing
from gongkai.statute.findings import Case, Check, Finding, Level, Rule
from gongkai.statute.report import AnnualReport, Passage, Place
from gongkai.statute.texts import Text

_SOURCE = "国办公开办函〔2019〕60号、〔2021〕30号，报告格式"
_ARTICLE_50 = "《政府信息公开条例》第五十条"
_NUMBERS = "一二三四五六"

SECTIONS = Rule(
    "form.sections",
    Level.ERROR,
    Text("报告有格式规定的六个部分。", "The report has the six sections of the form."),
    f"{_ARTICLE_50}；{_SOURCE}",
    Text("没有“六、其他需要报告的事项”。", "“六、其他需要报告的事项” is missing."),
)


def sections(case: Case) -> Iterator[Finding]:
    """六个部分: each is there at least once."""
    report = case.report
    for section in showing.form_of(report).sections:
        if report.sections.get(str(section.no)):
            yield SECTIONS.holds()
            continue
        yield SECTIONS.broken(
            Text(f"没有找到“{section.title}”。", f"“{section.title}” was not found."),
            Text(
                "统一格式的六个部分缺一不可，没有内容的也要写明“无”。请补上这一部分，标题用原文。",
                "All six sections are wanted; one without content says so. Add the section "
                "under its official title.",
            ),
            expected=section.title,
        )


SECTION_ONCE = Rule(
    "form.section_once",
    Level.WARNING,
    Text("每个部分只出现一次。", "Each section stands once."),
    _SOURCE,
    Text(
        "正文印了两遍，各部分标题都出现两次。",
        "The report is printed twice, each section appears twice.",
    ),
)


def section_once(case: Case) -> Iterator[Finding]:
    """A part printed more than once: readers cannot know which one counts."""
    report = case.report
    repeated = [s for s in showing.form_of(report).sections if len(_printings(report, s.no)) > 1]
    if not repeated:
        yield SECTION_ONCE.holds()
        return
    second = _printings(report, repeated[0].no)[1].place
    listed = showing.listing([f"“{s.title}”" for s in repeated], 6)
    yield SECTION_ONCE.broken(
        Text(f"以下部分出现不止一次：{listed.zh}。", f"Printed more than once: {listed.en}."),
        Text(
            "同一部分有两份文字，内容一旦不同就无从采信。请删去多余的一份，保留定稿。",
            "Two texts of one section leave open which one counts. Keep the final one only.",
        ),
        place=second,
    )


SECTION_ORDER = Rule(
    "form.section_order",
    Level.WARNING,
    Text("六个部分按格式的顺序排列。", "The six sections stand in the order of the form."),
    _SOURCE,
    Text("“五、存在的主要问题及改进情况”排在第四部分之前。", "Section 5 stands before section 4."),
)


def section_order(case: Case) -> Iterator[Finding]:
    """The first printing of each part, by its place in the file."""
    report = case.report
    first = [(int(no), p[0].place) for no, p in report.sections.items() if p and no in "123456"]
    positions = [_position(place) for _, place in first]
    order = [no for no, _ in first]  # 没有位置的，按读出的先后
    if None not in positions:
        order = [no for _, no in sorted(zip(positions, order, strict=True))]
    if order == sorted(order):
        yield SECTION_ORDER.holds()
        return
    printed = "、".join(_NUMBERS[no - 1] for no in order)
    yield SECTION_ORDER.broken(
        Text(
            f"各部分的先后是 {printed}，与格式不同。",
            f"The sections stand in the order {', '.join(map(str, order))}, unlike the form.",
        ),
        Text(
            "请按格式的顺序一至六排列。",
            "Put them in the order of the form, one to six.",
        ),
        printed=printed,
        expected="、".join(_NUMBERS[no - 1] for no in sorted(order)),
        place=showing.section_place(report, order[0]),
    )


SECTION_TITLE = Rule(
    "form.section_title",
    Level.NOTE,
    Text("各部分的标题与格式一致。", "Titles of the sections are those of the form."),
    _SOURCE,
    Text(
        "“五、政府信息公开工作存在的主要问题及改进情况”，格式是“五、存在的主要问题及改进情况”。",
        "A longer title for section 5 than the form's “五、存在的主要问题及改进情况”.",
    ),
)


def section_title(case: Case) -> Iterator[Finding]:
    """Other wording is a NOTE, a wrong or missing number a WARNING."""
    report = case.report
    for section in showing.form_of(report).sections:
        for passage in _printings(report, section.no)[:1]:
            printed = " ".join(passage.title.split())
            if not printed or _bare(printed) == _bare(section.title):
                yield SECTION_TITLE.holds()
                continue
            numbered = _bare(printed).startswith(_bare(section.title)[:1])
            yield SECTION_TITLE.broken(
                Text(
                    f"第{_NUMBERS[section.no - 1]}部分的标题是“{printed}”，格式是“{section.title}"
                    "”。",
                    f"Section {section.no} is titled “{printed}”; the form says “{section.title}”.",
                ),
                Text(
                    "标题一致，各机关的报告才便于检索和汇总。请改用格式的标题。",
                    "Equal titles let reports be searched and added up. Use the form's title.",
                ),
                printed=printed,
                expected=section.title,
                place=passage.place,
                level=None if numbered else Level.WARNING,
            )


SECTION_EMPTY = Rule(
    "form.section_empty",
    Level.WARNING,
    Text(
        "文字部分（一、五、六）有内容。",
        "The sections told in prose (one, five, six) have content.",
    ),
    f"{_ARTICLE_50}；{_SOURCE}",
    Text(
        "“五、存在的主要问题及改进情况”下面没有文字。",
        "Nothing stands below the title of section 5.",
    ),
)


def section_empty(case: Case) -> Iterator[Finding]:
    """Parts without a table whose every printing is empty."""
    report = case.report
    for section in showing.form_of(report).sections:
        passages = _printings(report, section.no)
        if section.table is not None or not passages:
            continue
        if any(p.text.strip() for p in passages):
            yield SECTION_EMPTY.holds()
            continue
        yield SECTION_EMPTY.broken(
            Text(f"“{section.title}”下面没有内容。", f"Nothing stands below “{section.title}”."),
            Text(
                "这是条例第五十条规定的报告内容。请补写；确实没有的，写明“无”。",
                "Article 50 calls for this content. Write it; where there is none, say so.",
            ),
            place=passages[0].place,
        )


TOPICS = Rule(
    "form.topics",
    Level.NOTE,
    Text(
        "总体情况讲到主动公开、依申请公开、政府信息管理、平台建设、监督保障五项。",
        "Section 1 speaks of proactive disclosure, disclosure on application, information "
        "management, the platform, and supervision.",
    ),
    "国办公开办函〔2021〕30号，一、报告内容（一）总体情况",
    Text("总体情况没有提到监督保障。", "Section 1 says nothing of supervision."),
)
_TOPIC_WORDS = {
    "主动公开": ("主动公开",),
    "依申请公开": ("申请",),
    "政府信息管理": ("信息管理", "管理"),
    "政府信息公开平台建设": ("平台", "网站", "专栏"),
    "监督保障": ("监督", "考核", "评议", "培训"),
}


def topics(case: Case) -> Iterator[Finding]:
    """Named as a topic, or at least spoken of."""
    report = case.report
    text = "\n".join(p.text for p in _printings(report, 1))
    if not text.strip():
        return
    missing = [
        topic
        for section in showing.form_of(report).sections
        for topic in section.topics
        if not report.topics.get(topic)
        and not any(word in text for word in _TOPIC_WORDS.get(topic, (topic,)))
    ]
    if not missing:
        yield TOPICS.holds()
        return
    listed = showing.listing([f"“{t}”" for t in missing], 5)
    yield TOPICS.broken(
        Text(f"总体情况没有讲到{listed.zh}。", f"Section 1 says nothing of {listed.en}."),
        Text(
            "格式要求总体情况综述这五项工作，没有开展的也应说明。请补一段。",
            "The form wants these five reviewed, also where nothing was done. Add a paragraph.",
        ),
        place=showing.section_place(report, 1),
    )


def _printings(report: AnnualReport, no: int) -> tuple[Passage, ...]:
    return report.sections.get(str(no), ())


def _bare(text: str) -> str:
    """Without white space and marks, so that 「一、 总体情况」 equals 一、总体情况."""
    return re.sub(r"[\s、，,.．。:：]", "", text)


def _position(place: Place) -> tuple[int, float] | None:
    """Where in the file, comparable within one carrier; None where it is not known."""
    if place.line is not None:
        return (0, float(place.line))
    if place.page is not None:
        return (place.page, place.bbox[1] if place.bbox else 0.0)
    return None


CHECKS: tuple[tuple[Rule, Check], ...] = (
    (SECTIONS, sections),
    (SECTION_ONCE, section_once),
    (SECTION_ORDER, section_order),
    (SECTION_TITLE, section_title),
    (SECTION_EMPTY, section_empty),
    (TOPICS, topics),
)
