"""样本文字: the prose of a random report: invented organs, plain officialese of our own.

The sentences hold traps on purpose: paragraph numbers like the labels of the tables, words
such as 总计 and 其他 standing alone, counts that are no cells.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

PLACES = ("云水市青石区", "云水市", "临溪县", "白鹭市松风区", "云水市青石区竹篱街道", "望山县")
BODIES = {
    "区": ("住房保障中心", "水利局", "人民政府办公室", "档案馆", "城市管理局"),
    "市": ("交通运输局", "人民政府", "审计局", "气象服务中心"),
    "县": ("人民政府", "农业农村局", "房屋征收服务中心", "林业局"),
    "道": ("办事处",),
}

WORK = (
    "全年发布各类信息{n}条，其中网站{m}条，其余由政务新媒体发布。",
    "围绕群众办事的高频事项，重新梳理栏目{m}个，补齐缺漏信息{n}条。",
    "组织业务学习{m}次，参加人员以各科室联络员为主。",
    "对照目录逐项自查，能公开的及时公开，不能公开的说明理由。",
    "遇有咨询电话，由专人记录并在当日回复。",
    "办事指南改为一页纸，流程、时限和材料一看就明白。",
    "信息发布前由拟稿人、科室负责人、分管负责人依次审核，留有记录。",
    "服务窗口备有纸质目录，供不便上网的群众查阅。",
)
FAULTS = (
    "个别科室报送信息不够及时，内容偏重会议活动。",
    "解读材料文字多、图表少，群众不容易看懂。",
    "栏目调整之后，旧链接没有全部清理。",
)
PLANS = (
    "把公开环节写进办文流程，拟稿时同步确定公开属性。",
    "每季度检查一次栏目更新情况，结果在内部通报。",
    "新到岗人员先培训后上岗。",
)
NOTHING_ELSE = (
    "本年度没有其他需要报告的事项。",
    "本机关未收取信息处理费。",
    "除上述情况外，没有需要另行说明的事项。",
)
TOPICS = ("主动公开", "依申请公开", "政府信息管理", "政府信息公开平台建设", "监督保障")


def organ(rng: Random) -> str:
    """An invented organ."""
    place = rng.choice(PLACES)
    return place + rng.choice(BODIES[place[-1]])


def preface(organ: str, year: int) -> str:
    """The paragraph before section one: who reports, on what period."""
    return (
        f"本报告由{organ}依照《中华人民共和国政府信息公开条例》编制，"
        f"数据统计期限为{year}年1月1日至{year}年12月31日。"
    )


def sections(rng: Random, year: int) -> Mapping[int, tuple[str, ...]]:
    """The paragraphs of sections 1, 5 and 6."""
    style = rng.choice(("（{}）{}。", "（{}）{}", "{}.{}情况。"))
    first: list[str] = []
    for i, topic in enumerate(TOPICS, 1):
        number = i if style.startswith("{}.") else "一二三四五"[i - 1]
        heading, body = style.format(number, topic), _sentence(rng, WORK)
        first += [heading + body] if style.endswith("。") else [heading, body]
    problems = [f"1.{_sentence(rng, FAULTS)}", f"2.{_sentence(rng, FAULTS)}"]
    plans = [f"{year + 1}年，{rng.choice(('本机关将', '拟'))}做好以下工作：{_sentence(rng, PLANS)}"]
    fifth = ["（一）存在的主要问题", *problems, "（二）改进情况", *plans]
    return {1: tuple(first), 5: tuple(fifth), 6: (rng.choice(NOTHING_ELSE),)}


def told(title: str, sentences: Mapping[str, str]) -> tuple[str, ...]:
    """A table told in prose: one numbered sentence for each of its facts."""
    return (title, *(f"{i}.{s}" for i, s in enumerate(sentences.values(), 1)))


def _sentence(rng: Random, stock: tuple[str, ...]) -> str:
    return rng.choice(stock).format(n=rng.randint(30, 600), m=rng.randint(2, 12))
