"""申请人类别: a suggestion for the column of table 3, by credit code and name; a person decides.

The forms define none of the six kinds. In a 统一社会信用代码 (GB 32100-2015) the first character is
the registering department, the second the category: 9 工商, 5 民政, 3 司法行政, 1 机构编制. Where
no code is given the name may tell. A suggestion says why; the kind stays open to change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from gongkai.statute import forms
from gongkai.statute.texts import Text


class ApplicantKind(StrEnum):
    """申请人类别: the columns of table 3."""

    NATURAL_PERSON = "natural_person"  # 自然人
    BUSINESS = "business"  # 商业企业
    RESEARCH = "research"  # 科研机构
    PUBLIC_BENEFIT = "public_benefit"  # 社会公益组织
    LEGAL_SERVICE = "legal_service"  # 法律服务机构
    OTHER_ORG = "other_org"  # 其他


KINDS: Mapping[ApplicantKind, Text] = {
    ApplicantKind.NATURAL_PERSON: Text("自然人", "natural person"),
    ApplicantKind.BUSINESS: Text("商业企业", "business"),
    ApplicantKind.RESEARCH: Text("科研机构", "research institution"),
    ApplicantKind.PUBLIC_BENEFIT: Text("社会公益组织", "public benefit organisation"),
    ApplicantKind.LEGAL_SERVICE: Text("法律服务机构", "legal service"),
    ApplicantKind.OTHER_ORG: Text("其他", "other organisation"),
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """建议: a kind and why; ``doubt`` where the code itself cannot be right."""

    kind: ApplicantKind
    why: Text
    doubt: Text | None = None


# The longest beginning that fits decides.
_CODES: tuple[tuple[str, ApplicantKind, Text], ...] = (
    ("31", ApplicantKind.LEGAL_SERVICE, Text("律师执业机构", "law firm")),
    ("32", ApplicantKind.LEGAL_SERVICE, Text("公证处", "notary office")),
    ("33", ApplicantKind.LEGAL_SERVICE, Text("基层法律服务所", "local legal service office")),
    ("5", ApplicantKind.PUBLIC_BENEFIT, Text("民政部门登记", "registered with civil affairs")),
    ("9", ApplicantKind.BUSINESS, Text("市场监管部门登记", "registered as an enterprise")),
)
_LEGAL = ("律师事务所", "公证处", "法律服务所", "法律援助中心")
_RESEARCH = (
    "研究院", "研究所", "研究中心", "研究室", "科学院", "科学研究", "工程院", "实验室", "设计院",
)  # fmt: skip
_BENEFIT = ("基金会", "慈善", "协会", "学会", "商会", "联合会", "促进会", "志愿", "公益")
_BUSINESS = ("公司", "企业", "厂", "商行", "商店", "经营部", "合伙", "合作社", "集团", "银行")
_OTHER = (
    "委员会",
    "大学",
    "学校",
    "学院",
    "医院",
    "中心",
    "政府",
    "局",
    "厅",
    "部队",
    "报社",
    "法院",
)

_NAMES: tuple[tuple[tuple[str, ...], ApplicantKind], ...] = (
    (_LEGAL, ApplicantKind.LEGAL_SERVICE),
    (_BUSINESS, ApplicantKind.BUSINESS),
    (_RESEARCH, ApplicantKind.RESEARCH),
    (_BENEFIT, ApplicantKind.PUBLIC_BENEFIT),
    (_OTHER, ApplicantKind.OTHER_ORG),
)

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I, O, S, V, Z


def applicant_kind(credit_code: str = "", name: str = "") -> Suggestion:
    """What to propose; never a decision. An organisation without a code is told by its name."""
    code = "".join(credit_code.split()).upper()
    if not code:
        return _by_name(name)
    doubt = None if is_credit_code(code) else _MISTYPED
    for start, kind, why in _CODES:
        if code.startswith(start):
            return Suggestion(kind, _because(start, why), doubt)
    if code.startswith("1"):
        research = next((word for word in _RESEARCH if word in name), None)
        if research is not None:
            why = Text(f"机构编制部门登记，名称含“{research}”", f"public institution: {research}")
            return Suggestion(ApplicantKind.RESEARCH, why, doubt)
        why = Text("机构编制部门登记", "registered as a public institution")
        return Suggestion(ApplicantKind.OTHER_ORG, _because("1", why), doubt)
    why = Text("代码不属于其他各类", "the code belongs to none of the other kinds")
    return Suggestion(ApplicantKind.OTHER_ORG, why, doubt)


def _because(start: str, why: Text) -> Text:
    return Text(f"代码以{start}开头：{why.zh}", f"code begins with {start}: {why.en}")


def _by_name(name: str) -> Suggestion:
    for words, kind in _NAMES:
        found = next((word for word in words if word in name), None)
        if found is not None:
            return Suggestion(kind, Text(f"名称含“{found}”", f"the name holds {found}"))
    why = Text("没有信用代码，名称不像单位", "no credit code, and no organisation's name")
    return Suggestion(ApplicantKind.NATURAL_PERSON, why)


_MISTYPED = Text(
    "统一社会信用代码的位数或者校验码不对，请核对。",
    "The credit code has a wrong length or check character: check it.",
)


def is_credit_code(code: str) -> bool:
    """统一社会信用代码: 18 characters, the last one a check on the others (GB 32100-2015)."""
    if len(code) != 18 or any(sign not in _ALPHABET for sign in code):
        return False
    total = sum(_ALPHABET.index(sign) * pow(3, n, 31) for n, sign in enumerate(code[:17]))
    return _ALPHABET[(31 - total % 31) % 31] == code[17]


def _check() -> None:
    columns = forms.form(forms.editions()[-1]).tables["applications"].blocks[0].columns
    labels = {column.id: column.label for column in columns if not column.is_total}
    if labels != {str(kind): words.zh for kind, words in KINDS.items()}:
        raise ValueError("the kinds of applicant are not the columns of table 3")


_check()
