"""文字表述的数量: one sentence, what it claims.

The year of every case is 2023, the form that of 2021. Notation: subject[/channel]=value[measure]
with ~ for inexact and Σ for cumulative; money in 万元. All sentences are our own.
"""

# ruff: noqa: E501 -- a case is read as one row

from __future__ import annotations

import pytest

from gongkai.statute import claims
from gongkai.statute.report import Claim, Place

YEAR = 2023

# (section, sentence, claims in order, parted by spaces)
CASES = [
    # 收到
    ("1", "全年共收到政府信息公开申请26件。", "received=26件"),
    ("1", "2023年，我局受理依申请公开事项三件。", "received=3件"),
    ("1", "本年度新收政府信息公开申请１，２３４件。", "received=1234件"),
    ("1", "全市各级行政机关共受理政府信息公开申请3,119件。", "received=3119件"),
    ("1", "年内接到信息公开申请 12 宗。", "received=12宗"),
    ("1", "本机关收到十二份政府信息公开申请。", "received=12份"),
    ("1", "我镇2023年度共收到依申请公开申请表两份。", "received=2份"),
    ("1", "共收到群众政府信息公开申请一百二十件。", "received=120件"),
    ("1", "全年收到依申请公开32件次。", "received=32件次"),
    ("1", "政府信息公开申请数量：18。", "received=18"),
    ("1", "政府信息公开申请数量为18件，办结18件。", "received=18件 concluded=18件"),
    ("1", "全省受理政府信息公开申请1.2万件。", "received=12000件"),
    ("1", "全省受理政府信息公开申请1.2万余件。", "received=12000件~"),
    ("1", "全省受理政府信息公开申请近3000件。", "received=3000件~"),
    ("1", "全市收到政府信息公开申请约4百件。", "received=400件~"),
    ("1", "全市收到政府信息公开申请超过五百件。", "received=500件~"),
    ("1", "收到政府信息公开申请100件以上。", "received=100件~"),
    ("1", "收到并办结依申请公开申请5件。", "received=5件 concluded=5件"),
    ("1", "受理、答复政府信息公开申请9件。", "received=9件 concluded=9件"),
    ("1", "依申请公开情况。本年度收到申请7件，答复6件，结转1件至2024年。",
     "received=7件 concluded=6件"),
    ("1", "依申请公开方面，共收到申请7件，结转至2024年办理1件。", "received=7件 carried_out=1件"),
    ("1", "依申请公开情况。共办理政府信息公开申请7件，其中新收6件，2022年结转1件。",
     "handled=7件 received=6件 carried_in=1件"),
    ("1", "收到4件针对本机关的政府信息公开申请。", "received=4件"),
    # 申请人、渠道
    ("1", "收到政府信息公开申请10件，其中自然人申请8件，法人或其他组织申请2件。",
     "received=10件 received_natural_person=8件 received_organisation=2件"),
    ("1", "收到政府信息公开申请10件，其中自然人8件、商业企业1件、科研机构1件。",
     "received=10件 received_natural_person=8件 received_business=1件 received_research=1件"),
    ("1", "收到政府信息公开申请4件，其中法律服务机构申请3件，社会公益组织申请1件。",
     "received=4件 received_legal_service=3件 received_public_benefit=1件"),
    ("1", "收到政府信息公开申请10件（当面申请1件，网络申请6件，信函申请2件，传真申请1件）。",
     "received=10件 received/in_person=1件 received/online=6件 received/letter=2件 received/fax=1件"),
    ("1", "全年收到依申请公开10件，其中网上申请6件、邮寄申请3件、电子邮件申请1件。",
     "received=10件 received/online=6件 received/letter=3件 received/email=1件"),
    ("1", "通过网络收到政府信息公开申请5件。", "received/online=5件"),
    ("1", "通过当面、网络、信函等渠道收到政府信息公开申请5件。", "received=5件"),
    ("1", "收到政府信息公开申请9件，其中窗口申请2件，网络申请5件，其他2件。",
     "received=9件 received/in_person=2件 received/online=5件 received/other=2件"),
    # 结果
    ("1", "全年答复政府信息公开申请25件，其中予以公开10件，部分公开5件，不予公开4件，无法提供3件，不予处理2件，其他处理1件。",
     "concluded=25件 granted=10件 partly_granted=5件 refused=4件 unavailable=3件 unprocessed=2件 other=1件"),
    ("3", "（一）予以公开5件。", "granted=5件"),
    ("3", "部分公开（区分处理的，只计这一情形，不计其他情形）2件。", "partly_granted=2件"),
    ("3", "属于国家秘密1件，其他法律行政法规禁止公开2件，危及“三安全一稳定”3件，保护第三方合法权益4件。",
     "refused_state_secret=1件 refused_other_law=2件 refused_safety_stability=3件 refused_third_party=4件"),
    ("3", "属于三类内部事务信息5件，属于四类过程性信息6件，属于行政执法案卷7件，属于行政查询事项8件。",
     "refused_internal_affairs=5件 refused_process=6件 refused_enforcement_file=7件 refused_inquiry=8件"),
    ("3", "本机关不掌握相关政府信息9件，没有现成信息需要另行制作10件，补正后申请内容仍不明确11件。",
     "unavailable_not_held=9件 unavailable_needs_creation=10件 unavailable_still_unclear=11件"),
    ("3", "信访举报投诉类申请1件，重复申请2件，要求提供公开出版物3件，无正当理由大量反复申请4件，要求行政机关确认或重新出具已获取信息5件。",
     "unprocessed_petition=1件 unprocessed_repeated=2件 unprocessed_publication=3件 unprocessed_excessive=4件 unprocessed_confirmation=5件"),
    ("3", "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请2件。", "other_not_clarified=2件"),
    ("3", "申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请1件。", "other_unpaid=1件"),
    ("3", "其中2件予以公开，1件无法提供。", "granted=2件 unavailable=1件"),
    ("3", "上年结转政府信息公开申请3件，结转下年度继续办理4件。", "carried_in=3件 carried_out=4件"),
    ("3", "上年度结转2件，2件结转下年度办理。", "carried_in=2件 carried_out=2件"),
    ("1", "依申请公开。共受理申请30件，答复28件（含上年度结转申请1件，另有3件顺延到下年度答复）。",
     "received=30件 concluded=28件 carried_in=1件 carried_out=3件"),
    ("1", "依申请公开。全年收到申请30件，另有3件正在办理中。", "received=30件 carried_out=3件"),
    ("3", "其他处理：无。", "other=0"),
    ("3", "无行政查询事项。", "refused_inquiry=0"),
    ("3", "结转下年度继续办理：0。", "carried_out=0"),
    # 均按时答复
    ("1", "全年收到政府信息公开申请6件，均在法定期限内答复。", "received=6件 answered_in_time=6件"),
    ("1", "全年收到政府信息公开申请6件，全部按时答复。", "received=6件 answered_in_time=6件"),
    ("1", "全年收到政府信息公开申请6件，按期答复率100%。", "received=6件 answered_in_time=6件"),
    ("1", "全年收到政府信息公开申请6件，已在规定期限内予以答复。", "received=6件 answered_in_time=6件"),
    ("1", "全年收到政府信息公开申请6件，均已全部办结。", "received=6件 answered_all=6件"),
    ("1", "全年收到政府信息公开申请6件，办结率达100%。", "received=6件 answered_all=6件"),
    ("1", "答复政府信息公开申请6件，均按时答复。", "concluded=6件 answered_in_time=6件"),
    ("1", "对收到的政府信息公开申请，均按时答复。", "answered_in_time=100%"),
    # 0
    ("1", "2023年未收到政府信息公开申请。", "received=0"),
    ("1", "本年度没有收到任何依申请公开的申请。", "received=0"),
    ("1", "本年度收到政府信息公开申请零件。", "received=0件"),
    ("1", "无依申请公开事项。", "received=0"),
    ("1", "未收到政府信息公开申请，未发生行政复议、行政诉讼。", "received=0 reconsideration=0 suit=0"),
    ("1", "没有因信息公开发生行政复议和行政诉讼案件。", "reconsideration=0 suit=0"),
    ("4", "行政复议：无；行政诉讼：无。", "reconsideration=0 suit=0"),
    ("4", "行政复议、行政诉讼均为0件。", "reconsideration=0件 suit=0件"),
    ("4", "本年度无行政复议，行政诉讼1件。", "reconsideration=0 suit=1件"),
    ("1", "全年零投诉、零复议、零诉讼。", "reconsideration=0 suit=0"),
    ("4", "未发生未经复议直接起诉的案件。", "direct_suit=0"),
    ("4", "没有被纠正的行政复议案件。", "reconsideration_corrected=0"),
    ("1", "全年没有人因政府信息公开工作被追究责任。", "accountability=0"),
    ("1", "无上年结转，无下年度结转。", ""),
    ("3", "无上年结转，无下年度结转。", "carried_in=0 carried_out=0"),
    ("6", "本年度未收取信息处理费。", "processing_fee=0"),
    ("6", "没有发出收费通知，没有收取信息处理费。", "processing_fee_notices=0 processing_fee=0"),
    ("2", "本年度未制定规章，未制发行政规范性文件。", "regulations_made=0 normative_documents_made=0"),
    ("2", "本年度未作出行政处罚决定。", "penalty_decisions=0"),
    # 复议诉讼
    ("4", "因政府信息公开被申请行政复议8件，其中结果维持3件，结果纠正2件，其他结果2件，尚未审结1件。",
     "reconsideration=8件 reconsideration_upheld=3件 reconsideration_corrected=2件 reconsideration_other=2件 reconsideration_pending=1件"),
    ("4", "行政诉讼5起：维持2起，纠正1起，其他1起，尚未审结1起。",
     "suit=5起 suit_upheld=2起 suit_corrected=1起 suit_other=1起 suit_pending=1起"),
    ("4", "未经复议直接起诉2件，其中结果维持2件；复议后起诉3件，其中结果维持1件，其他结果2件。",
     "direct_suit=2件 direct_suit_upheld=2件 suit_after_reconsideration=3件 suit_after_reconsideration_upheld=1件 suit_after_reconsideration_other=2件"),
    ("4", "行政复议：结果维持1件，结果纠正2件，其他结果0件，尚未审结0件，总计3件。",
     "reconsideration_upheld=1件 reconsideration_corrected=2件 reconsideration_other=0件 reconsideration_pending=0件 reconsideration=3件"),
    ("4", "行政复议、行政诉讼分别为3件、2件。", "reconsideration=3件 suit=2件"),
    ("4", "行政复议和行政诉讼各1件。", "reconsideration=1件 suit=1件"),
    ("4", "行政复议和行政诉讼案件共5件。", "remedies=5件"),
    ("4", "引发行政复议1件、行政诉讼2件。", "reconsideration=1件 suit=2件"),
    ("4", "共发生5起行政复议案件，其中2件被纠正。", "reconsideration=5起 reconsideration_corrected=2件"),
    ("4", "行政复议9件，已审结8件，正在审理1件。", "reconsideration=9件 reconsideration_pending=1件"),
    # 主动公开
    ("1", "全年对外公开信息427条：政府网站96条，微博331条。",
     "published=427条 published/website=96条 published/weibo=331条"),
    ("1", "通过政府网站主动公开政府信息5500余条。", "published/website=5500条~"),
    ("1", "通过政府网站、微信公众号等渠道发布信息1万余条。", "published=10000条~"),
    ("1", "微信公众号推送信息120篇，微博发布信息30条。", "published/wechat=120篇 published/weibo=30条"),
    ("1", "政务新媒体发布信息88条。", "published/new_media=88条"),
    ("1", "公示栏公开信息12条。", "published/notice_board=12条"),
    ("1", "全年发布30条政府信息。", "published=30条"),
    ("1", "全年主动公开政府信息50条，其中财政信息10条，公告公示40条。",
     "published=50条 published_part=10条 published_part=40条"),
    ("1", "截至2023年12月31日，累计主动公开政府信息900条。", "published=900条Σ"),
    ("1", "自2008年条例施行以来，主动公开政府信息9000条。", "published=9000条Σ"),
    ("1", "2023年累计主动公开政府信息900条。", "published=900条"),
    ("1", "2023年以来，主动公开政府信息93条。", "published=93条"),
    ("1", "全年公开信息401条，其中行政许可信息55项，行政处罚3项。",
     "published=401条 published_part=55项 published_part=3项"),
    ("1", "12345热线平台发布微信26条、微博53条。", "published/wechat=26条 published/weibo=53条"),
    ("1", "微信公众号发布信息365期2238条。", "published/wechat=2238条"),
    ("1", "截至目前共发布592条信息。", "published=592条Σ"),
    ("1", "公开道路施工、公交调整等方面信息312条。", "published=312条"),
    ("1", "公开道路施工方面信息312条。", "published_part=312条"),
    # 规章、文件、许可
    ("2", "制定规章1件，废止规章2件，现行有效规章11件。", "regulations_made=1件 regulations_repealed=2件 regulations_in_force=11件"),
    ("1", "全年制发行政规范性文件22件（其中修订16件），废止3件，现行有效66件。",
     "normative_documents_made=22件 normative_documents_repealed=3件 normative_documents_in_force=66件"),
    ("1", "新增公开规范性文件7份。", "normative_documents_published=7份"),
    ("2", "作出行政许可决定447228件、行政处罚决定398万件、行政强制决定8.8万件。",
     "licensing_decisions=447228件 penalty_decisions=3980000件 coercion_decisions=88000件"),
    ("2", "其他对外管理服务事项处理决定3件。", "other_services_decisions=3件"),
    ("2", "行政许可事项71项。", "licensing_items=71项"),
    ("2", "行政事业性收费96171.6万元。", "fees_amount=96171.6万元"),
    ("2", "收取行政事业性收费1.5亿元。", "fees_amount=15000万元"),
    ("6", "全年收取信息处理费3940元。", "processing_fee=0.394万元"),
    ("6", "发出收费通知2件，收取信息处理费120元。", "processing_fee_notices=2件 processing_fee=0.012万元"),
    ("2", "政府集中采购项目7项，采购总金额4.339万元。", "procurement_items=7项 procurement_amount=4.339万元"),
    # 其他工作
    ("1", "发布政策解读21篇，举办新闻发布会12场，编印公报6期。", "interpretations=21篇 press_conferences=12场 bulletins=6期"),
    ("1", "共举办3次政务公开业务培训。", "training=3次"),
    ("1", "办理区长信箱来信20件，12345热线300件，领导交办事项4件。", "messages=20件 hotline=300件 assigned=4件"),
    ("1", "设置公开栏目八个。", "columns=8个"),
    ("1", "现有政务新媒体95个。", "accounts=95个"),
    ("1", "开展政府开放日活动2次，开展意见征集15次。", "open_days=2次 consultations=15次"),
    ("1", "回应社会关切8次。", "responses=8次"),
    ("1", "公开人大代表建议15件、政协委员提案12件。", "proposals=15件 proposals=12件"),
    # 繁体、空格
    ("1", "全年共收到政府信息公開申請６件，均在法定期限內答復。", "received=6件 answered_in_time=6件"),
    ("1", "全年 收到 政府信息公开 申请 2 件 。", "received=2件"),
]  # fmt: skip

# (section, sentence): nothing is claimed.
NOTHING = [
    # 日期、号码、条款
    ("0", "本报告数据的统计期限为2023年1月1日至2023年12月31日。"),
    ("0", "如有疑问，请联系云水市青石区示例局（电话：0599-1234567，邮编：350000）。"),
    ("0", "地址：云水市青石区示例路1号，传真：0599-7654321。"),
    ("0", "根据《中华人民共和国政府信息公开条例》（国务院令第711号）编制。"),
    ("0", "依照国办公开办函〔2021〕30号的格式，本报告由六个部分组成。"),
    ("0", "电子邮箱：shili123@example.cn，网址：http://www.example.cn/2023/1.html。"),
    ("2", "第二十条第（一）项"),
    ("2", "本年收费金额（单位：万元）"),
    ("1", "按照条例第三十三条，自收到申请之日起20个工作日内予以答复。"),
    ("1", "信息形成之日起7个工作日内主动公开。"),
    ("1", "2023年5月，政务公开专区正式上线。"),
    ("1", "国务院令第711号施行四周年。"),
    # 百分比、增长
    ("1", "依申请公开办理量同比增长12%。"),
    ("1", "收到政府信息公开申请较上年增加20件。"),
    ("1", "政府信息公开申请同比减少5件。"),
    ("1", "网站访问量比2022年增加3万次。"),
    ("1", "公文公开率达到85%。"),
    # 往年、来年、计划
    ("1", "2022年共收到政府信息公开申请30件。"),
    ("1", "去年收到政府信息公开申请30件，答复28件。"),
    ("1", "上年度主动公开政府信息300条。"),
    ("1", "2019年至2022年共收到政府信息公开申请130件。"),
    ("1", "上半年收到政府信息公开申请9件，第三季度收到政府信息公开申请4件。"),
    ("5", "2024年，计划举办培训3次。"),
    ("5", "下一步将举办培训3次。"),
    ("5", "明年力争主动公开政府信息500条。"),
    ("5", "2024年拟制定规范性文件3件。"),
    ("1", "要求各单位每月公开信息不少于10条。"),
    ("1", "每季度举办培训1次。"),
    ("1", "年中、年末各检查一次。"),
    ("1", "各科室平均每月报送信息5条。"),
    # 不是政府信息公开的申请
    ("1", "收到低保申请26件，办结26件。"),
    ("1", "受理信访件35件，办结35件，均按时答复。"),
    ("1", "受理行政许可申请120件。"),
    ("1", "未收到行政许可申请。"),
    ("1", "收到投诉举报20件，全部办结。"),
    ("1", "共受理各类业务300件，已全部办结。"),
    ("1", "没有收到超出一定数量的政府信息公开申请。"),
    ("1", "未收到关于征地拆迁的政府信息公开申请。"),
    # 一般叙述
    ("1", "做好依申请公开工作，严格按照法定时限答复申请人。"),
    ("1", "确保政府信息公开申请均按时答复。"),
    ("1", "召开依申请公开工作会议3次。"),
    ("1", "建立一套机制，形成一个平台，实行一次性告知。"),
    ("1", "完善行政复议、行政诉讼应对机制。"),
    ("1", "梳理26个试点领域标准目录。"),
    ("1", "落实“三审三校”制度，做到一事一审。"),
    ("1", "提升“一件事”集成服务水平。"),
    ("6", "本年度无其他需要报告的事项。"),
    ("6", "无。"),
    ("1", "政府信息公开申请无正当理由不得拒收。"),
    ("1", "政务公开栏目无障碍改造完成。"),
    ("1", "依申请公开有3 119件。"),
    ("1", "未经复议的案件按规定处理。"),
    ("5", "一是公开意识还不够强；二是队伍有待加强。"),
    ("1", "办理结果在5个工作日内反馈。"),
    ("1", "组织学习《2022年政务公开工作要点》等文件。"),
]  # fmt: skip


def written(claim: Claim) -> str:
    """A claim in the notation of the table."""
    channel = f"/{claim.channel}" if claim.channel else ""
    marks = ("" if claim.exact else "~") + ("Σ" if claim.cumulative else "")
    return f"{claim.subject}{channel}={claim.value}{claim.unit or ''}{marks}"


@pytest.mark.parametrize(("section", "sentence", "expected"), CASES)
def test_a_sentence_claims(section: str, sentence: str, expected: str) -> None:
    found = claims.find([(section, sentence, Place(line=3))], year=YEAR, edition="2021")
    assert [written(c) for c in found] == expected.split()
    for claim in found:
        assert claim.raw and claim.raw in sentence
        assert claim.place == Place(line=3)


@pytest.mark.parametrize(("section", "sentence"), NOTHING)
def test_a_sentence_claims_nothing(section: str, sentence: str) -> None:
    found = claims.find([(section, sentence, Place())], year=YEAR, edition="2021")
    assert [written(c) for c in found] == []


def test_no_case_stands_twice() -> None:
    sentences = [s for _, s, _ in CASES]
    assert len(sentences) - len(set(sentences)) == 1  # 无上年结转 in section 1 and in 3
    assert len({s for _, s in NOTHING}) == len(NOTHING) >= 40 and len(CASES) >= 80
