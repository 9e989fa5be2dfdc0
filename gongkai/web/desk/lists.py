"""报告台的列表: reports, those that wait to be claimed, batches."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gongkai.statute import checks, forms
from gongkai.web.desk import intake_words
from gongkai.web.desk.models import Finding, Paper, Report
from gongkai.web.shell import lists
from gongkai.web.shell.languages import lang
from gongkai.web.shell.lists import BulkAct, Cell, Column, Filter, Rows
from gongkai.web.shell.look import when

ROLL_UP = BulkAct("roll_up", _("汇总"))
FINDINGS = BulkAct("findings", _("导出检查发现"))
SET_ASIDE = BulkAct("set_aside", pgettext_lazy("act", "移出报告台"), danger=True)
ACTS = (ROLL_UP, FINDINGS, SET_ASIDE)
FIRST_YEAR = 2008  # 条例 in force since
_MANY = 2000  # reports with a finding, from which on each is asked for it
_RULE = 34  # characters of a rule's sentence in the choice of rules


def _organ(report: Any) -> Cell:
    href = reverse("desk:report", args=[report.pk])
    if report.organ is None:
        return Cell(report.said or report.title or _("机关不明"), href=href)
    return Cell(report.organ.name, href=href)


def state(report: Report) -> Cell:
    """What the report asks of a person first."""
    if report.set_aside_at is not None:
        return Cell(_("已移出"), badge="quiet")
    if report.organ_id is None or report.year is None:
        return Cell(_("待认领"), badge="warn")
    if report.doubtful or report.absent:
        return Cell(_("待核对"), badge="warn")
    if report.errors:
        return Cell(_("有错误"), badge="bad")
    return Cell(_("已核对"), badge="ok")


def _count(name: str, label: Any) -> Column:
    return Column(
        name,
        label,
        lambda r: str(getattr(r, name) or ""),
        sort=(name,),
        value=lambda r: getattr(r, name),
        numeric=True,
    )


def _with_rule(rows: Rows, value: str) -> Rows:
    """Where the rule is broken. A finding that many reports have is looked up report by report, in
    the order of the list until the page is full; a rare one by its own index."""
    told = Finding.objects.filter(rule=value, outcome="broken")
    if told.order_by()[:_MANY].count() < _MANY:
        return rows.filter(pk__in=told.values("report"))
    return rows.filter(Exists(told.filter(report=OuterRef("pk"))))


_LEVELS = {
    "error": Q(errors__gt=0),
    "warning": Q(warnings__gt=0),
    "cannot_tell": Q(cannot_tell__gt=0),
    "none": Q(errors=0, warnings=0, cannot_tell=0),
}
_STATES = {
    "open": Q(set_aside_at__isnull=True),
    "doubtful": Q(set_aside_at__isnull=True) & (Q(doubtful__gt=0) | Q(absent__gt=0)),
    "unmatched": Q(set_aside_at__isnull=True) & (Q(organ__isnull=True) | Q(year__isnull=True)),
    "checked": Q(
        set_aside_at__isnull=True, doubtful=0, absent=0, organ__isnull=False, year__isnull=False
    ),
    "aside": Q(set_aside_at__isnull=False),
}


def _rules() -> list[tuple[str, str]]:
    if lang() == "en":  # its sentences name the form's own words
        return [(rule.id, rule.id) for rule, _check in checks.CHECKS]
    return [(rule.id, Truncator(rule.sentence.zh).chars(_RULE)) for rule, _check in checks.CHECKS]


def _years(latest: int) -> list[tuple[str, str]]:
    return [(str(y), str(y)) for y in range(latest, FIRST_YEAR - 1, -1)]


def _found(rows: Rows, words: str) -> Rows:
    for word in words.split():
        rows = rows.filter(
            Q(holder__known_as__icontains=word) | Q(said__icontains=word) | Q(title__icontains=word)
        )
    return rows


def reports(today: date) -> lists.Spec:
    """报告: every report somebody sees; those set aside only where they are asked for."""
    return lists.Spec(
        id="desk",
        title=_("报告台"),
        columns=(
            Column(
                "organ",
                pgettext_lazy("of one row", "机关"),
                _organ,
                sort=("holder__path",),
                value=lambda r: r.organ.name if r.organ else r.said,
            ),
            Column(
                "year",
                _("年度"),
                lambda r: str(r.year or ""),
                value=lambda r: r.year,
                narrow=True,
            ),
            Column("edition", _("格式"), lambda r: r.edition, narrow=True),
            Column("state", _("状态"), state, narrow=True),
            _count("errors", _("错误")),
            _count("warnings", _("警告")),
            _count("cannot_tell", _("无法判断")),
            _count("doubtful", _("存疑")),
            _count("absent", _("缺失")),
            Column(
                "changed",
                _("更新时间"),
                lambda r: when(r.changed_at),
                sort=("changed_at",),
                value=lambda r: r.changed_at,
                narrow=True,
            ),
        ),
        order="-changed",
        filters=(
            Filter(
                "state",
                _("状态"),
                lambda rows, value: rows.filter(_STATES[value]),
                choices=lambda: [
                    ("doubtful", _("待核对")),
                    ("checked", _("已核对")),
                    ("unmatched", _("待认领")),
                    ("aside", _("已移出")),
                ],
            ),
            Filter(
                "level",
                _("检查"),
                lambda rows, value: rows.filter(_LEVELS[value]),
                choices=lambda: [
                    ("error", _("有错误")),
                    ("warning", _("有警告")),
                    ("cannot_tell", _("有无法判断")),
                    ("none", _("都没有")),
                ],
            ),
            Filter(
                "year",
                _("年度"),
                lambda rows, value: rows.filter(year=int(value)),
                choices=lambda: _years(today.year),
            ),
            Filter(
                "edition",
                _("格式"),
                lambda rows, value: rows.filter(edition=value),
                choices=lambda: [(e, e) for e in forms.editions()],
            ),
            Filter("rule", _("规则"), _with_rule, choices=_rules),
            Filter(
                "unit",
                _("单位"),
                lambda rows, value: rows.filter(holder__known_as__icontains=value),
                kind="text",
            ),
        ),
        acts=ACTS,
        search=_found,
        search_hint=_("机关名称、编号、标题"),
        empty_title=_("报告台上还没有报告"),
        empty_text=_("交来一份或一百份年度报告，读取和检查在后台进行。"),
    )


def rows_of(rows: Rows, asked: Mapping[str, str]) -> Rows:
    """With all that a row shows, in a fixed number of queries; without those set aside unless
    they are asked for."""
    if asked.get("state") != "aside":
        rows = rows.filter(set_aside_at__isnull=True)
    return rows.select_related("organ", "holder")


def _counted(*states: str, **more: str) -> Coalesce:
    """How many papers of a batch stand in these states; reckoned for the rows of a page alone."""
    papers = Paper.objects.filter(batch=OuterRef("pk"), state__in=states, **more).order_by()
    counted = papers.values("batch").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def batch_rows(rows: Rows) -> Rows:
    """Batches with how far each is."""
    state = Paper.State
    found: Rows = rows.select_related("organ", "by").annotate(
        open_papers=_counted(state.WAITING, state.READING),
        read_papers=_counted(state.READ),
        failed_papers=_counted(state.FAILED)
        - _counted(state.FAILED, errors__0__id=intake_words.SAME_FILE),
    )
    return found


def _progress(batch: Any) -> Cell:
    if batch.open_papers:
        return Cell(_("正在读取"), badge="warn")
    if batch.failed_papers:
        return Cell(_("有未能读取的"), badge="bad")
    return Cell(_("已读完"), badge="ok")


def batches() -> lists.Spec:
    """批次: what was handed in at once, and how far it is (`batch_rows`)."""
    return lists.Spec(
        id="batches",
        title=_("批次"),
        columns=(
            Column(
                "number",
                _("批次号"),
                lambda b: Cell(intake_words.number_of(b), href=reverse("desk:batch", args=[b.pk])),
                narrow=True,
            ),
            Column("organ", pgettext_lazy("of one row", "机关"), lambda b: b.organ.name),
            Column("by", _("交来人"), lambda b: b.by.name, narrow=True),
            Column(
                "at",
                _("交来时间"),
                lambda b: when(b.at),
                sort=("at",),
                value=lambda b: b.at,
                narrow=True,
            ),
            Column("state", _("状态"), _progress, narrow=True),
            Column(
                "read",
                _("已读取"),
                lambda b: str(b.read_papers),
                numeric=True,
            ),
            Column(
                "failed",
                _("未能读取"),
                lambda b: str(b.failed_papers or ""),
                numeric=True,
            ),
        ),
        order="-at",
        empty_title=_("还没有批次"),
        empty_text=_("交来报告后，这里显示每一批读到哪里。"),
        exports=False,
    )
