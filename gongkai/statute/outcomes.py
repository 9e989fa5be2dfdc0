"""办理结果: a few plain questions that lead to the outcome, its ground and its provision.

The tree is data: a question has answers, an answer leads to the next question or to a ground. Only
in 部分公开 several answers may be given at once, for what is withheld. Nothing is decided here that
a person has not answered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from gongkai.statute import letter_remedies as notice
from gongkai.statute.grounds import REASONS, REFUSALS, Ground, Reason
from gongkai.statute.texts import Text


@dataclass(frozen=True, slots=True)
class Answer:
    """回答: ``to`` a question's id or a ground."""

    id: str
    label: Text
    to: str | Ground


@dataclass(frozen=True, slots=True)
class Question:
    """问题: ``several``: more than one answer may be given, all leading to the same place."""

    id: str
    text: Text
    answers: tuple[Answer, ...]
    several: bool = False


class BadAnswer(ValueError):
    """回答有误: no answer to that question. ``text`` says which."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


@dataclass(frozen=True, slots=True)
class Conclusion:
    """结论: the ground and, in part, the grounds of what is withheld."""

    ground: Ground
    withheld: tuple[Ground, ...] = ()

    @property
    def reason(self) -> Reason:
        """What the ground is called, rests on and needs."""
        return REASONS[self.ground]

    @property
    def cautions(self) -> tuple[Text, ...]:
        """What to look at before deciding so."""
        reasons = (self.reason, *(REASONS[ground] for ground in self.withheld))
        return tuple(one.caution for one in reasons if one.caution is not None)

    @property
    def refused(self) -> tuple[Ground, ...]:
        """The grounds of Art 14 to 16 it rests on, in whole or in part."""
        return tuple(ground for ground in (self.ground, *self.withheld) if ground in REFUSALS)

    def row_in(self, year: int) -> str:
        """The row of table 3 it counts in, by the form due for the year."""
        return self.reason.row_in(year)


def remedy(
    conclusion: Conclusion, on: date, *, conventions: notice.Conventions = notice.DEFAULT
) -> notice.Remedy:
    """Which road the decision of ``on`` must name: 复议前置 from 2024-01-01 for Art 14 to 16.

    In part by setting; refused_inquiry is no refusal and never. Raises `dated.NotKnown`.
    """
    partly = conclusion.ground is Ground.PARTLY
    subject = notice.Subject.PARTLY if partly else notice.Subject.ANSWER
    rows = [REASONS[ground].row for ground in conclusion.refused]
    return notice.remedy(subject, on, grounds=rows, conventions=conventions)


def _answer(id: str, zh: str, en: str, to: str | Ground) -> Answer:
    return Answer(id, Text(zh, en), to)


def _why(to: Ground | None) -> tuple[Answer, ...]:
    """The grounds of Art 14 to 16 as answers; where ``to`` is given all lead there."""
    return tuple(
        Answer(ground.value, REASONS[ground].name, to or _ASKED_FURTHER.get(ground, ground))
        for ground in REFUSALS
    )


_ASKED_FURTHER: Mapping[Ground, str] = {
    Ground.THIRD_PARTY: "consent",
    Ground.PROCESS: "process_order",
    Ground.ENFORCEMENT_FILE: "file_order",
}
_ORDERED = Text(
    "有没有法律、法规、规章规定这类信息应当公开？",
    "Does a law, regulation or rule order its disclosure?",
)

QUESTIONS: tuple[Question, ...] = (
    Question(
        "waiting",
        Text("申请人是否仍在等待答复？", "Is the applicant still waiting for an answer?"),
        (
            _answer("yes", "是", "yes", "wanted"),
            _answer("not_clarified", "没有按期补正", "not corrected in time", Ground.NOT_CLARIFIED),
            _answer("unpaid", "没有按期缴费", "fee not paid in time", Ground.UNPAID),
            _answer("withdrawn", "撤回了申请", "withdrew", Ground.WITHDRAWN),
            _answer("ended", "因其他原因无法继续办理", "cannot go on otherwise", Ground.ENDED),
        ),
    ),
    Question(
        "wanted",
        Text("申请人要的是什么？", "What is wanted?"),
        (
            _answer("information", "一份或者一类政府信息", "government information", "clear"),
            _answer(
                "petition", "实质是信访、投诉、举报", "in truth a petition, complaint or report",
                Ground.PETITION,
            ),
            _answer(
                "publication", "公报、报刊、书籍等公开出版物", "a publication", Ground.PUBLICATION
            ),
            _answer(
                "confirmation", "确认或者重新出具其已经获取的信息",
                "confirmation or reissue of what the applicant has", Ground.CONFIRMATION,
            ),
        ),
    ),
    Question(
        "clear",
        Text("申请内容是否明确，能够据以查找？", "Is it clear enough to search for?"),
        (
            _answer("yes", "明确", "clear", "before"),
            _answer("no", "补正后仍不明确", "still unclear after correction", Ground.STILL_UNCLEAR),
        ),
    ),
    Question(
        "before",
        Text("是否重复，或者明显过多？", "Is it a repetition, or clearly too many?"),
        (
            _answer("no", "都不是", "neither", "held"),
            _answer(
                "repeated", "已就相同内容答复过该申请人", "the same was answered to this applicant",
                Ground.REPEATED,
            ),
            _answer(
                "excessive", "数量、频次明显超过合理范围，说明的理由不合理",
                "clearly excessive, and the reasons given are not good", Ground.EXCESSIVE,
            ),
        ),
    ),
    Question(
        "held",
        Text("本机关有没有这份信息？", "Does this organ have it?"),
        (
            _answer("yes", "有", "yes", "register"),
            _answer(
                "not_found", "经检索，不存在", "searched for, does not exist", Ground.NOT_FOUND
            ),
            _answer("not_ours", "不由本机关负责公开", "not ours to disclose", Ground.NOT_OURS),
            _answer(
                "needs_creation", "没有现成的，需要加工、分析", "would have to be made or analysed",
                Ground.NEEDS_CREATION,
            ),
        ),
    ),
    Question(
        "register",
        Text(
            "查询它是否另有法律、行政法规规定（工商、不动产登记资料等）？",
            "Has its access a law or administrative regulation of its own (registers)?",
        ),
        (
            _answer("no", "没有", "no", "published"),
            _answer("yes", "有", "yes", Ground.INQUIRY),
        ),
    ),
    Question(
        "published",
        Text("是否已经主动公开？", "Is it already published?"),
        (
            _answer("no", "没有", "no", "extent"),
            _answer("yes", "已经公开", "yes", Ground.PUBLISHED),
        ),
    ),
    Question(
        "extent",
        Text("能不能公开？", "Can it be disclosed?"),
        (
            _answer("whole", "全部可以", "in whole", Ground.DISCLOSED),
            _answer("part", "部分可以，能够区分处理", "in part", "withheld"),
            _answer("none", "全部不能", "not at all", "why"),
        ),
    ),
    Question(
        "withheld",
        Text("不公开的部分是什么原因？（可选多项）", "Why is the rest withheld? (one or more)"),
        _why(Ground.PARTLY),
        several=True,
    ),
    Question("why", Text("为什么不能公开？", "Why not?"), _why(None)),
    Question(
        "consent",
        Text("第三方同意公开吗？", "Does the third party agree?"),
        (
            _answer(
                "no", "不同意，不公开也不会对公共利益造成重大影响",
                "no, and withholding does the public interest no grave harm", Ground.THIRD_PARTY,
            ),
            _answer("yes", "同意", "yes", Ground.DISCLOSED),
            _answer(
                "overridden", "不同意，但不公开会对公共利益造成重大影响",
                "no, but withholding would gravely harm the public interest",
                Ground.PUBLIC_INTEREST,
            ),
        ),
    ),
    Question(
        "process_order", _ORDERED,
        (
            _answer("no", "没有", "no", Ground.PROCESS),
            _answer("yes", "有", "yes", Ground.DISCLOSED),
        ),
    ),
    Question(
        "file_order", _ORDERED,
        (
            _answer("no", "没有", "no", Ground.ENFORCEMENT_FILE),
            _answer("yes", "有", "yes", Ground.DISCLOSED),
        ),
    ),
)  # fmt: skip

_BY_ID: Mapping[str, Question] = {one.id: one for one in QUESTIONS}
FIRST = QUESTIONS[0]


def ask(answers: Mapping[str, str | Sequence[str]]) -> Question | Conclusion:
    """The next question after ``answers`` (question id to answer id), or where they lead.

    Answers to questions that are not on the way are left aside. Raises BadAnswer.
    """
    question = FIRST
    while True:
        given = answers.get(question.id)
        if not given:
            return question
        chosen = _chosen(question, [given] if isinstance(given, str) else list(given))
        to = chosen[0].to
        if isinstance(to, Ground):
            held = tuple(Ground(one.id) for one in chosen) if question.several else ()
            return Conclusion(to, held)
        question = _BY_ID[to]


def _chosen(question: Question, ids: list[str]) -> list[Answer]:
    found = [one for one in question.answers if one.id in ids]
    if len(found) != len(set(ids)) or (len(found) > 1 and not question.several):
        raise BadAnswer(
            Text("“{question}”的回答有误。", "No such answer to “{question}”.").within(
                question=question.text
            )
        )
    return found


def _check() -> None:
    """Every question is asked, every ground is reached, nothing leads nowhere or in a circle."""
    order = {one.id: n for n, one in enumerate(QUESTIONS)}
    leads: list[str] = []
    reached: set[Ground] = set()
    for question in QUESTIONS:
        for answer in question.answers:
            if isinstance(answer.to, Ground):
                reached.add(answer.to)
            elif order[answer.to] <= order[question.id]:
                raise ValueError(f"{question.id} leads back to {answer.to}")
            else:
                leads.append(answer.to)
    if {FIRST.id, *leads} != set(order):
        raise ValueError("a question that is never asked")
    if reached != set(Ground):
        raise ValueError(f"grounds no question leads to: {set(Ground) - reached}")


_check()
