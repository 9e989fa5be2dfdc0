"""卷宗里的复议、诉讼: what stands of each remedy in the file of its case: a page of facts with what
happened, its list of evidence, its papers in the order they came."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils import translation

from gongkai.statute import remedy_events as r
from gongkai.statute.remedies import Proceeding
from gongkai.statute.remedy_results import KINDS, Kind, Result, finding
from gongkai.statute.remedy_table import State, table_of
from gongkai.statute.writers import evidence_pdf
from gongkai.web.applications import archive_file
from gongkai.web.applications.archive_file import Page, Part
from gongkai.web.applications.models import Matter
from gongkai.web.ledger import events
from gongkai.web.ledger import queries as ledger
from gongkai.web.remedies import evidence_list, life
from gongkai.web.remedies.models import Remedy
from gongkai.web.shell.look import when


def parts(matter: Matter, at: datetime) -> Iterator[Part]:
    """Of every remedy against the matter, in the order they were recorded."""
    rows = Remedy.objects.filter(matter=matter).select_related("organ", "matter__request")
    for one in rows.order_by("part"):
        found = life.proceeding_of(one)
        name = f"{KINDS[Kind(one.kind)].zh}（{one.part}）"
        pages = [_facts(one, found, name), _history(one, name)]
        ended = one.concluded_on or found.latest
        yield Part(f"{name}情况", ended, archive_file.set_pages(matter, at, pages))
        filed = [event.on for event in found.events if isinstance(event, r.EvidenceFiled)]
        if filed:
            listed = evidence_pdf.write(evidence_list.of(one, found), created=at)
            yield Part(f"{name}证据目录", filed[-1], listed.data)
        for paper in ledger.attachments_of(life.address(one)).order_by("at", "pk"):
            yield archive_file.attached(matter, paper, at, f"{name}{paper.name}")


def _facts(one: Remedy, found: Proceeding, name: str) -> Page:
    rows = [
        ("受理法院" if found.suit else "复议机关", one.body),
        ("案号", one.case_number),
        ("由谁提起", "第三方" if one.third_party else "申请人"),
        ("提起日期", one.filed_on.isoformat()),
        ("受理日期", found.admitted.isoformat() if found.admitted else ""),
        ("收到副本", found.copy.isoformat() if found.copy else ""),
        ("提出答复", found.answered.isoformat() if found.answered else ""),
        ("状态", table_of(Kind(one.kind)).states[State(one.state)].zh),
    ]
    result = finding(Kind(one.kind), Result(one.result)) if one.result else None
    rows.append(("处理结果", result.name.zh if result else ""))
    rows.append(("文书", "、".join(v.number for v in found.verdicts if v.number)))
    rows.append(("审结日期", one.concluded_on.isoformat() if one.concluded_on else ""))
    rows.append(("履行日期", found.performed.isoformat() if found.performed else ""))
    return Page(f"{name}情况", rows=tuple((a, b) for a, b in rows if b))


def _history(one: Remedy, name: str) -> Page:
    with translation.override("zh-hans"):  # a Chinese file, whoever makes it
        rows = tuple(
            (when(told.at), events.sentence(told), events.who(told))
            for told in ledger.events_of(life.address(one)).order_by("at", "pk")
        )
    return Page(f"{name}经过", ("时间", "事项", "办理人"), (38, 0, 40), rows)
