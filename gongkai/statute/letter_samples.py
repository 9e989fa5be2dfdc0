"""示例内容: invented values for every kind of letter, to preview a text and to try it out.

Every person, organ and number is made up; 临溪区 does not exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from gongkai.statute import fees
from gongkai.statute.letter_kinds import Kind, variables

ON = date(2026, 4, 10)
"""The day of the answers; what comes before them has its own (`dated`)."""

BEFORE: Mapping[str, date] = {
    "receipt": date(2026, 3, 2),
    "clarification": date(2026, 3, 6),
    "consultation": date(2026, 3, 9),
    "consultation_joint": date(2026, 3, 9),
    "consultation_notice": date(2026, 3, 9),
    "coordination": date(2026, 3, 9),
    "assistance": date(2026, 3, 9),
    "reasons_request": date(2026, 3, 9),
    "fee": date(2026, 3, 16),
    "withdrawal": date(2026, 3, 13),
    "delayed_answer": date(2026, 3, 30),
    "extension": date(2026, 4, 8),
}

FRAME: Mapping[str, Any] = {
    "organ": "临溪区教育局",
    "number": "临教公开告〔2026〕5号",
    "contact": "临溪区教育局政府信息公开办公室，电话0000-5550101，临溪区文昌路1号，邮编000000",
    "reconsideration_organs": ["临溪区人民政府"],
    "courts": ["临溪区人民法院"],
}
ADDRESSEES: Mapping[str, Mapping[str, Any]] = {
    "applicant": {"addressee": "陈示例"},
    "third_party": {"addressee": "临溪示例建设有限公司", "organisation": True},
    "organ": {"addressee": "临溪区财政局"},
}
VALUES: Mapping[str, Any] = {
    "applicant": "陈示例",
    "case_number": "20260302-0007",
    "received_on": date(2026, 3, 2),
    "channel": "信函",
    "request": "2025年临溪区第一实验学校校舍加固工程的施工合同和竣工验收报告",
    "due_on": date(2026, 4, 13),
    "unclear": "申请书没有写明所需合同的签订年度和工程名称",
    "points": "1. 所需施工合同的工程名称和签订年度；\n"
    "2. 获取信息的方式（纸质、电子邮件或者当面领取）。",
    "guidance": "可以登录本机关网站“法定主动公开内容”栏目查到工程名称；"
    "不清楚名称的，写明学校和大致时间即可",
    "clarify_days": 15,
    "information": "《临溪区义务教育学校招生办法》",
    "concerned": "你单位2025年6月与本机关签订的校舍加固工程施工合同中的综合单价分析表",
    "consulted_on": date(2026, 3, 9),
    "consulted_party": "第三方",
    "extension_reasons": "涉及的合同数量较多，需要逐件审查",
    "extension_days": 20,
    "excess": "你自2026年1月1日至3月2日向本机关提出政府信息公开申请46件",
    "reasons_until": date(2026, 3, 23),
    "delayed_to": date(2026, 6, 30),
    "pay_way": "凭本通知书到临溪区财政代收网点缴纳，或者扫描非税收入缴款码缴纳",
    "notified_on": date(2026, 3, 6),
    "withdrawn_on": date(2026, 3, 12),
    "disclosed": "施工合同（合同价款部分）和竣工验收报告，共26页，见附件",
    "form": "纸质复印件",
    "way": "临溪区人民政府门户网站“政府信息公开”专栏，法定主动公开内容，义务教育",
    "published_on": date(2026, 2, 10),
    "withheld": "施工合同附件三综合单价分析表",
    "facts": "你申请获取的合同由本机关与临溪示例建设有限公司于2025年6月18日签订",
    "search": "本机关在2020年至2026年的收发文登记簿、电子公文系统和档案室目录中，"
    "以工程名称、学校名称和合同编号检索",
    "reasons": "有关内容公开后会使该公司的成本构成为竞争对手所知，损害其合法权益，"
    "不公开不会对公共利益造成重大影响",
    "classification": "机密，保密期限10年",
    "forbidding_law": "《中华人民共和国统计法》关于统计调查对象资料保密的规定",
    "endangered": "公共安全",
    "interest": "临溪示例建设有限公司的商业秘密",
    "opinion": "该公司于2026年3月18日书面答复不同意公开",
    "category": "讨论记录",
    "special_law": "《不动产登记暂行条例》",
    "other_organ": "临溪区住房和城乡建设局",
    "other_contact": "临溪区望江路8号，电话0000-5550108",
    "proper_way": "临溪区信访局，电话0000-5550102；或者拨打0000-12345",
    "earlier_on": date(2025, 11, 20),
    "earlier_number": "临教公开告〔2025〕31号",
    "public_interest": "校舍加固工程的施工质量关系在校师生的人身安全",
    "disclosure_on": date(2026, 4, 20),
    "evidence": "户口簿复印件1份、毕业证书复印件1份",
    "corrected": "学籍记录中的出生日期由“2010年1月3日”更正为“2010年1月13日”",
    "needed": "提供2025年校舍加固工程款拨付情况，并说明是否可以公开",
    "reply_by": date(2026, 3, 20),
    "extended_to": date(2026, 5, 13),
}
OWN: Mapping[str, Mapping[str, Any]] = {
    "receipt": {"due_on": date(2026, 3, 30)},
    "fee": {"charge": fees.by_pages(68, ON)},
    "granted": {"attachments": ["校舍加固工程施工合同", "竣工验收报告"]},
    "partly_granted": {
        "grounds": ["refused_third_party"],
        "consulted": "本机关于2026年3月9日至3月20日征求第三方意见",
        "attachments": ["校舍加固工程施工合同（已作区分处理）", "竣工验收报告"],
    },
    "refused_state_secret": {
        "request": "2026年临溪区普通高中学业考试试题（启用前）",
        "facts": "",
        "classification": "秘密，保密期限至考试结束",
        "reasons": "该试题经依法定密，尚未启用，仍在保密期限内",
    },
    "refused_other_law": {
        "request": "2025年各民办培训机构填报的统计调查表",
        "facts": "",
        "reasons": "所涉内容属于单个统计调查对象的资料，调查对象没有同意公开",
    },
    "not_existing": {"facts": ""},
    "third_party_decision": {
        "disclosed": "施工合同附件三综合单价分析表",
        "opinion": "你单位于2026年3月18日书面答复不同意公开",
    },
    "refused_safety_stability": {
        "request": "全区学校安防监控点位分布图",
        "facts": "该图载明全区46所学校全部监控点位和盲区",
        "reasons": "公开后可能被用于规避监控，危及在校师生人身安全",
    },
    "refused_internal_affairs": {
        "request": "本局2026年干部轮岗的内部安排",
        "facts": "",
        "category": "人事管理",
        "reasons": "该安排只用于内部人事管理，不对外产生影响",
    },
    "refused_process": {
        "request": "2026年3月招生政策专题会议的讨论记录",
        "facts": "",
        "reasons": "招生政策尚在研究，公开讨论记录会影响决策过程中的坦率讨论，"
        "也没有法律、法规、规章规定应当公开",
    },
    "refused_enforcement_file": {
        "request": "临教罚决〔2025〕4号行政处罚案卷中的询问笔录",
        "facts": "",
        "reasons": "该笔录是办案中形成的调查材料，没有法律、法规、规章规定应当公开",
    },
    "refused_inquiry": {
        "request": "文昌路1号房屋的不动产登记资料",
        "facts": "",
        "way": "持有效身份证件到临溪区不动产登记中心申请查询",
    },
    "unavailable_needs_creation": {
        "request": "近十年全区教师平均通勤时间",
        "facts": "",
        "reasons": "本机关没有统计过通勤时间，需要向全区教师另行调查汇总",
    },
    "not_responsible": {
        "facts": "",
        "reasons": "该工程由临溪区住房和城乡建设局组织实施，合同由该局签订并保存",
    },
    "unavailable_still_unclear": {
        "corrected_on": date(2026, 3, 16),
        "reasons": "补正后的申请仍只写明“与学校有关的全部合同”，没有名称、文号或者其他特征",
    },
    "unprocessed_petition": {
        "request": "请说明为什么不处分违规补课的教师",
        "reasons": "所提内容是要求本机关对教师作出处分，不是获取已有的政府信息",
    },
    "unprocessed_excessive": {"reasons": "所提理由与申请的信息无关，各次申请内容大量重复"},
    "unprocessed_confirmation": {
        "facts": "",
        "reasons": "所需文件本机关已于2025年11月20日向你提供，你要求在复印件上加盖公章予以确认",
    },
    "unprocessed_publication": {
        "request": "《临溪教育年鉴2024》",
        "information": "《临溪教育年鉴2024》",
        "way": "临溪区图书馆和新华书店",
    },
    "other_not_clarified": {"facts": ""},
    "other_unpaid": {"facts": ""},
    "other_misc": {
        "addressee": "临溪示例咨询有限公司",
        "organisation": True,
        "reasons": "你单位已于2026年3月20日办理注销登记，没有权利义务承受人继续申请",
    },
    "already_public": {"information": "", "request": "2026年义务教育学校招生办法"},
    "correction_done": {"request": "本人学籍记录中的出生日期"},
    "correction_refused": {
        "request": "本人学籍记录中的入学日期",
        "facts": "",
        "reasons": "你提供的证据不能证明记录不准确",
    },
    "correction_passed": {"request": "本人户籍登记中的出生日期", "other_organ": "临溪区公安局"},
    "correction_elsewhere": {"request": "本人户籍登记中的出生日期", "other_organ": "临溪区公安局"},
    "correction_transfer": {"request": "本人户籍登记中的出生日期", "addressee": "临溪区公安局"},
    "made_public": {"published_on": date(2026, 4, 8)},
    "consultation_joint": {"concerned": "《关于校舍加固工程资金管理的通知》（临教〔2025〕18号）"},
    "coordination": {"concerned": "《校舍加固工程资金拨付情况表》中由贵局提供的数据"},
}


def dated(kind: Kind) -> date:
    """The day a sample of the kind is dated."""
    return BEFORE.get(kind.id, ON)


def values(kind: Kind) -> Mapping[str, Any]:
    """Values that fill every element of the kind."""
    used = {*kind.template.variables, *(id for e in kind.elements for c in e.by for id in c)}
    known = variables()
    chosen = {id: value for id, value in VALUES.items() if id in used and not known[id].frame}
    if kind.id != "extension":
        chosen.pop("extended_to", None)
    return {**FRAME, **ADDRESSEES[kind.to], **chosen, **OWN.get(kind.id, {})}
